"""Judges what happened at the doubles: who should have been told what, and who was.

The judge is that of every other run. Beside it stands what only this evidence has: an integration
that is on trial too, and what is not due yet. Nothing that could not be verified is passed.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Literal, TypeAlias

from msgspec import Struct, structs

from simulator.clock import in_london
from simulator.doubles.delivered_contents import as_delivered, in_time
from simulator.doubles.inferred_acts import with_inferred_acts, without_unknown_people
from simulator.doubles.integration_findings import integration_findings, made_up_deliveries
from simulator.doubles.struck_words import has_unknown_code, has_unknown_link
from simulator.evidence.records import (
    ChangesSeenAsOne,
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    PhaseEntered,
    QuestionAsked,
    Record,
    RecordIncomplete,
    RequestAnswered,
)
from simulator.inputs.order import Order
from simulator.judge.by_parts import judge_by_parts
from simulator.judge.fold import Judgement
from simulator.verdicts import Finding, Kind, worst

#: What a message may carry that only its reader may have.
_Carried: TypeAlias = Literal["invitation", "one_time_code"]
#: How the log of requests names the door by which an integration delivers.
DOOR = "portal door"
_TAKEN = 202
#: Without one of these nobody is concerned in anything.
_NAMES_PEOPLE = ("CrimeRecorded", "IncidentReported")
_NAMED_MAX = 3
_DELIVERED_WITHIN = timedelta(hours=24)


_NOTHING = (
    "Nobody had to be told anything, or nothing was sent: does each crime name its victims, and "
    "does the order include them?"
)
#: It may be what it should be, in another form, and what it tells hangs on that.
_UNKNOWN_LINKS = (
    "An invitation was owed, and no message has a link that the patterns know, though messages "
    "have links of one person's own."
)
_UNKNOWN_CODES = "Messages have a code, and none that the patterns know."
_GIVE_PATTERNS = (
    "Write the evidence with `neighbours --target FILE`, with your [access.patterns] in it."
)


class JudgedEvidence(Struct, frozen=True, kw_only=True):
    """The verdict on the portal, and on an integration that delivered by the portal's door."""

    verdict: Kind
    is_integration_judged: bool
    judged_until: datetime
    recorded: int
    delivered: int
    #: All that the portal took, each time that it came.
    came: int
    messages: int
    not_due: int
    findings: list[Finding]
    why_not: list[str]


def judged_evidence(
    order: Order,
    records: Sequence[Record],
    *,
    phase: int,
    correlates: bool,
    carries_ids: bool,
    until: datetime | None = None,
    judged_so_far: Callable[[int], object] = lambda _records: None,
) -> JudgedEvidence:
    """Judge what a file of evidence holds; with `until`, as if nothing more had come by then.

    `judged_so_far` is told how many records were judged; what can be read two ways is judged twice.
    """
    end = until or max(each.at for each in records)
    begun = PhaseEntered(at=records[0].at, phase=phase)
    has_door = any(isinstance(each, RequestAnswered) and each.double == DOOR for each in records)
    records, unknown = without_unknown_people(in_time(records) if has_door else records)
    made_up = made_up_deliveries(records)
    seen, unsure = with_inferred_acts(_of_the_portal(records, made_up))
    recorded = [each for each in records if isinstance(each, EventRecorded)]
    delivered = _delivered(records)
    judging = partial(
        judge_by_parts,
        order.staying_in(phase),
        correlates=correlates,
        carries_ids=carries_ids,
        end=end,
        judged_so_far=judged_so_far,
    )
    judgement = judging(evidence=[begun, *seen])
    if not delivered:
        # What it knows came by a way that is not in the evidence, or by none.
        names_people = any(each.event_type in _NAMES_PEOPLE for each in recorded)
        informed = judging(evidence=[begun, *_as_if_delivered(seen)]) if names_people else None
        judgement = _wrong_either_way(judgement, informed)
    forms = _unknown_forms(judgement, seen)
    if forms:
        otherwise = _read_otherwise(_of_the_portal(records, made_up), forms)
        judgement = _found_in_both(judgement, judging(evidence=[begun, *otherwise]))
    findings = _findings(judgement, records, has_door=has_door)
    not_due = _not_due(judgement, recorded, delivered, end)
    why_not = _why_not(recorded, delivered, not_due, end) + _unsaid(records) + _unknown(unknown)
    why_not += [*forms.values(), *_unreached(findings, has_door=has_door)]
    if not why_not and judgement.kind == "INCONCLUSIVE":
        why_not.append(_NOTHING)
    why_not += _unsure(unsure)
    return JudgedEvidence(
        verdict=_verdict(judgement, findings, is_open=bool(why_not)),
        is_integration_judged=has_door,
        judged_until=end,
        recorded=len(recorded),
        delivered=sum(each.event_id in delivered for each in recorded),
        came=sum(isinstance(each, EventDelivered) and each.status == _TAKEN for each in records),
        messages=len(judgement.messages),
        not_due=not_due,
        findings=findings,
        why_not=why_not,
    )


