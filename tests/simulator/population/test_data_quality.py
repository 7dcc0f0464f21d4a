"""The faults: their rates, their independence, and that no real person is ever reached."""

import math
import re
from collections import Counter
from dataclasses import dataclass

import msgspec
import numpy as np
import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from simulator.files.checked_toml import Share
from simulator.population.data_quality import record_with_faults
from simulator.population.drama_numbers import MAGIC_MOBILES, NONE, mobile_phone
from simulator.population.fault_rates import DataQualityParameters, read_data_quality_parameters
from simulator.population.recorded import EmailFault, NameFault, NumberFault, Recorded
from simulator.streams import Streams

PARAMETERS = read_data_quality_parameters()
RATES = [
    name
    for name in PARAMETERS.__struct_fields__
    if isinstance(getattr(PARAMETERS, name), Share)
    and name not in {"mobile_wrong_transposed", "email_wrong_reaches_another"}
]
NAMES = ("Susan Smith", "Tom Lee", "Mohammed Khan", "Zoe O'Neill", "Ann Ann", "Jo Li")


@dataclass(frozen=True)
class Somebody:
    """A person, for a test."""

    given_name: str
    family_name: str
    mobile_phone: str
    landline: str
    email: str


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

    def person(self, i: int) -> Somebody:
        """Give one of them."""
        given_name, _, family_name = NAMES[i % len(NAMES)].partition(" ")
        email = f"person{i}@example.com" if self.has_email[i] else ""
        landline = f"0118496{i % 1000:04d}" if i % 2 else ""
        return Somebody(given_name, family_name, mobile_phone(int(self.mobile[i])), landline, email)


def changed(**rates: float) -> DataQualityParameters:
    """Return the parameters with other rates."""
    shares = {name: Share(value, "share", assumed="a test") for name, value in rates.items()}
    return msgspec.structs.replace(PARAMETERS, **shares)


def recorded(
    count: int, *, seed: int = 1, parameters: DataQualityParameters = PARAMETERS
) -> Recorded:
    """Record people with faults."""
    return record_with_faults(Crowd.of(count), parameters=parameters, streams=Streams(seed))


def in_e164(number: str) -> str:
    """Normalise a number as a portal would."""
    parsed = phonenumbers.parse(number, "GB")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


PHONE = re.compile(r"[+(\d][\d ()+]*")


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), rate=st.sampled_from([0.05, 0.5, 1.0]))
def test_no_number_can_be_somebodys(seed: int, rate: float) -> None:
    """Wrong numbers are for drama or cannot be dialled, and wrong email domains are reserved."""
    record = recorded(120, seed=seed, parameters=changed(**dict.fromkeys(RATES, rate)))
    for i in range(len(record)):
        written = record.record(i)
        for field in (written.mobile_phone, written.other_phone):
            if PHONE.fullmatch(field):
                number = in_e164(field)
                drama = number.startswith(("+447700900", "+441184960")) and len(number) == 13
                too_short = number.startswith("+447") and len(number) == 12

                assert drama or too_short
            else:
                assert field == "" or field.endswith("@example.com")
        assert written.email == "" or written.email.endswith("@example.com")
    assert not set(record.mobile_written.tolist()) & MAGIC_MOBILES


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_faults_say_what_is_wrong(seed: int) -> None:
    """A fault is named if and only if the record differs from the truth in that way."""
    record = recorded(150, seed=seed, parameters=changed(**dict.fromkeys(RATES, 0.3)))
    crowd = record.people
    for i in range(len(record)):
        written, faults = record.record(i), record.faults(i)
        true = Crowd.of(150).person(i)
        names_right = (written.given_name, written.family_name) == (
            true.given_name,
            true.family_name,
        )
        assert names_right == ("name_wrong" not in faults)
        if not any(fault.startswith(("mobile", "email_in")) for fault in faults):
            if true.mobile_phone:
                assert in_e164(written.mobile_phone) == in_e164(true.mobile_phone)
            else:
                assert written.mobile_phone == ""
            assert written.other_phone == true.landline
        if not any(fault.startswith("email") for fault in faults):
            assert written.email == true.email
        if "mobile_missing" in faults:
            assert crowd.mobile[i] != NONE
            assert "7700" not in written.mobile_phone + written.other_phone
        if "mobile_in_other_field" in faults and "mobile_undialable" not in faults:
            assert in_e164(written.other_phone).startswith("+447700900")
        if "mobile_of_another" in faults:
            assert "mobile_in_other_field" in faults
        if {"mobile_wrong", "mobile_of_another"} & set(faults):
            assert record.mobile_written[i] not in {crowd.mobile[i], NONE}
        if "email_in_mobile_field" in faults:
            assert "@" in written.mobile_phone
            assert written.email == ""
        if "email_wrong" in faults:
            assert true.email not in {written.email, written.mobile_phone}


