"""The force's part of a story: its people, its records, and what happened to each crime.

A story begins on a Monday at ten in London, in the phase it is told to. Everything happens `now`,
which only `wait` and `until` move.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from reference.contract.events import (
    AnyEvent,
    AppointmentMade,
    Channel,
    ClosingOutcome,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    CrimeTransferred,
    CrimeUnmerged,
    OfficerDeployed,
    OfficerReplied,
    PersonsMerged,
    PersonsUnmerged,
    ToldInstead,
    VictimContacted,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.evidence.records import (
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    EventDelivered,
    EventRecorded,
    GatewayCameBack,
    GatewayWentDown,
    InternalNoteWritten,
    PersonKnown,
    Record,
)
from simulator.inputs.order import RightsCheck, read_order

ROOT = Path(__file__).parents[3]
TWO_FORCES = read_order(ROOT / "scenarios" / "orders" / "two-forces.toml")
#: Stories of other things need no task about the rights of anybody who is young or has died.
ORDER = msgspec.structs.replace(TWO_FORCES, rights_check=RightsCheck())
#: A force that has advice for one offence only.
ADVISES_CYCLISTS = msgspec.structs.replace(
    ORDER,
    journey=msgspec.structs.replace(ORDER.journey, advice_for={"Bicycle theft": "bicycles"}),
)
#: What is owed to nobody by advice.
ADVISES_NOBODY = msgspec.structs.replace(
    ORDER, journey=msgspec.structs.replace(ORDER.journey, advice_for={})
)
BEGINS = {
    1: datetime(2026, 6, 1, 9, tzinfo=UTC),
    2: datetime(2026, 8, 3, 9, tzinfo=UTC),
    3: datetime(2026, 10, 19, 9, tzinfo=UTC),
}
BOTH: tuple[Channel, ...] = ("text", "email")


@dataclass(frozen=True)
class Person:
    """A person, as they truly are and as the force recorded them."""

    known: PersonKnown
    record: VictimRecord

    @property
    def person_id(self) -> str:
        """The person's id in the crime system."""
        return self.record.person_id

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels they asked for."""
        return self.record.preferred_channels

    def recorded_at(self, channel: Channel) -> str:
        """Give the address in a channel's own field."""
        return self.record.mobile_phone if channel == "text" else self.record.email

    def written(self, **changes: object) -> "Person":
        """Give the same person with another record."""
        return Person(self.known, msgspec.structs.replace(self.record, **changes))

    def told_through(
        self,
        given_name: str,
        mobile_phone: str,
        *,
        kind: Literal["person", "organisation"] = "person",
    ) -> "Person":
        """Give the same person with another record, by which another is told in their place."""
        instead = ToldInstead(
            given_name=given_name,
            family_name="Elm",
            mobile_phone=mobile_phone,
            preferred_channels=("text",),
            safe_to_contact=True,
        )
        return self.written(kind=kind, who_is_told="another", told_instead=instead)


@dataclass(frozen=True)
class Happened:
    """An event that the crime system recorded."""

    event_id: str
    crime_reference: str


