"""Wrong dates of birth."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.population.faults.births import is_swappable, wrong_birth

BORN = st.dates(date(1920, 1, 1), date(2026, 5, 1))


@given(born=BORN)
def test_day_and_month_swap(born: date) -> None:
    """Swapped twice, it is the same day."""
    assume(is_swappable(born))
    wrong = wrong_birth("day_and_month_swapped", born)

    assert wrong is not None
    assert wrong != born
    assert wrong_birth("day_and_month_swapped", wrong) == born


@given(born=BORN)
def test_the_century_is_another(born: date) -> None:
    """A hundred years before or after, also for 29 February."""
    wrong = wrong_birth("century_wrong", born)

    assert wrong is not None
    assert abs(wrong.year - born.year) == 100


@pytest.mark.parametrize("born", [date(1980, 5, 5), date(1980, 5, 13)])
def test_what_cannot_swap(born: date) -> None:
    """The same day and month, or a day that is no month."""
    assert not is_swappable(born)


def test_a_missing_one() -> None:
    """Nothing is written."""
    assert wrong_birth("birth_missing", date(1980, 5, 5)) is None
