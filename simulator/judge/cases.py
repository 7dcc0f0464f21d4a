"""What the portal knew, and when: each crime, its victims and their records, as they were received.

A deadline runs from when the portal had the event: what integration held up is not the portal's.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    AppointmentChanged,
    AppointmentMade,
    Channel,
    CrimeAllocated,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    CrimeTransferred,
    OfficerUnavailable,
    OutcomeRecorded,
    VictimRecord,
)
from simulator.evidence import EventRecorded
from simulator.order import Order

Gone = Literal["", "merged", "transferred", "cancelled"]


@dataclass
class KnownVictim:
    """One victim of one crime, as the portal should see them; who `follows` came by a merger."""

    person_id: str
    record: VictimRecord
    exclusion: str
    invited: set[Channel] = field(default_factory=set)
    follows: bool = False


@dataclass
class KnownCrime:
    """One crime the portal has been told of.

    `statuses` are all it was ever said to have; `known_at` is when the portal had it as it is.
    """

    recorded: CrimeRecorded
    victims: dict[str, KnownVictim]
    known_at: datetime
    statuses: set[str] = field(default_factory=lambda: {"open"})
    secrets: set[str] = field(default_factory=set)
    is_over: bool = False
    is_closed: bool = False
    is_reclassified: bool = False
    gone: Gone = ""
    into: str = ""
    turned_at: datetime | None = None
    classified_at: datetime | None = None

    def learn(self, event: AnyEvent, said_at: datetime) -> None:
        """Take in what an event says that no message may, and whether it ends the case.

        An older fact does not undo a newer one: `said_at` is when the crime system said so.
        """
        self.statuses |= {STATUS_AFTER[type(event)]} if type(event) in STATUS_AFTER else set()
        match event:
            case CrimeAllocated(officer_in_charge=officer) if officer is not None:
                self.secrets |= {officer.name, officer.collar_number}
            case OfficerUnavailable(officer=officer):
                self.secrets |= {officer.name, officer.collar_number}
            case AppointmentMade() | AppointmentChanged():
                self.secrets.add(event.place)
            case CrimeMerged():
                self.into = event.into
                self._turn(event, said_at)
            case OutcomeRecorded() | CrimeClosed() | CrimeReopened():
                self._turn(event, said_at)
            case CrimeTransferred() | CrimeCancelled():
                self._turn(event, said_at)

    def is_stale(self, said_at: datetime) -> bool:
        """Say whether something newer is known of how the case stands."""
        return self.turned_at is not None and said_at < self.turned_at

    def _turn(self, event: AnyEvent, said_at: datetime) -> None:
        if self.is_stale(said_at):
            return
        self.turned_at = said_at
        self.is_over = not isinstance(event, CrimeReopened)
        self.is_closed = isinstance(event, CrimeClosed)
        if isinstance(event, CrimeReopened):
            self.gone = ""
        self.gone = _GONE.get(type(event), self.gone)


@dataclass
class Received:
    """An event the portal has, ready to be judged."""

    event_id: str
    event: AnyEvent
    recorded_at: datetime
    received_at: datetime


@dataclass
class Cases:
    """Everything the portal knew, folded forward in time."""

    order: Order
    crimes: dict[str, KnownCrime] = field(default_factory=dict)
    crime_of_event: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    concerned: dict[str, str] = field(default_factory=dict)
    _recorded: dict[str, EventRecorded] = field(default_factory=dict)
    _received: set[str] = field(default_factory=set)
    _waiting: dict[str, list[Received]] = field(default_factory=dict)
    _crimes_of: dict[str, set[str]] = field(default_factory=dict)
    _parts: dict[str, set[str]] = field(default_factory=dict)

    def record(self, event: EventRecorded) -> None:
        """Note what the crime system recorded: not yet known to the portal."""
        self._recorded[event.event_id] = event
        self.crime_of_event[event.event_id] = event.crime_reference

    def undelivered(self) -> list[EventRecorded]:
        """List what was recorded and never reached the portal."""
        return [each for key, each in self._recorded.items() if key not in self._received]

    def receive(self, event_id: str, at: datetime) -> list[Received]:
        """Note a delivery; answers what can now be judged, in order.

        An event before its crime waits for it; a second delivery answers nothing.
        """
        if event_id in self._received or event_id not in self._recorded:
            return []
        self._received.add(event_id)
        recorded = self._recorded[event_id]
        event = msgspec.json.decode(recorded.data, type=EVENT_TYPES[recorded.event_type])
        received = Received(event_id, event, recorded.at, at)
        self.concerned[event_id] = getattr(event, "person_id", "")
        reference = event.crime_reference
        if isinstance(event, CrimeRecorded):
            if reference in self.crimes:
                return []
            self._open(event, at)
            waited = self._waiting.pop(reference, [])
            for each in waited:
                each.received_at = at
            return [received, *waited]
        if reference not in self.crimes:
            self._waiting.setdefault(reference, []).append(received)
            return []
        return [received]

    def change_details(self, record: VictimRecord) -> list[tuple[KnownCrime, KnownVictim]]:
        """Take a person's new record into every crime of theirs."""
        changed = []
        for reference in sorted(self._crimes_of.get(record.person_id, ())):
            crime = self.crimes[reference]
            victim = crime.victims[record.person_id]
            victim.record = record
            victim.exclusion = _exclusion(self.order, crime.recorded, record)
            changed.append((crime, victim))
        return changed

    def follow(self, merged: KnownCrime) -> list[tuple[KnownCrime, KnownVictim]]:
        """Let the victims of a merged crime follow it; answers who are new where it went on.

        They are invited as they were, and may be told as far as the surviving crime is one for it.
        """
        reference = merged.recorded.crime_reference
        current = self.current(reference)
        self._parts.setdefault(current, set()).update({reference}, self._parts.get(reference, ()))
        into = self.crimes.get(current)
        if into is None or into is merged:
            return []
        new = []
        for person_id, victim in merged.victims.items():
            if person_id in into.victims:
                continue
            victims = (*into.recorded.victims, victim.record)
            into.recorded = msgspec.structs.replace(into.recorded, victims=victims)
            exclusion = _exclusion(self.order, into.recorded, victim.record)
            follower = KnownVictim(
                person_id, victim.record, exclusion, set(victim.invited), follows=True
            )
            into.victims[person_id] = follower
            self._crimes_of.setdefault(person_id, set()).add(current)
            new.append((into, follower))
        return new

    def parts_of(self, crime_reference: str) -> list[KnownCrime]:
        """List the crimes that were merged into one."""
        return [self.crimes[each] for each in sorted(self._parts.get(crime_reference, ()))]

    def reclassify(self, crime: KnownCrime, event: CrimeReclassified, received: Received) -> bool:
        """Take a crime as another offence from now on, unless something newer is known."""
        said_at = received.recorded_at
        if crime.classified_at is not None and said_at < crime.classified_at:
            return False
        crime.classified_at, crime.known_at = said_at, received.received_at
        crime.is_reclassified = True
        crime.secrets.add(event.offence)
        crime.recorded = msgspec.structs.replace(
            crime.recorded,
            offence_code=event.offence_code,
            offence_subgroup=event.offence_subgroup,
            offence=event.offence,
            safeguarding=event.safeguarding,
        )
        for victim in crime.victims.values():
            victim.exclusion = _exclusion(self.order, crime.recorded, victim.record)
        return True

    def current(self, crime_reference: str) -> str:
        """Give the reference under which a crime goes on, after however many mergers."""
        seen = {crime_reference}
        crime = self.crimes.get(crime_reference)
        while crime is not None and crime.into and crime.into not in seen:
            crime_reference = crime.into
            seen.add(crime_reference)
            crime = self.crimes.get(crime_reference)
        return crime_reference

    def victims_of(self, person_id: str) -> list[KnownVictim]:
        """List a person as the victim of each of their crimes."""
        references = sorted(self._crimes_of.get(person_id, ()))
        return [self.crimes[reference].victims[person_id] for reference in references]

    def crimes_of(self, person_id: str) -> list[str]:
        """List the references of a person's crimes."""
        return sorted(self._crimes_of.get(person_id, ()))

    def owns(self, person_id: str, crime_reference: str) -> bool:
        """Say whether a crime is this person's to see."""
        return crime_reference in self._crimes_of.get(person_id, ())

    def _open(self, event: CrimeRecorded, at: datetime) -> None:
        victims = {
            record.person_id: KnownVictim(
                record.person_id, record, _exclusion(self.order, event, record)
            )
            for record in event.victims
        }
        secrets = {event.crime_reference, event.offence}
        self.crimes[event.crime_reference] = KnownCrime(event, victims, at, secrets=secrets)
        for person_id in victims:
            self._crimes_of.setdefault(person_id, set()).add(event.crime_reference)
        for part in self.parts_of(event.crime_reference):
            self.follow(part)


#: How a case stands after an event: a charge is not a closure.
STATUS_AFTER: dict[type[AnyEvent], str] = {
    OutcomeRecorded: "charged",
    CrimeClosed: "closed",
    CrimeReopened: "open",
    CrimeTransferred: "transferred",
}
_GONE: dict[type[AnyEvent], Gone] = {
    CrimeMerged: "merged",
    CrimeTransferred: "transferred",
    CrimeCancelled: "cancelled",
}


def _exclusion(order: Order, crime: CrimeRecorded, record: VictimRecord) -> str:
    victims = tuple(
        record if each.person_id == record.person_id else each for each in crime.victims
    )
    return order.exclusion(msgspec.structs.replace(crime, victims=victims), record.person_id)
