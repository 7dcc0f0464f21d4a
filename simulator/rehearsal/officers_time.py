"""What officers' time goes on: the work of their crimes, and the tasks of victims, in turn.

Each officer is one server with one queue. Every open crime brings its officer a piece of work again
and again; a victim's task takes its place among them, and the officer does them one by one, first
come, first served, on duty. So how long a task waits follows from what the officer carries.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.force.event_times import NEVER
from simulator.force.london_days import Seconds
from simulator.rehearsal.officer_behaviour import OfficerBehaviour
from simulator.rehearsal.postings import GivenCrimes, Postings
from simulator.rehearsal.rosters import DutyTime
from simulator.streams import Occasions

_DAY = 86_400
OTHER_WORK = "other work"


class Pieces(NamedTuple):
    """Pieces of other work: when each comes, of which crime, and how many minutes it takes."""

    at: Seconds
    row: NDArray[np.intp]
    minutes: NDArray[np.float64]

    def between(self, begins: int, ends: int) -> float:
        """Add up the minutes of what comes from `begins` until `ends`."""
        return float(self.minutes[(self.at >= begins) & (self.at < ends)].sum())


def other_work(
    given: GivenCrimes, behaviour: OfficerBehaviour, ends: int, draws: Occasions
) -> Pieces:
    """Make the work that crimes bring until they end, the first piece when one is allocated.

    It is by crime alone: the same however many officers share the crimes.
    """
    there = (given.allocated != NEVER) & (given.allocated < ends)
    rows, until = given.rows[there], np.minimum(given.ends[there], ends)
    at = given.allocated[there].astype(np.float64)
    minutes, gap = 60 * behaviour.work_hours_mean.value, _DAY * behaviour.work_days_mean.value
    found: list[Pieces] = []
    while len(rows):
        drawn = draws.uniforms(f"minutes of {OTHER_WORK}", rows, len(found))
        found.append(Pieces(at.astype(np.int64), rows, -minutes * np.log(drawn)))
        at = at - gap * np.log(draws.uniforms(f"until {OTHER_WORK}", rows, len(found)))
        goes_on = at < until
        rows, at, until = rows[goes_on], at[goes_on], until[goes_on]
    if not found:
        return Pieces(at.astype(np.int64), rows, at)
    return Pieces(*(np.concatenate(each) for each in zip(*found, strict=True)))


class OfficersTime:
    """The queues of all officers of a run, by place. Seconds count from the run's start."""

    def __init__(self, postings: Postings, pieces: Pieces, behaviour: OfficerBehaviour) -> None:
        self._seconds_a_minute = 60 / behaviour.share_of_shift.value
        self._duty = postings.duty
        self._queues: dict[int, _Queue] = {}
        places, self._at = postings.places_of(pieces.row, pieces.at)
        order = np.lexsort((self._at, places))
        # Work of a crime that nobody has at the time is nobody's: those are the first.
        self._places, self._at = places[order], self._at[order]
        self._seconds = self._seconds_a_minute * pieces.minutes[order]

    def done_at(self, place: int, now: int, minutes: float) -> int:
        """Queue a task of so many minutes now; give when it is done."""
        queue = self._queues.get(place)
        if queue is None:
            first, last = np.searchsorted(self._places, (place, place + 1))
            queue = self._queues[place] = _Queue(
                self._duty.of(place), self._at[first:last], self._seconds[first:last]
            )
        return queue.done_at(now, self._seconds_a_minute * minutes)


class _Queue:
    """One officer's: what comes is done in turn, in seconds of their time at work."""

    def __init__(self, duty: DutyTime, at: Seconds, seconds: NDArray[np.float64]) -> None:
        self._duty = duty
        worked = duty.worked_by_each(at)
        # The next piece is the last here.
        self._to_come: list[tuple[int, int, float]] = list(
            zip(*(each[::-1].tolist() for each in (at, worked, seconds)), strict=True)
        )
        self._free: float = 0

    def done_at(self, now: int, seconds: float) -> int:
        """Queue something now, after what came before; give when it is done."""
        free, to_come = self._free, self._to_come
        while to_come and to_come[-1][0] <= now:
            _at, worked, takes = to_come.pop()
            free = max(free, worked) + takes
        self._free = max(free, self._duty.worked_by(now)) + seconds
        return max(now, self._duty.when_worked(self._free))
