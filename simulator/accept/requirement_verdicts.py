"""Work out the verdict on each requirement from its scenarios, and the verdict on the portal.

A portal is not judged on what it does not claim. The requirement says so: it is met in part, or it
was not judged. A must that was not asked because nobody claims it blocks a pass of the whole.
"""

from collections.abc import Collection, Sequence

from simulator.accept.page_results import NOT_CHECKED_IN_BROWSER
from simulator.inputs.requirements import Requirement
from simulator.inputs.target import Target, order_name_of, way_of
from simulator.results.attribution import (
    has_critical_harm,
    has_critical_harm_against,
    requirements_failed,
)
from simulator.results.values import (
    FOR_A_PERSON,
    AcceptanceResult,
    Awaits,
    DriverBetween,
    RequirementResult,
    ScenarioResult,
)
from simulator.verdicts import Kind, worst

#: A requirement is not shown as met when no scenario of it passed.
_OWN_STEPS_HELD = "its own steps held, but each of its scenarios failed of another requirement"
#: With a second worker a scenario asks again what others ask: without it nothing is left out.
_ASKED_ANYWAY = "not claimed: workers"


def acceptance_result(
    target: Target,
    requirements: Sequence[Requirement],
    scenarios: Sequence[ScenarioResult],
    *,
    phase: int,
    messages: int,
    only: str = "",
) -> AcceptanceResult:
    """Give each requirement the worst verdict of its scenarios, and the whole the worst of all.

    A run in which no message reached anyone proves nothing, whatever passed. A critical harm fails
    the whole, whatever the level of the requirement. Without a claim for each must of the phase the
    whole is SKIP at best: a portal cannot pass by claiming less.
    """
    not_judged = {each.id: _why_not_judged(each, target, phase) for each in requirements}
    asked = {id for id, (why, _awaits) in not_judged.items() if not why}
    rows = [_row(each, scenarios, asked, not_judged=not_judged[each.id]) for each in requirements]
    verdict = worst(row.verdict for row in rows if row.verdict != "OMIT")
    if has_critical_harm(scenarios):
        verdict = worst([verdict, "FAIL"])
    # A failure that breaks no requirement of this suite breaks the contract or the order.
    others = [each.verdict for each in scenarios if not each.requirements]
    verdict = worst([verdict, *(each for each in others if each in ("FAIL", "REVIEW"))])
    if not only and any(each.is_unclaimed_must for each in rows):
        verdict = worst([verdict, "SKIP"])
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
        driver=_driver_of(target),
    )


def _driver_of(target: Target) -> DriverBetween:
    """Say whether a vendor's own driver stands between, and whether it could be tried alone."""
    access = target.access
    if not access.has_driver:
        return ""
    return "tried" if access.command else "vouched for"


def _why_not_judged(requirement: Requirement, target: Target, phase: int) -> tuple[str, Awaits]:
    """Explain why a run does not judge a requirement, and what it waits for; "" if it does."""
    if requirement.not_tested:
        return requirement.not_tested, ""
    if requirement.phase > phase:
        return f"comes with phase {requirement.phase}", ""
    if requirement.before_phase and phase >= requirement.before_phase:
        return f"phase {requirement.before_phase} is live", ""
    if requirement.review:
        return f"{FOR_A_PERSON}: {requirement.review}", "a person"
    if requirement.of_pages and not target.access.selectors:
        return NOT_CHECKED_IN_BROWSER, "a browser"
    return "", ""


def _row(
    requirement: Requirement,
    scenarios: Sequence[ScenarioResult],
    asked: Collection[str],
    *,
    not_judged: tuple[str, Awaits],
) -> RequirementResult:
    tagged = [each for each in scenarios if requirement.id in each.requirements]
    left_out = [e for e in tagged if e.verdict == "OMIT" and e.reason != _ASKED_ANYWAY]
    reason, awaits = not_judged
    verdict: Kind = "OMIT"
    if not reason:
        verdict, reason = _judge(requirement, scenarios, asked)
        has_no_run = verdict == "SKIP" and not reason
        if left_out and has_no_run:
            verdict, reason, awaits = "OMIT", left_out[0].reason, "a claim"
        elif has_no_run:
            reason = "none of its scenarios was run"
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
        is_in_part=bool(left_out) and verdict != "OMIT",
    )


def _judge(
    requirement: Requirement, scenarios: Sequence[ScenarioResult], asked: Collection[str]
) -> tuple[Kind, str]:
    """Return the verdict on a requirement with its reason; SKIP without a reason if none ran."""
    against = [each for each in scenarios if requirement.id in requirements_failed(each, asked)]
    mine = [
        each for each in scenarios if requirement.id in each.requirements and each.verdict != "OMIT"
    ]
    if not mine and not against:
        return "SKIP", ""
    # A scenario that failed only by the judge's findings has passed its own steps.
    kinds: list[Kind] = ["PASS" if each.verdict == "FAIL" else each.verdict for each in mine]
    verdict = worst([*kinds, *(each.verdict for each in against)])
    reason = next((each.reason for each in mine if each.reason), "")
    if requirement.level == "should" and verdict == "FAIL":
        verdict = "FAIL" if has_critical_harm_against(requirement.id, against, asked) else "WARNING"
    if verdict == "PASS" and all(each.verdict == "FAIL" for each in mine):
        by = sorted({id for each in mine for id in requirements_failed(each, asked)})
        verdict, reason = "WARNING", f"{_OWN_STEPS_HELD}: {', '.join(by)}"
    doubts = [found for each in mine for found in each.findings if found.kind == "REVIEW"]
    doubt = next((found.observed for found in doubts if found.harm == requirement.harm), "")
    if doubt and verdict in ("PASS", "WARNING"):
        verdict, reason = "REVIEW", doubt
    return verdict, reason


def _in_part(left_out: Sequence[ScenarioResult]) -> str:
    names = "; ".join(f"{each.name!r} ({each.reason})" for each in left_out)
    return f"in part, without: {names}"
