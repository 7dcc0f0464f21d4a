"""The only place that asks the time of day, and the world's one clock, which SimPy keeps.

World time is whole seconds after `start`; moments are UTC, and a working day is London's.
"""

import math
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

import holidays
import simpy

LONDON = ZoneInfo("Europe/London")
Now: TypeAlias = Callable[[], datetime]


def wall_now() -> datetime:
    """Read the time of day, for security stamps by URL and for evidence."""
    return datetime.now(UTC)


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
        """Do `act` at `when`, or now if that has passed."""
        wait = self.env.timeout(max(0, self.seconds(when) - int(self.env.now)))
        assert wait.callbacks is not None
        wait.callbacks.append(lambda _event: act())

    def run_to(self, when: datetime) -> None:
        """Let all that is due up to and at `when` happen, and make it `when`."""
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


def is_working_day(day: date) -> bool:
    """Monday to Friday and not a bank holiday in England."""
    return day.weekday() < 5 and day not in _bank_holidays(day.year)


def working_days_after(moment: datetime, days: int) -> datetime:
    """Reckon a deadline: the end of the `days`-th working day after the London day of `moment`.

    The Victims' Code's own counting rule was not seen: the day itself is day 0 (assumed).
    """
    day = moment.astimezone(LONDON).date()
    left = days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=LONDON).astimezone(UTC)


def next_working_morning(moment: datetime, *, hour: int = 10) -> datetime:
    """Find the first time at or after `moment` that is `hour` o'clock on a London working day."""
    local = moment.astimezone(LONDON)
    day = local.date()
    while True:
        candidate = datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)
        if is_working_day(day) and candidate >= local:
            return candidate.astimezone(UTC)
        day += timedelta(days=1)


def next_on_working_day(moment: datetime, *, from_hour: int = 10, until_hour: int) -> datetime:
    """Find the first time at or after `moment` between two hours of a London working day."""
    local = moment.astimezone(LONDON)
    if is_working_day(local.date()) and from_hour <= local.hour < until_hour:
        return moment
    return next_working_morning(moment, hour=from_hour)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))
