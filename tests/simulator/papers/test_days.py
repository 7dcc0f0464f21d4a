"""The daily summary: what was run on each day, and what that day found and mended."""

from datetime import date

from simulator.papers.days import Day
from tests.simulator.papers.made_up import papers, run, scenario, scenarios


def days_of(*numbers: int) -> list[Day]:
    """Make a run of a build on each of these days; the second and no other finds a defect."""
    runs = [
        run({"MSG-01": "FAIL"} if at == 1 else {}, version=f"1.{at}", days=day)
        for at, day in enumerate(numbers)
    ]
    return papers(*runs).days


def test_days_on_which_nothing_was_run_are_not_there() -> None:
    """Three days of a fortnight, in their order."""
    days = days_of(0, 4, 11)

    assert [each.day for each in days] == [
        date(2026, 11, 2),
        date(2026, 11, 6),
        date(2026, 11, 13),
    ]


def test_a_day_says_what_it_found_and_what_it_mended() -> None:
    """The defect is found on the second day, and mended on the third."""
    first, second, third = days_of(0, 4, 11)

    assert first.found == first.mended == ()
    assert second.found == third.mended != ()
    assert second.mended == third.found == ()
    assert (second.failed, third.failed) == (1, 0)


def test_several_runs_of_a_day_are_summed_up() -> None:
    """Builds are named once, in the order in which they came; scenarios are counted once a run."""
    (day,) = days_of(0, 0, 0)
    a_run = len(scenarios())

    assert day.builds == ("1.0", "1.1", "1.2")
    assert (day.runs, day.scenarios, day.failed) == (3, 3 * a_run, 1)
    assert day.passed == 3 * a_run - 1


def test_what_was_neither_passed_nor_failed_is_not_judged() -> None:
    """A portal that was not reached has not failed that day."""
    found = [scenario("MSG-01", "INCONCLUSIVE"), scenario("CASE-01", "SKIP"), scenario("CASE-02")]
    (day,) = papers(run(found=found)).days

    assert (day.passed, day.failed, day.not_judged) == (1, 0, 2)
