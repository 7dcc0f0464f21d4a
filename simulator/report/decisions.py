"""The decision that opens each report, and what each verdict means in words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from simulator.report.acceptance_basis import driver_words
from simulator.report.amounts import as_sentence, count, day, seconds, several, share_of
from simulator.report.harms import worst_first
from simulator.report.headline import wrongly_told
from simulator.report.load_tables import accepted, missed, visited
from simulator.results.exploration import ExplorationResult, ExploredPortals
from simulator.results.load import LoadResult
from simulator.results.values import (
    AcceptanceResult,
    CheckResult,
    CodeCount,
    HarmCount,
    ProofResult,
    RehearsalResult,
)
from simulator.verdicts import Harm, Kind, Owner

#: What a verdict says of a portal, after its name.
VERDICT_SENTENCES: Mapping[Kind, str] = MappingProxyType(
    {
        "PASS": "meets the order",
        "WARNING": "meets the order, with warnings",
        "FAIL": "does not meet the order",
        "REVIEW": "waits for a person's review",
        "SKIP": "is not shown to meet the order",
        "OMIT": "was not judged: none of this was ordered",
        "INCONCLUSIVE": "could not be judged: its surroundings failed, or nothing happened",
        "ERROR": "could not be judged: the suite itself failed",
    }
)

#: What a SKIP says of a portal whose only shortfall is that it claims less than the phase asks.
_ONLY_WHAT_WAS_CLAIMED = "does not claim every must"

#: What happened to so many messages, for harms that are not the portal's fault.
_HAPPENED: Mapping[Harm, str] = MappingProxyType(
    {
        "misdirected": "reached the wrong person",
        "disclosed": "gave away too much",
        "lost": "did not arrive",
        "duplicated": "came twice",
        "late": "came late",
        "out of order": "came in the wrong order",
        "noise": "were not needed",
    }
)

#: Why that happened, where the portal is not to blame.
_BECAUSE: Mapping[Owner, str] = MappingProxyType(
    {
        "contact data": "because the force's details were wrong",
        "force": "because of the force",
        "integration": "because of the integration",
        "gateway": "because of the gateway",
        "portal": "which the portal could not have avoided",
    }
)


def rehearsal_decision(result: RehearsalResult) -> str:
    """State whether the portal got through the rollout, and who caused the harms.

    A WARNING with victims wrongly told says how many at once: that the portal meets the order is
    not all that a reader must know.
    """
    return (
        f"{result.verdict}: {result.portal} {portal_sentence(result.verdict, result.harms)}. "
        f"{_but_wrongly_told(result)}"
        f"Of {several(result.obligations, 'message')} due: "
        f"{harms_sentence(result.harms, since_go_live(result))}"
        f"{code_sentence(result.victims_code)}"
        f"{''.join(f'; {each}' for each in result.untried)}."
    )


def _but_wrongly_told(result: RehearsalResult) -> str:
    """State how many victims' news went astray although the portal met the order; "" for none."""
    if result.verdict != "WARNING" or not result.life:
        return ""
    headline = result.life.headline
    if not headline.wrongly_told.counted:
        return ""
    return (
        f"Even so, {wrongly_told(headline)} victims' news went to another person in "
        f"{several(headline.weeks, 'week')} ({headline.period}). "
    )


def code_sentence(count: CodeCount) -> str:
    """State what was told in the Victims' Code's time and who held up the rest; "" for nothing."""
    if not count.news:
        return ""
    late = {
        "recorded too late by the force": count.late_by_force,
        "late because the force's contact details could not be used": count.late_by_contact_data,
        "held up by the integration": count.late_by_integration,
        "held up by the gateway": count.late_by_gateway,
        "told late by the portal": count.late_by_portal,
    }
    parts = "".join(f", {number:,} {how}" for how, number in late.items() if number)
    return (
        f"; of {several(count.news, 'thing')} that the Victims' Code has victims told, "
        f"{count.told_in_time:,} told in time{parts}"
    )


def portal_sentence(verdict: Kind, harms: Iterable[HarmCount]) -> str:
    """State what a verdict says of a portal; a WARNING says how many sorts of harm it warns of."""
    warnings = sum(each.kind != "FAIL" for each in harms)
    if verdict == "WARNING" and warnings:
        return f"{VERDICT_SENTENCES['PASS']}; {several(warnings, 'warning')}"
    return VERDICT_SENTENCES[verdict]


