"""The decision, in one sentence, that opens each report; and what each verdict says in words."""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from simulator.report.amounts import count, seconds, several
from simulator.report.harms import in_order
from simulator.results.values import (
    AcceptanceResult,
    Awaits,
    CheckResult,
    HarmCount,
    LoadResult,
    ProofResult,
    RehearsalResult,
)
from simulator.verdicts import KINDS, Kind

#: What a verdict says of a portal, after its name.
SAYS: Mapping[Kind, str] = MappingProxyType(
    {
        "PASS": "does what was ordered",
        "WARNING": "does what was ordered, with something to look at",
        "FAIL": "does not do what was ordered",
        "REVIEW": "is not accepted yet, because a person must look",
        "SKIP": "is not shown to do what was ordered, because something could not be verified",
        "OMIT": "was asked for none of this, so that nothing was judged",
        "INCONCLUSIVE": "could not be judged, because its surroundings failed or nothing happened",
        "ERROR": "could not be judged, because the suite itself went wrong",
    }
)

#: What a verdict says of one requirement, in a count of them.
COUNTED: Mapping[Kind, str] = MappingProxyType(
    {
        "PASS": "met",
        "WARNING": "with a warning",
        "FAIL": "not met",
        "REVIEW": "for a person to look at",
        "SKIP": "not verified",
        "OMIT": "not judged",
        "INCONCLUSIVE": "inconclusive",
        "ERROR": "stopped by a fault of the suite",
    }
)

#: Why a requirement was not judged, in a count of them: none of these is met.
UNJUDGED: Mapping[Awaits, str] = MappingProxyType(
    {
        "a person": "that a person must look at",
        "a browser": "that must be looked at in a browser",
        "a claim": "not claimed",
        "": "of other phases or not testable",
    }
)


def rehearsal_decision(result: RehearsalResult) -> str:
    """Say whether the portal got through the rollout, and whose the harms were."""
    harms = _harms(result.harms)
    return (
        f"{result.verdict}: {result.portal} {SAYS[result.verdict]}: "
        f"of {several(result.obligations, 'message')} owed and judged, {harms}"
        f"{''.join(f'; {each}' for each in result.untried)}."
    )


def acceptance_decision(result: AcceptanceResult) -> str:
    """Say whether the portal is accepted in this phase, and how many requirements came to what."""
    if result.left_out:
        return _quick_look(result)
    if result.only:
        return _one_name(result)
    counts = Counter(each.verdict for each in result.requirements)
    found = [f"{counts[kind]} {COUNTED[kind]}" for kind in KINDS if counts[kind] and kind != "OMIT"]
    left = Counter(each.awaits for each in result.requirements if each.verdict == "OMIT")
    found += [f"{left[awaits]} {words}" for awaits, words in UNJUDGED.items() if left[awaits]]
    musts = [
        each.id for each in result.requirements if each.awaits == "a claim" and each.level == "must"
    ]
    unclaimed = f"; not claimed, though a must: {', '.join(musts)}" if musts else ""
    hollow = "" if result.messages else "; no message was ever delivered"
    return (
        f"{result.verdict}: in phase {result.phase}, {result.portal} {result.portal_version} "
        f"{SAYS[result.verdict]}: of {several(len(result.requirements), 'requirement')}, "
        f"{', '.join(found) or 'none judged'}{unclaimed}{hollow}{_gaps(result)}."
    )


def _gaps(result: AcceptanceResult) -> str:
    """Say what the test weeks came to, which failures were known, and which are there no longer."""
    said = f"; its test weeks came to {result.window}" if result.window else ""
    known = sum(bool(each.known_gap) for each in result.requirements)
    said += f"; {several(known, 'failure')} known, with a reason" if known else ""
    if result.gaps_closed:
        closed = ", ".join(result.gaps_closed)
        said += f"; no longer a gap, so take it out of the file: {closed}"
    return said


def _quick_look(result: AcceptanceResult) -> str:
    ran = len(result.scenarios)
    passed = sum(each.verdict == "PASS" for each in result.scenarios)
    left = sum(len(each.scenarios) for each in result.left_out)
    return (
        f"{result.verdict}: quick look: in phase {result.phase}, {result.portal} "
        f"{result.portal_version} passed {passed} of {several(ran, 'scenario')} that were run; "
        f"{count(left)} others were left out. This is not a verdict: run it without --quick."
    )


def _one_name(result: AcceptanceResult) -> str:
    passed = sum(each.verdict == "PASS" for each in result.scenarios)
    return (
        f"{result.verdict}: in phase {result.phase}, {result.portal} {result.portal_version} "
        f"passed {passed} of {several(len(result.scenarios), 'scenario')} named “{result.only}”; "
        "this is no verdict on the portal."
    )


def check_decision(result: CheckResult) -> str:
    """Say whether a portal and its surroundings are fit to be judged, and what is not."""
    wanting = [each.name for each in result.rows if each.verdict not in ("PASS", "OMIT")]
    tried = sum(each.verdict != "OMIT" for each in result.rows)
    says = {
        "PASS": "is ready to be judged",
        "FAIL": "is not ready to be judged",
        "SKIP": "is not shown to be ready, because something could not be verified",
    }.get(result.verdict, SAYS[result.verdict])
    left = f", but: {', '.join(wanting)}" if wanting else ""
    return (
        f"{result.verdict}: {result.portal} {result.portal_version} {says}: of "
        f"{several(tried, 'thing')} that were tried, {tried - len(wanting)} are as they should be"
        f"{left}."
    )


def proof_decision(result: ProofResult) -> str:
    """Say whether the judge can be believed: every broken portal caught, the reference by none."""
    missed = [each.name for each in result.rows if not each.caught]
    caught = len(result.rows) - len(missed)
    left = f" (not caught: {', '.join(missed)})" if missed else ""
    reference = (
        f"the reference failed {several(len(result.reference_failed), 'scenario')}"
        if result.reference_failed
        else f"nothing failed the reference ({result.reference_verdict})"
    )
    changed = (
        f"; {several(len(result.changed), 'difference')} from the kill matrix that is kept"
        if result.changed
        else ""
    )
    return (
        f"{result.verdict}: {caught} of {several(len(result.rows), 'broken portal')} caught, each "
        f"by the scenario that must catch it{left}; {reference}{changed}."
    )


def load_decision(result: LoadResult) -> str:
    """Say whether the portal held under the burst, and how fast it was."""
    allowed = result.slo_update_to_message_p95_seconds
    limit = "" if allowed is None else f" ({seconds(allowed)} allowed)"
    return (
        f"{result.verdict}: under “{result.name}”, {result.portal} {SAYS[result.verdict]}: "
        f"{count(result.events_accepted)} of {several(result.events_scheduled, 'update')} "
        "accepted, "
        f"95 in 100 messages within {seconds(result.update_to_message_p95_seconds)}{limit}, "
        f"{_harms(result.harms)}."
    )


def _harms(harms: list[HarmCount]) -> str:
    own = sum(each.count for each in harms if each.kind == "FAIL")
    others = sum(each.count for each in harms if each.kind != "FAIL")
    worst = next((each.harm for each in in_order(harms) if each.kind == "FAIL"), "")
    of_its_own = several(own, "harm") + " by the portal" + (f" (worst: {worst})" if worst else "")
    return f"{of_its_own}, {count(others)} by others or past avoiding"
