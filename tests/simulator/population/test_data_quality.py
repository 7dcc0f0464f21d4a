"""The records of a rehearsal: rates, independence, and that no real person is reached."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from simulator.neighbours.gateway.notify_recipients import InvalidRecipient, mailbox, phone
from simulator.population.data_quality import record_with_faults
from simulator.population.drama_numbers import MAGIC_MOBILES, NONE
from simulator.population.faults.kinds import KINDS, Has, of_group
from simulator.population.faults.rates import FaultRates
from simulator.population.phone_numbers import Numbers, write_mobile
from simulator.population.recorded import NUMBERS_OF_OTHERS, Recorded
from simulator.streams import Streams
from simulator.world.recipient_guard import Recipients
from tests.simulator.population.faults.changed_rates import RATES, evenly, only

NAMES = ("Susan Smith", "Tom Lee", "Mohammed Khan", "Zoe O'Neill", "Ann Ann", "Jo Li")
MANY = dict.fromkeys((each.name for each in of_group("birth", "moved", "mobile", "email")), 0.03)


@dataclass(frozen=True)
class Somebody:
    """A person, for a test."""

    given_name: str
    family_name: str
    mobile_phone: str
    landline: str
    email: str
    born: date


@dataclass(frozen=True)
class Crowd:
    """People, for a test: every ninth without a mobile, every seventh without an address."""

    mobile: NDArray[np.int32]
    has_email: NDArray[np.bool_]
    numbers: Numbers = "drama"

    @classmethod
    def of(cls, count: int, numbers: Numbers = "drama") -> "Crowd":
        """Make a crowd of this size."""
        rows = np.arange(count)
        mobile = np.where(rows % 9 == 8, NONE, 4 + rows % 90).astype(np.int32)
        return cls(mobile, rows % 7 != 6, numbers)

    def spoilable(self) -> NDArray[np.uint16]:
        """Say what can be spoilt."""
        return (
            np.where(self.mobile != NONE, Has.MOBILE, 0) | np.where(self.has_email, Has.EMAIL, 0)
        ).astype(np.uint16)

    def person(self, i: int) -> Somebody:
        """Give one of them."""
        given_name, _, family_name = NAMES[i % len(NAMES)].partition(" ")
        email = f"person{i}@example.com" if self.has_email[i] else ""
        landline = f"0118496{i % 1000:04d}" if i % 2 else ""
        mobile = write_mobile(int(self.mobile[i]), self.numbers)
        born = date(1950, 1, 1) + timedelta(days=97 * (i % 200))
        return Somebody(given_name, family_name, mobile, landline, email, born)


def recorded(
    count: int, *, seed: int = 1, rates: FaultRates = RATES, numbers: Numbers = "drama"
) -> Recorded:
    """Record people with faults, all in the first week."""
    weeks, crowd = np.ones(count, np.int16), Crowd.of(count, numbers)
    return record_with_faults(crowd, weeks, rates=rates, streams=Streams(seed))


def is_nobodys(written: str) -> bool:
    """Say whether nothing can be sent there, or only to what is kept for drama and examples."""
    for read in (phone, mailbox):
        try:
            return Recipients().is_nobodys(read(written).address)
        except InvalidRecipient:
            continue
    return True


def kinds_in(record: Recorded) -> list[str]:
    """List the kinds of fault in all rows."""
    return [kind for i in range(len(record)) for kind in record.faults(i)]


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), numbers=st.sampled_from(["drama", "crowd"]))
def test_no_address_can_be_somebodys(seed: int, numbers: Numbers) -> None:
    """Wrong numbers are for drama or cannot be dialled, and wrong email domains are reserved."""
    rates = only(evenly(), names=0.3, duplicate_person=0.2, **MANY)
    record = recorded(200, seed=seed, rates=rates, numbers=numbers)
    assert record.again is not None
    for each in (record, record.again):
        for i in range(len(each)):
            written = each.record(i)
            for field in (written.mobile_phone, written.other_phone, written.email):
                assert is_nobodys(field)
    if numbers == "drama":
        assert not set(record.mobile_of.tolist()) & MAGIC_MOBILES


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_faults_say_what_is_wrong(seed: int) -> None:
    """A fault is named if and only if the record differs from the truth in its fields."""
    record = recorded(200, seed=seed, rates=only(evenly(), names=0.3, **MANY))
    for i in range(len(record)):
        written, true = record.record(i), Crowd.of(200).person(i)
        held, spelling = int(record.people.mobile[i]), int(record.spelling[i])
        spelt = write_mobile(held, "drama", spelling=spelling)
        differs = {
            "given_name": written.given_name != true.given_name,
            "family_name": written.family_name != true.family_name,
            "date_of_birth": written.born != true.born,
            "mobile": written.mobile_phone != spelt,
            "landline": written.other_phone != true.landline,
            "email": written.email != true.email,
        }
        touched = {field for kind in record.faults(i) for field in KINDS[kind].fields}

        assert {field for field, is_so in differs.items() if is_so} <= touched
        for kind in record.faults(i):
            assert any(differs.get(field) for field in KINDS[kind].fields)


class Everything(Crowd):
    """People who have everything that a fault can spoil."""

    def spoilable(self) -> NDArray[np.uint16]:
        """Say so."""
        return np.full(len(self.mobile), 511, np.uint16)


@pytest.mark.parametrize("numbers", ["drama", "crowd"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_comes_as_often_as_asked(kind: str, numbers: Numbers) -> None:
    """One kind alone comes at its rate and as itself; but no drama number has a digit twice."""
    rates = {"names": 0.2, kind: 1.0} if kind in RATES.names else {kind: 0.2}
    of = Crowd.of(3_000, numbers)
    record = record_with_faults(
        Everything(np.maximum(of.mobile, 4), of.has_email, numbers),
        np.ones(3_000, np.int16),
        rates=only(evenly(), **rates),
        streams=Streams(5),
    )
    is_drama = numbers == "drama"
    written = "digit_lost" if kind == "digit_doubled" and is_drama else kind
    of_kind = sum(record.faults(i) == (written,) for i in range(3_000))

    assert abs(of_kind - 600) < 5 * 22


def test_a_digit_twice_is_written_twice() -> None:
    """A crowd's number with a digit too many is no digit short."""
    rates = only(evenly(), digit_doubled=0.3)
    record = recorded(300, rates=rates, numbers="crowd")
    rows = [i for i in range(300) if "digit_doubled" in record.faults(i)]

    assert len(rows) > 50
    assert {len(record.record(i).mobile_phone) for i in rows} == {12}


