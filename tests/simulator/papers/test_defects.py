"""A defect over its life: found, retested, back again or waived; only a run is a retest."""

from datetime import date

import pytest

from simulator.papers.defects import SEVERITY, Defect, find_defects, fingerprints
from simulator.papers.register import Disposition, Register, Waiver
from simulator.papers.runs import Run
from simulator.report.grouped_shortfalls import found_defects
from simulator.report.shortfalls import shortfalls
from simulator.verdicts import HARMS, Harm
from tests.simulator.papers.made_up import REQUIREMENTS, TODAY, finding, run, scenario


def defects(*runs: Run, register: Register | None = None, today: date = TODAY) -> list[Defect]:
    """Find the defects of runs."""
    return find_defects(runs, register or Register(), REQUIREMENTS, today=today)


def only(*runs: Run, register: Register | None = None, today: date = TODAY) -> Defect:
    """Find the one defect there is."""
    (defect,) = defects(*runs, register=register, today=today)
    return defect


def broken(*, version: str = "1.0", days: int = 0) -> Run:
    """Make a run in which one requirement was not met."""
    return run({"MSG-01": "FAIL"}, version=version, days=days)


def whole(*, version: str, days: int) -> Run:
    """Make a run in which nothing failed."""
    return run(version=version, days=days)


def test_a_new_defect_says_where_it_was_found() -> None:
    """It has build, day, owner, severity and scenarios, and it is not retested."""
    defect = only(broken(version="1.3"))

    assert (defect.found_build, defect.found_day) == ("1.3", date(2026, 11, 2))
    assert (defect.severity, defect.owner, defect.retest) == ("high", "the portal", "not retested")
    assert defect.scenarios == ("Proof of MSG-01",)
    assert defect.is_open
    assert not defect.waiver_holds


def test_forty_failures_with_one_cause_are_one_defect() -> None:
    """The judge found the same in forty scenarios: one defect, with forty that show it."""
    found = [
        scenario("MSG-01", "FAIL", name=f"Scenario {number}", findings=(finding(),))
        for number in range(40)
    ]

    defect = only(run(found=found))

    assert len(defect.scenarios) == 40
    assert defect.harm == "duplicated"


def test_papers_and_report_have_one_list_of_defects() -> None:
    """A step that fails only where the judge found a defect is told under it in both.

    A step that fails elsewhere is a defect of its own, as is one that the register decided.
    """
    step = {"failed_step": "Then it is sent", "findings": (finding(),)}
    judged = scenario("MSG-01", "FAIL", **step)
    elsewhere = scenario("MSG-02", "FAIL", name="Elsewhere", expected="a page opens")
    found = run(found=[judged, elsewhere])

    listed = defects(found)

    told = found_defects(found.result, shortfalls(found.result))
    assert {each.id for each in listed} == {each.cause.fingerprint for each in told}
    [twice] = [each for each in listed if each.harm == "duplicated"]
    [of_step] = twice.also
    assert (len(listed), len(fingerprints(listed))) == (2, 3)
    decision = Disposition(id=of_step, disposition="accepted", by="A Person", reason="by design")
    assert of_step in {each.id for each in defects(found, register=Register(defect=(decision,)))}


def test_a_retest_passes_when_every_scenario_that_showed_it_passes_later() -> None:
    """The retest keeps the build and day of the run that passed it, also after later runs."""
    defect = only(broken(version="1.0"), whole(version="1.1", days=1), whole(version="1.2", days=2))

    assert (defect.retest, defect.retest_build) == ("passed", "1.1")
    assert defect.retest_day == date(2026, 11, 3)
    assert not defect.is_open


def test_a_defect_that_is_still_there_failed_its_retest() -> None:
    """It was found in the first build, and is not a new defect in the second."""
    defect = only(broken(version="1.0"), broken(version="1.1", days=1))

    assert (defect.found_build, defect.seen_build) == ("1.0", "1.1")
    assert (defect.retest, defect.retest_build) == ("failed", "1.1")


def test_a_fixed_defect_that_returns_came_back() -> None:
    """An old fault that returns is not a new defect."""
    defect = only(
        broken(version="1.0"), whole(version="1.1", days=1), broken(version="1.2", days=2)
    )

    assert (defect.found_build, defect.retest, defect.retest_build) == ("1.0", "came back", "1.2")
    assert defect.is_open


def test_failing_in_another_way_is_no_retest_passed() -> None:
    """A portal that fails with other words has not fixed anything."""
    otherwise = scenario("MSG-01", "FAIL", observed="something went wrong, build 1.1")
    after = run(found=[otherwise], version="1.1", days=1)

    first = next(each for each in defects(broken(), after) if each.found_build == "1.0")

    assert first.retest == "fails in another way"
    assert first.is_open


