"""The working days of an order: Monday to Friday in London, without its bank holidays.

Features, judge, checks and the portal's operator all count by the order's list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from simulator.clock import LONDON

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Days on which the force works. `day in working_days` says whether a day is one of them."""

    bank_holidays: tuple[date, ...]

    def __contains__(self, day: date) -> bool:
        return day.weekday() < _SATURDAY and day not in self.bank_holidays

    def after(self, day: date, count: int) -> date:
        """Find the `count`-th working day after `day`, which is day 0 (0 gives `day` itself).

        That the day itself is day 0 is assumed: the Victims' Code does not say how to count.
        """
        left = count
        while left:
            day += _DAY
            left -= day in self
        return day

    def deadline(self, moment: datetime, count: int) -> datetime:
        """Find the midnight, in UTC, that ends the `count`-th working day after a moment's own."""
        last = self.after(moment.astimezone(LONDON).date(), count)
        return datetime.combine(last + _DAY, time(), tzinfo=LONDON).astimezone(UTC)

    def earliest_deadline(self, moment: datetime, count: int) -> datetime:
        """Find the same time of day, in UTC, on the `count`-th working day; its own day counts.

        The strictest fair reading of a deadline in working days; `deadline` is the most lenient.
        """
        local = moment.astimezone(LONDON)
        last = self.after(local.date(), count - (local.date() in self))
        return datetime.combine(last, local.time(), tzinfo=LONDON).astimezone(UTC)

    def next_morning(self, moment: datetime, *, hour: int = 10) -> datetime:
        """Find the first time at or after `moment` that is `hour` o'clock on a working day."""
        local = moment.astimezone(LONDON)
        day = local.date()
        while True:
            morning = datetime.combine(day, time(hour), tzinfo=LONDON)
            if day in self and morning >= local:
                return morning.astimezone(UTC)
            day += _DAY

    def next_between(self, moment: datetime, *, from_hour: int = 10, until_hour: int) -> datetime:
        """Find the first time at or after `moment` between two hours of a working day."""
        local = moment.astimezone(LONDON)
        if local.date() in self and from_hour <= local.hour < until_hour:
            return moment
        return self.next_morning(moment, hour=from_hour)


def english_bank_holidays(years: Iterable[int]) -> tuple[date, ...]:
    """List the bank holidays of England in these years, for an order that does not name them.

    A holiday at a weekend is listed by its substitute day only.
    """
    import holidays  # slow to import, and most orders name their bank holidays

    found = holidays.country_holidays("GB", subdiv="ENG", years=years)
    return tuple(sorted(day for day in found if day.weekday() < _SATURDAY))
