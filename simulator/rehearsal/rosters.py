"""When each officer is at work: a cycle of shifts, rest days, and weeks of leave.

Officers start the cycle on different days, so that some are always at work.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Annotated, TypeAlias

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from simulator.clock import LONDON
from simulator.files.checked_toml import Share, Sourced
from simulator.force.london_days import Seconds
from simulator.streams import Occasions

Hour: TypeAlias = Annotated[int, Meta(ge=0, le=24)]
# Nobody is off work for longer with a share of leave of at most this.
_DAYS_MAX = 3660
LEAVE_SHARE_MAX = 0.9
_DAY_SECONDS = 86_400


class Shifts(Sourced, frozen=True, kw_only=True):
    """The hours of each day of a cycle, London time, such as [8, 16]; [] for a rest day."""

    cycle: tuple[tuple[Hour, ...], ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        for day, hours in enumerate(self.cycle):
            if hours and not (len(hours) == 2 and hours[0] < hours[1]):
                raise ValueError(
                    f"cycle: {list(hours)} on day {day + 1}; give [from, to], or [] for a rest day"
                )
        if not any(self.cycle):
            raise ValueError("cycle: nobody ever works; give at least one day [from, to]")


@dataclass(frozen=True)
class Roster:
    """When officers, who are numbered, are at work. `draws` decides their weeks of leave."""

    shifts: Shifts
    leave: Share
    draws: Occasions

    def next_at_work(self, officer: int, moment: datetime) -> datetime:
        """Find the first moment from `moment` on at which an officer is at work."""
        begins, _ends = self._shift_from(officer, moment)
        return begins

    def is_on_leave(self, officer: int, day: date) -> bool:
        """Say whether an officer is on leave on a day: they are for whole weeks."""
        year, week, _weekday = day.isocalendar()
        return self.draws.uniform(officer, "leave", year, week) < self.leave.value

    def _shift_from(self, officer: int, moment: datetime) -> tuple[datetime, datetime]:
        """Find the rest of the shift at `moment`, or the next one."""
        # A shift that ends at midnight has no time left on the next day.
        first = moment.astimezone(LONDON).date()
        for number in range(_DAYS_MAX):
            day = first + timedelta(days=number)
            hours = self.shifts.cycle[(day.toordinal() + officer) % len(self.shifts.cycle)]
            if not hours or self.is_on_leave(officer, day):
                continue
            begins, ends = (_at(day, hour) for hour in hours)
            if ends > moment:
                return max(begins, moment), ends
        raise AssertionError("leave is never a whole ten years")


class DutyTimes:
    """The shifts of each officer of a roster from `start` to `ends`, in seconds after `start`."""

    def __init__(self, roster: Roster, start: datetime, ends: int) -> None:
        self._roster = roster
        self._ends = ends
        first = start.astimezone(LONDON).date()
        days = ends // _DAY_SECONDS + 2
        self._days = [first + timedelta(days=each) for each in range(days)]
        self._mondays = [day - timedelta(days=day.weekday()) for day in self._days[::7]]
        self._week = np.array([(first.weekday() + each) // 7 for each in range(days)])
        if self._week[-1] >= len(self._mondays):
            self._mondays.append(self._mondays[-1] + timedelta(weeks=1))
        self._start = start
        self._cycles: dict[int, tuple[Seconds, Seconds, NDArray[np.intp]]] = {}

    def of(self, officer: int) -> "DutyTime":
        """Give the time at work of one officer."""
        place = officer % len(self._roster.shifts.cycle)
        if place not in self._cycles:
            self._cycles[place] = self._cycle(place)
        begins, ends, weeks = self._cycles[place]
        on_leave = [self._roster.is_on_leave(officer, monday) for monday in self._mondays]
        there = ~np.array(on_leave)[weeks]
        return DutyTime(begins[there], ends[there], self._ends)

    def _cycle(self, place: int) -> tuple[Seconds, Seconds, NDArray[np.intp]]:
        """Give when shifts begin and end, and in which week, of those at a place of the cycle."""
        cycle = self._roster.shifts.cycle
        found = [
            (*(self._seconds(_at(day, hour)) for hour in hours), week)
            for day, week in zip(self._days, self._week.tolist(), strict=True)
            if (hours := cycle[(day.toordinal() + place) % len(cycle)])
        ]
        begins, ends, weeks = np.array(found, dtype=np.int64).reshape(-1, 3).T
        return np.maximum(begins, 0), np.maximum(ends, 0), weeks

    def _seconds(self, moment: datetime) -> int:
        return int((moment - self._start).total_seconds())


class DutyTime:
    """One officer's shifts: how long they were at work by a time, and when so much is worked."""

    def __init__(self, begins: Seconds, ends: Seconds, last: int) -> None:
        worked = np.cumsum(ends - begins)
        self._columns = begins, ends, np.concatenate(([0], worked))
        self._begins: list[int] = begins.tolist()
        self._ends: list[int] = ends.tolist()
        self._before: list[int] = [0, *worked.tolist()]
        self._last = last

    def worked_by(self, at: int) -> int:
        """Give the seconds at work until a time."""
        shift = bisect_right(self._begins, at) - 1
        if shift < 0:
            return 0
        return self._before[shift] + min(at, self._ends[shift]) - self._begins[shift]

    def worked_by_each(self, at: Seconds) -> Seconds:
        """Give the seconds at work until each of some times."""
        begins, ends, before = self._columns
        if not len(begins):
            return np.zeros(len(at), dtype=np.int64)
        shift = np.searchsorted(begins, at, side="right") - 1
        there = np.maximum(shift, 0)
        found: Seconds = before[there] + np.minimum(at, ends[there]) - begins[there]
        return np.where(shift < 0, 0, found)

    def when_worked(self, seconds: float) -> int:
        """Give when an officer has been at work for so long: after the end where it never is."""
        shift = max(0, bisect_left(self._before, seconds) - 1)
        if shift >= len(self._begins):
            return self._last + 1 + int(seconds - self._before[-1])
        return int(self._begins[shift] + seconds - self._before[shift])


@cache
def _at(day: date, hour: int) -> datetime:
    day, hour = (day + timedelta(days=1), 0) if hour == 24 else (day, hour)
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON).astimezone(UTC)
