"""The portal's clock: the time of day, or the time a tester set; and the limit of a wait."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """A source of the time."""

    def now(self) -> datetime:
        """Return the time, in UTC."""


class SystemClock:
    """The time of day."""

    def now(self) -> datetime:
        """Return the time of day, in UTC."""
        return datetime.now(UTC)


class TestClock:
    """A clock that a tester moves, and only forward."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """Return the time the tester set."""
        return self._now

    def move(self, now: datetime) -> None:
        """Go forward to `now`; raises ValueError when that has passed."""
        if now < self._now:
            raise ValueError(f"it is already {self._now.isoformat()}")
        self._now = now


def within(seconds: float) -> AbstractAsyncContextManager[object]:
    """Limit the wait inside; raises TimeoutError.

    A caller in this process steps the portal by hand, where nothing can wait.
    """
    return asyncio.timeout(seconds) if is_served() else nullcontext()


def is_served() -> bool:
    """Tell whether a server waits for the answer, and not a caller in this process."""
    try:
        return asyncio.current_task() is not None
    except RuntimeError:
        return False