def _of_the_portal(records: Sequence[Record], made_up: Sequence[EventDelivered]) -> list[Record]:
    """Give what the portal did, and was told; what answers a made-up event is not its doing."""
    answered = {each.event_id for each in made_up}
    return [
        each
        for each in as_delivered(records)
        if not (isinstance(each, MessageAccepted) and each.reference in answered)
    ]


def _not_due(
    judgement: Judgement, recorded: Sequence[EventRecorded], delivered: set[str], end: datetime
) -> int:
    """Count what may still come: an event that is on its way, news that is not due."""
    waiting = [
        each
        for each in recorded
        if each.event_id not in delivered and each.at + _DELIVERED_WITHIN > end
    ]
    return len(waiting) + sum(
        each.is_owed and not each.is_void and each.told_at is None and each.due_at > end
        for each in judgement.obligations
    )


def _findings(judgement: Judgement, records: Sequence[Record], *, has_door: bool) -> list[Finding]:
    """List what was found of the portal and on the way to it."""
    found = [*judgement.findings, *integration_findings(records)]
    return list(map(_on_trial, found)) if has_door else found


def _unreached(findings: Sequence[Finding], *, has_door: bool) -> list[str]:
    """Say that events were lost where no integration is on trial that could have lost them."""
    is_lost = any(each.owner == "integration" for each in findings)
    said = "The portal did not answer: events of the force never reached it."
    return [said] if is_lost and not has_door else []


def _on_trial(finding: Finding) -> Finding:
    """Fail an integration for what it could have avoided: it is on trial as the portal is."""
    is_its_fault = finding.owner == "integration" and finding.avoidable
    return structs.replace(finding, kind="FAIL") if is_its_fault else finding


def _verdict(judgement: Judgement, findings: Sequence[Finding], *, is_open: bool) -> Kind:
    """Give the worst of all that was found and of what is open."""
    kinds: list[Kind] = [judgement.kind, *(each.kind for each in findings)]
    return worst([*kinds, "INCONCLUSIVE"] if is_open else kinds)


def _why_not(
    recorded: Sequence[EventRecorded], delivered: set[str], not_due: int, end: datetime
) -> list[str]:
    """Say why this evidence cannot show that all is well."""
    if not recorded:
        return ["Nothing was recorded in the force's system."]
    if not delivered:
        how = "name the portal with --portal; an integration delivers by the door (--integration)"
        return [f"No delivery to the portal is in it: {how}."]
    if not_due:
        until = "If nothing more will come, give a later time with --until."
        return [f"{not_due} promised things were not due by {in_london(end)}. {until}"]
    return []


def _unknown(acts: Sequence[QuestionAsked]) -> list[str]:
    """Say which questions nobody can judge: they are of no person whom the records name."""
    if not acts:
        return []
    named = dict.fromkeys(f"{each.person_id} in {each.crime_reference}" for each in acts)
    shown = ", ".join(list(named)[:_NAMED_MAX])
    more = f", and {len(named) - _NAMED_MAX:,} more" if len(named) > _NAMED_MAX else ""
    why = "nobody recorded that person in that crime"
    return [f"{len(acts):,} questions could not be judged, since {why}: {shown}{more}."]


