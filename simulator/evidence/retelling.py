"""Evidence in words, one line a record: what happened, shown beside a failure.

It adds nothing to the evidence, which holds no links and codes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from simulator.clock import LONDON, written_day
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
from simulator.legible import on_one_line

LINES_MAX = 100
#: So many lines after the time that is asked for are told too.
_LINES_AFTER = 2
_CHARACTERS_MAX = 160
_NAME_CHARACTERS_MAX = 30
#: Stands between the entries of a page until its line is written. No word has it in it.
_BETWEEN = "\x1e"
_NO_NAMES: Mapping[str, str] = {}


def retold(
    records: Iterable[Record],
    *,
    file: str = "evidence.ndjson",
    names: Mapping[str, str] = _NO_NAMES,
    until: datetime | None = None,
) -> tuple[str, ...]:
    """Tell what happened, oldest first, in London time; leave out the start if it is long.

    `file` is where all of it is; what came long after `until` is left out. `names` gives what to
    call people, by their ids; a person without is called by the name on record, cut if it is long.
    """
    lines = [*_lines(records, names)]
    ends = sum(until is None or record.at <= until for record, _line in lines) + _LINES_AFTER
    begins = max(0, min(ends, len(lines)) - LINES_MAX)
    told = [line for _record, line in lines[begins:ends]]
    before = [f"({begins} lines before are in {file})"] if begins else []
    after = [f"({len(lines) - ends} lines after are in {file})"] if ends < len(lines) else []
    return (*before, *told, *after)


def lines_of(
    wanted: Iterable[Record],
    records: Iterable[Record],
    *,
    names: Mapping[str, str] = _NO_NAMES,
) -> tuple[str, ...]:
    """Tell some of the records of a run, in whole; the others say who is who.

    Several entries of one page each have a line of their own.
    """
    ids = {id(each) for each in wanted}
    told = _lines(records, names, characters_max=None)
    return tuple(line for record, line in told if id(record) in ids)


class _Known:
    """What earlier records of a run say of its people, its events and its messages."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._called = names
        self._recorded: dict[str, str] = {}
        self._people: dict[str, PersonKnown] = {}
        self._events: dict[str, str] = {}
        self._messages: dict[str, MessageAccepted] = {}

    def note(self, record: Record) -> None:
        """Take a record that says who is who, or what is what."""
        if isinstance(record, PersonKnown):
            name = record.given_name.strip() or record.family_name.strip()
            self._recorded[record.person_id] = _cut(name)
            self._people[record.person_id] = record
        elif isinstance(record, EventRecorded):
            self._events[record.event_id] = record.event_type
        elif isinstance(record, MessageAccepted):
            self._messages[record.message_id] = record

    def name_of(self, person_id: str) -> str:
        """Give what a person is called: by the caller, else by the force, else by their id."""
        called = self._called.get(person_id) or self._recorded.get(person_id)
        return called or person_id or "a stranger"

    def is_called(self, person_id: str) -> bool:
        """Say whether the caller gave a name for a person."""
        return person_id in self._called

    def event_type(self, event_id: str) -> str:
        """Give the type of an event."""
        return self._events.get(event_id, "an event")

    def message(self, message_id: str) -> MessageAccepted | None:
        """Give a message that was sent; None for one of before."""
        return self._messages.get(message_id)

    def holders_of(self, address: str) -> list[str]:
        """List the names of the people who hold an address, as it is written on record."""
        return [
            self.name_of(each.person_id)
            for each in self._people.values()
            if address and address in (each.mobile_phone, each.email)
        ]


def _lines(
    records: Iterable[Record],
    names: Mapping[str, str],
    *,
    characters_max: int | None = _CHARACTERS_MAX,
) -> Iterator[tuple[Record, str]]:
    known = _Known(names)
    for record in records:
        known.note(record)
        tell = _TELLS.get(type(record))
        if tell is None:
            continue
        words = _written(tell(record, known), characters_max)
        at = record.at.astimezone(LONDON)
        yield record, f"{at:%a %d %b %H:%M:%S}  {words}"


def _written(words: str, characters_max: int | None) -> str:
    """Write on one line of so many characters; or in whole, with a line for each entry."""
    head, *entries = (" ".join(each.split()) for each in words.split(_BETWEEN))
    if characters_max is None:
        return "\n- ".join((head, *entries)) if entries[1:] else " ".join((head, *entries))
    flat = f"{head} {' | '.join(entries)}" if entries else head
    return _cut(flat, characters_max)