def since_go_live(result: RehearsalResult) -> int | None:
    """Give the portal's harms since go-live; None where they are not counted by themselves."""
    return result.life.headline.portal_harms.counted if result.life else None


def harms_sentence(harms: list[HarmCount], live: int | None = None) -> str:
    """State how many harms the portal caused, the worst of them, and what others caused.

    Of a rehearsal `live` are those since go-live, which page 1 counts: the others are of the tests.
    """
    own = sum(each.count for each in harms if each.kind == "FAIL")
    ordered = worst_first(harms)
    worst = next((each.harm for each in ordered if each.kind == "FAIL"), "")
    caused = several(own, "harm") + " by the portal"
    if live is not None and live != own:
        caused += f", {live:,} of them since go-live and {own - live:,} in the tests"
    caused += f" (worst: {worst})" if worst else ""
    others: Counter[tuple[Harm, Owner]] = Counter()
    for each in ordered:
        if each.kind != "FAIL":
            others[each.harm, each.owner] += each.count
    return "; ".join(
        [
            caused,
            *(
                f"{several(number, 'message')} {_HAPPENED[harm]} {_BECAUSE[owner]}"
                for (harm, owner), number in others.items()
            ),
        ]
    )


def acceptance_decision(result: AcceptanceResult) -> str:
    """State whether the portal is accepted in this phase, and what that still waits for.

    It is short enough to be read out; `acceptance_basis` has the rest.
    """
    if result.left_out:
        return _quick_look(result)
    if result.only:
        return _one_name(result)
    counts = Counter(each.verdict for each in result.requirements)
    sentence = VERDICT_SENTENCES[result.verdict]
    if result.verdict == "WARNING" and counts["WARNING"]:
        sentence = f"{VERDICT_SENTENCES['PASS']}; {several(counts['WARNING'], 'warning')}"
    elif result.verdict == "SKIP" and not counts["SKIP"]:
        sentence = _ONLY_WHAT_WAS_CLAIMED
    elif result.verdict == "INCONCLUSIVE" and not result.messages:
        sentence = "could not be judged: no message was delivered"
    if result.verdict not in ("OMIT", "INCONCLUSIVE", "ERROR"):
        sentence += ", by its driver's word" if result.is_by_drivers_word else ""
        asked = len(result.requirements) - counts["OMIT"]
        musts = sum(each.is_must_of_phase for each in result.requirements)
        # What is not verified comes first: people look at a portal once it can be.
        if result.verdict == "SKIP" and counts["SKIP"]:
            sentence += f"; {counts['SKIP']} of {several(asked, 'requirement')} not verified"
        elif left := len(result.waiting):
            sentence += f"; {count(left)} of {count(musts)} musts await a person or browser"
    return (
        f"{result.verdict}: in phase {result.phase}, {result.portal} {result.portal_version} "
        f"{sentence}."
    )


def phase_headline(result: AcceptanceResult) -> str:
    """Say that the portal seems to be in a later phase than the run ("" if it does not)."""
    seems = result.seems_in
    if seems is None:
        return ""
    return (
        f"Your portal seems to be in phase {seems.phase}, and this run is in phase {result.phase}. "
        f"That alone explains {count(len(seems.explained))} of the "
        f"{several(seems.failed, 'scenario')} that failed: judged as if phase {seems.phase} were "
        f"live, nothing is wrong in them. In this run phase {seems.phase} goes live on "
        f"{day(seems.live_in_run)}, and not on {day(seems.live_by_order)} as in the order's own "
        "file: give your portal the days of the run (go_live and order_path of hello), or run "
        f"--phase {seems.phase}. The defects below may be of this one cause."
    )


_BY_ITS_WORD = ", by its driver's word, through which alone the suite saw the portal; "


def _by_driver(result: AcceptanceResult) -> str:
    said = driver_words(result)
    return f" (driver: {said})" if said else ""


def _quick_look(result: AcceptanceResult) -> str:
    ran = len(result.scenarios)
    passed = sum(each.verdict == "PASS" for each in result.scenarios)
    left = sum(len(each.scenarios) for each in result.left_out)
    return (
        f"{result.verdict}: quick look: in phase {result.phase}, {result.portal} "
        f"{result.portal_version} passed {passed} of {several(ran, 'scenario')}"
        f"{_by_driver(result)}; {count(left)} others were not run. "
        "This is not a verdict: run it without --quick."
    )


