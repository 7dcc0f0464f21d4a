"""The queue at a force's contact centre: who is answered, after how long, and who hangs up.

`contact_centre.py` makes the calls; a desk takes them, a day at a time or all at once, to the same
end. Its handlers answer both lines: 999 first, each line in order of arrival, and nobody is cut
off for a 999 call or by the end of a shift.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush, heapreplace
from itertools import pairwise
from math import inf
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.clock import LONDON
from simulator.contact_centre.calls import Calls, Seconds
from simulator.errors import BadInput

HOURS_A_WEEK = 168
SECONDS_AN_HOUR = 3600
HANDLERS_MAX = 10_000

Waiting: TypeAlias = tuple[int, float, float, float]  # number, arrived, service, patience


@dataclass(frozen=True, eq=False, kw_only=True)
class Answered:
    """What became of calls, in order of `call`: its number, from 0, since the desk began.

    `wait_seconds` runs to the answer or the hang-up; `abandoned` is every hang-up, however soon.
    """

    call: NDArray[np.int64]
    wait_seconds: Seconds
    abandoned: NDArray[np.bool_]


class Desk:
    """The handlers of one force, shared by 999 and 101.

    `handlers_by_hour` has 168 entries from Monday 00:00 London time; `start` is on the hour and is
    second 0. Of those who go off, the idle go first, then whoever ends their call soonest. At one
    instant, callers arrive before a handler who comes free picks up. Raises BadInput.
    """

    def __init__(self, *, handlers_by_hour: Sequence[int], start: datetime) -> None:
        _check_handlers(handlers_by_hour)
        self._handlers_by_hour = tuple(handlers_by_hour)
        self._start = on_the_hour("start", start)
        self._hour = -1
        self._on_duty = 0
        # When each handler comes free, past or future: a heap. Infinity keeps it from being empty.
        self._free_at = [inf]
        self._urgent: deque[Waiting] = deque()
        self._routine: deque[Waiting] = deque()
        self._offered = 0
        self._last_at = 0.0
        self._settled: tuple[list[int], list[float], list[bool]] = ([], [], [])

    def run(self, calls: Calls) -> Answered:
        """Take the next calls; give what was settled up to the last of them, older calls included.

        Calls still waiting stay in the queue for the next `run`, or `finish`.
        """
        self._check_turn(calls)
        hours = (calls.at_seconds // SECONDS_AN_HOUR).astype(np.int64)
        firsts = np.flatnonzero(np.diff(hours, prepend=-1)).tolist()
        columns = (calls.at_seconds, calls.line, calls.service_seconds, calls.patience_seconds)
        queued: list[int] = []
        for first, end in pairwise([*firsts, len(calls)]):
            while self._hour < hours[first]:
                self._next_hour()
            numbers = range(self._offered + first, self._offered + end)
            rows = zip(numbers, *(each[first:end].tolist() for each in columns), strict=True)
            self._take(rows, queued)
        at_once = np.ones(len(calls), dtype=np.bool_)
        at_once[np.array(queued, dtype=np.int64) - self._offered] = False
        numbers_at_once = self._offered + np.flatnonzero(at_once)
        self._offered += len(calls)
        return self._give(numbers_at_once)

    def finish(self) -> Answered:
        """Go on without new calls until nobody waits; the desk then takes no more."""
        while self._urgent or self._routine:
            self._next_hour()
        self._last_at = inf
        return self._give(np.empty(0, dtype=np.int64))

    def _take(
        self, arrivals: Iterable[tuple[int, float, int, float, float]], queued: list[int]
    ) -> None:
        """Answer at once whom a free handler can; put the others in the queue."""
        free_at, urgent, routine = self._free_at, self._urgent, self._routine
        for number, at, line, service, patience in arrivals:
            if (urgent or routine) and free_at[0] < at:
                self._serve(at)
            if free_at[0] <= at and not (urgent or routine):
                heapreplace(free_at, at + service)
            else:
                queued.append(number)
                (routine if line else urgent).append((number, at, service, patience))

    def _serve(self, before: float) -> None:
        """Let handlers who come free before then take whoever waits."""
        free_at, urgent, routine = self._free_at, self._urgent, self._routine
        numbers, waits, abandoned = self._settled
        while free_at[0] < before and (urgent or routine):
            now = free_at[0]
            number, at, service, patience = (urgent or routine).popleft()
            # A caller who has hung up is noticed only here: nothing need be cancelled.
            gone = at + patience < now
            numbers.append(number)
            waits.append(patience if gone else now - at)
            abandoned.append(gone)
            if not gone:
                heapreplace(free_at, now + service)

    def _next_hour(self) -> None:
        self._hour += 1
        boundary = float(self._hour * SECONDS_AN_HOUR)
        self._serve(boundary)
        wanted = self._handlers_by_hour[hour_of_week(london_hour(self._start, self._hour))]
        for _ in range(self._on_duty, wanted):
            heappush(self._free_at, boundary)
        for _ in range(wanted, self._on_duty):
            heappop(self._free_at)
        self._on_duty = wanted

    def _give(self, numbers_at_once: NDArray[np.int64]) -> Answered:
        numbers, waits, abandoned = self._settled
        self._settled = ([], [], [])
        nothing = np.zeros(len(numbers_at_once))
        return joined(
            Answered(
                call=numbers_at_once, wait_seconds=nothing, abandoned=nothing.astype(np.bool_)
            ),
            Answered(
                call=np.array(numbers, dtype=np.int64),
                wait_seconds=np.array(waits, dtype=np.float64),
                abandoned=np.array(abandoned, dtype=np.bool_),
            ),
        )

    def _check_turn(self, calls: Calls) -> None:
        if not len(calls):
            return
        if self._last_at == inf:
            raise BadInput("calls: the desk has finished; give them before finish(), or a new desk")
        if calls.at_seconds[0] < self._last_at:
            raise BadInput(
                f"calls.at_seconds: begins at {calls.at_seconds[0]}, before the last call of the "
                f"run before ({self._last_at}); run the days in order"
            )
        self._last_at = float(calls.at_seconds[-1])


def joined(*parts: Answered) -> Answered:
    """Put what several runs gave into order of call."""
    call = np.concatenate([part.call for part in parts])
    order = np.argsort(call, kind="stable")
    return Answered(
        call=call[order],
        wait_seconds=np.concatenate([part.wait_seconds for part in parts])[order],
        abandoned=np.concatenate([part.abandoned for part in parts])[order],
    )


def london_hour(start: datetime, hour: int) -> datetime:
    """Give London's time of day `hour` whole hours after `start` (UTC), summer time included."""
    return (start + timedelta(hours=hour)).astimezone(LONDON)


