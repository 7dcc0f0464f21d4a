"""Where a plan breaks: the search finds the edge, and more handlers or fewer crimes move it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from simulator.files.checked_toml import Amount
from simulator.planning.breaking_points import (
    CALL_LOADS,
    CRIME_LOADS,
    Broken,
    answered_soon,
    breaking_points,
    last_that_keeps,
    where_it_breaks,
)
from simulator.planning.cases import Question
from simulator.planning.plan_input import PlanInput
from tests.simulator.planning.small_plans import small_plan


def plan_with(folder: Path, *changes: tuple[str, str, Any]) -> PlanInput:
    """A small plan with these changes: file, field, value."""
    named = [{"file": file, "field": field, "value": value} for file, field, value in changes]
    plan = small_plan(folder, {"changes": named})
    soon = Amount(30, "hours", assumed="soon enough to be late in some weeks")
    targets = structs.replace(plan.study.targets, question_hours=soon)
    return replace(plan, study=structs.replace(plan.study, targets=targets))


@given(st.sampled_from([CALL_LOADS, CRIME_LOADS]), st.floats(0.1, 9), st.floats(0.2, 4))
def test_the_search_finds_the_last_load_that_keeps(
    loads: tuple[float, ...], edge: float, bend: float
) -> None:
    """Whatever the curve between; none and all are told apart; in few tries."""
    tried = []

    def spare(load: float) -> float:
        tried.append(load)
        return float(edge**bend - load**bend)

    found = last_that_keeps(loads, spare)

    keeping = [each for each in loads if each**bend <= edge**bend]
    assert found == (None if len(keeping) == len(loads) else keeping[-1] if keeping else 0.0)
    assert len(tried) == len(set(tried)) <= 14


def by_target(plan: PlanInput) -> dict[tuple[str, str], float]:
    """Where one year breaks, by force and target; what holds at all is beyond every load."""
    return {
        (each.force, each.target): 99.0 if each.load is None else each.load
        for each in breaking_points(plan, 0)
    }


@pytest.mark.proof
def test_more_handlers_bear_more_calls_and_more_officers_more_crimes(tmp_path: Path) -> None:
    """Each target of each force holds at a higher load, and officers with more crimes bear less.

    An officer with twice the crimes bears half as many times as many until replies are late. Loads
    are tried in steps, and each answer is the last step at or below its edge.
    """
    step = CRIME_LOADS[1] - CRIME_LOADS[0]
    today = by_target(plan_with(tmp_path))
    more = by_target(
        plan_with(
            tmp_path,
            ("contact_centre", "handlers_factor", 1.2),
            ("rollout", "officers.caseload", 120),
        )
    )

    assert set(today) == {
        *((force, line) for force in ("thames_valley", "hampshire") for line in ("999", "101")),
        ("officers", "questions"),
    }
    for target, load in today.items():
        if target[0] == "officers":
            # The edge is up to a step above `load`; half of it is up to a step above the other.
            assert load / 2 - step < more[target] <= (load + step) / 2
        else:
            assert load + 0.1 < more[target] < load + 0.35


def test_a_question_without_an_answer_is_late() -> None:
    """Those asked so late that the answer might still come in time are left out."""
    asked = {0: 5, 10: 100, 20: -1, 95: -1, -5: 0}
    questions = [Question(at) for at in asked]
    for each, answered_at in zip(questions, asked.values(), strict=True):
        each.answered_at = answered_at

    assert answered_soon(questions, 10, (0.0, 100.0)) == pytest.approx(1 / 3)
    assert answered_soon([], 10, (0.0, 100.0)) == 1


def test_years_are_summed_up_with_an_interval(tmp_path: Path) -> None:
    """A target that holds at every load in some year has no interval; nor has one at none."""
    plan = small_plan(tmp_path)
    years = [
        [
            Broken("hampshire", "999", 0.9),
            Broken("hampshire", "101", 1.1),
            Broken("officers", "questions", 0.0),
        ],
        [
            Broken("hampshire", "999", 0.8),
            Broken("hampshire", "101", None),
            Broken("officers", "questions", 0.0),
        ],
    ]

    urgent, routine, questions = where_it_breaks(plan, years)

    assert urgent.times is not None
    assert urgent.times.mean == pytest.approx(0.85)
    assert urgent.times.low < 0.8
    assert urgent.target == "90% of 999 in 10 s"
    assert (routine.times, routine.holds_at_all, routine.tried[1]) == (None, True, 2.0)
    assert (questions.times, questions.holds_at_all, questions.load) == (None, False, "crimes")
    assert where_it_breaks(plan, []) == []
