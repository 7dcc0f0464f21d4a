"""London days: they follow the clocks, and a move stays within the day or goes to the next."""

from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.force.london_days import LondonDays, drawn_seconds
from simulator.streams import Streams

DAYS = LondonDays.between(date(2026, 3, 27), date(2026, 4, 2))


def test_the_start_is_a_london_midnight_in_utc() -> None:
    """In summer London's midnight is 23:00 UTC the day before."""
    assert LondonDays.between(date(2026, 6, 1), date(2026, 6, 2)).start == datetime(
        2026, 5, 31, 23, tzinfo=UTC
    )


def test_the_day_the_clocks_go_forward_is_short() -> None:
    """29 March 2026 has 23 hours, and the days around it have 24."""
    hours = (np.diff(DAYS.midnights) // 3600).tolist()

    assert hours == [24, 24, 23, 24, 24, 24]


@given(day=st.integers(0, 5), second=st.integers(0, 86_399))
def test_every_second_is_within_its_day(day: int, second: int) -> None:
    """No second of a day falls outside it, however short the day."""
    moment = DAYS.at(np.array([day]), np.array([second]))[0]

    assert DAYS.midnights[day] <= moment < DAYS.midnights[day + 1]


@given(
    moment=st.integers(0, 5 * 86_400 - 3601),
    second=st.integers(0, 86_399),
    earlier=st.integers(0, 86_400),
)
def test_a_moved_moment_comes_after(moment: int, second: int, earlier: int) -> None:
    """A moved moment keeps its day, or goes to the next, to be later than the event before."""
    before = max(0, moment - earlier)
    moved = DAYS.moved(np.array([moment]), np.array([second]), not_before=np.array([before]))[0]
    day = np.searchsorted(DAYS.midnights, [moment, moved], side="right")

    assert moved > before
    assert day[1] - day[0] in {0, 1}


def test_hours_follow_their_weights() -> None:
    """An hour without weight has nothing; three times the weight has three times as much."""
    weights = (0.0, 1.0, 3.0, *[0.0] * 21)
    hours = drawn_seconds(Streams(1).for_("test"), weights, 40_000) // 3600

    assert set(hours.tolist()) == {1, 2}
    assert (hours == 2).mean() == pytest.approx(0.75, abs=0.01)
