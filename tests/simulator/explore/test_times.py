"""Waits lean to the durations of the order and to the edges of a day."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.clock import LONDON
from simulator.explore.times import WAIT_SECONDS_MAX, durations, until_edge_seconds, wait_seconds
from tests.simulator.explore.stories import order

#: The first example loads the lists of names.
NO_DEADLINE = settings(deadline=None)

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 3 * 365 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds))


def test_the_durations_are_those_of_the_order() -> None:
    """The quarter of an hour for a message, the fortnight of an invitation, the 28 days."""
    assert {15 * 60, 14 * 86_400, 28 * 86_400} <= set(durations(order()))
    assert max(durations(order())) <= WAIT_SECONDS_MAX


@NO_DEADLINE
@given(seed=st.integers(0, 1000))
def test_every_wait_lets_time_pass(seed: int) -> None:
    """A wait is at least a second, and no longer than the longest duration and a little."""
    draw = Random(seed)  # noqa: S311  it is no secret
    assert 1 <= wait_seconds(draw, order()) <= WAIT_SECONDS_MAX + 3_600


@NO_DEADLINE
@given(seed=st.integers(0, 1000), now=MOMENTS)
def test_edges_of_a_day_are_met_within_a_minute(seed: int, now: datetime) -> None:
    """After the wait it is midnight, or quiet hours begin or end, give or take a minute."""
    draw = Random(seed)  # noqa: S311  it is no secret
    at = now + timedelta(seconds=until_edge_seconds(draw, order(), now))
    local = at.astimezone(LONDON)
    minutes = local.hour * 60 + local.minute + local.second / 60
    edges = (0, 24 * 60, 8 * 60, 21 * 60)
    # The clocks may change in between: an hour more or less, and it is an edge by the clock still.
    assert min(abs(minutes - edge) for edge in edges) <= 61 or now.utcoffset() != at.utcoffset()