def test_an_omitted_person_has_no_other_fault() -> None:
    """Nobody wrote anything down of them."""
    rates = only(evenly(), omitted_person=0.3, birth_missing=0.5, wrong_role=0.5)
    record = recorded(1_000, rates=rates)
    rows = np.flatnonzero(record.omitted).tolist()

    assert len(rows) > 200
    assert {record.faults(i) for i in rows} == {("omitted_person",)}


def test_a_wrong_role_is_another_one() -> None:
    """A victim is recorded as a witness, or as who reported it."""
    record = recorded(1_000, rates=only(evenly(), wrong_role=0.3))
    roles = {record.role(i): "wrong_role" in record.faults(i) for i in range(1_000)}

    assert roles == {"victim": False, "witness": True, "reporter": True}


def test_a_second_record_has_faults_of_its_own() -> None:
    """It is of the same person; it is not omitted, nor recorded twice again."""
    rates = only(evenly(), names=0.5, duplicate_person=0.5, omitted_person=0.1)
    record = recorded(2_000, rates=rates)
    again = record.again
    assert again is not None
    rows = [i for i in range(2_000) if "duplicate_person" in record.faults(i)]

    assert len(rows) == len(again) > 800
    assert not {"omitted_person", "duplicate_person"} & set(kinds_in(again))
    wrong_in_both = 0
    for i in rows:
        found = record.second(i)
        assert found is not None
        place = found[1]
        assert again.people.person(place) == record.people.person(i)
        wrong_in_both += bool(again.faults(place)) and len(record.faults(i)) > 1
    assert 0.15 < wrong_in_both / len(rows) < 0.35


def test_other_kinds_stay_where_records_are_doubled_or_left_out() -> None:
    """Whole records that go wrong move no other kind's faults."""
    before, after = (
        recorded(1_000, rates=only(evenly(), birth_missing=0.3, duplicate_person=twice))
        for twice in (0, 0.4)
    )
    missing = [
        [i for i in range(1_000) if "birth_missing" in each.faults(i)] for each in (before, after)
    ]

    assert missing[0] == missing[1] != []


def test_nothing_is_wrong_without_faults() -> None:
    """With every rate at 0 the record is the truth."""
    record = recorded(500, rates=only())
    assert {()} == {record.faults(i) for i in range(500)}
    for i in range(500):
        written, true = record.record(i), Crowd.of(500).person(i)
        assert (written.given_name, written.born, written.email) == (
            true.given_name,
            true.born,
            true.email,
        )


@pytest.mark.parametrize("numbers", ["drama", "crowd"])
def test_whose_number_it_is(numbers: Numbers) -> None:
    """A number that somebody else may hold is known, and the words have it."""
    rates = only(evenly(), digit_wrong=0.2, partners_number=0.2)
    record = recorded(2_000, rates=rates, numbers=numbers)
    found = 0
    for i in range(2_000):
        number = record.reaches_mobile(i)
        named = set(record.faults(i)) & set(NUMBERS_OF_OTHERS)

        assert bool(named) == (number != NONE)
        if number != NONE:
            found += 1
            assert record.record(i).mobile_phone == write_mobile(number, numbers)
            assert number != record.people.mobile[i]
    assert found > 500


def test_whose_address_it_is() -> None:
    """Someone else's address is of a person who has one."""
    record = recorded(2_000, rates=only(evenly(), email_of_another=0.3))
    rows = [i for i in range(2_000) if record.reaches_email_of(i) != NONE]

    assert len(rows) > 300
    for i in rows:
        owner = record.reaches_email_of(i)
        assert owner != i
        assert record.record(i).email == record.people.person(owner).email


def test_recorded_births_as_columns() -> None:
    """The column of recorded dates is what each record has."""
    record = recorded(800, rates=only(evenly(), century_wrong=0.2, birth_missing=0.2))
    true = np.array([Crowd.of(800).person(i).born for i in range(800)], "datetime64[D]")

    assert record.born(true).tolist() == [record.record(i).born for i in range(800)]


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_people(count: int) -> None:
    """Nobody, or one alone, can be recorded."""
    assert len(recorded(count)) == count


def test_a_seed_gives_one_record() -> None:
    """The same seed writes the same words; another seed others."""
    once, again, other = (recorded(300, seed=seed) for seed in (4, 4, 5))
    words = [[each.record(i) for i in range(300)] for each in (once, again, other)]

    assert words[0] == words[1] != words[2]
