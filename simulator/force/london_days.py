"""London days as columns of seconds after the start, across changes of the clocks.

Used by `crimes` for when crimes are recorded and when officers work at a desk.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from simulator.clock import LONDON

DAY_SECONDS = 86_400
_ALL = slice(None)

Seconds = NDArray[np.int64]


@dataclass(frozen=True)
class LondonDays:
    """Consecutive days: `midnights` has the start of each and the end of the last, in seconds.

    The seconds count from `start`, the first midnight, in UTC.
    """

    start: datetime
    midnights: Seconds

    @classmethod
    def between(cls, first: date, last: date) -> "LondonDays":
        """Make the days from `first` to the day before `last`."""
        starts = [_midnight(first + timedelta(days=i)) for i in range((last - first).days + 1)]
        seconds = [int((each - starts[0]).total_seconds()) for each in starts]
        return cls(starts[0], np.array(seconds, dtype=np.int64))

    @classmethod
    def of(cls, start: datetime, days: int) -> "LondonDays":
        """Make so many days from `start`, a London midnight in UTC."""
        first = start.astimezone(LONDON).date()
        return cls.between(first, first + timedelta(days=days))

    def at(self, day: NDArray[np.intp], second: Seconds) -> Seconds:
        """Find the moment `second` (0 to 86,399) of each `day`, counted from the first.

        A day of 23 or 25 hours is scaled, so no second falls outside it.
        """
        begins, ends = self.midnights[day], self.midnights[day + 1]
        moments: Seconds = begins + second * (ends - begins) // DAY_SECONDS
        return moments

    def moved(self, moments: Seconds, second: Seconds, *, not_before: Seconds) -> Seconds:
        """Move each moment to `second` of its day, or of the next day if not after `not_before`.

        Moments after the last day but one are moved into it.
        """
        found = np.searchsorted(self.midnights, moments, side="right") - 1
        day = np.minimum(found, len(self.midnights) - 3)
        same_day = self.at(day, second)
        return np.where(same_day > not_before, same_day, self.at(day + 1, second))


def drawn_seconds(
    rng: np.random.Generator,
    hour_weights: tuple[float, ...],
    count: int,
    rows: NDArray[np.intp] | slice = _ALL,
) -> Seconds:
    """Draw seconds of the day, 0 to 86,399, by the weights of its hours.

    Of `count` draws it gives those in `rows`: the others cost no search for their hour.
    """
    bounds = np.cumsum(hour_weights)
    lots = rng.random(count)[rows]
    within = rng.integers(3600, size=count)[rows]
    seconds: Seconds = np.searchsorted(bounds, lots * bounds[-1], side="right") * 3600 + within
    return seconds


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)
