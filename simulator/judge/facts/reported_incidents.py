"""Reports that are no crime yet: who should be told that the police have them, and who was."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec import structs

from reference.contract.events import (
    Channel,
    CrimeRecorded,
    IncidentClosed,
    IncidentReported,
)
from simulator.evidence.records import MessageAccepted
from simulator.inputs.order import Order
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.crime_register import CrimeRegister, Received
from simulator.judge.facts.deadlines import due
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.named_contact import is_somebody_else
from simulator.judge.facts.obligations import Ledger
from simulator.judge.facts.reachability import Reachability

#: A message that names nothing and comes later than this is about something else.
_LATE_AT_MOST = timedelta(days=1)


@dataclass
class Incident:
    """One report as the portal has it; `told` has when its acknowledgement went, by channel.

    `over_at` is when a crime was recorded from it or it was closed, as the portal heard first.
    `exclusion` is why its person could not be told when it came, or later while the acknowledgement
    waited ("" if they could), and `channels` those by which they could. It `is_anothers` if another
    was put in that person's place meanwhile.
    """

    event: IncidentReported
    event_id: str
    received_at: datetime
    told: dict[Channel, list[datetime]] = field(default_factory=dict)
    over_at: datetime | None = None
    exclusion: str = ""
    channels: frozenset[Channel] = frozenset()
    is_anothers: bool = False


@dataclass
class Incidents:
    """Every report, by its reference."""

    order: Order
    register: CrimeRegister
    reachability: Reachability
    ledger: Ledger
    correlates: bool
    _all: dict[str, Incident] = field(default_factory=dict)
    _over: dict[str, datetime] = field(default_factory=dict)
    _by_event: dict[str, Incident] = field(default_factory=dict)
    _by_person: dict[str, list[str]] = field(default_factory=dict)
    _waiting: list[Incident] = field(default_factory=list)

    def of(self, person_id: str) -> list[str]:
        """List the reports of a person, by reference."""
        return list(self._by_person.get(person_id, ()))

    def take(self, received: Received) -> bool:
        """Write down a report, or that one is over; return False for any other event."""
        event, at = received.event, received.received_at
        if isinstance(event, IncidentReported):
            over_at = self._over.get(event.crime_reference)
            if event.crime_reference in self.register.crimes:
                over_at = at
            incident = Incident(event, received.event_id, at, over_at=over_at)
            self._keep(incident)
            self.register.write_down(event.victim, received.recorded_at, at)
            if over_at is None or event.crime_reference not in self.register.crimes:
                # A marker of a report may be about the person, in every crime of theirs.
                self.register.mark(self._as_crime(event), event.victim.person_id, at)
            self._write(self.reader(incident))
            incident.exclusion = self.why_not(incident, at)
            incident.channels = self._usable(incident)
            self._waiting.append(incident)
            return True
        if isinstance(event, IncidentClosed | CrimeRecorded):
            self._over.setdefault(event.crime_reference, at)
            known = self._all.get(event.crime_reference)
            if known is not None and known.over_at is None:
                known.over_at = at
        return isinstance(event, IncidentClosed)

    def let_go_of_forbidden(self, at: datetime) -> None:
        """Owe nothing for a report whose person may not be told while it waits.

        If they may be told again before it was due, it may still be acknowledged.
        """
        self._waiting = [each for each in self._waiting if self._still_waits(each, at)]
        for each in self._waiting:
            each.exclusion = self.why_not(each, at)
            own = self.register.told_by(each.event.victim.person_id)
            each.is_anothers |= is_somebody_else(each.event.victim, own)

    def _still_waits(self, incident: Incident, at: datetime) -> bool:
        due_at = self.ledger.outages.put_off(incident.received_at, self.due_at(incident))
        is_open = incident.over_at is None and not (incident.told or incident.exclusion)
        return is_open and (due_at is None or at <= due_at)

    def _keep(self, incident: Incident) -> None:
        event = incident.event
        if event.crime_reference not in self._all:
            self._all[event.crime_reference] = incident
            self._by_event[incident.event_id] = incident
            self._by_person.setdefault(event.victim.person_id, []).append(event.crime_reference)

    def _write(self, reader: KnownVictim) -> None:
        """Write down a person's addresses; where too many share one, owe nobody anything there."""
        doubtful = self.reachability.doubtful
        self.reachability.address_book.write(reader)
        doubtful.write(reader)
        for reading in self.reachability.readings(reader):
            if doubtful.is_doubtful(reading.address):
                for person_id in doubtful.people_at(reading.address):
                    self.ledger.excuse(person_id, reading.channel)

    def __iter__(self) -> Iterator[Incident]:
        """Give every report, as they came."""
        return iter(self._all.values())

    def reader(self, incident: Incident) -> KnownVictim:
        """Give the person of a report, as the record has them by which they are told."""
        record = self.register.told_by(incident.event.victim.person_id)
        return KnownVictim(structs.replace(record, role="victim"))

    def why_not(self, incident: Incident, at: datetime) -> str:
        """Say why the person of a report may not be told that the police have it ("" if so)."""
        as_crime = self._as_crime(incident.event)
        why = self.register.why_not(as_crime, self.reader(incident).own, at)
        return why or self.register.ban_of_merged(as_crime, incident.event.victim.person_id, at)

    def _as_crime(self, event: IncidentReported) -> CrimeRecorded:
        """Take a report for a crime that the portal has: who may be told of it is the same."""
        return CrimeRecorded(
            crime_reference=event.crime_reference,
            force=event.force,
            offence_code="",
            offence_subgroup=self.order.eligibility.offence_subgroups[0],
            offence="",
            recorded_at=event.received_at,
            safeguarding=event.safeguarding,
            victims=(),
        )

    def usable(self, incident: Incident) -> frozenset[Channel]:
        """List the channels by which the person must be told: usable when it came, and still."""
        return incident.channels & self._usable(incident)

    def _usable(self, incident: Incident) -> frozenset[Channel]:
        usable = self.reachability.usable(self.reader(incident))
        return frozenset(each.channel for each in usable)

    def due_at(self, incident: Incident) -> datetime:
        """Find when the acknowledgement is due, outside quiet hours."""
        return due(self.order, incident.received_at, "reply")

    def acknowledged_by(
        self, message: MessageAccepted, *, is_surplus: bool = False
    ) -> Incident | None:
        """Find the report that a message acknowledges: by the event it names, or by its reader.

        One that names nothing and `is_surplus` as news may do so though its reader waits for news.
        The reference of a portal that names no events may be an id of its own.
        """
        if message.carries:
            return None
        if message.reference in self._by_event or (message.reference and self.correlates):
            return self._by_event.get(message.reference)
        waiting = [e for e in self if self._may_acknowledge(message, e, is_surplus=is_surplus)]
        return waiting[0] if waiting else None

    def _may_acknowledge(
        self, message: MessageAccepted, incident: Incident, *, is_surplus: bool
    ) -> bool:
        """Say whether a message that names nothing may be this report's first on its channel."""
        person_id = incident.event.victim.person_id
        allowance = self.ledger.outages.allowance
        is_over = (
            incident.event.crime_reference in self.register.crimes
            and incident.over_at is not None
            and incident.over_at + allowance < message.at
        )
        written_for = self.reachability.address_book.written_for(message.to)
        is_theirs = person_id in written_for
        is_owed = incident.over_at is None and message.channel in self._usable(incident)
        if not (is_owed or is_surplus):
            # It is for another person who has the address now, and waits for news.
            is_theirs &= not any(
                self.ledger.is_waited_for(each, message.channel, "", invites=False, is_owed=True)
                and not self._has_full_week(each, message)
                for each in written_for
                if message.to.lower() in self._addresses(each) or each == person_id
            )
        due_at = self.due_at(incident)
        due_at = self.ledger.outages.put_off(incident.received_at, due_at) or due_at
        if is_over or not is_theirs or message.at > due_at + _LATE_AT_MOST:
            return False
        if self.why_not(incident, message.at):
            # It is as likely other news; where nobody waits for any, that is a harm too.
            return False
        about = (person_id, message.channel, "")
        # News that another message has told, or that is gathered yet, is less likely to come now.
        waits_for_news = self.ledger.is_waited_for(
            *about, invites=False, is_owed=True, due_by=message.at + allowance
        )
        waits_for_news &= not self._has_full_week(person_id, message)
        return (is_surplus or not waits_for_news) and message.channel not in incident.told

    def _addresses(self, person_id: str) -> set[str]:
        victims = self.register.victims_of(person_id)
        return {address for each in victims for address in addresses_in(each.record)}

    def _has_full_week(self, person_id: str, message: MessageAccepted) -> bool:
        """Say whether the weekly limit holds back news: it does not hold back acknowledgements."""
        in_week = self.ledger.week.sent_before(person_id, message.channel, message.at)
        return self.order.messages.fill_a_week(in_week)
