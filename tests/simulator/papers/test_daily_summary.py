"""The daily summary: what ran on each day, and which defects were found and fixed."""

from datetime import date

from simulator.papers.daily_summary import Day
from tests.simulator.papers.made_up import papers, run, scenario, scenarios


def days_of(*numbers: int) -> list[Day]:
    """Make a run of a build on each of these days; the second and no other finds a defect."""
    runs = [
        run({"MSG-01": "FAIL"} if at == 1 else {}, version=f"1.{at}", days=day)
        for at, day in enumerate(numbers)
    ]
    return papers(*runs).days


def test_days_without_a_run_are_left_out() -> None:
    """Three days of a fortnight are listed in order."""
    days = days_of(0, 4, 11)

    assert [each.day for each in days] == [
        date(2026, 11, 2),
        date(2026, 11, 6),
        date(2026, 11, 13),
    ]


def test_a_day_lists_defects_found_and_fixed() -> None:
    """The defect is found on the second day and fixed on the third."""
    first, second, third = days_of(0, 4, 11)

    assert first.found == first.fixed == ()
    assert second.found == third.fixed != ()
    assert second.fixed == third.found == ()
    assert (second.failed, third.failed) == (1, 0)


def test_several_runs_of_a_day_are_summed_up() -> None:
    """Builds are named once, in the order in which they came; scenarios are counted once a run."""
    (day,) = days_of(0, 0, 0)
    a_run = len(scenarios())

    assert day.builds == ("1.0", "1.1", "1.2")
    assert (day.runs, day.scenarios, day.failed) == (3, 3 * a_run, 1)
    assert day.passed == 3 * a_run - 1


def test_a_scenario_that_neither_passed_nor_failed_is_not_judged() -> None:
    """A portal that could not be reached has not failed."""
    found = [scenario("MSG-01", "INCONCLUSIVE"), scenario("CASE-01", "SKIP"), scenario("CASE-02")]
    (day,) = papers(run(found=found)).days

    assert (day.passed, day.failed, day.not_judged) == (1, 0, 2)
