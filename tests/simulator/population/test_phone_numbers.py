"""Numbers as people hold and write them, in either range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.portal.rules import contact_details
from simulator.judge.facts.contact_fields import as_mobile
from simulator.population.crowd_numbers import is_crowd_number, read_crowd_mobile
from simulator.population.drama_numbers import NONE, ORDINARY_MOBILES, SPELLINGS
from simulator.population.phone_numbers import (
    Numbers,
    slip_in_mobile,
    write_landline,
    write_mobile,
)

PLACES = {"drama": st.sampled_from(ORDINARY_MOBILES), "crowd": st.integers(0, 69_999_999)}


@pytest.mark.parametrize("numbers", PLACES)
@given(data=st.data(), spelling=st.integers(0, SPELLINGS - 1))
def test_every_spelling_is_read_as_one_number(
    numbers: Numbers, data: st.DataObject, spelling: int
) -> None:
    """By the judge, and by a portal that is told of a crowd's numbers."""
    place = data.draw(PLACES[numbers])
    plain = write_mobile(place, numbers)
    written = write_mobile(place, numbers, spelling=spelling)

    assert len(plain) == 11
    assert as_mobile(written) == plain
    assert contact_details.mobile(written, crowd=True) == plain
    if numbers == "crowd":
        assert read_crowd_mobile(written) == plain


@pytest.mark.parametrize("numbers", PLACES)
@pytest.mark.parametrize("kind", ["digit_wrong", "digits_transposed"])
@given(data=st.data(), how=st.integers(0, 2**31))
def test_a_slip_makes_another_number_of_the_range(
    kind: str, numbers: Numbers, data: st.DataObject, how: int
) -> None:
    """Somebody else may hold it."""
    place = data.draw(PLACES[numbers])
    slip = slip_in_mobile(place, numbers, kind, how)

    assert slip != place
    assert numbers != "crowd" or is_crowd_number(write_mobile(slip, numbers))


@pytest.mark.parametrize("numbers", PLACES)
def test_nobodys_number_is_blank(numbers: Numbers) -> None:
    """Nothing is written for a person without one."""
    assert write_mobile(NONE, numbers) == write_landline(NONE, numbers) == ""


def test_landlines_are_of_their_range() -> None:
    """Ofcom's for drama, or a crowd's."""
    assert write_landline(0, "drama") == "01184960000"
    assert write_landline(7, "crowd") == "04240000007"
