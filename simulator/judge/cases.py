"""What the portal knew, and when: each crime, its victims and their records, as they were received.

A deadline runs from when the portal had the event: what integration held up is not the portal's.
"""

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    AppointmentChanged,
    AppointmentMade,
    Channel,
    CrimeAllocated,
    CrimeClosed,
    CrimeRecorded,
    OutcomeRecorded,
    VictimRecord,
)
from simulator.evidence import EventRecorded
from simulator.order import Order


@dataclass
class KnownVictim:
    """One victim of one crime, as the portal should see them."""

    person_id: str
    record: VictimRecord
    exclusion: str
    invited: set[Channel] = field(default_factory=set)


@dataclass
class KnownCrime:
    """One crime the portal has been told of."""

    recorded: CrimeRecorded
    victims: dict[str, KnownVictim]
    secrets: set[str] = field(default_factory=set)
    is_over: bool = False

    def learn(self, event: AnyEvent) -> None:
        """Take in what an event says that no message may, and whether it ends the case."""
        if isinstance(event, CrimeAllocated) and event.officer_in_charge is not None:
            self.secrets |= {event.officer_in_charge.name, event.officer_in_charge.collar_number}
        elif isinstance(event, AppointmentMade | AppointmentChanged):
            self.secrets.add(event.place)
        elif isinstance(event, OutcomeRecorded | CrimeClosed):
            self.is_over = True


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
            self._open(event)
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

    def _open(self, event: CrimeRecorded) -> None:
        victims = {
            record.person_id: KnownVictim(
                record.person_id, record, _exclusion(self.order, event, record)
            )
            for record in event.victims
        }
        secrets = {event.crime_reference, event.offence}
        self.crimes[event.crime_reference] = KnownCrime(event, victims, secrets)
        for person_id in victims:
            self._crimes_of.setdefault(person_id, set()).add(event.crime_reference)


def _exclusion(order: Order, crime: CrimeRecorded, record: VictimRecord) -> str:
    victims = tuple(
        record if each.person_id == record.person_id else each for each in crime.victims
    )
    return order.exclusion(msgspec.structs.replace(crime, victims=victims), record.person_id)
