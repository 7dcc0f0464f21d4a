"""Scenarios that are not run because the portal does not claim what they need.

Reports list them all the same: a portal that claims less is judged on less, and must show it.
"""

import re
from collections.abc import Collection, Iterable

from simulator.errors import BadInput
from simulator.inputs.written_scenarios import (
    QUICK,
    WrittenScenario,
    is_asked_for,
    is_claimed,
    is_run_in,
    read_written,
)
from simulator.legible import did_you_mean
from simulator.results.values import ScenarioResult

#: An id as people type it: in small letters, or without its noughts.
_TYPED_ID = re.compile(r"s-?(?P<number>[0-9]{1,3})(?P<row>\.[0-9]{1,3})?", re.IGNORECASE | re.ASCII)


def check_scenario_name(only: str, *, phase: int, claimed: Collection[str]) -> None:
    """Refuse a name or id that no scenario of the phase has, or whose scenario is not claimed.

    Raises BadInput.
    """
    named = [
        each for each in _scenarios_of(phase) if is_asked_for(only, id=each.id, name=each.name)
    ]
    if not named:
        scenarios = _scenarios_of(phase)
        near = (
            did_you_mean(only, _ids_meant(only, scenarios))
            or did_you_mean(only, [e.name for e in scenarios])
            or did_you_mean(only, [e.id for e in scenarios])
        )
        mend = near or "; give a name or an id from features/"
        raise BadInput(f"--only {only!r:.80}: phase {phase} has no such scenario{mend}")
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


def count_to_run(
    phase: int, claimed: Collection[str], *, only: str = "", quick: bool = False
) -> int:
    """Count the scenarios that a run has, for its progress."""
    return sum(
        is_claimed(each.tags, claimed)
        and is_asked_for(only, id=each.id, name=each.name)
        and (not quick or QUICK in each.tags)
        for each in _scenarios_of(phase)
    )


def _scenarios_of(phase: int) -> list[WrittenScenario]:
    return [each for each in read_written() if is_run_in(phase, each.tags, each.phase)]


def _ids_meant(only: str, scenarios: Iterable[WrittenScenario]) -> list[str]:
    typed = _TYPED_ID.fullmatch(only)
    meant = f"S-{int(typed['number']):03}{typed['row'] or ''}" if typed else ""
    return [meant] if any(is_asked_for(meant, id=e.id, name="") for e in scenarios if meant) else []


def _reason(scenario: WrittenScenario, claimed: Collection[str]) -> str:
    return f"not claimed: {', '.join(each for each in scenario.needs if each not in claimed)}"
