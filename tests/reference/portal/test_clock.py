"""The two clocks: the time of day, and the one that a tester moves."""

from datetime import timedelta

import pytest
from freezegun import freeze_time

from reference.portal import clock
from tests.reference.portal.crimes import NOON


@freeze_time(NOON)
def test_the_system_clock_is_the_time_of_day_in_utc() -> None:
    """Nothing but this tells a live portal the time."""
    assert clock.SystemClock().now() == NOON
    assert clock.SystemClock().now().utcoffset() == timedelta(0)


def test_a_test_clock_goes_forward_only() -> None:
    """It may stand still, and never goes back."""
    moved = clock.TestClock(NOON)
    moved.move(NOON)
    moved.move(NOON + timedelta(seconds=1))

    with pytest.raises(ValueError, match="already"):
        moved.move(NOON)

    assert moved.now() == NOON + timedelta(seconds=1)
