"""Names the musts of a phase that no story asks for, because the portal claims too little.

`accept` says SKIP of such a portal. Exploring does too: a portal cannot pass by claiming less.
"""

from collections.abc import Collection
from typing import Any

from msgspec import structs

from simulator.inputs.requirements import Requirement, read_requirements
from simulator.inputs.written_scenarios import is_claimed, is_run_in, read_written
from simulator.results.exploration import ExplorationResult
from simulator.verdicts import worst


def as_claimed(result: ExplorationResult, claimed: Collection[Any]) -> ExplorationResult:
    """Add the musts that were not asked to a result: with any it is SKIP at best."""
    left = musts_not_asked(result.phase, claimed)
    verdict = worst([result.verdict, "SKIP"]) if left else result.verdict
    return structs.replace(result, musts_not_asked=left, verdict=verdict)


def musts_not_asked(phase: int, claimed: Collection[Any]) -> dict[str, str]:
    """Give the id of each must of which every scenario needs what is not claimed, and what."""
    scenarios = [each for each in read_written() if is_run_in(phase, each.tags, each.phase)]
    left: dict[str, str] = {}
    for must in read_requirements():
        mine = [each for each in scenarios if must.id in each.requirements]
        is_left = mine and not any(is_claimed(each.tags, claimed) for each in mine)
        if is_left and must.level == "must" and _is_judged(must, phase):
            missing = [need for need in mine[0].needs if need not in claimed]
            left[must.id] = f"not claimed: {', '.join(missing)}"
    return left


def _is_judged(requirement: Requirement, phase: int) -> bool:
    gate = requirement.before_phase
    return requirement.phase <= phase and (gate is None or phase < gate)