class ForceStory:
    """What the force does, and what integration hands to the portal."""

    def __init__(self, begins: datetime) -> None:
        self.now = begins
        self.records: list[Record] = []
        self._people = self._crimes = self._events = 0

    def wait(self, *, days: int = 0, hours: int = 0, minutes: int = 0, seconds: int = 0) -> None:
        """Let time pass."""
        self.now += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)

    def until(self, at: datetime) -> None:
        """Let time pass until `at`."""
        assert at >= self.now
        self.now = at

    def person(
        self, name: str = "Alex", *, channels: tuple[Channel, ...] = BOTH, **written: object
    ) -> Person:
        """Make a person with a phone and a mailbox, recorded correctly except for `written`."""
        self._people += 1
        known = PersonKnown(
            at=self.now,
            person_id=f"person-{self._people}",
            role="victim",
            given_name=name,
            family_name="Blythe",
            mobile_phone=f"07700900{300 + self._people}",
            email=f"{name.lower()}.{self._people}@example.test",
        )
        self.records.append(known)
        record = VictimRecord(
            person_id=known.person_id,
            given_name=name,
            family_name="Blythe",
            born=date(1984, 5, 1),
            mobile_phone=known.mobile_phone,
            email=known.email,
            preferred_channels=channels,
            safe_to_contact=True,
        )
        return Person(known, record).written(**written)

    def are_one(self, person: Person, other: Person) -> None:
        """Make the two records of one true person."""
        known = msgspec.structs.replace(other.known, same_as=person.person_id)
        self.records[self.records.index(other.known)] = known

    def stranger(self, *, mobile_phone: str = "", email: str = "") -> None:
        """Make a person whom the force does not know hold an address."""
        self.holds(f"stranger {mobile_phone}{email}", mobile_phone=mobile_phone, email=email)

    def holds(self, person_id: str, *, mobile_phone: str = "", email: str = "") -> None:
        """Make a person truly hold another address."""
        self.records.append(
            PersonKnown(
                at=self.now,
                person_id=person_id,
                role="stranger" if person_id.startswith("stranger") else "victim",
                given_name="",
                family_name="",
                mobile_phone=mobile_phone,
                email=email,
            )
        )

    def crime(self, *victims: Person, deliver: bool = True, **changes: object) -> Happened:
        """Record a bicycle theft, and deliver it unless told not to."""
        self._crimes += 1
        event = CrimeRecorded(
            crime_reference=f"4326{self._crimes:07d}",
            force="thames_valley",
            offence_code="44",
            offence_subgroup="Bicycle theft",
            offence="Theft of a pedal cycle",
            recorded_at=self.now,
            victims=tuple(each.record for each in victims),
        )
        return self.happens(msgspec.structs.replace(event, **changes), deliver=deliver)

    def deployed(self, crime: Happened, *, deliver: bool = True) -> Happened:
        """Send an officer: an update for every victim of the crime."""
        event = OfficerDeployed(crime_reference=crime.crime_reference, deployed_at=self.now)
        return self.happens(event, deliver=deliver)

    def appointed(self, crime: Happened, person: Person, *, place: str = "") -> Happened:
        """Make an appointment with one victim: an update for that one."""
        return self.happens(
            AppointmentMade(
                crime_reference=crime.crime_reference,
                appointment_id=f"appointment-{self._events}",
                person_id=person.person_id,
                starts_at=self.now + timedelta(days=2),
                place=place,
            )
        )

    def replied(self, crime: Happened, person: Person, text: str = "We have.") -> Happened:
        """Have an officer reply to one victim."""
        return self.happens(
            OfficerReplied(
                crime_reference=crime.crime_reference,
                person_id=person.person_id,
                reply_id=f"reply-{self._events}",
                text=text,
                replied_at=self.now,
            )
        )

    def closed(
        self, crime: Happened, outcome: ClosingOutcome = 18, *, deliver: bool = True
    ) -> Happened:
        """Close a case: an update, at once unless the order has a person tell it first."""
        event = CrimeClosed(
            crime_reference=crime.crime_reference,
            outcome=outcome,
            closed_at=self.now,
            confirmed_at=self.now,
        )
        return self.happens(event, deliver=deliver)

    def contacted(
        self,
        crime: Happened,
        person: Person,
        *,
        at: datetime | None = None,
        deliver: bool = True,
    ) -> Happened:
        """Record that an officer has spoken to a victim, just now unless told when."""
        event = VictimContacted(
            crime_reference=crime.crime_reference,
            person_id=person.person_id,
            contacted_at=at or self.now,
        )
        return self.happens(event, deliver=deliver)

    def reopened(self, crime: Happened, *, deliver: bool = True) -> Happened:
        """Reopen a case."""
        event = CrimeReopened(crime_reference=crime.crime_reference, reopened_at=self.now)
        return self.happens(event, deliver=deliver)

    def reclassified(
        self, crime: Happened, subgroup: str, *, deliver: bool = True, **changes: object
    ) -> Happened:
        """Record a crime as another offence."""
        event = CrimeReclassified(
            crime_reference=crime.crime_reference,
            offence_code="34B",
            offence_subgroup=subgroup,
            offence=f"An offence of {subgroup}",
            reclassified_at=self.now,
        )
        return self.happens(msgspec.structs.replace(event, **changes), deliver=deliver)

    def merged(self, crime: Happened, into: Happened, *, deliver: bool = True) -> Happened:
        """Merge a crime into another."""
        reference = crime.crime_reference
        return self.happens(
            CrimeMerged(crime_reference=reference, into=into.crime_reference, merged_at=self.now),
            deliver=deliver,
        )

    def unmerged(self, crime: Happened, *, deliver: bool = True) -> Happened:
        """Take the merger of a crime back."""
        event = CrimeUnmerged(crime_reference=crime.crime_reference, unmerged_at=self.now)
        return self.happens(event, deliver=deliver)

    def persons_merged(
        self, crime: Happened, person: Person, into: Person, *, deliver: bool = True
    ) -> Happened:
        """Merge the record of a person into another; the crime is one of theirs."""
        event = PersonsMerged(
            crime_reference=crime.crime_reference,
            person_id=person.person_id,
            into=into.person_id,
            merged_at=self.now,
        )
        return self.happens(event, deliver=deliver)

    def persons_unmerged(self, crime: Happened, person: Person) -> Happened:
        """Take the merger of a person's record back."""
        return self.happens(
            PersonsUnmerged(
                crime_reference=crime.crime_reference,
                person_id=person.person_id,
                unmerged_at=self.now,
            )
        )

    def transferred(self, crime: Happened) -> Happened:
        """Transfer a crime to another force."""
        return self.happens(
            CrimeTransferred(
                crime_reference=crime.crime_reference,
                to_force="Kent Police",
                transferred_at=self.now,
            )
        )

    def cancelled(self, crime: Happened) -> Happened:
        """Cancel a record."""
        return self.happens(
            CrimeCancelled(crime_reference=crime.crime_reference, cancelled_at=self.now)
        )

    def details_changed(self, crime: Happened, person: Person) -> Happened:
        """Record a person anew."""
        return self.happens(
            VictimDetailsChanged(crime_reference=crime.crime_reference, victim=person.record)
        )

    def happens(self, event: AnyEvent, *, deliver: bool = True) -> Happened:
        """Record any event, and deliver it unless told not to."""
        self._events += 1
        happened = Happened(f"event-{self._events}", event.crime_reference)
        self.records.append(
            EventRecorded(
                at=self.now,
                event_id=happened.event_id,
                event_type=type(event).__name__,
                crime_reference=event.crime_reference,
                happened_at=self.now,
                data=msgspec.Raw(msgspec.json.encode(event)),
            )
        )
        if deliver:
            self.deliver(happened)
        return happened

    def deliver(self, happened: Happened, *, status: int = 202) -> None:
        """Hand an event to the portal."""
        self.records.append(EventDelivered(at=self.now, event_id=happened.event_id, status=status))

    def note(self, crime: Happened, text: str) -> None:
        """Write an internal note."""
        self.records.append(
            InternalNoteWritten(at=self.now, crime_reference=crime.crime_reference, text=text)
        )

    def gateway_goes_down(self) -> None:
        """Take the gateway down."""
        self.records.append(GatewayWentDown(at=self.now))

    def gateway_comes_back(self) -> None:
        """Bring the gateway back."""
        self.records.append(GatewayCameBack(at=self.now))

    def crime_system_goes_down(self) -> None:
        """Take the crime system down."""
        self.records.append(CrimeSystemWentDown(at=self.now))

    def crime_system_comes_back(self) -> None:
        """Bring the crime system back."""
        self.records.append(CrimeSystemCameBack(at=self.now))
