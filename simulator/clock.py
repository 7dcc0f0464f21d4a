"""The only module that asks the time of day, and the world's one clock, which SimPy keeps.

World time is whole seconds after `start`; moments are UTC.
"""

import math
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

import simpy

LONDON = ZoneInfo("Europe/London")
Now: TypeAlias = Callable[[], datetime]
#: What stands after a moment that is written for a person.
ZONE = " London time"


def in_london(at: datetime) -> str:
    """Write a moment for a person, with its time zone: 8 May 14:05 London time."""
    local = at.astimezone(LONDON)
    return f"{local.day} {local:%B %H:%M}{ZONE}"


def written_day(day: date) -> str:
    """Write a day as GOV.UK does: 8 May 2026."""
    return f"{day.day} {day:%B %Y}"


def wall_now() -> datetime:
    """Read the time of day, for security stamps by URL and for evidence."""
    return datetime.now(UTC)


def processor_seconds() -> float:
    """Read how long this process has had a core; other processes do not change it."""
    return time.process_time()


def wall_sleep(seconds: float) -> None:
    """Wait in real time: only for a portal that has no test clock."""
    time.sleep(seconds)


class WorldClock:
    """Virtual time: SimPy's seconds after `start`."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.env = simpy.Environment()

    @property
    def now(self) -> datetime:
        """World time, in UTC."""
        return self.start + timedelta(seconds=int(self.env.now))

    def seconds(self, at: datetime) -> int:
        """Whole seconds from the start to `at`."""
        return int((at - self.start).total_seconds())

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Call `act` at `when`, or now if that has passed."""
        wait = self.env.timeout(max(0, self.seconds(when) - int(self.env.now)))
        assert wait.callbacks is not None
        wait.callbacks.append(lambda _event: act())

    def run_to(self, when: datetime) -> None:
        """Do everything due up to and at `when`, and move time to `when`."""
        end = math.ceil((when - self.start).total_seconds())
        if end > self.env.now:
            self.env.timeout(end - self.env.now)
        while self.env.peek() <= end:
            self.env.step()

    @property
    def next_due(self) -> datetime | None:
        """When the next thing in the world is due."""
        peek = self.env.peek()
        return None if peek == float("inf") else self.start + timedelta(seconds=int(peek))