@pytest.mark.parametrize("verdict", ["SKIP", "INCONCLUSIVE", "ERROR", "REVIEW"])
def test_what_could_not_be_judged_is_no_retest_passed(verdict: str) -> None:
    """Could not verify is never passed."""
    after = run(found=[scenario("MSG-01", verdict)], version="1.1", days=1)  # type: ignore[arg-type]

    defect = only(broken(), after)

    assert defect.retest == "partly passed"
    assert defect.is_open


def test_running_some_of_the_scenarios_is_a_retest_in_part() -> None:
    """Two scenarios showed it, and one of them was run again."""
    found = [
        scenario("MSG-01", "FAIL", name=name, findings=(finding(),)) for name in ("One", "Two")
    ]
    after = run(found=[scenario("MSG-01", name="One")], version="1.1", days=1)
    rest = run(found=[scenario("MSG-01", name="Two")], version="1.2", days=2)

    assert only(run(found=found), after).retest == "partly passed"
    assert only(run(found=found), after, rest).retest == "passed"


def test_a_run_of_other_scenarios_is_no_retest() -> None:
    """A later run without those scenarios leaves the defect as it was."""
    after = run(found=[scenario("CASE-01")], version="1.1", days=1)

    assert only(broken(), after).retest == "not retested"


def test_a_ban_that_ended_with_an_earlier_phase_is_no_longer_required() -> None:
    """A message that came a phase early is no defect once its phase is live."""
    early = run({"GATE-02": "FAIL"}, phase=1)
    after = run(version="1.1", days=1, phase=2)

    defect = only(early, after)

    assert (defect.retest, defect.is_open) == ("no longer required", False)


def test_severity_follows_the_order_of_harm() -> None:
    """A worse harm never has a lower severity."""
    order = ("critical", "high", "medium", "low")

    assert list(SEVERITY) == list(HARMS)
    assert [order.index(SEVERITY[harm]) for harm in HARMS] == sorted(
        order.index(SEVERITY[harm]) for harm in HARMS
    )


@pytest.mark.parametrize(
    ("harm", "severity"), [("misdirected", "critical"), ("disclosed", "critical"), ("lost", "high")]
)
def test_a_harm_has_its_severity(harm: Harm, severity: str) -> None:
    """The judge's harm decides, not the scenario that showed it."""
    found = scenario("JOUR-01", "FAIL", findings=(finding(harm),))

    assert only(run(found=[found])).severity == severity


def test_open_defects_come_first_and_the_worst_of_them() -> None:
    """The first line is the worst open defect."""
    found = [
        scenario("JOUR-01", "FAIL", findings=(finding("noise"), finding("misdirected"))),
        scenario("MSG-01", "FAIL"),
    ]

    assert defects(broken(), run(found=found, days=1))[0].harm == "misdirected"


def test_another_s_harm_does_not_count_against_the_portal() -> None:
    """A WARNING in a scenario that passed names its owner."""
    others = finding("lost", kind="WARNING", owner="integration", avoidable=False)
    defect = only(run(found=[scenario("MSG-01", findings=(others,))]))

    assert (defect.owner, defect.is_the_portals, defect.avoidable) == (
        "the integration",
        False,
        False,
    )


def test_the_register_says_who_has_it_and_whether_they_accept_it() -> None:
    """The defect has the owner, the disposition, the person and the reason."""
    id = only(broken()).id
    decided = Disposition(
        id=id, owner="Acme", disposition="disputed", by="Lee Marsh", reason="Not ordered."
    )

    defect = only(broken(), register=Register(defect=(decided,)))

    assert (defect.owner, defect.disposition, defect.disposed_by) == (
        "Acme",
        "disputed",
        "Lee Marsh",
    )
    assert defect.reason == "Not ordered."


def test_two_defects_joined_by_same_as_keep_the_worse_harm() -> None:
    """Joining a defect to a milder one loses neither its harm, its scenarios nor its id."""
    found = [
        scenario("JOUR-01", "FAIL", findings=(finding("noise"),)),
        scenario("SAFE-01", "FAIL", findings=(finding("misdirected"),)),
    ]
    worse, milder = defects(run(found=found))
    merged = Disposition(id=worse.id, same_as=milder.id)

    defect = only(run(found=found), register=Register(defect=(merged,)))

    assert (defect.id, defect.also, defect.severity) == (milder.id, (worse.id,), "critical")
    assert len(defect.scenarios) == 2


@pytest.mark.parametrize(
    ("today", "holds"), [(date(2026, 12, 1), True), (date(2026, 12, 2), False)]
)
def test_a_waiver_holds_to_the_end_of_its_day(today: date, holds: bool) -> None:  # noqa: FBT001
    """It is valid on its last day and not on the next; the defect is open either way."""
    waiver = Waiver(
        defect=only(broken()).id,
        name="Dana Okafor",
        role="test manager",
        reason="Read out until build 9.",
        expires=date(2026, 12, 1),
    )

    defect = only(broken(), register=Register(waiver=(waiver,)), today=today)

    assert defect.waiver_holds is holds
    assert defect.is_open
