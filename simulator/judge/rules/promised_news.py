"""News that the order promises: told once, and in time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from reference.contract.events import Channel
from simulator.clock import in_london
from simulator.evidence.records import MessageAccepted
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.deadlines import Announces, due
from simulator.judge.facts.known_crime import Gone
from simulator.judge.facts.obligations import Obligation
from simulator.judge.facts.sent_message import Meant, SentMessage, one
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding, Harm


@dataclass
class PromisedNews(Rule):
    """Judges messages that come late or answer nothing, and at the end what was never told."""

    requirements = frozenset(
        {"INV-01", "MSG-01", "MSG-02", "TWO-04", "ONCE-01", "CASE-05", "JOUR-31", "NOTME-06"}
    )
    hears = (MessageAccepted,)

    #: What was sent to each person by each channel, and what its reference was.
    _sent: dict[tuple[str, Channel], list[tuple[datetime, str]]] = field(default_factory=dict)

    def hear(self, record: MessageAccepted, book: CaseBook) -> Iterable[Finding]:
        """Judge one message."""
        sent = book.messages.of(record)
        for each in sent.readers:
            to = (each.meant.person_id, record.channel)
            self._sent.setdefault(to, []).append((record.at, record.reference))
        return _late_or_surplus(record, sent, book) if sent.told or sent.surplus else ()

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find what was owed and due, and never told."""
        for each in book.ledger.untold(end):
            # What a word silenced would have been said otherwise.
            is_reported = _is_reported(each.person_id, each.channel, book)
            requirement = "NOTME-06" if is_reported else _LOST[each.announces]
            yield failure(
                "lost",
                requirement,
                each,
                f"{each.announces} by {each.channel} for {each.event_id}, "
                f"due {in_london(each.due_at)}",
                f"nothing was sent{self._instead(each) if book.correlates else ''}",
                at=each.due_at,
                rests_on="" if is_reported else "order: triggers",
            )

    def _instead(self, untold: Obligation) -> str:
        """Say which events were answered since then by the same channel ("" for none)."""
        sent = self._sent.get((untold.person_id, untold.channel), ())
        since = [name for at, name in sent if at >= untold.received_at and name]
        named = ", ".join(map(repr, dict.fromkeys(since[-_NAMED_MAX:])))
        return f": what came since then has the reference {named}" if named else ""


def _late_or_surplus(
    message: MessageAccepted, sent: SentMessage, book: CaseBook
) -> Iterator[Finding]:
    for each in sent.told:
        allowed = book.ledger.allowed_until(each, is_alone=len(sent.told) == 1)
        is_late = each.is_owed and not each.is_void and message.at > allowed
        if is_late and not (_is_shared(message, book) and _may_be_in_time(message, each, book)):
            yield failure(
                "late",
                "MSG-02",
                sent.readers[0].meant,
                f"{each.announces} by {in_london(allowed)}",
                f"sent at {in_london(message.at)}",
                at=message.at,
                rests_on="order: messages.minutes_max",
            )
    if sent.surplus:
        yield _one_too_many(message, sent, book)


def _is_reported(person_id: str, channel: Channel, book: CaseBook) -> bool:
    """Say whether a person said of a victim's address, with no proof, that it is not theirs."""
    return any(
        book.reachability.doubtful.is_only_reported(address)
        for victim in book.register.victims_of(person_id)
        for address in addresses_in(victim.record)
        if ("@" in address) == (channel == "email")
    )


def _may_be_in_time(message: MessageAccepted, late: Obligation, book: CaseBook) -> bool:
    """Say whether, of two who share a phone, it cannot be seen who was told, and how often."""
    since, by = late.received_at, book.ledger.allowed_until(late)
    is_of_week = late.announces == "update" and book.order.phase_at(late.due_at) >= 2
    has_room_by = due(book.order, book.order.counts_until(late.due_at), "reply")
    return (
        book.messages.had_another(message, since, by, by_name=book.correlates)
        or (is_of_week and message.at <= has_room_by)
        or _may_have_been_unusable(message, book)
    )


def _may_have_been_unusable(message: MessageAccepted, book: CaseBook) -> bool:
    """Say whether so many people were recorded at an address that nothing might go there."""
    written = book.reachability.address_book.written_for(message.to)
    return book.order.contact.are_too_many(len(written))


def _is_shared(message: MessageAccepted, book: CaseBook) -> bool:
    return len(book.reachability.address_book.written_for(message.to)) > 1


def _one_too_many(message: MessageAccepted, sent: SentMessage, book: CaseBook) -> Finding:
    meant = sent.readers[0].meant
    harm: Harm = "duplicated" if sent.surplus == "repeated" else "noise"
    observed = f"{one(message.channel)} that answers nothing new{_open_then(message, meant, book)}"
    crime = book.register.crimes.get(meant.crime_reference) if meant.event_id else None
    if crime is not None and crime.gone in _AFTER:
        expected, ended_by = _AFTER[crime.gone]
        rests_on = f"contract: {ended_by}"
        return failure(harm, "CASE-05", meant, expected, observed, at=message.at, rests_on=rests_on)
    heard = {each.event_id: each.event for each in book.events.of(meant.crime_reference)}
    event = heard.get(meant.event_id)
    if event is not None and book.order.is_switched_off(event):
        expected = "a milestone that the force switched off is not announced"
        rests_on = "order: catalogue.switched_off"
        return failure(harm, "JOUR-31", meant, expected, observed, at=message.at, rests_on=rests_on)
    expected, rests_on = "one message for each piece of news", "requirement: ONCE-01"
    return failure(harm, "ONCE-01", meant, expected, observed, at=message.at, rests_on=rests_on)


def _open_then(message: MessageAccepted, meant: Meant, book: CaseBook) -> str:
    """Say what the message names, where the portal says so, and what its reader waited for."""
    waited = [
        f"{each.event_id!r} ({each.announces})"
        for each in book.ledger.open_for(meant.person_id, message.channel)
        if each.told_at is None and each.is_owed and not each.is_void
    ]
    was_open = "no news was due then"
    if waited:
        was_open = f"news due then: {', '.join(waited[:_NAMED_MAX])}"
    if not book.correlates:
        return f": {was_open}"
    return f": its reference is {message.reference!r}; {was_open}"


#: So many references are named in a finding.
_NAMED_MAX = 3
_LOST: dict[Announces, str] = {"invitation": "INV-01", "update": "MSG-01", "reply": "TWO-04"}
#: What is expected after a crime has left the portal, and the event by which it did.
_AFTER: dict[Gone, tuple[str, str]] = {
    "transferred": (
        "nothing more is sent of a crime that another force looks into",
        "CrimeTransferred",
    ),
    "cancelled": (
        "no message: the record was cancelled, and an officer tells the victim",
        "CrimeCancelled",
    ),
}
