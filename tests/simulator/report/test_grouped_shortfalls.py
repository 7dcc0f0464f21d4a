"""The failures of an acceptance by defect: one cause, one entry, and nothing forgotten."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from simulator.report.grouped_shortfalls import (
    apart_by_phase,
    by_reason,
    found_defects,
    unsettled,
)
from simulator.report.shortfalls import not_tested, shortfalls
from simulator.results.values import LeftOutScenarios, SeemingPhase
from simulator.verdicts import KINDS, Kind
from tests.simulator.report import samples


def test_many_scenarios_of_one_cause_are_one_defect() -> None:
    """They differ in a name and a number; the plainest is the example, and the rest are counted."""
    scenarios = [
        samples.scenario(
            "FAIL",
            number,
            findings=(samples.finding(observed=f"text {number} was sent"),),
        )
        for number in range(1, 41)
    ]
    result = samples.acceptance(scenarios=scenarios)

    [defect] = found_defects(result, shortfalls(result))

    assert len(defect.shown_by) == 40
    assert len(defect.also) == 39
    assert defect.cause.harm == "misdirected"


def test_the_portal_s_defects_come_before_the_force_s_and_worse_before_better() -> None:
    """What a supplier can mend comes first; a defect of the force stands apart."""
    found = [
        samples.finding(owner="force", harm="lost", expected="a record", observed="none"),
        samples.finding(harm="late", expected="a text in time", observed="an hour late"),
        samples.finding(harm="disclosed", expected="no names", observed="a name"),
    ]
    scenarios = [samples.scenario("FAIL", at, findings=(e,)) for at, e in enumerate(found, 1)]
    result = samples.acceptance(scenarios=scenarios)

    causes = [each.cause for each in found_defects(result, shortfalls(result))]

    assert [each.harm for each in causes if each.owner == "portal"] == ["disclosed", "late"]
    assert causes[-1].owner == "force"


def test_what_another_phase_explains_stands_apart() -> None:
    """A defect that nearly all its scenarios owe to the phase; the force's, and others, do not."""
    late = (samples.finding(harm="late", expected="a text in time", observed="an hour late"),)
    lost = (samples.finding(harm="lost", expected="a text", observed="nothing"),)
    of_data = (samples.finding(kind="WARNING", owner="contact data"),)
    scenarios = [
        *(samples.scenario("FAIL", number, findings=(*late, *of_data)) for number in range(5)),
        samples.scenario("FAIL", 5, findings=lost),
    ]
    seems = SeemingPhase(
        phase=2,
        explained=tuple(each.name for each in scenarios[:5]),
        failed=6,
        live_in_run=date(2036, 7, 24),
        live_by_order=date(2026, 7, 27),
    )
    result = samples.acceptance(scenarios=scenarios, seems_in=seems)

    others, explained = apart_by_phase(result, found_defects(result, shortfalls(result)))

    assert [each.cause.harm for each in explained] == ["late"]
    assert "late" not in {each.cause.harm for each in others}
    assert {each.cause.owner for each in others} == {"portal", "contact data"}
    nothing = samples.acceptance(scenarios=scenarios)
    assert apart_by_phase(nothing, found_defects(nothing, shortfalls(nothing)))[1] == []


@given(st.lists(st.sampled_from(KINDS), max_size=12))
def test_each_scenario_that_did_not_pass_is_told(kinds: list[Kind]) -> None:
    """It shows a defect, or it is in just one group of those that a person must look at."""
    scenarios = [samples.scenario(kind, number) for number, kind in enumerate(kinds)]
    result = samples.acceptance(scenarios=scenarios, requirements=[])
    found = shortfalls(result)
    defects = found_defects(result, found)
    groups = unsettled(found, defects)

    in_defects = {short.number for each in defects for short in each.shown_by}
    in_groups = [short.number for each in groups for short in each.scenarios]
    assert in_defects | {*in_groups} == {each.number for each in found}
    assert len(in_groups) == len({*in_groups})
    assert not in_defects & {*in_groups}


def test_what_was_not_tested_is_grouped_by_its_reason() -> None:
    """A reason is told once with all it holds, and what blocks a pass comes first."""
    scenarios = [
        samples.scenario("OMIT", 1, reason="not claimed: receipts"),
        samples.scenario("OMIT", 2, reason="not claimed: receipts"),
        samples.scenario("SKIP", 3, reason="the step is missing"),
    ]
    result = samples.acceptance(scenarios=scenarios, requirements=[])

    groups = by_reason(not_tested(result))

    assert [(each.reason, each.count, each.blocks) for each in groups] == [
        ("the step is missing", 1, True),
        ("not claimed: receipts", 2, False),
    ]


def test_what_a_quick_look_leaves_out_is_one_line() -> None:
    """However many features there are: how many of their scenarios were not run."""
    left = tuple(
        LeftOutScenarios(
            feature=f"Feature {number}",
            scenarios=tuple(f"{number}.{each}" for each in range(number)),
            requirements=("REQ-1", f"REQ-{number}"),
        )
        for number in range(1, 25)
    )
    result = samples.acceptance(scenarios=[], requirements=[], left_out=left)

    [group] = by_reason(not_tested(result))

    assert (group.reason, group.count, group.blocks) == ("not run in a quick look", 300, True)
    assert len(group.requirements) == 24
    assert len(not_tested(result)) == 24