def _one_name(result: AcceptanceResult) -> str:
    passed = sum(each.verdict == "PASS" for each in result.scenarios)
    return (
        f"{result.verdict}: in phase {result.phase}, {result.portal} {result.portal_version} "
        f"passed {passed} of {several(len(result.scenarios), 'scenario')} named “{result.only}”"
        f"{_by_driver(result)}. "
        "This is not a verdict: run it without --only."
    )


def check_decision(result: CheckResult) -> str:
    """State whether a portal and its surroundings are ready to be judged, and what is not."""
    wanting = [each.name for each in result.rows if each.verdict not in ("PASS", "OMIT")]
    tried = sum(each.verdict != "OMIT" for each in result.rows)
    sentence = {
        "PASS": "is ready to be judged",
        "FAIL": "is not ready to be judged",
        "SKIP": "is not shown to be ready: something could not be verified",
    }.get(result.verdict, VERDICT_SENTENCES[result.verdict])
    left = f"; not passed: {', '.join(wanting)}" if wanting else ""
    return (
        f"{result.verdict}: {result.portal} {result.portal_version} {sentence}. "
        f"{tried - len(wanting)} of {several(tried, 'check')} passed{left}."
    )


def proof_decision(result: ProofResult) -> str:
    """State whether the judge can be trusted: every broken portal caught, and no reference."""
    missed = [each.name for each in result.rows if not each.caught]
    caught = len(result.rows) - len(missed)
    left = f" (not caught: {', '.join(missed)})" if missed else ""
    reference = (
        f"the reference failed {several(len(result.reference_failed), 'scenario')}"
        if result.reference_failed
        else f"no scenario failed the reference ({result.reference_verdict})"
    )
    if result.reference_passed_before:
        reference += " when it was last run, and nothing that it rests on has changed"
    changed = (
        f"; {several(len(result.changed), 'difference')} from the stored kill matrix"
        if result.changed
        else ""
    )
    return (
        f"{result.verdict}: {caught} of {several(len(result.rows), 'broken portal')} caught, each "
        f"by the scenario that must catch it{left}; {reference}{changed}."
    )


def load_decision(result: LoadResult) -> str:
    """State whether the portal held under the burst, and how fast it was."""
    p95 = result.measures.get("update_to_message_p95_seconds")
    allowed = [e.most for e in result.slos if e.measure == "update_to_message_p95_seconds"]
    limit = f" ({seconds(allowed[0])} allowed)" if allowed else ""
    between = ""
    if result.vouched_by:
        between = f"{_BY_ITS_WORD}{result.vouched_by} vouches for it (nothing was seen without it)"
    if result.limited_by and result.verdict == "INCONCLUSIVE":
        return (
            f"INCONCLUSIVE: “{result.name}” says nothing of {result.portal}{between}: the limit "
            f"was {result.limited_by}."
        )
    harms, on_purpose = _made_on_purpose(result)
    apart = f" {on_purpose}" if on_purpose else ""
    if result.stopped:
        came = "; ".join([*accepted(result), harms_sentence(harms)])
        return (
            f"{result.verdict}: “{result.name}” ended before its time: {result.stopped}{between}. "
            f"{came}.{apart}"
        )
    slow = f" {result.slow[:1].upper()}{result.slow[1:]}." if result.slow else ""
    sentence = portal_sentence(result.verdict, harms)
    late = f" {said}" if (said := missed(result)) else ""
    told = [] if p95 is None else [f"95% of messages within {seconds(p95)}{limit}"]
    came = "; ".join([*(accepted(result) or [visited(result)]), *told, harms_sentence(harms)])
    return (
        f"{result.verdict}: under “{result.name}”, {result.portal} {sentence}{between}. "
        f"{came}.{late}{slow}{apart}"
    )


def _made_on_purpose(result: LoadResult) -> tuple[list[HarmCount], str]:
    """Put what the force's records did apart, where the burst made them wrong on purpose.

    Returns the other harms, and a sentence ("" if there is nothing to say).
    """
    if not result.data_quality:
        return result.harms, ""
    apart = [e for e in result.harms if (e.kind, e.owner) == ("WARNING", "contact data")]
    apart = [each for each in apart if not each.avoidable]
    others = [each for each in result.harms if each not in apart]
    number = several(sum(each.count for each in apart), "message")
    return others, (
        f"Apart from the portal: {number} {_HAPPENED[apart[0].harm]} because the burst makes some "
        "of the force's details wrong on purpose."
        if apart
        else ""
    )


