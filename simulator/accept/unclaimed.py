"""The scenarios that a portal is spared because it does not claim what they need.

They are told of all the same: whoever claims less is judged on less, and nobody may miss it.
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


def check_name(only: str, *, phase: int, claimed: Collection[str]) -> None:
    """Refuse a name that no scenario of the phase has, or that is not claimed."""
    named = [each for each in _of(phase) if is_asked_for(only, id=each.id, name=each.name)]
    if not named:
        raise BadInput(f"--only {only!r}: no scenario of that name in phase {phase}; see features/")
    if not any(is_claimed(each.tags, claimed) for each in named):
        raise BadInput(f"--only {only!r}: {_why(named[0], claimed)}")


def not_claimed(
    phase: int, claimed: Collection[str], *, only: str = "", quick: bool = False
) -> list[ScenarioResult]:
    """List what is not run because a capability is not claimed, as OMIT with the capability."""
    return [
        ScenarioResult(
            id=each.id,
            name=each.whole_name,
            feature=each.feature,
            phase=each.phase,
            requirements=tuple(each.requirements),
            verdict="OMIT",
            reason=_why(each, claimed),
        )
        for each in _of(phase)
        if not is_claimed(each.tags, claimed)
        and is_asked_for(only, id=each.id, name=each.name)
        and (not quick or QUICK in each.tags)
    ]


def _of(phase: int) -> list[WrittenScenario]:
    return [each for each in read_written() if is_run_in(phase, each.tags, each.phase)]


def _why(scenario: WrittenScenario, claimed: Collection[str]) -> str:
    return f"not claimed: {', '.join(each for each in scenario.needs if each not in claimed)}"