def test_without_faults_every_record_is_right() -> None:
    """At rates of 0 everything is written down correctly."""
    record = recorded(500, parameters=changed(**dict.fromkeys(RATES, 0.0)))

    assert {()} == {record.faults(i) for i in range(500)}
    for i in range(500):
        written, true = record.record(i), Crowd.of(500).person(i)

        assert written == type(written)(
            true.given_name, true.family_name, true.mobile_phone, true.landline, true.email
        )


@pytest.mark.parametrize("rate", [0.10, 0.6])
def test_the_share_of_wrong_names_is_the_rate(rate: float) -> None:
    """As many names are wrong, over all intakes, as the rate says."""
    record = recorded(40_000, parameters=changed(name_wrong=rate))
    share = (record.name != NameFault.NONE).mean()

    assert abs(share - rate) < 4 * math.sqrt(rate * (1 - rate) / 40_000)


def test_the_mix_of_wrong_names_is_kept() -> None:
    """Each way of getting a name wrong is as frequent as its weight, and every one occurs."""
    record = recorded(40_000, parameters=changed(name_wrong=1.0))
    weights = np.array(PARAMETERS.name_mix.weights)
    found = np.bincount(record.name, minlength=10)[1:] / 40_000

    assert np.abs(found - weights / weights.sum()).max() < 4 * math.sqrt(0.25 / 40_000)
    assert found.min() > 0


@pytest.mark.parametrize("changed_rate", RATES)
def test_one_rate_leaves_the_other_draws_unmoved(changed_rate: str) -> None:
    """Making one fault more frequent changes no other, unless they exclude each other."""
    others = {
        "name_wrong": "name",
        "mobile_in_other_field": "mobile_in_other_field",
        "email_in_mobile_field": "email_in_mobile_field",
    }
    rate = 2 * getattr(PARAMETERS, changed_rate).value
    one, other = recorded(2_000), recorded(2_000, parameters=changed(**{changed_rate: rate}))

    assert np.array_equal(one.intake, other.intake)
    for fault, column in others.items():
        same = getattr(one, column) == getattr(other, column)
        there = (one.number != NumberFault.MISSING) & (one.email != EmailFault.MISSING)
        there &= (other.number != NumberFault.MISSING) & (other.email != EmailFault.MISSING)
        moved_along = {"mobile_in_other_field": "email_in_mobile_field"}.get(fault)
        if changed_rate not in {fault, moved_along}:
            assert same[there].all()


def test_a_higher_rate_only_adds() -> None:
    """A name that is wrong at a low rate is wrong in the same way at a higher rate."""
    low, high = recorded(5_000), recorded(5_000, parameters=changed(name_wrong=0.5))
    wrong = low.name != NameFault.NONE

    assert wrong.any()
    assert np.array_equal(low.name[wrong], high.name[wrong])


def test_faults_come_together_at_a_bad_intake() -> None:
    """Wrong names are more frequent at the front counter than online."""
    record = recorded(60_000)
    online, counter = (list(PARAMETERS.intake).index(each) for each in ("online", "front_counter"))
    wrong = record.name != NameFault.NONE

    assert wrong[record.intake == online].mean() < wrong[record.intake == counter].mean() - 0.02


def test_some_wrong_addresses_reach_another() -> None:
    """A wrong address is another person's, or nobody's; both happen."""
    record = recorded(4_000, parameters=changed(email_wrong=0.5, email_missing=0, both_missing=0))
    owners = {Crowd.of(4_000).person(i).email: i for i in range(4_000)}
    reached: Counter[bool] = Counter()
    for i in np.flatnonzero(
        np.isin(record.email, (EmailFault.BOUNCES, EmailFault.REACHES_ANOTHER))
    ):
        written = record.record(int(i))
        address = written.email or written.mobile_phone
        reaches = bool(record.email[i] == EmailFault.REACHES_ANOTHER)

        assert owners.get(address, i) != i if reaches else address not in owners
        reached[reaches] += 1
    assert 0.1 < reached[True] / reached.total() < 0.2


def test_nobody_else_has_an_address() -> None:
    """With only one person, a wrong address can only bounce."""
    record = recorded(
        1,
        parameters=changed(
            email_wrong=1, email_wrong_reaches_another=1, email_missing=0, both_missing=0
        ),
    )

    assert record.email.tolist() == [EmailFault.BOUNCES]
    assert record.record(0).family_name


def test_seed_decides_everything() -> None:
    """One seed gives the same faults each time."""
    assert [recorded(60).record(i) for i in range(60)] == [
        recorded(60).record(i) for i in range(60)
    ]
