"""Who is told of a crime for each of its people, by the judge's own reading of the records.

A victim is told, or whom an officer decided on and wrote down. Never who reported or saw it, nobody
who has died, nor anybody whom something forbids that stands in another crime or record of theirs.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from msgspec import structs

from reference.contract.events import CrimeRecorded, Role, ToldInstead, VictimRecord
from reference.contract.messages import TaskKind
from simulator.clock import LONDON
from simulator.inputs.order import Order
from simulator.judge.facts.contact_fields import addresses_in

NO_VICTIM = "no victim of it, but a"
DIED = "the victim has died, and nobody was named to be told instead"
NO_CONTACT = "an organisation for which nobody was named"
UNDECIDED = "an officer decided that somebody else is told, and named nobody"
NOBODY = "an officer decided that nobody is told"
OF_AGE = "the victim came of age, and whoever was told for them is no longer"
SUSPECT = "the victim is a suspect in a linked crime"
POLICE = "the victim works for the police"
ELSEWHERE = "another crime or record of the same person forbids it"

#: What a person at the force then has to do, and by which requirement.
TASKS: dict[str, tuple[TaskKind, str]] = {
    DIED: ("who_is_told", "SAFE-03"),
    SUSPECT: ("sensitive_contact", "SAFE-04"),
    OF_AGE: ("who_is_told", "SAFE-05"),
    ELSEWHERE: ("sensitive_contact", "SAFE-06"),
    NO_CONTACT: ("who_is_told", "WHO-03"),
    POLICE: ("sensitive_contact", "WHO-04"),
}
_BROKEN_BY_TELLING = {why: requirement for why, (_, requirement) in TASKS.items()}
_UNDER = "under "


def requirement_of(exclusion: str) -> str:
    """Say which requirement is broken by telling somebody all the same ("" for none of these)."""
    if exclusion.startswith(NO_VICTIM):
        return "WHO-01"
    return "SAFE-05" if exclusion in (NOBODY, UNDECIDED) else _BROKEN_BY_TELLING.get(exclusion, "")


def task_for(exclusion: str) -> tuple[TaskKind, str] | None:
    """Say what somebody at the force must be asked then, and by which requirement."""
    if exclusion.startswith(_UNDER) or exclusion == UNDECIDED:
        return "who_is_told", "SAFE-05"
    return TASKS.get(exclusion)


def told_by(record: VictimRecord) -> str:
    """Say by which requirement another is told in a victim's place."""
    if record.has_died:
        return "SAFE-03"
    return "WHO-02" if record.kind == "organisation" else "SAFE-05"


def as_told(record: VictimRecord) -> VictimRecord:
    """Give a record with the name, the addresses and the wishes of whoever is told."""
    told = told_instead(record)
    if told is None:
        return record
    return structs.replace(
        record,
        given_name=told.given_name,
        family_name=told.family_name,
        mobile_phone=told.mobile_phone,
        other_phone=told.other_phone,
        email=told.email,
        preferred_channels=told.preferred_channels,
        safe_to_contact=told.safe_to_contact,
    )


def told_instead(record: VictimRecord) -> ToldInstead | None:
    """Find whom an officer named to be told in a victim's place."""
    return record.told_instead if record.who_is_told == "another" else None


def is_somebody_else(before: VictimRecord, after: VictimRecord) -> bool:
    """Say whether another person is told from now on."""
    names = [
        told and (_plain(told.given_name), _plain(told.family_name))
        for told in (told_instead(before), told_instead(after))
    ]
    return names[0] != names[1]


def not_to(record: VictimRecord) -> set[str]:
    """Find the addresses of a victim in whose place another is told: nothing goes there."""
    told = told_instead(record)
    return set() if told is None else addresses_in(record) - addresses_in(as_told(record))


def comes_of_age(record: VictimRecord, order: Order) -> date | None:
    """Find the day from which nobody else is told for somebody who was under age."""
    is_another = told_instead(record) is not None
    if record.born is None or not is_another or record.has_died or record.kind == "organisation":
        return None
    year = record.born.year + order.eligibility.age_min_years
    try:
        return record.born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


