"""What the portal knew, and when: each crime, its victims and their records, as they were received.

A message is due from when the portal had the event: a delay in integration is not the portal's. The
Victims' Code counts from when it happened.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from heapq import heappop, heappush
from typing import NamedTuple

import msgspec

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    CrimeReclassified,
    CrimeRecorded,
    IncidentClosed,
    IncidentReported,
    Role,
    VictimDetailsChanged,
    VictimRecord,
)
from simulator.clock import LONDON
from simulator.evidence.records import EventRecorded
from simulator.inputs.order import Order
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.eligible_people import EligibilityRegister
from simulator.judge.facts.exclusions import OF_AGE, SAME_PERSON
from simulator.judge.facts.known_crime import KnownCrime, when_happened
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.named_contact import as_told, comes_of_age
from simulator.judge.facts.record_mergers import (
    MergedPersons,
    PersonsMerger,
    may_be_two_people,
)
from simulator.judge.facts.recorded_events import RecordedEvents


@dataclass
class Received:
    """An event the portal has, and when the force recorded it and the portal had it."""

    event_id: str
    event: AnyEvent
    recorded_at: datetime
    received_at: datetime

    @property
    def happened_at(self) -> datetime:
        """When it happened: no later than the portal had it, whatever the event says."""
        return min(when_happened(self.event, self.recorded_at), self.received_at)


class Turned(NamedTuple):
    """One person of a crime whose exclusion changed; `was` is the one before ("" for none)."""

    crime: KnownCrime
    victim: KnownVictim
    was: str


@dataclass
class CrimeRegister:
    """Every crime the portal knew, and the person ids in it.

    `crime_of_event` gives a crime's reference by event id, `concerned` the person an event is about
    ("" for all of the crime's people). `refused` are events the portal would not take, `registered`
    the people who have signed in. `early_people` are those whose details came before any crime of
    theirs, by each address in them.
    """

    order: Order
    crimes: dict[str, KnownCrime] = field(default_factory=dict)
    crime_of_event: dict[str, str] = field(default_factory=dict)
    #: The crime that each merger which was taken back had led to.
    named_before: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    concerned: dict[str, str] = field(default_factory=dict)
    #: By the event that parted two records: the one that had survived.
    parted_by: dict[str, str] = field(default_factory=dict)
    registered: set[str] = field(default_factory=set)
    early_people: dict[str, set[str]] = field(default_factory=dict)
    _early: set[str] = field(default_factory=set)
    recorded: RecordedEvents = field(default_factory=RecordedEvents)
    _waiting: dict[str, list[Received]] = field(default_factory=dict)
    _crimes_of: dict[str, set[str]] = field(default_factory=dict)
    _parts: dict[str, set[str]] = field(default_factory=dict)
    _left: set[tuple[str, str]] = field(default_factory=set)
    _turned: list[Turned] = field(default_factory=list)
    _replaced: set[str] = field(default_factory=set)
    #: When another was last told in a person's place, or they themselves again.
    replaced_at: dict[str, datetime] = field(default_factory=dict)
    _asked_anew: set[str] = field(default_factory=set)
    _approved_until: list[tuple[datetime, str]] = field(default_factory=list)
    _birthdays: list[tuple[date, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._eligibility = EligibilityRegister(self.order)

    @property
    def persons(self) -> MergedPersons:
        """The records of persons that the force merged."""
        return self._eligibility.persons

    def record(self, event: EventRecorded) -> None:
        """Write down what the crime system recorded: the portal does not know it yet."""
        self.recorded.record(event)
        self.crime_of_event[event.event_id] = event.crime_reference

    def is_of_own_crime(self, event_id: str, person_id: str) -> bool:
        """Say whether an event is under the reference of a crime whose victim this person is."""
        recorded = self.recorded.by_id.get(event_id)
        crime = self.crimes.get(recorded.crime_reference) if recorded is not None else None
        victim = crime.victims.get(person_id) if crime is not None else None
        return victim is not None and victim.own.role == "victim"

    def receive(self, event_id: str, at: datetime) -> list[Received]:
        """Write down a delivery; return the events that can be read now, in order.

        An event before its crime waits for the crime; a second delivery returns nothing. Details
        of a person who is known are read at once all the same: they are for all their crimes.
        """
        if event_id in self.recorded.received or event_id not in self.recorded.by_id:
            return []
        recorded = self.recorded.by_id[event_id]
        self.recorded.receive(recorded)
        event = msgspec.json.decode(recorded.data, type=EVENT_TYPES[recorded.event_type])
        received = Received(event_id, event, recorded.at, at)
        self.concerned[event_id] = getattr(event, "person_id", None) or ""
        if isinstance(event, VictimDetailsChanged):
            self.concerned[event_id] = event.victim.person_id
        reference = event.crime_reference
        if isinstance(event, IncidentReported | IncidentClosed):
            return [received]
        if isinstance(event, CrimeRecorded):
            if reference in self.crimes:
                return []
            known = (each.person_id for each in event.victims if each.person_id in self._crimes_of)
            self.recorded.known_before |= {(event_id, person_id) for person_id in known}
            self._open(event, recorded.at, at)
            waited = self._waiting.pop(reference, [])
            return [received, *(replace(each, received_at=at) for each in waited)]
        if reference not in self.crimes:
            self._waiting.setdefault(reference, []).append(received)
            self.recorded.waited.add(event_id)
            return self._known_at_once(received)
        if isinstance(event, VictimDetailsChanged):
            # Their own crime, which was merged into this one, may still be on its way.
            self._note_early(event.victim)
        return [received]

    def _known_at_once(self, received: Received) -> list[Received]:
        """Return what can be read of an event whose crime is unknown: details of a known person.

        Those of an unknown person are newer than what their first crime will say of them.
        """
        event = received.event
        if not isinstance(event, VictimDetailsChanged):
            return []
        if event.victim.person_id in self._crimes_of:
            return [received]
        self._write(event.victim, received.recorded_at, received.received_at)
        # What forbids telling them forbids it in every record that is taken for theirs.
        self._reconsider([event.victim.person_id], received.received_at)
        self._note_early(event.victim)
        return []

    def _note_early(self, record: VictimRecord) -> None:
        if record.person_id in self._crimes_of:
            return
        for address in addresses_in(record) | addresses_in(as_told(record)):
            self.early_people.setdefault(address, set()).add(record.person_id)
            self._early.add(address)

    def take_early(self) -> set[str]:
        """Give the addresses of people without a crime that were written down since last asked."""
        early, self._early = self._early, set()
        return early

    def change_details(self, event: VictimDetailsChanged, received: Received) -> None:
        """Write a person's new record into all their crimes; the role in it is for this crime."""
        person_id, here = event.victim.person_id, self.current(event.crime_reference)
        for reference in {event.crime_reference, here}:
            if self.owns(person_id, reference):
                self._set_role(self.crimes[reference], person_id, event.victim.role)
        were_alike = self.records_of(person_id)
        self._write(event.victim, received.recorded_at, received.received_at)
        self._reconsider(were_alike, received.received_at)

    def are_known(self, merger: PersonsMerger) -> bool:
        """Say whether the portal has crimes of both records of a merger."""
        return bool(self._crimes_of.get(merger.person_id) and self._crimes_of.get(merger.into))

    def may_be_two_people(self, merger: PersonsMerger) -> bool:
        """Say whether the records of a merger differ in a name or the date of birth."""
        return may_be_two_people(self.record_of(merger.person_id), self.record_of(merger.into))

    def mergers_to_begin(self) -> list[PersonsMerger]:
        """List the mergers of records that are known, and not in effect yet."""
        return [each for each in self.persons.waiting() if self.are_known(each)]

    def write_merged(self, person_id: str, at: datetime) -> None:
        """Write the details by which a record is told: its own, or those of the survivor."""
        self._show_details(person_id, at)
        self._reconsider([person_id], at)

    def reconsider_with(self, person_id: str, at: datetime) -> None:
        """Work out anew whether a person may be told, and all records taken for theirs."""
        self._reconsider([person_id], at)

    def next_turn(self, at: datetime) -> datetime | None:
        """Give the next time up to `at` when a victim comes of age, or a safe channel runs out."""
        times = [each[0] for each in self._approved_until[:1]]
        times += [datetime.combine(day, time.min, LONDON) for day, _ in self._birthdays[:1]]
        first = min(times, default=None)
        return first if first is not None and first <= at else None

    def grow_up(self, at: datetime) -> list[str]:
        """Reconsider, and give, those who came of age by now, or whose safe channel has run out."""
        people = []
        while self._approved_until and self._approved_until[0][0] <= at:
            people.append(heappop(self._approved_until)[1])
        while self._birthdays and self._birthdays[0][0] <= at.astimezone(LONDON).date():
            people.append(heappop(self._birthdays)[1])
        for person_id in people:
            self._reconsider([person_id], at)
        return people

    def take_turned(self) -> list[Turned]:
        """Give the exclusions that changed since the last call."""
        turned, self._turned = self._turned, []
        return turned

    def take_replaced(self) -> set[str]:
        """Give the victims in whose place another person is told since the last call."""
        replaced, self._replaced = self._replaced, set()
        return replaced

    def carry_over(self, merged: KnownCrime, at: datetime) -> list[tuple[KnownCrime, KnownVictim]]:
        """Carry the victims of a merged crime over; return those new to the surviving crime.

        Their invitations stand, and they may be told what the surviving crime allows.
        """
        reference = merged.recorded.crime_reference
        current = self.current(reference)
        self._parts.setdefault(current, set()).update({reference}, self._parts.get(reference, ()))
        into = self.last_known(reference)
        if into is None or into is merged:
            return []
        new, current = [], into.recorded.crime_reference
        for person_id, victim in merged.victims.items():
            if person_id in into.victims:
                continue
            into.victims[person_id] = KnownVictim(
                victim.own, "", dict(victim.invited), came_by_merger=True, former=set(victim.former)
            )
            self._crimes_of.setdefault(person_id, set()).add(current)
            self._left.discard((person_id, current))
            new.append((into, into.victims[person_id]))
        for person_id, victim in merged.victims.items():
            # A victim of either is a victim of both, which are one.
            survivor = into.victims[person_id]
            survivor.role_before = survivor.role_before or survivor.own.role
            survivor.needs_no_invitation |= bool(victim.invited) or victim.needs_no_invitation
            own = victim.own if victim.own.role == "victim" else into.victims[person_id].own
            self._set_role(into, person_id, own.role)
        self._reconsider(merged.victims, at)
        return new

    def part(self, crime: KnownCrime, into: str, at: datetime) -> list[str]:
        """Part a crime from the one it was merged `into`; return who is no victim of that."""
        reference = crime.recorded.crime_reference
        gone = {reference, *self._parts.get(reference, ())}
        self._parts[into] = self._parts.get(into, set()) - gone
        other = self.crimes.get(into)
        if other is None:
            return []
        left = []
        for person_id in crime.victims:
            survivor = other.victims.get(person_id)
            still = [e.victims[person_id] for e in self.parts_of(into) if person_id in e.victims]
            if survivor is None or still:
                continue
            if survivor.came_by_merger:
                del other.victims[person_id]
                self._crimes_of[person_id].discard(into)
                self._eligibility.unmark(into, person_id)
                self._left.add((person_id, into))
                left.append(person_id)
            elif survivor.role_before is not None:
                self._set_role(other, person_id, survivor.role_before)
                if survivor.role_before != "victim":
                    left.append(person_id)
                survivor.role_before = None
        self._reconsider(crime.victims, at)
        return left

    def is_of_parted(self, victim: KnownVictim, address: str) -> bool:
        """Say whether an address is only that of a person they were merged with by mistake."""
        parted = self.persons.parted_from.get(victim.person_id, ())
        return address in parted and address.lower() not in addresses_in(victim.record)

    def was_parted_from(self, person_id: str, crime_reference: str) -> bool:
        """Say whether a person followed a crime by a merger that was taken back."""
        return (person_id, crime_reference) in self._left

    def parts_of(self, crime_reference: str) -> list[KnownCrime]:
        """List the crimes that were merged into one."""
        return [self.crimes[each] for each in sorted(self._parts.get(crime_reference, ()))]

    def reclassify(self, crime: KnownCrime, event: CrimeReclassified, received: Received) -> bool:
        """Write down a new offence; return False when a newer one is known."""
        said_at = received.recorded_at
        if crime.classified_at is not None and said_at < crime.classified_at:
            return False
        crime.classified_at, crime.known_at = said_at, received.received_at
        crime.is_reclassified = True
        crime.secrets.add(event.offence)
        crime.named.add(event.offence_subgroup)
        crime.recorded = msgspec.structs.replace(
            crime.recorded,
            offence_code=event.offence_code,
            offence_subgroup=event.offence_subgroup,
            offence=event.offence,
            safeguarding=event.safeguarding,
        )
        for person_id, victim in crime.victims.items():
            self._set_role(crime, person_id, victim.own.role)
        self._reconsider(crime.victims, received.received_at)
        return True

    def write_down(self, record: VictimRecord, said_at: datetime, at: datetime) -> None:
        """Write down the record of a person who is in no crime yet, unless a newer one is known."""
        # What it forbade those alike to it until now, it may forbid them no longer.
        were_alike = self.records_of(record.person_id)
        self._write(record, said_at, at)
        self._reconsider(were_alike, at)

    def mark(self, report: CrimeRecorded, person_id: str, at: datetime) -> None:
        """Write down how a report is marked that is no crime, for the person who made it."""
        self._eligibility.mark(report, person_id, "victim")
        self._reconsider([person_id], at)

    def record_of(self, person_id: str) -> VictimRecord:
        """Give the newest record of a person."""
        return self._eligibility.of(person_id)

    def told_by(self, person_id: str) -> VictimRecord:
        """Give the details by which a person is told: their own, or those of a survivor."""
        own = record = self._eligibility.of(person_id)
        merger = self.persons.of(person_id)
        while merger is not None:
            record = self._eligibility.of(merger.into)
            merger = self.persons.of(merger.into)
        rights = own.enhanced_rights or record.enhanced_rights
        return msgspec.structs.replace(record, person_id=person_id, enhanced_rights=rights)

    def why_not(self, crime: CrimeRecorded, record: VictimRecord, at: datetime) -> str:
        """Say why nobody would be told of a crime for this person ("" when a person would be)."""
        return self._eligibility.why_not(crime, record, at)

    def ban_of_merged(self, crime: CrimeRecorded, person_id: str, at: datetime) -> str:
        """Say what a person's own record forbids, though it was merged ("" if nothing)."""
        return self._eligibility.ban_of_merged(crime, person_id, at)

    def current(self, crime_reference: str) -> str:
        """Give the reference under which a crime goes on after its mergers."""
        return self.goes_on_as(crime_reference)[-1]

    def goes_on_as(self, crime_reference: str) -> list[str]:
        """List the references under which a crime has gone on, its own first."""
        found = [crime_reference]
        crime = self.crimes.get(crime_reference)
        while crime is not None and crime.into and crime.into not in found:
            found.append(crime.into)
            crime = self.crimes.get(crime.into)
        return found

    def last_known(self, crime_reference: str) -> KnownCrime | None:
        """Give the crime that one goes on as, or, while that is not known, the last that is."""
        chain = map(self.crimes.get, self.goes_on_as(crime_reference))
        return next((each for each in reversed([*chain]) if each is not None), None)

    def is_registered(self, person_id: str) -> bool:
        """Say whether a person signed in, by their record or the one that it was merged into."""
        merger = self.persons.of(person_id)
        is_by_survivor = merger is not None and self.is_registered(merger.into)
        return person_id in self.registered or is_by_survivor

    def victims_of(self, person_id: str) -> list[KnownVictim]:
        """List a person as the victim of each of their crimes."""
        return [victim for _crime, victim in self.crimes_with(person_id)]

    def crimes_with(self, person_id: str) -> list[tuple[KnownCrime, KnownVictim]]:
        """List a person's crimes, each with the person as its victim."""
        crimes = [self.crimes[each] for each in self.crimes_of(person_id)]
        return [(crime, crime.victims[person_id]) for crime in crimes]

    def crimes_of(self, person_id: str) -> list[str]:
        """List the references of a person's crimes."""
        return sorted(self._crimes_of.get(person_id, ()))

    def owns(self, person_id: str, crime_reference: str) -> bool:
        """Say whether a crime is this person's to see."""
        return crime_reference in self._crimes_of.get(person_id, ())

    def as_theirs(self, person_id: str, crime_reference: str) -> str:
        """Give the person whose crime this is, when that is the reader under another record.

        It was merged into the reader's; or both records have the same name and date of birth, and
        share an address. Of several records it is that of a victim of the crime, if one is.
        """
        if person_id not in self._crimes_of:
            return person_id
        of_it = [
            each
            for each in (*self.persons.read_by(person_id), *self._at_one_address(person_id))
            if self.owns(each, crime_reference)
        ]
        victims = self.crimes[crime_reference].victims if of_it else {}
        as_victim = [each for each in of_it if victims[each].own.role == "victim"]
        return next(iter(as_victim or of_it), person_id)

    def _at_one_address(self, person_id: str) -> list[str]:
        of, alike = self._eligibility.of, self._eligibility.of_one_name(person_id)
        return [each for each in alike if addresses_in(of(person_id)) & addresses_in(of(each))]

    def contact_replaced_at(self, person_id: str) -> datetime | None:
        """Find when an organisation last had another named contact; None if it never had."""
        is_one = any(each.own.kind == "organisation" for each in self.victims_of(person_id))
        return self.replaced_at.get(person_id) if is_one else None

    def were_parted(self, person_id: str, crime_reference: str) -> bool:
        """Say whether a crime is of a person with whom a reader was merged by mistake."""
        crime = self.crimes.get(crime_reference)
        people = crime.victims if crime is not None else ()
        return any(self.persons.were_parted(person_id, each) for each in people)

    def is_survivors(self, person_id: str, crime_reference: str) -> bool:
        """Say whether a crime is of the record that a reader's was merged into."""
        merger = self.persons.of(person_id)
        return merger is not None and self.owns(merger.into, crime_reference)

    def records_of(self, person_id: str) -> set[str]:
        """Give the ids of all records that may be this person's, by name and date of birth."""
        return {person_id, *self._eligibility.alike(person_id)}

    def may_be_forbidden(self, person_id: str, at: datetime, crime_reference: str = "") -> bool:
        """Say whether a careful portal may tell a person nothing: a merger of theirs is held.

        So it is of a crime, where another was told for a child in one merged into it: READ-139.
        """
        own = (each.victims.get(person_id) for each in self.parts_of(crime_reference))
        was_a_childs = any(each is not None and each.exclusion == OF_AGE for each in own)
        return was_a_childs or self._eligibility.may_be_forbidden(person_id, at)

    def signed_in_with(self, person_id: str) -> set[str]:
        """Give this person's records that a sign-in is for: those that share an address with it.

        A record of which nothing may be told yet was not invited.
        """
        if person_id not in self._crimes_of:
            return {person_id}
        own = addresses_in(self._eligibility.of(person_id))
        others = {
            each
            for each in self.records_of(person_id)
            if own & addresses_in(self._eligibility.of(each))
            and any(
                not self.crimes[reference].victims[each].exclusion
                and self.crimes[reference].gone != "cancelled"
                for reference in self.crimes_of(each)
            )
        }
        return {person_id, *others}

    def _open(self, event: CrimeRecorded, said_at: datetime, at: datetime) -> None:
        secrets = {event.crime_reference, event.offence}
        crime = self.crimes[event.crime_reference] = KnownCrime(event, {}, at, secrets=secrets)
        crime.named.add(event.offence_subgroup)
        # Who reported it and is its victim too stands there twice, in any order.
        for record in sorted(event.victims, key=lambda each: each.role == "victim"):
            person_id = record.person_id
            self._write(record, said_at, at)
            crime.victims[person_id] = KnownVictim(self._eligibility.of(person_id))
            self._crimes_of.setdefault(person_id, set()).add(event.crime_reference)
            self._set_role(crime, person_id, record.role)
            if self.persons.of(person_id) is not None:
                self._show_details(person_id, at)
        self._reconsider(crime.victims, at)
        for part in self.parts_of(event.crime_reference):
            for _, victim in self.carry_over(part, at):
                victim.joined_at = part.turned_at
            # A message that names the merger is about the surviving crime.
            self._name_mergers(part.recorded.crime_reference, event.crime_reference)

    def awaits_details(self, person_id: str) -> bool:
        """Say whether new details of a person were recorded, and did not reach the portal yet."""
        return any(map(self.recorded.has_details_on_their_way, self.crimes_of(person_id)))

    def name_by_itself(self, reference: str) -> None:
        """Let messages that name the merger of a crime be about that crime: it was taken back.

        They may be about the other all the same, to those who are victims of both.
        """
        for event_id in self.recorded.mergers_of(reference):
            self.named_before[event_id] = self.crime_of_event[event_id]
        self._name_mergers(reference, self.current(reference))

    def _name_mergers(self, merged: str, about: str) -> None:
        for event_id in self.recorded.mergers_of(merged):
            self.crime_of_event[event_id] = about

    def take_asked_anew(self) -> set[str]:
        """Give those whose newest record has other channels than the one before it, once."""
        asked, self._asked_anew = self._asked_anew, set()
        return asked

    def _write(self, record: VictimRecord, said_at: datetime, at: datetime) -> None:
        if not self.order.eligibility.approved_channels:
            record = msgspec.structs.replace(record, safe_channel=None, safe_until=None)
        known = self._eligibility.of(record.person_id) if self.crimes_of(record.person_id) else None
        if not self._eligibility.write(record, said_at):
            return
        asked = [
            ({*each.preferred_channels}, {*as_told(each).preferred_channels})
            for each in (known or record, record)
        ]
        if asked[0] != asked[1]:
            self._asked_anew.add(record.person_id)
        self._show_details(record.person_id, at)
        day = comes_of_age(record, self.order)
        if day is not None:
            heappush(self._birthdays, (day, record.person_id))
        if record.safe_channel is not None and record.safe_until is not None:
            heappush(self._approved_until, (record.safe_until, record.person_id))

    def _show_details(self, person_id: str, at: datetime) -> None:
        shown = self.told_by(person_id)
        for victim in self.victims_of(person_id):
            if victim.write(msgspec.structs.replace(shown, role=victim.own.role), at):
                self._replaced.add(person_id)
                self.replaced_at[person_id] = at

    def _why_not(self, crime: KnownCrime, victim: KnownVictim, at: datetime) -> str:
        """Say why one of a crime's people may not be told of it ("" if they may)."""
        if self._is_told_by_another_record(crime, victim.person_id):
            return SAME_PERSON
        if victim.own.role == "victim":
            ban = self._eligibility.ban_of_merged(crime.recorded, victim.person_id, at)
            if ban:
                return ban
        return self._eligibility.why_not(crime.recorded, victim.own, at)

    def _is_told_by_another_record(self, crime: KnownCrime, person_id: str) -> bool:
        """Say whether the record that survives a person's is a victim of the crime as well."""
        merger = self.persons.of(person_id)
        survivor = crime.victims.get(merger.into) if merger is not None else None
        return survivor is not None and survivor.own.role == "victim"

    def _set_role(self, crime: KnownCrime, person_id: str, role: Role) -> None:
        victim = crime.victims[person_id]
        victim.own = msgspec.structs.replace(victim.own, role=role)
        self._eligibility.mark(crime.recorded, person_id, role)

    def _reconsider(self, people: Iterable[str], at: datetime) -> None:
        """Work out anew whether these people, and records taken for theirs, may be told."""
        for person_id in sorted({each for one in people for each in self._eligibility.alike(one)}):
            for crime, victim in self.crimes_with(person_id):
                why = self._why_not(crime, victim, at)
                if why != victim.exclusion:
                    self._turned.append(Turned(crime, victim, victim.exclusion))
                    victim.exclusion = why
