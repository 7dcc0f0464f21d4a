"""A time of day that tests of the explorer set."""

from datetime import UTC, datetime, timedelta

BEGUN = datetime(2026, 6, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class FakeClock:
    """A clock that goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = BEGUN

    def __call__(self) -> datetime:
        """Read the time."""
        return self.now

    def go_on(self, seconds: float) -> None:
        """Let some seconds pass."""
        self.now += seconds * SECOND
