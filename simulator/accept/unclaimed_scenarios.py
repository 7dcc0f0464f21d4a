"""Scenarios that are not run because the portal does not claim what they need.

Reports list them all the same: a portal that claims less is judged on less, and must show it.
"""

from collections.abc import Collection

from simulator.errors import BadInput
from simulator.inputs.written_scenarios import (
    QUICK,
    WrittenScenario,
    is_asked_for,
    is_claimed,
    is_run_in,
    read_written,
)
from simulator.results.values import ScenarioResult


def check_scenario_name(only: str, *, phase: int, claimed: Collection[str]) -> None:
    """Refuse a name or id that no scenario of the phase has, or whose scenario is not claimed.

    Raises BadInput.
    """
    named = [
        each for each in _scenarios_of(phase) if is_asked_for(only, id=each.id, name=each.name)
    ]
    if not named:
        raise BadInput(f"--only {only!r}: phase {phase} has no such scenario; see features/")
    if not any(is_claimed(each.tags, claimed) for each in named):
        raise BadInput(f"--only {only!r}: {_reason(named[0], claimed)}")


def results_of_unclaimed(
    phase: int, claimed: Collection[str], *, only: str = "", quick: bool = False
) -> list[ScenarioResult]:
    """List the scenarios whose capability is not claimed, as OMIT with the capability."""
    return [
        ScenarioResult(
            id=each.id,
            name=each.whole_name,
            feature=each.feature,
            phase=each.phase,
            requirements=tuple(each.requirements),
            verdict="OMIT",
            reason=_reason(each, claimed),
        )
        for each in _scenarios_of(phase)
        if not is_claimed(each.tags, claimed)
        and is_asked_for(only, id=each.id, name=each.name)
        and (not quick or QUICK in each.tags)
    ]


def _scenarios_of(phase: int) -> list[WrittenScenario]:
    return [each for each in read_written() if is_run_in(phase, each.tags, each.phase)]


def _reason(scenario: WrittenScenario, claimed: Collection[str]) -> str:
    return f"not claimed: {', '.join(each for each in scenario.needs if each not in claimed)}"
