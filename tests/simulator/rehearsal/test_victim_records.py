"""Who the victims are, and which of two records a victim is known by."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from msgspec import structs

from simulator.evidence.records import PersonKnown
from simulator.population.crowd_numbers import NEW_FIRST, crowd_mobile, is_crowd_number
from simulator.rehearsal.victim_records import VictimRecords
from tests.simulator.rehearsal.test_casework import casework


class WorldOfRecords:
    """Notes whom it meets, and what they give up."""

    now = datetime(2026, 6, 1, tzinfo=UTC)

    def __init__(self) -> None:
        self.met: list[PersonKnown] = []
        self.given_up: list[tuple[str, str]] = []

    def meet(self, person: PersonKnown) -> None:
        """Note a person."""
        self.met.append(person)

    def give_up(self, person_id: str, address: str) -> None:
        """Note an address that somebody reads no more."""
        self.given_up.append((person_id, address))


@pytest.fixture
def world() -> WorldOfRecords:
    """A world that notes."""
    return WorldOfRecords()


@pytest.fixture
def records(world: WorldOfRecords) -> VictimRecords:
    """The records of a made-up population."""
    return VictimRecords(world, casework())  # type: ignore[arg-type]


def recorded_twice(records: VictimRecords) -> Iterator[tuple[int, str, str]]:
    """Give rows with two records that are both told, and a phone that only each of them has."""
    made = casework()
    for row in made.recorded.twice:
        first, second = made.victim(row), made.second_record(row)
        assert second is not None
        phones = first.record.mobile_phone, second.record.mobile_phone
        both = first.record.role == second.record.role == "victim"
        are_phones = all(re.fullmatch(r"0\d{10}", each) for each in phones)
        if not both or not are_phones or phones[0] == phones[1]:
            continue
        if made.is_told(row, first) and made.is_told(row, second):
            yield row, *phones


def test_each_person_is_met_once(world: WorldOfRecords, records: VictimRecords) -> None:
    """The first call puts a victim into the world, with both records of one recorded twice."""
    row = next(iter(casework().recorded.twice))
    assert records.victim(row) is records.victim(row)

    ids = [each.person_id for each in world.met if each.role != "stranger"]
    assert len(ids) == len(set(ids)) == 2
    assert all(records.recorded_as(each).person_id == each for each in ids)


def test_a_code_tells_by_which_record_a_victim_signs_in(records: VictimRecords) -> None:
    """It goes to the phone in that record, whatever mailbox both have."""
    row, phone, other = next(recorded_twice(records))
    first = records.victim(row)
    second = records.with_address(row, other)

    assert second.person_id == f"{first.person_id}-again"
    assert records.by_the_code(row, first, phone) is first
    assert records.by_the_code(row, first, other) is second
    assert records.by_the_code(row, second, phone) is first


def test_who_signed_in_last_is_known_by_that_record(records: VictimRecords) -> None:
    """Until then, and after a move, a victim is known by the first."""
    row, _phone, other = next(recorded_twice(records))
    first, second = records.victim(row), records.with_address(row, other)
    assert records.signed_in(row) is first

    records.note_signed_in(row, second)
    assert records.signed_in(row) is second

    records.moved(row)
    assert records.signed_in(row).person_id == first.person_id


def test_who_moves_reads_the_new_mailbox_alone(
    world: WorldOfRecords, records: VictimRecords
) -> None:
    """The old one is given up. Once the force is told, the record has the new one alone anew."""
    row = next(r for r in range(200) if casework().victim(r).known.email)
    before = records.victim(row)
    old, new = records.moved(row)

    assert world.given_up == [(before.person_id, old)] == [(before.person_id, before.known.email)]
    assert records.victim(row).known.email == new != old
    record = records.told_of_move(row)
    assert record == structs.replace(before.record, email=new)
    assert records.died(row) == structs.replace(record, has_died=True)


def test_who_has_another_mobile_is_written_down_with_the_old_until_they_tell(
    world: WorldOfRecords, records: VictimRecords
) -> None:
    """The new number is nobody else's, and the old one does not reach them."""
    row = next(r for r in range(200) if casework().victim(r).known.mobile_phone)
    before = records.victim(row)
    old, new = records.moved(row, is_mobile=True)

    assert (old, new) == (before.known.mobile_phone, crowd_mobile(NEW_FIRST + row))
    assert is_crowd_number(new)
    assert world.given_up == [(before.person_id, old)]
    assert records.died(row).mobile_phone == before.record.mobile_phone
    told = records.told_of_move(row)
    assert told is not None
    assert told.mobile_phone == new


def test_an_address_that_an_officer_wrote_down_is_not_told_again(records: VictimRecords) -> None:
    """Where the record has the new one already, nothing changes."""
    row = next(r for r in range(200) if casework().victim(r).known.email)
    _old, new = records.moved(row)
    records.note_corrected(structs.replace(records.victim(row).record, email=new))

    assert records.told_of_move(row) is None


def test_an_address_in_the_other_record_is_right_elsewhere(records: VictimRecords) -> None:
    """A wrong number in one record loses nothing where the other has the right one."""
    right = {}
    for row, phone, other in recorded_twice(records):
        victim = records.victim(row)
        second = records.with_address(row, other)
        # They share their mailbox: without it, only the phones are left.
        for each in (victim, second):
            records.note_corrected(structs.replace(each.record, email=""))
        right[victim.person_id] = other in victim.addresses
        right[second.person_id] = phone in victim.addresses

    assert {True, False} == set(right.values())
    assert {each: records.is_right_elsewhere(each) for each in right} == right
