"""Drama numbers: every spelling means the same number, and wrong ones belong to nobody."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.population.drama_numbers import (
    MAGIC_MOBILES,
    NONE,
    ORDINARY_MOBILES,
    SPELLINGS,
    landline,
    mobile_phone,
    other_mobile,
)

NUMBERS = st.sampled_from(ORDINARY_MOBILES)
HOW = st.integers(0, 2**31)


@given(number=NUMBERS, spelling=st.integers(0, SPELLINGS - 1))
def test_spellings_mean_the_same(number: int, spelling: int) -> None:
    """Every spelling of a mobile normalises to the same number."""
    written = phonenumbers.parse(mobile_phone(number, spelling=spelling), "GB")

    assert f"+447700900{number:03d}" == phonenumbers.format_number(
        written, phonenumbers.PhoneNumberFormat.E164
    )


@pytest.mark.parametrize("transposed", [False, True])
@given(number=NUMBERS, how=HOW)
def test_a_wrong_mobile_is_another_drama_mobile(number: int, how: int, *, transposed: bool) -> None:
    """A slip of the pen leads to another number of the range, and never to one Notify acts on."""
    other = other_mobile(number, transposed=transposed, how=how)

    assert other != number
    assert 0 <= other <= 999
    assert other not in MAGIC_MOBILES


@given(number=NUMBERS, how=HOW)
def test_a_digit_wrong_is_one_digit_wrong(number: int, how: int) -> None:
    """Two numbers that differ by a wrong digit differ in exactly one place."""
    other = f"{other_mobile(number, transposed=False, how=how):03d}"

    assert sum(a != b for a, b in zip(f"{number:03d}", other, strict=True)) == 1


def test_transposing_keeps_the_digits() -> None:
    """Where two digits can change places, the number keeps all its digits."""
    for how in range(10):
        assert sorted("123") == sorted(f"{other_mobile(123, transposed=True, how=how):03d}")


@pytest.mark.parametrize("number", [555, 10, 100])
def test_a_digit_is_wrong_if_transposing_changes_nothing(number: int) -> None:
    """With equal digits, or only Notify's own numbers possible, one digit is wrong instead."""
    others = {other_mobile(number, transposed=True, how=how) for how in range(30)}

    assert number not in others
    assert not others & MAGIC_MOBILES


def test_landlines_lie_in_two_ranges() -> None:
    """Landlines run through Reading's drama range, then through the one of no place."""
    assert landline(0) == "01184960000"
    assert landline(999) == "01184960999"
    assert landline(1000) == "01632960000"
    assert landline(1999) == "01632960999"
    assert landline(NONE) == mobile_phone(NONE) == ""
