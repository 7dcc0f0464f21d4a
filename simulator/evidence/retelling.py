"""Evidence in words, one line a record: what happened, shown beside a failure.

It adds nothing to the evidence, which holds no links and codes.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from simulator.clock import LONDON
from simulator.evidence.records import (
    AddressGivenUp,
    AnswersCompared,
    ChangesSeenAsOne,
    ChoiceRefused,
    ContactChosen,
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    EventDelivered,
    EventRecorded,
    ForgedDelivery,
    GatewayCameBack,
    GatewayWentDown,
    InternalNoteWritten,
    InvalidDelivery,
    LinkVisited,
    MessageAccepted,
    MessageReached,
    MessageRefused,
    NotForMeRefused,
    NotForMeSaid,
    PageRefused,
    PageSampled,
    PersonKnown,
    PhaseEntered,
    PortalRestarted,
    QuestionAsked,
    QuestionRefused,
    ReceiptSent,
    Record,
    RecordIncomplete,
    RequestAnswered,
    SecondWorkerStarted,
    Seen,
    SessionUsed,
    SignedIn,
    SigningIn,
    SignInTried,
    Stamped,
    TaskRaised,
    TextReceived,
    VictimRefused,
)

LINES_MAX = 100
_CHARACTERS_MAX = 160


def retold(records: Iterable[Record], *, file: str = "evidence.ndjson") -> tuple[str, ...]:
    """Tell what happened, oldest first, in London time; leave out the start if it is long.

    `file` is where all of it is.
    """
    told = [line for _record, line in _lines(records)]
    left_out = len(told) - LINES_MAX
    if left_out <= 0:
        return tuple(told)
    return (f"({left_out} lines before are in {file})", *told[left_out:])


def lines_of(wanted: Iterable[Record], records: Iterable[Record]) -> tuple[str, ...]:
    """Tell some of the records of a run, in whole; the others say who is who."""
    ids = {id(each) for each in wanted}
    return tuple(line for record, line in _lines(records, characters_max=None) if id(record) in ids)


def _lines(
    records: Iterable[Record], *, characters_max: int | None = _CHARACTERS_MAX
) -> Iterator[tuple[Record, str]]:
    people: dict[str, str] = {}
    events: dict[str, str] = {}
    for record in records:
        if isinstance(record, PersonKnown):
            people[record.person_id] = record.given_name
        elif isinstance(record, EventRecorded):
            events[record.event_id] = record.event_type
        tell = _TELLS.get(type(record))
        if tell is None:
            continue
        words = tell(record, lambda known: people.get(known, known), events)
        at = record.at.astimezone(LONDON)
        yield record, f"{at:%a %d %b %H:%M:%S}  {_short(words, characters_max)}"


def _short(words: str, characters_max: int | None) -> str:
    flat = " ".join(words.split())
    if characters_max is None or len(flat) <= characters_max:
        return flat
    return f"{flat[: characters_max - 1]}…"


def _of_event(record: EventDelivered, _who: Any, events: dict[str, str]) -> str:
    taken = "taken by the portal" if record.status == 202 else f"answered {record.status}"
    return f"delivered: {events.get(record.event_id, 'an event')} {record.event_id}, {taken}"


def _of_message(record: MessageAccepted, _who: Any, _events: Any) -> str:
    what = {"": "", "invitation": " (an invitation)", "one_time_code": " (a one-time code)"}
    subject = f"{record.subject!r}: " if record.subject else ""
    return (
        f"{record.channel} to {record.to}{what[record.carries]}: {subject}{record.body!r} "
        f"[{record.how}]"
    )


def _of_task(record: TaskRaised, who: Callable[[str], str], _events: Any) -> str:
    about = f" about {who(record.person_id)}" if record.person_id else ""
    return f"task {record.task_kind}{about} for {record.assignee or 'nobody'}: {record.reason}"


def _of_sight(record: Seen, who: Callable[[str], str], _events: Any) -> str:
    said = " | ".join(record.texts) or "nothing"
    return f"{who(record.person_id)} was shown ({record.where}): {said}"


def _of_attempt(record: SignInTried, who: Callable[[str], str], _events: Any) -> str:
    given = ", ".join(
        f"{each.wrong or 'right'} {each.to}{'' if each.taken else ' (refused)'}"
        for each in record.answers
    )
    ended = "it opened a session" if record.let_in else "it opened nothing"
    return f"sign-in as {who(record.person_id)} was tried: {given}; {ended}"


def _of_session(record: SessionUsed, who: Callable[[str], str], _events: Any) -> str:
    over = ", signed out before," if record.signed_out else ""
    return f"{who(record.person_id)}'s session{over} was used: {record.answer}"


_TELLS: dict[type[Any], Callable[[Any, Callable[[str], str], dict[str, str]], str]] = {
    PersonKnown: lambda each, _who, _: (
        f"{each.given_name} {each.family_name}, {each.role}, holds "
        f"{' and '.join(filter(None, (each.mobile_phone, each.email))) or 'no phone or mailbox'}"
    ),
    PhaseEntered: lambda each, _who, _: f"the portal is in phase {each.phase}",
    EventRecorded: lambda each, _who, _: (
        f"recorded: {each.event_type} {each.event_id} of crime {each.crime_reference}"
    ),
    RecordIncomplete: lambda each, _who, _: (
        f"{each.table} {each.record_id} makes no {each.event_type}: it needs "
        f"{', '.join(each.needs)}"
        if each.needs
        else f"{each.table} {each.record_id} has no {each.event_type} left to tell"
    ),
    EventDelivered: _of_event,
    ForgedDelivery: lambda each, _who, _: (
        f"an event that is not the force's was sent: {each.event_type} {each.event_id} of crime "
        f"{each.crime_reference}, signed by {each.signed_by}; the portal answered {each.status}"
    ),
    InvalidDelivery: lambda each, _who, _: (
        f"an event that the contract does not allow was sent ({each.defect}): {each.event_id}; "
        f"the portal answered {each.status}"
    ),
    ChangesSeenAsOne: lambda each, _who, _: f"{each.event_id} is seen as part of {each.seen_as}",
    MessageAccepted: _of_message,
    MessageReached: lambda each, _who, _: (
        "it reached somebody" if each.holders else "it reached nobody"
    ),
    MessageRefused: lambda each, _who, _: (
        f"the gateway refused a {each.channel} to {each.to}: {each.status} {each.reason}"
    ),
    ReceiptSent: lambda each, _who, _: f"receipt to the portal: {each.status}",
    SigningIn: lambda each, who, _: f"{who(each.person_id)} begins to sign in",
    SignedIn: lambda each, who, _: f"{who(each.person_id)} signed in",
    VictimRefused: lambda each, who, _: f"{who(each.person_id)} was refused: {each.step}",
    SignInTried: _of_attempt,
    LinkVisited: lambda each, who, _: f"a mail scanner visited {who(each.person_id)}'s link",
    SessionUsed: _of_session,
    AnswersCompared: lambda each, who, _: (
        f"sign-in by {each.channel} said to {who(each.person_id)}'s address "
        f"{' | '.join(each.known)!r}, to an unknown one {' | '.join(each.unknown)!r}"
    ),
    Seen: _of_sight,
    TextReceived: lambda each, _who, _: f"text from {each.number} to the force: {each.words!r}",
    NotForMeSaid: lambda each, _who, _: (
        f"the person at {each.address} says: this is not for me"
        if each.by == "message"
        else f"somebody says of {each.address}: this is not for me"
    ),
    NotForMeRefused: lambda each, _who, _: (
        f"the portal did not take it from the person at {each.address} ({each.status})"
    ),
    AddressGivenUp: lambda each, who, _: f"{who(each.person_id)} gave up {each.address}",
    ContactChosen: lambda each, who, _: (
        f"{who(each.person_id)} chose {' and '.join(each.channels) or 'to hear by nothing'}"
    ),
    PageRefused: lambda each, who, _: (
        f"{who(each.person_id)} was not shown the {each.where}"
        f"{f' of crime {each.crime_reference}' if each.crime_reference else ''} ({each.status})"
    ),
    ChoiceRefused: lambda each, who, _: (
        f"{who(each.person_id)} chose {' and '.join(each.channels) or 'to hear by nothing'}, "
        f"and was refused ({each.status})"
    ),
    QuestionAsked: lambda each, who, _: f"{who(each.person_id)} asked: {each.text!r}",
    QuestionRefused: lambda each, who, _: (
        f"{who(each.person_id)} asked: {each.text!r}, and was refused ({each.status}): "
        f"{each.said!r}"
    ),
    Stamped: lambda each, who, _: (
        f"stamped on crime {each.crime_reference} for {who(each.person_id)}: {each.text!r}"
    ),
    TaskRaised: _of_task,
    InternalNoteWritten: lambda each, _who, _: (
        f"an internal note was written on crime {each.crime_reference}"
    ),
    CrimeSystemWentDown: lambda _each, _who, _: "the crime system went down",
    CrimeSystemCameBack: lambda _each, _who, _: "the crime system came back",
    GatewayWentDown: lambda _each, _who, _: "the gateway went down",
    GatewayCameBack: lambda _each, _who, _: "the gateway came back",
    PageSampled: lambda each, _who, _: (
        "the suite followed the link of an invitation without the driver: "
        f"{each.status or each.said}{', a page' if each.is_page else ', no page'}"
    ),
    PortalRestarted: lambda _each, _who, _: "the portal was killed, and started again",
    SecondWorkerStarted: lambda _each, _who, _: "a second worker of the portal was started",
    RequestAnswered: lambda each, _who, _: (
        f"{each.double} answered {each.method} {each.path} with {each.status}"
    ),
}
