"""Whether a crime may be told of to each of its people, by the judge's own reading of the records.

A victim is told, or the person an officer named. The person who reported or saw the crime is not,
nor a victim who has died, nor a victim for whom another crime or record of theirs forbids it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import structs

from reference.contract.events import CrimeRecorded, Role, VictimRecord
from simulator.clock import LONDON
from simulator.inputs.order import Order
from simulator.judge.facts.exclusions import (
    DIED,
    ELSEWHERE,
    NO_CONTACT,
    NO_VICTIM,
    NOBODY,
    NOT_SAFE,
    OF_AGE,
    RESTRICTED,
    RUN_OUT,
    SUSPECT,
    UNDECIDED,
)
from simulator.judge.facts.named_contact import (
    as_told,
    comes_of_age,
    has_run_out,
    told_instead,
)
from simulator.judge.facts.record_mergers import MergedPersons
from simulator.judge.text.plain_words import squeezed


@dataclass
class EligibilityRegister:
    """What is written down of each person, in all their records and crimes."""

    order: Order
    _records: dict[str, VictimRecord] = field(default_factory=dict)
    _said_at: dict[str, datetime] = field(default_factory=dict)
    _marked: dict[str, set[str]] = field(default_factory=dict)
    _likeness: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _alike: dict[tuple[str, ...], set[str]] = field(default_factory=dict)
    persons: MergedPersons = field(default_factory=MergedPersons)

    def write(self, record: VictimRecord, said_at: datetime) -> bool:
        """Write down a person's record; return whether nothing newer was known."""
        if said_at < self._said_at.get(record.person_id, said_at):
            return False
        self._said_at[record.person_id] = said_at
        self._records[record.person_id] = record
        self._alike.get(self._likeness.get(record.person_id, ()), set()).discard(record.person_id)
        likeness = self._likeness[record.person_id] = _likeness(record)
        self._alike.setdefault(likeness, set()).add(record.person_id)
        return True

    def of(self, person_id: str) -> VictimRecord:
        """Give what is written down of a person."""
        return self._records[person_id]

    def mark(self, crime: CrimeRecorded, person_id: str, role: Role) -> None:
        """Write down how a crime is marked whose victim this person is, or no longer is."""
        markers = set(self.order.eligibility.safeguarding_of_the_person)
        crimes = self._marked.setdefault(person_id, set())
        crimes.discard(crime.crime_reference)
        if role == "victim" and markers.intersection(crime.safeguarding):
            crimes.add(crime.crime_reference)

    def unmark(self, crime_reference: str, person_id: str) -> None:
        """Forget how a crime is marked: this person is in it no longer."""
        self._marked.get(person_id, set()).discard(crime_reference)

    def alike(self, person_id: str) -> list[str]:
        """List the records taken for one person's: merged by the force, or alike by name to one.

        A merger that is held joins two records, and not those that are alike to either. A record
        that was merged into another is known by the name of that.
        """
        if self.persons.none_stand:
            return self.of_one_name(person_id)
        merged = self.persons.group(person_id) & self._records.keys()
        own = {person_id} | (self.persons.whole(person_id) & self._records.keys())
        named = {each for each in self._named_as(own) if each in own or self._stands_alone(each)}
        of_named = {one for each in named for one in self.persons.whole(each)}
        return sorted({*merged, *named, *(of_named & self._records.keys())})

    def may_be_forbidden(self, person_id: str, at: datetime) -> bool:
        """Say whether a record is forbidden that may be one person's with this one, or not.

        It is alike to one with which a merger is held, or by a name that it had until it was merged
        into another.
        """
        group = self.persons.group(person_id) & self._records.keys()
        named = self._named_as(group)
        others = {one for each in named for one in self.persons.whole(each)} & self._records.keys()
        if len(group) < _TWO and all(map(self._stands_alone, named)):
            return False
        return any(
            self._is_flagged(self._records[each], at) or self._marked.get(each) for each in others
        )

    def _named_as(self, people: Iterable[str]) -> set[str]:
        return {one for each in people for one in self.of_one_name(each)}

    def _stands_alone(self, person_id: str) -> bool:
        return self.persons.of(person_id) is None

    def of_one_name(self, person_id: str) -> list[str]:
        """List the records that share a name and a date of birth with one, itself among them."""
        # A person without a crime may come in by the link of another, who has the same phone.
        likeness = self._likeness.get(person_id)
        return sorted({person_id, *(self._alike[likeness] if likeness else ())})

    def why_not(self, crime: CrimeRecorded, record: VictimRecord, at: datetime) -> str:
        """Say why nobody is told of a crime for one of its people at `at` ("" when a person is)."""
        anybody = VictimRecord(person_id=record.person_id, safe_to_contact=True)
        if why := self._of_crime(crime, anybody):
            return why
        if record.role != "victim":
            return f"{NO_VICTIM} {record.role}"
        for is_so, why in (
            (record.is_suspect_in_linked_crime, SUSPECT),
            (self.order.eligibility.is_restricted(record), RESTRICTED),
            (self._is_forbidden_elsewhere(crime.crime_reference, record.person_id, at), ELSEWHERE),
            (record.who_is_told == "nobody", NOBODY),
            (record.has_died and told_instead(record) is None, DIED),
            (record.kind == "organisation" and told_instead(record) is None, NO_CONTACT),
            (record.who_is_told == "another" and record.told_instead is None, UNDECIDED),
            (self._is_of_age_now(crime, record, at), OF_AGE),
        ):
            if is_so:
                return why
        told = as_told(record)
        if record.who_is_told is not None:
            told = structs.replace(told, born=None)
        if has_run_out(record, at):
            # Who is told for a child is decided before how they are told.
            safe = structs.replace(told, safe_to_contact=True)
            return self._of_crime(crime, safe) or RUN_OUT
        return self._of_crime(crime, told)

    def ban_of_merged(self, crime: CrimeRecorded, person_id: str, at: datetime) -> str:
        """Say what a merged record forbids still, though the details are another's ("" if none)."""
        own = self._records[person_id]
        if self.persons.of(person_id) is None or not self._is_flagged(own, at):
            return ""
        anybody = VictimRecord(person_id=person_id, safe_to_contact=True)
        if why := self._of_crime(crime, anybody):
            return why
        if has_run_out(own, at):
            return RUN_OUT
        is_approved = own.safe_channel is not None and told_instead(own) is None
        is_unsafe = own.safe_to_contact is False and not is_approved
        return NOT_SAFE if is_unsafe else ELSEWHERE

    def _of_crime(self, crime: CrimeRecorded, record: VictimRecord) -> str:
        of_one = structs.replace(crime, victims=(record,))
        return self.order.exclusion(of_one, record.person_id)

    def _is_of_age_now(self, crime: CrimeRecorded, record: VictimRecord, at: datetime) -> bool:
        day = comes_of_age(record, self.order)
        was_child = day is not None and crime.recorded_at.astimezone(LONDON).date() < day
        return was_child and day is not None and at.astimezone(LONDON).date() >= day

    def _is_forbidden_elsewhere(self, reference: str, person_id: str, at: datetime) -> bool:
        if self._marked.get(person_id, set()) - {reference}:
            return True
        others = [each for each in self.alike(person_id) if each != person_id]
        return any(
            self._is_flagged(self._records[each], at) or self._marked.get(each) for each in others
        )

    def _is_flagged(self, record: VictimRecord, at: datetime) -> bool:
        is_approved = record.safe_channel is not None and told_instead(record) is None
        return (
            (record.safe_to_contact is False and not is_approved)
            or has_run_out(record, at)
            or record.has_died
            or record.is_suspect_in_linked_crime
            or self.order.eligibility.is_restricted(record)
        )


#: A merger is of two records.
_TWO = 2


def _likeness(record: VictimRecord) -> tuple[str, ...]:
    """Give what records of one person share: () when a name or the date of birth is missing."""
    names = (squeezed(record.given_name), squeezed(record.family_name))
    if record.born is None or "" in names or record.kind == "organisation":
        return ()
    return (*names, record.born.isoformat())