def _cut(words: str, characters_max: int = _NAME_CHARACTERS_MAX) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= characters_max else f"{flat[: characters_max - 1]}…"


def _quoted(words: str) -> str:
    return f"“{on_one_line(words)}”"


def _of_person(record: PersonKnown, known: _Known) -> str:
    name = _cut(f"{_cut(record.given_name)} {_cut(record.family_name)}", 2 * _NAME_CHARACTERS_MAX)
    if known.is_called(record.person_id):
        called = known.name_of(record.person_id)
        name = called if name == called else f"{called} (on record: {name or 'no name'})"
    held = " and ".join(filter(None, (record.mobile_phone, record.email)))
    named = name or known.name_of(record.person_id)
    return f"{named}, {record.role}, holds {held or 'no phone or mailbox'}"


def _of_event(record: EventDelivered, known: _Known) -> str:
    taken = "taken by the portal" if record.status == 202 else f"answered {record.status}"
    return f"delivered: {known.event_type(record.event_id)} {record.event_id}, {taken}"


def _of_message(record: MessageAccepted, _known: _Known) -> str:
    what = {"": "", "invitation": " (an invitation)", "one_time_code": " (a one-time code)"}
    subject = f"{_quoted(record.subject)}: " if record.subject else ""
    return (
        f"{record.channel} to {record.to}{what[record.carries]}: {subject}{_quoted(record.body)} "
        f"[{record.how}]"
    )


def _of_arrival(record: MessageReached, known: _Known) -> str:
    """Say which message reached whom; how many, where the address is spelled in another way."""
    message = known.message(record.message_id)
    sent = f"the {message.channel} to {message.to}" if message else "a message"
    if not record.holders:
        return f"{sent} reached nobody: nobody holds that address"
    holders = known.holders_of(message.to) if message else []
    several = "1 person" if record.holders == 1 else f"{record.holders} people"
    named = " and ".join(holders) if len(holders) == record.holders else several
    return f"{sent} reached {named}"


def _of_task(record: TaskRaised, known: _Known) -> str:
    about = f" about {known.name_of(record.person_id)}" if record.person_id else ""
    return f"task {record.task_kind}{about} for {record.assignee or 'nobody'}: {record.reason}"


def _of_sight(record: Seen, known: _Known) -> str:
    """Tell a page, entry by entry; those of a timeline with their dates."""
    titled = record.where in ("timeline", "advice")
    said = [_entry(each) if titled else " ".join(each.split()) for each in record.texts]
    if len(record.dated) == len(said):
        said = [f"{_date(at)}: {each}" for at, each in zip(record.dated, said, strict=True)]
    head = f"{known.name_of(record.person_id)} was shown ({record.where}):"
    return _BETWEEN.join((head, *(said or ["nothing"])))


def _entry(text: str) -> str:
    """Write an entry with its title apart from its text."""
    title, _line_end, rest = text.strip().partition("\n")
    title, rest = (" ".join(each.split()) for each in (title, rest))
    if not (title and rest):
        return title or rest
    return f"{title}{'' if title.endswith(tuple('.:?!')) else ':'} {rest}"