@dataclass
class Standing:
    """What is written down of each person, in all their records and crimes."""

    order: Order
    _records: dict[str, VictimRecord] = field(default_factory=dict)
    _said_at: dict[str, datetime] = field(default_factory=dict)
    _marked: dict[str, set[str]] = field(default_factory=dict)
    _alike: dict[tuple[str, ...], set[str]] = field(default_factory=dict)

    def write(self, record: VictimRecord, said_at: datetime) -> bool:
        """Learn what is written down of a person; False where something newer was known."""
        if said_at < self._said_at.get(record.person_id, said_at):
            return False
        self._said_at[record.person_id] = said_at
        self._records[record.person_id] = record
        self._alike.setdefault(_likeness(record), set()).add(record.person_id)
        return True

    def of(self, person_id: str) -> VictimRecord:
        """Give what is written down of a person."""
        return self._records[person_id]

    def mark(self, crime: CrimeRecorded, person_id: str, role: Role) -> None:
        """Learn how a crime is marked of which somebody is a victim, or no longer is."""
        markers = set(self.order.eligibility.safeguarding_of_the_person)
        crimes = self._marked.setdefault(person_id, set())
        crimes.discard(crime.crime_reference)
        if role == "victim" and markers.intersection(crime.safeguarding):
            crimes.add(crime.crime_reference)

    def alike(self, person_id: str) -> list[str]:
        """List the records that are taken for one person's: that name, and that date of birth."""
        key = _likeness(self._records[person_id])
        others = self._alike.get(key, set()) if key else set()
        return sorted({person_id} | {e for e in others if _likeness(self._records[e]) == key})

    def why_not(self, crime: CrimeRecorded, record: VictimRecord, at: datetime) -> str:
        """Say why nobody is told of a crime for one of its people at a moment ("" where one is)."""
        anybody = VictimRecord(person_id=record.person_id, safe_to_contact=True)
        if why := self._of_crime(crime, anybody):
            return why
        if record.role != "victim":
            return f"{NO_VICTIM} {record.role}"
        for is_so, why in (
            (record.is_suspect_in_linked_crime, SUSPECT),
            (record.is_police_employee, POLICE),
            (self._is_forbidden_elsewhere(crime.crime_reference, record.person_id), ELSEWHERE),
            (record.who_is_told == "nobody", NOBODY),
            (record.has_died and told_instead(record) is None, DIED),
            (record.kind == "organisation" and told_instead(record) is None, NO_CONTACT),
            (record.who_is_told == "another" and record.told_instead is None, UNDECIDED),
            (self._is_of_age_now(crime, record, at), OF_AGE),
        ):
            if is_so:
                return why
        is_decided = record.who_is_told is not None
        told = as_told(record)
        return self._of_crime(crime, structs.replace(told, born=None) if is_decided else told)

    def _of_crime(self, crime: CrimeRecorded, record: VictimRecord) -> str:
        of_one = structs.replace(crime, victims=(record,))
        return self.order.exclusion(of_one, record.person_id)

    def _is_of_age_now(self, crime: CrimeRecorded, record: VictimRecord, at: datetime) -> bool:
        day = comes_of_age(record, self.order)
        was_child = day is not None and crime.recorded_at.astimezone(LONDON).date() < day
        return was_child and day is not None and at.astimezone(LONDON).date() >= day

    def _is_forbidden_elsewhere(self, reference: str, person_id: str) -> bool:
        if self._marked.get(person_id, set()) - {reference}:
            return True
        others = [each for each in self.alike(person_id) if each != person_id]
        return any(_is_flagged(self._records[each]) or self._marked.get(each) for each in others)


def _is_flagged(record: VictimRecord) -> bool:
    return (
        record.safe_to_contact is False
        or record.has_died
        or record.is_suspect_in_linked_crime
        or record.is_police_employee
    )


def _likeness(record: VictimRecord) -> tuple[str, ...]:
    """Give what records of one person share: nothing where a name or the birthday is missing."""
    names = (_plain(record.given_name), _plain(record.family_name))
    if record.born is None or "" in names or record.kind == "organisation":
        return ()
    return (*names, record.born.isoformat())


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
