"""A quick look at a portal: a failure counts, and nothing else is a verdict.

A few scenarios cover each phase and each harm. A run that did not run everything is never a pass.
"""

from collections.abc import Collection

from msgspec import structs

from simulator.inputs.written_scenarios import (
    QUICK,
    WrittenScenario,
    is_claimed,
    is_run_in,
    read_written,
)
from simulator.results.values import AcceptanceResult, LeftOutScenarios
from simulator.verdicts import Kind


def as_quick_look(result: AcceptanceResult, claimed: Collection[str]) -> AcceptanceResult:
    """List what was left out. A quick look without a failure is INCONCLUSIVE."""
    conforms = result.verdict in ("PASS", "WARNING", "OMIT")
    verdict: Kind = "INCONCLUSIVE" if conforms else result.verdict
    return structs.replace(result, verdict=verdict, left_out=_left_out(result.phase, claimed))


def _left_out(phase: int, claimed: Collection[str]) -> tuple[LeftOutScenarios, ...]:
    found: dict[str, list[WrittenScenario]] = {}
    for each in read_written():
        is_meant = is_run_in(phase, each.tags, each.phase) and is_claimed(each.tags, claimed)
        if is_meant and QUICK not in each.tags:
            found.setdefault(each.feature, []).append(each)
    return tuple(
        LeftOutScenarios(
            feature=feature,
            scenarios=tuple(dict.fromkeys(each.name for each in scenarios)),
            requirements=tuple(sorted({id for each in scenarios for id in each.requirements})),
        )
        for feature, scenarios in found.items()
    )
