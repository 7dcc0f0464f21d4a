"""Rolls scenarios up into requirements, and those into the verdict on a portal.

What a portal does not claim it is not judged on, and the requirement says so: it is met in part, or
nothing was asked of it.
"""

from collections.abc import Collection, Sequence

from simulator.accept.page_requirements import NOT_LOOKED_AT
from simulator.inputs.requirements import Requirement
from simulator.inputs.target import Target, order_name_of, way_of
from simulator.results.blame import blamed, did_what_cannot_be_undone, is_critical_to
from simulator.results.values import AcceptanceResult, Awaits, RequirementResult, ScenarioResult
from simulator.verdicts import Kind, worst


def roll_up(
    target: Target,
    requirements: Sequence[Requirement],
    scenarios: Sequence[ScenarioResult],
    *,
    phase: int,
    messages: int,
    only: str = "",
) -> AcceptanceResult:
    """Give each requirement the worst that was found of it, and the whole the worst of all.

    A run in which no message ever reached anybody proves nothing, whatever passed. Where somebody
    else was told, or too much, the whole fails, whatever the level of what forbids it.
    """
    spared = {each.id: _spared(each, target, phase) for each in requirements}
    asked = {id for id, (why, _awaits) in spared.items() if not why}
    rows = [_row(each, scenarios, asked, spared=spared[each.id]) for each in requirements]
    verdict = worst(row.verdict for row in rows if row.verdict != "OMIT")
    if did_what_cannot_be_undone(scenarios):
        verdict = worst([verdict, "FAIL"])
    if not only and verdict in ("PASS", "WARNING") and messages == 0:
        verdict = "INCONCLUSIVE"
    return AcceptanceResult(
        portal=target.claims.name,
        portal_version=target.claims.version,
        signatory=target.claims.signatory,
        phase=phase,
        order=order_name_of(target),
        reached=way_of(target),
        verdict=verdict,
        messages=messages,
        requirements=rows,
        scenarios=list(scenarios),
        only=only,
    )


def _spared(requirement: Requirement, target: Target, phase: int) -> tuple[str, Awaits]:
    """Say why a run judges nothing of a requirement, and who has to; "" where it is asked for."""
    if requirement.not_tested:
        return requirement.not_tested, ""
    if requirement.phase > phase:
        return f"comes with phase {requirement.phase}", ""
    if requirement.before_phase and phase >= requirement.before_phase:
        return f"phase {requirement.before_phase} is live", ""
    if requirement.review:
        return f"for a person to judge, with --reviews: {requirement.review}", "a person"
    if requirement.of_pages and not target.access.selectors:
        return NOT_LOOKED_AT, "a browser"
    return "", ""


def _row(
    requirement: Requirement,
    scenarios: Sequence[ScenarioResult],
    asked: Collection[str],
    *,
    spared: tuple[str, Awaits],
) -> RequirementResult:
    tagged = [each for each in scenarios if requirement.id in each.requirements]
    left_out = [each for each in tagged if each.verdict == "OMIT"]
    reason, awaits = spared
    verdict: Kind = "OMIT"
    if not reason:
        verdict, reason = _judged(requirement, scenarios, asked)
        is_wanting = verdict == "SKIP" and not reason
        if left_out and is_wanting:
            verdict, reason, awaits = "OMIT", left_out[0].reason, "a claim"
        elif is_wanting:
            reason = "no scenario of it was run"
        elif left_out and verdict in ("PASS", "WARNING"):
            verdict, reason = "WARNING", _in_part(left_out)
    return RequirementResult(
        id=requirement.id,
        sentence=requirement.sentence,
        source=requirement.source,
        basis=requirement.basis,
        level=requirement.level,
        phase=requirement.phase,
        verdict=verdict,
        scenarios=tuple(each.name for each in tagged),
        reason=reason,
        awaits=awaits,
    )


def _judged(
    requirement: Requirement, scenarios: Sequence[ScenarioResult], asked: Collection[str]
) -> tuple[Kind, str]:
    """Give the verdict on a requirement with its reason; SKIP without one where nothing was run."""
    against = [each for each in scenarios if requirement.id in blamed(each, asked)]
    mine = [
        each for each in scenarios if requirement.id in each.requirements and each.verdict != "OMIT"
    ]
    if not mine and not against:
        return "SKIP", ""
    # What failed by the judge's findings alone has shown what its own steps prove.
    kinds: list[Kind] = ["PASS" if each.verdict == "FAIL" else each.verdict for each in mine]
    verdict = worst([*kinds, *(each.verdict for each in against)])
    reason = next((each.reason for each in mine if each.reason), "")
    if requirement.level == "should" and verdict == "FAIL":
        verdict = "FAIL" if is_critical_to(requirement.id, against, asked) else "WARNING"
    doubts = [found for each in mine for found in each.findings if found.kind == "REVIEW"]
    doubt = next((found.observed for found in doubts if found.harm == requirement.harm), "")
    if doubt and verdict in ("PASS", "WARNING"):
        verdict, reason = "REVIEW", doubt
    return verdict, reason


def _in_part(left_out: Sequence[ScenarioResult]) -> str:
    told = "; ".join(f"{each.name!r} ({each.reason})" for each in left_out)
    return f"in part, without: {told}"
