"""Amounts as people in Britain read them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.report import amounts


@pytest.mark.parametrize(
    ("fraction", "words"),
    [
        (1, "all"),
        (0.5, "1 in 2"),
        (0.05, "1 in 20"),
        (0.001, "1 in 1,000"),
        (0.3, "30.00%"),
        (0, "0.00%"),
    ],
)
def test_a_fraction_is_one_in_so_many_where_that_is_exact(fraction: float, words: str) -> None:
    """0.05 is 1 in 20; a percentage is written if no whole number is exact."""
    assert amounts.one_in(fraction) == words


@given(st.integers(2, 100_000))
def test_every_whole_fraction_is_named_by_its_number(every: int) -> None:
    """One over any whole number is 1 in that number."""
    assert amounts.one_in(1 / every) == f"1 in {every:,}"


def test_a_moment_is_in_london_time() -> None:
    """An hour later in summer, and on the next day after midnight in London."""
    assert amounts.moment(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == (
        "2 July 2026 00:30 London time"
    )
    in_winter = datetime(2026, 1, 1, 9, 5, tzinfo=UTC)
    assert amounts.moment(in_winter) == "1 January 2026 09:05 London time"


def test_days_have_no_leading_zero() -> None:
    """1 June, not 01 June."""
    assert amounts.day(date(2026, 6, 1)) == "1 June 2026"
    assert amounts.short_day(date(2026, 6, 1)) == "1 Jun 26"


def test_what_is_not_known_is_a_dash() -> None:
    """No hours, no seconds, and no share of nothing."""
    assert amounts.hours(None) == amounts.seconds(None) == amounts.share_of(3, 0) == "–"
    assert (amounts.hours(26.25), amounts.seconds(0.5)) == ("26.2 h", "0.50 s")


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1 harm"), (0, "0 harms"), (2, "2 harms"), (12_345, "12,345 harms")]
)
def test_one_thing_is_not_several(number: int, words: str) -> None:
    """One harm, two harms, no harms."""
    assert amounts.several(number, "harm") == words


@pytest.mark.parametrize(
    ("number", "words"), [(0.1, "0.1"), (360.0, "360"), (12_345.0, "12,345"), (0.0021, "0.0021")]
)
def test_a_value_is_as_short_as_it_can_be(number: float, words: str) -> None:
    """Whole numbers have no decimals, and others no zeros at the end."""
    assert amounts.value(number) == words
