"""The force's part of a story: who there is, what was written down, what became of each crime.

A story begins on a Monday at ten in London, in the phase it is told to. Everything happens `now`,
which only `wait` and `until` move.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

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
    OfficerDeployed,
    OfficerReplied,
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
from simulator.inputs.order import read_order

ROOT = Path(__file__).parents[3]
ORDER = read_order(ROOT / "scenarios" / "orders" / "two-forces.toml")
#: A force that has advice for one offence only.
ADVISES_CYCLISTS = msgspec.structs.replace(
    ORDER,
    journey=msgspec.structs.replace(ORDER.journey, advice_for={"Bicycle theft": "bicycles"}),
)
BEGINS = {
    1: datetime(2026, 6, 1, 9, tzinfo=UTC),
    2: datetime(2026, 8, 3, 9, tzinfo=UTC),
    3: datetime(2026, 10, 19, 9, tzinfo=UTC),
}
BOTH: tuple[Channel, ...] = ("text", "email")


@dataclass(frozen=True)
class Person:
    """Somebody, as they truly are and as the force wrote them down."""

    known: PersonKnown
    record: VictimRecord

    @property
    def person_id(self) -> str:
        """Who this is."""
        return self.record.person_id

    @property
    def channels(self) -> tuple[Channel, ...]:
        """How they wish to hear."""
        return self.record.preferred_channels

    def recorded_at(self, channel: Channel) -> str:
        """Give the address that stands in a channel's own field."""
        return self.record.mobile_phone if channel == "text" else self.record.email

    def written(self, **changes: object) -> "Person":
        """Give the same person, otherwise written down."""
        return Person(self.known, msgspec.structs.replace(self.record, **changes))


@dataclass(frozen=True)
class Happened:
    """Something the crime system recorded."""

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
        """Let time pass until a moment."""
        assert at >= self.now
        self.now = at

    def person(
        self, name: str = "Alex", *, channels: tuple[Channel, ...] = BOTH, **written: object
    ) -> Person:
        """Meet somebody with a phone and a mailbox, written down as they are but for `written`."""
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

    def stranger(self, *, mobile_phone: str = "", email: str = "") -> None:
        """Let somebody the force does not know hold an address."""
        self.holds(f"stranger {mobile_phone}{email}", mobile_phone=mobile_phone, email=email)

    def holds(self, person_id: str, *, mobile_phone: str = "", email: str = "") -> None:
        """Let somebody truly hold an address, too."""
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
        """Have a bicycle theft recorded, and delivered unless it is held back."""
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
        """Have an officer sent: an update for every victim of the crime."""
        event = OfficerDeployed(crime_reference=crime.crime_reference, deployed_at=self.now)
        return self.happens(event, deliver=deliver)

    def appointed(self, crime: Happened, person: Person, *, place: str = "") -> Happened:
        """Have an appointment made with one victim: an update for that one."""
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
        """Have a case closed: an update, at once unless the order has a person say it first."""
        event = CrimeClosed(
            crime_reference=crime.crime_reference, outcome=outcome, closed_at=self.now
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
        """Have an officer write down having spoken to a victim, just now unless told when."""
        event = VictimContacted(
            crime_reference=crime.crime_reference,
            person_id=person.person_id,
            contacted_at=at or self.now,
        )
        return self.happens(event, deliver=deliver)

    def reopened(self, crime: Happened, *, deliver: bool = True) -> Happened:
        """Have a case looked into again."""
        event = CrimeReopened(crime_reference=crime.crime_reference, reopened_at=self.now)
        return self.happens(event, deliver=deliver)

    def reclassified(
        self, crime: Happened, subgroup: str, *, deliver: bool = True, **changes: object
    ) -> Happened:
        """Have a crime recorded as another offence."""
        event = CrimeReclassified(
            crime_reference=crime.crime_reference,
            offence_code="34B",
            offence_subgroup=subgroup,
            offence=f"An offence of {subgroup}",
            reclassified_at=self.now,
        )
        return self.happens(msgspec.structs.replace(event, **changes), deliver=deliver)

    def merged(self, crime: Happened, into: Happened) -> Happened:
        """Have a crime found to be part of another."""
        reference = crime.crime_reference
        return self.happens(
            CrimeMerged(crime_reference=reference, into=into.crime_reference, merged_at=self.now)
        )

    def transferred(self, crime: Happened) -> Happened:
        """Have another force look into a crime."""
        return self.happens(
            CrimeTransferred(
                crime_reference=crime.crime_reference,
                to_force="Kent Police",
                transferred_at=self.now,
            )
        )

    def cancelled(self, crime: Happened) -> Happened:
        """Have a record cancelled."""
        return self.happens(
            CrimeCancelled(crime_reference=crime.crime_reference, cancelled_at=self.now)
        )

    def details_changed(self, crime: Happened, person: Person) -> Happened:
        """Have the force write somebody down anew."""
        return self.happens(
            VictimDetailsChanged(crime_reference=crime.crime_reference, victim=person.record)
        )

    def happens(self, event: AnyEvent, *, deliver: bool = True) -> Happened:
        """Have any event recorded, and delivered unless it is held back."""
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
        """Have the force write something for itself alone."""
        self.records.append(
            InternalNoteWritten(at=self.now, crime_reference=crime.crime_reference, text=text)
        )

    def gateway_goes_down(self) -> None:
        """Have the gateway take nothing."""
        self.records.append(GatewayWentDown(at=self.now))

    def gateway_comes_back(self) -> None:
        """Have the gateway take messages again."""
        self.records.append(GatewayCameBack(at=self.now))

    def crime_system_goes_down(self) -> None:
        """Have the crime system answer nobody."""
        self.records.append(CrimeSystemWentDown(at=self.now))

    def crime_system_comes_back(self) -> None:
        """Have the crime system answer again."""
        self.records.append(CrimeSystemCameBack(at=self.now))
