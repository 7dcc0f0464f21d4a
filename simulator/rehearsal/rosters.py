"""When each officer is at work: a cycle of shifts, rest days, and weeks of leave.

Officers start the cycle on different days, so that some are always at work.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Annotated, TypeAlias

from msgspec import Meta

from simulator.clock import LONDON
from simulator.files.checked_toml import Share, Sourced
from simulator.streams import Occasions

Hour: TypeAlias = Annotated[int, Meta(ge=0, le=24)]
# Nobody is off work for longer with a share of leave of at most this.
_DAYS_MAX = 3660
LEAVE_SHARE_MAX = 0.9


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

    def done_at(self, officer: int, begins: datetime, work: timedelta) -> datetime:
        """Find when work that an officer begins is done: it goes on in the next shift."""
        moment = begins
        while True:
            at_work, ends = self._shift_from(officer, moment)
            if at_work + work <= ends:
                return at_work + work
            work -= ends - at_work
            moment = ends

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


@cache
def _at(day: date, hour: int) -> datetime:
    day, hour = (day + timedelta(days=1), 0) if hour == 24 else (day, hour)
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON).astimezone(UTC)
