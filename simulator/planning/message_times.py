"""When the order lets a message go: quiet hours, bundling, the weekly limit, the Code's deadline.

Whole seconds after a London midnight. A reading of the order of its own: the portal has another.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from simulator.clock import LONDON
from simulator.force.london_days import LondonDays
from simulator.inputs.order import Order

DAY = 86_400
WEEK = 7 * DAY
#: News that must be told goes out so long before quiet hours, at the latest.
_BEFORE_QUIET = timedelta(minutes=15)


class MessageTimes:
    """The times of one order from `start`, a London midnight in UTC, for so many days."""

    def __init__(self, order: Order, start: datetime, days: int) -> None:
        self._days = LondonDays.of(start, days).midnights.tolist()
        first = start.astimezone(LONDON).date()
        dates = [first + timedelta(days=each) for each in range(days)]
        messages = order.messages
        quiet_until, quiet_from = messages.quiet_until, messages.quiet_from

        def seconds(day_of: int, at: time) -> int:
            moment = datetime.combine(dates[day_of], at, tzinfo=LONDON).astimezone(UTC)
            return int((moment - start).total_seconds())

        self._opens = [seconds(each, quiet_until) if quiet_until else 0 for each in range(days)]
        self._closes = [
            seconds(each, quiet_from) if quiet_from else self._days[each + 1]
            for each in range(days)
        ]
        self._is_ever_quiet = quiet_from is not None
        self._told_by = [
            [_told_by(order, day, start, is_enhanced=is_enhanced) for day in dates]
            for is_enhanced in (False, True)
        ]
        self.bundle_seconds = 60 * messages.bundle_minutes
        self.per_week_max = messages.per_week_max
        self._is_rolling = messages.week == "rolling"
        self._dates = dates

    def send_at(self, at: int) -> int:
        """Find when a message due at `at` may go: at once, or when quiet hours end."""
        if not self._is_ever_quiet:
            return at
        day = bisect_right(self._days, at) - 1
        if at < self._opens[day]:
            return self._opens[day]
        return at if at < self._closes[day] else self._opens[day + 1]

    def told_by(self, happened_at: int, *, is_enhanced: bool) -> int:
        """Find by when news is to be told, so that the Victims' Code's deadline is kept."""
        return self._told_by[is_enhanced][bisect_right(self._days, max(happened_at, 0)) - 1]

    def with_room(self, at: int, counted: Sequence[int]) -> int:
        """Find the first time from `at` on at which the weekly limit lets another message go.

        `counted` are the times of the messages that count to it, sent or waiting.
        """
        if not self._is_rolling:
            return self._monday_with_room(at, counted)
        if self._has_room(at, counted):
            return at
        later = sorted(each + WEEK for each in counted if each + WEEK > at)
        return next(each for each in later if self._has_room(each, counted))

    def _has_room(self, at: int, counted: Sequence[int]) -> bool:
        """Return whether every week that holds `at`, and ends with a message, keeps the limit."""
        limit = self.per_week_max
        if len(counted) < limit:
            return True
        ends = [at, *(each for each in counted if at <= each < at + WEEK)]
        return all(sum(end - WEEK < each <= end for each in counted) < limit for end in ends)

    def _monday_with_room(self, at: int, counted: Sequence[int]) -> int:
        mondays = [self._monday(each) for each in counted]
        first = monday = self._monday(self.send_at(at))
        while mondays.count(monday) >= self.per_week_max:
            monday += 7
        return at if monday == first else self._days[monday]

    def _monday(self, at: int) -> int:
        """Find the place of the Monday that begins the week of a time; below 0 before the start."""
        day = bisect_right(self._days, at) - 1
        return day - self._dates[day].weekday()


def _told_by(order: Order, day: date, start: datetime, *, is_enhanced: bool) -> int:
    noon = datetime.combine(day, time(12), tzinfo=LONDON)
    count = order.deadlines.working_days_at(noon, is_enhanced=is_enhanced)
    last = order.working_days.after(noon.date(), count)
    ends = order.messages.quiet_from or time(23, 59)
    by = datetime.combine(last, ends, tzinfo=LONDON).astimezone(UTC) - _BEFORE_QUIET
    return int((by - start).total_seconds())