def _unsure(people: Collection[str]) -> list[str]:
    """Ask who signed in, where only they can know."""
    if not people:
        return []
    who = ", ".join(sorted(people)[:_NAMED_MAX])
    return [f"Did {who} sign in, with the code that they got? POST /signed-in says so."]


def _unsaid(records: Sequence[Record]) -> list[str]:
    """Say which records no event could tell: a victim may be missed by it, and nobody knows."""
    last = {
        (each.table, each.record_id, each.event_type): each
        for each in records
        if isinstance(each, RecordIncomplete)
    }
    found = [each for each in last.values() if each.needs]
    if not found:
        return []
    named = "; ".join(map(_incomplete, found[:_NAMED_MAX]))
    more = f"; and {len(found) - _NAMED_MAX:,} more" if len(found) > _NAMED_MAX else ""
    mend = "Complete them; GET /events of control lists each with its mend."
    count = f"{len(found):,} events of the force's records cannot be told"
    return [f"{count}: {named}{more}. {mend}"]


def _incomplete(record: RecordIncomplete) -> str:
    crime = f" of crime {record.crime_reference}" if record.crime_reference else ""
    needs = ", ".join(record.needs)
    return (
        f"{record.table} {record.record_id}{crime} makes no {record.event_type}, it needs {needs}"
    )


def _as_if_delivered(records: Sequence[Record]) -> list[Record]:
    """Have the portal know each event as soon as it is recorded."""
    found: list[Record] = []
    for each in records:
        found.append(each)
        if isinstance(each, EventRecorded):
            found.append(EventDelivered(at=each.at, event_id=each.event_id, status=_TAKEN))
    return found


def _wrong_either_way(uninformed: Judgement, informed: Judgement | None) -> Judgement:
    """Blame a portal to which nothing was delivered only for what is wrong whatever it knows.

    Where no crime was recorded either, nobody can say whom a message was for.
    """
    kept = [each for each in uninformed.findings if each.owner == "integration"]
    if informed is not None:
        wrong = {(each.harm, each.at) for each in uninformed.findings}
        kept += [
            each
            for each in informed.findings
            if each.owner != "integration" and (each.harm, each.at) in wrong
        ]
    return structs.replace(uninformed, findings=kept)


def _unknown_forms(judgement: Judgement, records: Sequence[Record]) -> dict[_Carried, str]:
    """Say what messages may carry in a form that no pattern knew, and why that matters."""
    sent = [each for each in records if isinstance(each, MessageAccepted)]
    known = {each.carries for each in sent}
    is_owed = any(each.is_owed and each.announces == "invitation" for each in judgement.obligations)
    found: dict[_Carried, str] = {}
    if is_owed and "invitation" not in known and any(map(has_unknown_link, sent)):
        found["invitation"] = f"{_UNKNOWN_LINKS} {_GIVE_PATTERNS}"
    if "one_time_code" not in known and any(map(has_unknown_code, sent)):
        found["one_time_code"] = f"{_UNKNOWN_CODES} {_GIVE_PATTERNS}"
    return found


def _read_otherwise(records: Sequence[Record], unknown: Collection[_Carried]) -> list[Record]:
    """Read each message as what it may be, with what its reader must have done then."""

    def read(record: Record) -> Record:
        if not isinstance(record, MessageAccepted):
            return record
        if "one_time_code" in unknown and has_unknown_code(record):
            return structs.replace(record, carries="one_time_code")
        if "invitation" in unknown and has_unknown_link(record):
            return structs.replace(record, carries="invitation")
        return record

    return with_inferred_acts([read(each) for each in records])[0]


def _found_in_both(judgement: Judgement, other: Judgement) -> Judgement:
    """Keep what is found whichever way the messages are read."""
    found = {(each.kind, each.requirement, each.harm, each.at) for each in other.findings}
    kept = [
        each
        for each in judgement.findings
        if (each.kind, each.requirement, each.harm, each.at) in found
    ]
    return structs.replace(judgement, findings=kept)


def _delivered(records: Sequence[Record]) -> set[str]:
    return {
        each.event_id
        for each in records
        if isinstance(each, ChangesSeenAsOne)
        or (isinstance(each, EventDelivered) and each.status == _TAKEN)
    }
