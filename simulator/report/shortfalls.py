"""Scenarios of an acceptance that did not pass, worst first, and what was not tested."""

from msgspec import Struct, structs

from simulator.errors import CONFORMS
from simulator.report.amounts import several
from simulator.report.harms import WHY_IT_MATTERS
from simulator.results.attribution import requirements_failed
from simulator.results.values import (
    AcceptanceResult,
    LeftOutScenarios,
    RequirementResult,
    ScenarioResult,
)
from simulator.verdicts import HARMS, KINDS, Kind, exit_code

#: Why a scenario is not in a quick look.
NOT_IN_A_QUICK_LOOK = "not run in a quick look"
_NOT_TESTED = ("SKIP", "OMIT")


class Shortfall(Struct, frozen=True, kw_only=True):
    """A scenario that did not simply pass. `number` is its place in the report, from 1."""

    number: int
    scenario: ScenarioResult
    requirements: tuple[str, ...]
    why_it_matters: tuple[str, ...]


class NotTested(Struct, frozen=True, kw_only=True):
    """A scenario or requirement that was not tested, why, and whether that blocks a pass.

    Of a quick look it is a whole feature, and `count` are its scenarios.
    """

    what: str
    requirements: tuple[str, ...]
    verdict: Kind
    reason: str
    blocks: bool
    count: int = 1


def shortfalls(result: AcceptanceResult) -> list[Shortfall]:
    """List what went wrong or needs a person, worst verdict first, then in the features' order."""
    known = {each.id: each for each in result.requirements}
    found = [each for each in result.scenarios if each.verdict not in ("PASS", *_NOT_TESTED)]
    found.sort(key=lambda each: KINDS.index(each.verdict))
    return [
        Shortfall(
            number=number,
            scenario=each,
            requirements=tuple(_sentence(id, known) for id in requirements_failed_by(each, result)),
            why_it_matters=_why(each, known),
        )
        for number, each in enumerate(found, start=1)
    ]


def requirements_failed_by(scenario: ScenarioResult, result: AcceptanceResult) -> list[str]:
    """List the requirements under which a report shows a scenario that did not pass."""
    asked = [each.id for each in result.requirements if each.verdict != "OMIT"]
    return sorted(requirements_failed(scenario, asked) or scenario.requirements)


def not_tested(result: AcceptanceResult) -> list[NotTested]:
    """List what was not tested: scenarios, then requirements that no listed scenario covers."""
    scenarios = [each for each in result.scenarios if each.verdict in _NOT_TESTED]
    unclaimed = {each.id for each in result.requirements if each.is_unclaimed_must}
    covered = {
        id
        for each in result.scenarios
        if each.verdict != "PASS"
        for id in requirements_failed_by(each, result)
    }
    requirements = [
        each
        for each in result.requirements
        if each.verdict not in ("PASS", "WARNING", "FAIL") and each.id not in covered
    ]
    found = [
        *(_not_run(each) for each in result.left_out),
        *(_entry(each.label, each.requirements, each.verdict, each.reason) for each in scenarios),
        *(_entry(each.sentence, (each.id,), each.verdict, each.reason) for each in requirements),
    ]
    # A must that nobody claims blocks a pass, although it is OMIT; one that waits, if strict.
    blocking = unclaimed | ({each.id for each in result.waiting} if result.is_strict else set())
    return [
        structs.replace(e, blocks=e.blocks or bool(blocking & {*e.requirements})) for e in found
    ]


def musts_not_asked(result: AcceptanceResult) -> list[tuple[str, str]]:
    """Name each must of the phase that was not asked, or only in part, and what it waits for."""
    if result.left_out or result.only:
        return []
    return [
        (each.id, _waits_for(each))
        for each in result.requirements
        if each.is_must_of_phase and (each.awaits or each.is_in_part)
    ]


def _waits_for(row: RequirementResult) -> str:
    if row.is_waived or row.is_unclaimed_must or row.is_in_part:
        return row.reason
    return row.awaits


def _not_run(left: LeftOutScenarios) -> NotTested:
    count = len(left.scenarios)
    reason = f"{NOT_IN_A_QUICK_LOOK}: {several(count, 'scenario')}"
    return structs.replace(_entry(left.feature, left.requirements, "SKIP", reason), count=count)


def _entry(what: str, ids: tuple[str, ...], verdict: Kind, reason: str) -> NotTested:
    return NotTested(
        what=what,
        requirements=ids,
        verdict=verdict,
        reason=reason or "no reason was given",
        blocks=exit_code(verdict) != CONFORMS,
    )


def _sentence(id: str, known: dict[str, RequirementResult]) -> str:
    return f"{id} ({known[id].level}): {known[id].sentence}" if id in known else id


def _why(scenario: ScenarioResult, known: dict[str, RequirementResult]) -> tuple[str, ...]:
    """Give a sentence for each harm found; if there is none, give what the requirements rest on."""
    harms = {each.harm for each in scenario.findings}
    if harms:
        return tuple(WHY_IT_MATTERS[harm] for harm in HARMS if harm in harms)
    asked = [known[id] for id in scenario.requirements if id in known]
    return tuple(f"{each.id} rests on: {each.basis} ({each.source})" for each in asked)
