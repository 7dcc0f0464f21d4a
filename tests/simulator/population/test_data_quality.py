"""The records of a rehearsal: rates, independence, and that no real person is reached."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from simulator.neighbours.gateway.notify_recipients import InvalidRecipient, mailbox, phone
from simulator.population.data_quality import GROUPS, record_with_faults
from simulator.population.drama_numbers import MAGIC_MOBILES, NONE, mobile_phone
from simulator.population.faults.kinds import KINDS, Has, of_group
from simulator.population.faults.rates import FaultRates
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

    mobile: NDArray[np.int16]
    has_email: NDArray[np.bool_]

    @classmethod
    def of(cls, count: int) -> "Crowd":
        """Make a crowd of this size."""
        rows = np.arange(count)
        mobile = np.where(rows % 9 == 8, NONE, 4 + rows % 90).astype(np.int16)
        return cls(mobile, rows % 7 != 6)

    def spoilable(self) -> NDArray[np.uint8]:
        """Say what can be spoilt."""
        rows = np.arange(len(self.mobile))
        return (
            np.where(self.mobile != NONE, Has.MOBILE, 0)
            | np.where(self.has_email, Has.EMAIL, 0)
            | np.where(rows % 2 == 1, Has.LANDLINE, 0)
        ).astype(np.uint8)

    def person(self, i: int) -> Somebody:
        """Give one of them."""
        given_name, _, family_name = NAMES[i % len(NAMES)].partition(" ")
        email = f"person{i}@example.com" if self.has_email[i] else ""
        landline = f"0118496{i % 1000:04d}" if i % 2 else ""
        mobile = mobile_phone(int(self.mobile[i]))
        born = date(1950, 1, 1) + timedelta(days=97 * (i % 200))
        return Somebody(given_name, family_name, mobile, landline, email, born)


def recorded(count: int, *, seed: int = 1, rates: FaultRates = RATES) -> Recorded:
    """Record people with faults, all in the first week."""
    weeks = np.ones(count, np.int16)
    return record_with_faults(Crowd.of(count), weeks, rates=rates, streams=Streams(seed))


def is_nobodys(written: str) -> bool:
    """Say whether nothing can be sent there, or only to what is kept for drama and examples."""
    for read in (phone, mailbox):
        try:
            return Recipients().is_nobodys(read(written).address)
        except InvalidRecipient:
            continue
    return True


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_no_address_can_be_somebodys(seed: int) -> None:
    """Wrong numbers are for drama or cannot be dialled, and wrong email domains are reserved."""
    record = recorded(200, seed=seed, rates=only(evenly(), names=0.3, **MANY))
    for i in range(len(record)):
        written = record.record(i)
        for field in (written.mobile_phone, written.other_phone, written.email):
            assert is_nobodys(field)
    assert not set(record.mobile_of.tolist()) & MAGIC_MOBILES


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_faults_say_what_is_wrong(seed: int) -> None:
    """A fault is named if and only if the record differs from the truth in its fields."""
    record = recorded(200, seed=seed, rates=only(evenly(), names=0.3, **MANY))
    for i in range(len(record)):
        written, true = record.record(i), Crowd.of(200).person(i)
        spelt = mobile_phone(int(record.people.mobile[i]), spelling=int(record.spelling[i]))
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

    def spoilable(self) -> NDArray[np.uint8]:
        """Say so."""
        return np.full(len(self.mobile), 255, np.uint8)


@pytest.mark.parametrize("kind", [each.name for each in of_group(*GROUPS)])
def test_each_kind_comes_as_often_as_asked(kind: str) -> None:
    """One kind alone comes at its rate and as itself; but no drama number has a digit twice."""
    rates = {"names": 0.2, kind: 1.0} if kind in RATES.names else {kind: 0.2}
    of = Crowd.of(3_000)
    record = record_with_faults(
        Everything(of.mobile, of.has_email),
        np.ones(3_000, np.int16),
        rates=only(evenly(), **rates),
        streams=Streams(5),
    )
    written = "digit_lost" if kind == "digit_doubled" else kind
    of_kind = sum(record.faults(i) == (written,) for i in range(3_000))

    assert abs(of_kind - 600) < 5 * 22


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


def test_whose_number_it_is() -> None:
    """A number that somebody else may hold is known, and the words have it."""
    record = recorded(2_000, rates=only(evenly(), digit_wrong=0.2, partners_number=0.2))
    found = 0
    for i in range(2_000):
        number = record.reaches_mobile(i)
        named = set(record.faults(i)) & set(NUMBERS_OF_OTHERS)

        assert bool(named) == (number != NONE)
        if number != NONE:
            found += 1
            assert record.record(i).mobile_phone == mobile_phone(number)
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
