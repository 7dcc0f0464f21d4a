"""What an acceptance found wanting: what went wrong, worst first, and what was not tested."""

from msgspec import Struct

from simulator.errors import CONFORMS
from simulator.report.amounts import several
from simulator.report.harms import WHY_IT_MATTERS
from simulator.results.blame import blamed
from simulator.results.values import AcceptanceResult, LeftOut, RequirementResult, ScenarioResult
from simulator.verdicts import HARMS, KINDS, Kind, exit_code

_NOT_TESTED = ("SKIP", "OMIT")


class Shortfall(Struct, frozen=True, kw_only=True):
    """A scenario that did not simply pass; `number` is its place in the report, from 1."""

    number: int
    scenario: ScenarioResult
    requirements: tuple[str, ...]
    why_it_matters: tuple[str, ...]


class Untested(Struct, frozen=True, kw_only=True):
    """Something nobody can say anything about, why, and whether that blocks a pass."""

    what: str
    requirements: tuple[str, ...]
    verdict: Kind
    reason: str
    blocks: bool


def shortfalls(result: AcceptanceResult) -> list[Shortfall]:
    """List what went wrong or needs a person, worst verdict first, then as the features have it."""
    known = {each.id: each for each in result.requirements}
    found = [each for each in result.scenarios if each.verdict not in ("PASS", *_NOT_TESTED)]
    found.sort(key=lambda each: KINDS.index(each.verdict))
    return [
        Shortfall(
            number=number,
            scenario=each,
            requirements=tuple(_sentence(id, known) for id in against(each, result)),
            why_it_matters=_why(each, known),
        )
        for number, each in enumerate(found, start=1)
    ]


def against(scenario: ScenarioResult, result: AcceptanceResult) -> list[str]:
    """List the requirements that a scenario which fell short is told of under."""
    asked = [each.id for each in result.requirements if each.verdict != "OMIT"]
    return sorted(blamed(scenario, asked) or scenario.requirements)


def untested(result: AcceptanceResult) -> list[Untested]:
    """List what was not tested: scenarios, then requirements no scenario accounts for."""
    scenarios = [each for each in result.scenarios if each.verdict in _NOT_TESTED]
    accounted = {
        id for each in result.scenarios if each.verdict != "PASS" for id in against(each, result)
    }
    requirements = [
        each
        for each in result.requirements
        if each.verdict not in ("PASS", "WARNING", "FAIL") and each.id not in accounted
    ]
    return [
        *(_passed_over(each) for each in result.left_out),
        *(
            _untested(each.label, each.requirements, each.verdict, each.reason)
            for each in scenarios
        ),
        *(_untested(each.sentence, (each.id,), each.verdict, each.reason) for each in requirements),
    ]


def _passed_over(left: LeftOut) -> Untested:
    count = len(left.scenarios)
    reason = f"left out of a quick look: {several(count, 'scenario')}"
    return _untested(left.feature, left.requirements, "SKIP", reason)


def _untested(what: str, ids: tuple[str, ...], verdict: Kind, reason: str) -> Untested:
    return Untested(
        what=what,
        requirements=ids,
        verdict=verdict,
        reason=reason or "no reason was given",
        blocks=exit_code(verdict) != CONFORMS,
    )


def _sentence(id: str, known: dict[str, RequirementResult]) -> str:
    return f"{id} ({known[id].level}): {known[id].sentence}" if id in known else id


def _why(scenario: ScenarioResult, known: dict[str, RequirementResult]) -> tuple[str, ...]:
    """Give a sentence for each harm found; where none was, whose demand was not met."""
    harms = {each.harm for each in scenario.findings}
    if harms:
        return tuple(WHY_IT_MATTERS[harm] for harm in HARMS if harm in harms)
    asked = [known[id] for id in scenario.requirements if id in known]
    return tuple(f"{each.id} rests on: {each.basis} ({each.source})" for each in asked)