def exploration_decision(result: ExplorationResult) -> str:
    """Say whether any story failed, and how much was played."""
    number = "1 story" if result.stories == 1 else f"{count(result.stories)} stories"
    played = f"{number}, {several(result.steps, 'step')}, in {seconds(result.seconds)}"
    early = f" It stopped early: {as_sentence(result.stopped)}" if result.stopped else ""
    if result.not_shown:
        early += f" Not shown: {several(result.not_shown, 'other kind')} of failure."
    if result.not_verified:
        lost = "1 story" if result.not_verified == 1 else f"{count(result.not_verified)} stories"
        early = f" Not verified, because the portal could not be reached: {lost}.{early}"
    early += _musts_not_asked(result)
    if result.defects:
        found = several(len(result.defects), "defect")
        known = "found" if result.verdict == "FAIL" else "suspected, for a person to review,"
        return f"{result.verdict}: {found} {known} in {played}.{early}"
    if result.not_replayed:
        return f"INCONCLUSIVE: not replayed: {as_sentence(result.not_replayed)}"
    if result.verdict == "INCONCLUSIVE":
        what = "no story failed" if result.messages else "the portal sent no message"
        said = f"{what} in {played}" if result.stories else "no story was played to its end"
        return f"INCONCLUSIVE: {said}.{early}"
    if result.replayed:
        return f"PASS: the story does not fail: {played}.{_asked_and_judged(result)}"
    return (
        f"{result.verdict}: no story failed in {played}.{early} Other stories may still fail: try "
        "another seed."
    )


def order_headline(result: ExplorationResult) -> str:
    """Say that the portal seems to have the force's order in every story ("" if it does not)."""
    seems = result.seems_ordered
    if seems is None:
        return ""
    return (
        "Your portal seems to have another order than the stories: "
        f"{count(seems.explained)} of the {count(seems.failed)} that failed with limits, hours or "
        f"offences of their own are right by {result.order}. Configure it at each start from the "
        "story's order (order_path of hello, or PORTAL_SETTINGS), or do not claim takes_order. "
        "The defects below may be of this one cause."
    )


def _asked_and_judged(result: ExplorationResult) -> str:
    """Say what of a story that was played again was done, and what the judge looked at."""
    judged = result.replay_judged
    if judged is None:
        return ""
    undone = judged.steps - result.steps
    done = f" Not done: {count(undone)} of its {several(judged.steps, 'step')}." if undone else ""
    seen = [
        several(result.messages, "message"),
        *(f"{place} ({count(times)})" for place, times in judged.answers.items()),
    ]
    rules = several(len(judged.rules), "rule")
    return f"{done} Judged: {', '.join(seen)}; by {rules}: {', '.join(judged.rules)}."


def _musts_not_asked(result: ExplorationResult) -> str:
    """Name in a sentence the musts that stories did not ask for, with the claims that they need."""
    left: dict[str, list[str]] = {}
    for id, why in result.musts_not_asked.items():
        left.setdefault(why, []).append(id)
    named = ", ".join(f"{', '.join(ids)} ({why})" for why, ids in left.items())
    return f" Not all that was ordered was asked; musts not asked: {named}." if named else ""


def coverage_decision(result: ExplorationResult) -> str:
    """Say what share of the edges was met, and judged."""
    judged, every = result.edges_judged, result.edges_reachable
    met = f"{count(judged)} of {count(every)} edges"
    others = len(result.edges) - every
    beside = f" {several(others, 'other edge')} cannot be reached." if others else ""
    return (
        f"{met} were met and judged ({share_of(judged, every)}).{beside} Of the portal this says "
        f"nothing: its verdict is {result.verdict}, in report.html."
    )


def explored_decision(result: ExploredPortals) -> str:
    """Say how many broken portals were found by exploring alone, and how soon."""
    caught = (
        f"{count(result.caught)} of {several(result.broken, 'broken portal')} found by exploring "
        f"alone ({share_of(result.caught, result.broken)}), after {seconds(result.seconds_median)} "
        "at the median"
    )
    if result.false_alarms:
        alarms = "1 story" if result.false_alarms == 1 else f"{count(result.false_alarms)} stories"
        return f"{result.verdict}: {alarms} failed the reference, and none may; {caught}."
    missed = count(len(result.needs_the_judge))
    beside = f"; played and not found: {missed}" if result.needs_the_judge else ""
    return f"{result.verdict}: {caught}; no story failed the reference{beside}."