def _date(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{written_day(local)} {local:%H:%M}"


def _of_attempt(record: SignInTried, known: _Known) -> str:
    given = ", ".join(
        f"{each.wrong or 'right'} {each.to}{'' if each.taken else ' (refused)'}"
        for each in record.answers
    )
    ended = "it opened a session" if record.let_in else "it opened nothing"
    return f"sign-in as {known.name_of(record.person_id)} was tried: {given}; {ended}"


def _of_session(record: SessionUsed, known: _Known) -> str:
    over = ", signed out before," if record.signed_out else ""
    return f"{known.name_of(record.person_id)}'s session{over} was used: {record.answer}"


def _channels(chosen: Sequence[str]) -> str:
    return " and ".join(chosen) or "to hear by nothing"


_TELLS: dict[type[Any], Callable[[Any, "_Known"], str]] = {
    PersonKnown: _of_person,
    PhaseEntered: lambda each, _: f"the portal is in phase {each.phase}",
    EventRecorded: lambda each, _: (
        f"recorded: {each.event_type} {each.event_id} of crime {each.crime_reference}"
    ),
    RecordIncomplete: lambda each, _: (
        f"{each.table} {each.record_id} makes no {each.event_type}: it needs "
        f"{', '.join(each.needs)}"
        if each.needs
        else f"{each.table} {each.record_id} has no {each.event_type} left to tell"
    ),
    EventDelivered: _of_event,
    ForgedDelivery: lambda each, _: (
        f"an event that is not the force's was sent: {each.event_type} {each.event_id} of crime "
        f"{each.crime_reference}, signed by {each.signed_by}; the portal answered {each.status}"
    ),
    InvalidDelivery: lambda each, _: (
        f"an event that the contract does not allow was sent ({each.defect}): {each.event_id}; "
        f"the portal answered {each.status}"
    ),
    ChangesSeenAsOne: lambda each, _: f"{each.event_id} is seen as part of {each.seen_as}",
    MessageAccepted: _of_message,
    MessageReached: _of_arrival,
    MessageRefused: lambda each, _: (
        f"the gateway refused a {each.channel} to {each.to}: {each.status} {each.reason}"
    ),
    ReceiptSent: lambda each, _: f"receipt to the portal: {each.status}",
    SigningIn: lambda each, known: f"{known.name_of(each.person_id)} begins to sign in",
    SignedIn: lambda each, known: f"{known.name_of(each.person_id)} signed in",
    VictimRefused: lambda each, known: f"{known.name_of(each.person_id)} was refused: {each.step}",
    SignInTried: _of_attempt,
    LinkVisited: lambda each, known: (
        f"a mail scanner visited {known.name_of(each.person_id)}'s link"
    ),
    SessionUsed: _of_session,
    AnswersCompared: lambda each, known: (
        f"sign-in by {each.channel} said to {known.name_of(each.person_id)}'s address "
        f"{_quoted(' | '.join(each.known))}, to an unknown one {_quoted(' | '.join(each.unknown))}"
    ),
    Seen: _of_sight,
    TextReceived: lambda each, _: f"text from {each.number} to the force: {_quoted(each.words)}",
    NotForMeSaid: lambda each, _: (
        f"the person at {each.address} says: this is not for me"
        if each.by == "message"
        else f"somebody says of {each.address}: this is not for me"
    ),
    NotForMeRefused: lambda each, _: (
        f"the portal did not take it from the person at {each.address} ({each.status})"
    ),
    AddressGivenUp: lambda each, known: f"{known.name_of(each.person_id)} gave up {each.address}",
    ContactChosen: lambda each, known: (
        f"{known.name_of(each.person_id)} chose {_channels(each.channels)}"
    ),
    PageRefused: lambda each, known: (
        f"{known.name_of(each.person_id)} was not shown the {each.where}"
        f"{f' of crime {each.crime_reference}' if each.crime_reference else ''} ({each.status})"
    ),
    ChoiceRefused: lambda each, known: (
        f"{known.name_of(each.person_id)} chose {_channels(each.channels)}, and was refused "
        f"({each.status})"
    ),
    QuestionAsked: lambda each, known: (
        f"{known.name_of(each.person_id)} asked: {_quoted(each.text)}"
    ),
    QuestionRefused: lambda each, known: (
        f"{known.name_of(each.person_id)} asked: {_quoted(each.text)}, and was refused "
        f"({each.status}): {_quoted(each.said)}"
    ),
    Stamped: lambda each, known: (
        f"stamped on crime {each.crime_reference} for {known.name_of(each.person_id)}: "
        f"{_quoted(each.text)}"
    ),
    TaskRaised: _of_task,
    InternalNoteWritten: lambda each, _: (
        f"an internal note was written on crime {each.crime_reference}"
    ),
    CrimeSystemWentDown: lambda _each, _: "the crime system went down",
    CrimeSystemCameBack: lambda _each, _: "the crime system came back",
    GatewayWentDown: lambda _each, _: "the gateway went down",
    GatewayCameBack: lambda _each, _: "the gateway came back",
    PageSampled: lambda each, _: (
        "the suite opened the link of an invitation without the driver: "
        f"{each.status or each.said}{', a page' if each.is_page else ', no page'}; what the driver "
        f"said and the page did not show: {'; '.join(each.differs) or 'nothing'}"
    ),
    PortalRestarted: lambda _each, _: "the portal was killed, and started again",
    SecondWorkerStarted: lambda _each, _: "a second worker of the portal was started",
    RequestAnswered: lambda each, _: (
        f"{each.double} answered {each.method} {each.path} with {each.status}"
    ),
}