def hour_of_week(local: datetime) -> int:
    """Count the hours from Monday 00:00 on the clock: 0 to 167."""
    return local.weekday() * 24 + local.hour


def on_the_hour(field: str, moment: datetime) -> datetime:
    """Give a moment in UTC if it has a time zone and is on the hour; raises BadInput."""
    if moment.tzinfo is None:
        raise BadInput(f"{field}: {moment} has no time zone; give it in UTC")
    # A London moment would be added to by the clock on the wall, an hour out in summer.
    in_utc = moment.astimezone(UTC)
    if in_utc.minute or in_utc.second or in_utc.microsecond:
        raise BadInput(f"{field}: {moment} is not on the hour; handlers change on the hour")
    return in_utc


def _check_handlers(handlers_by_hour: Sequence[int]) -> None:
    if len(handlers_by_hour) != HOURS_A_WEEK:
        raise BadInput(
            f"handlers_by_hour: {len(handlers_by_hour)} entries; give {HOURS_A_WEEK}, "
            "one for each hour of the week"
        )
    for hour, handlers in enumerate(handlers_by_hour):
        if not 0 <= handlers <= HANDLERS_MAX:
            raise BadInput(
                f"handlers_by_hour: {handlers} at hour {hour}; give 0 to {HANDLERS_MAX:,}"
            )
    if not any(handlers_by_hour):
        raise BadInput("handlers_by_hour: 0 in every hour; put somebody on duty")
