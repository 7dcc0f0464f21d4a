"""The queue at a force's contact centre: who is answered, after how long, and who hangs up.

`staffing.py` makes the calls. A desk takes them a day at a time or all at once, with the same
result. Its call handlers answer both lines: 999 first, then each line in order of arrival. No call
is cut off for a 999 call or by the end of a shift.
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
class CallOutcomes:
    """The outcome of each call, in order of `call`, its number from 0 since the desk began.

    `wait_seconds` ends with the answer or the hang-up. `abandoned` is every hang-up, however soon.
    """

    call: NDArray[np.int64]
    wait_seconds: Seconds
    abandoned: NDArray[np.bool_]


class Desk:
    """The call handlers of one force, shared by 999 and 101.

    `handlers_by_hour` has 168 entries from Monday 00:00 London time. `start` is on the hour and is
    second 0. When handlers go off duty, the idle go first, then those whose call ends soonest. At
    one instant, callers arrive before a free handler picks up. Raises BadInput.
    """

    def __init__(self, *, handlers_by_hour: Sequence[int], start: datetime) -> None:
        _check_handlers(handlers_by_hour)
        self._handlers_by_hour = tuple(handlers_by_hour)
        self._start = on_the_hour("start", start)
        self._hour = -1
        self._on_duty = 0
        # A heap of the times at which handlers are free, past or future. Infinity keeps it
        # non-empty.
        self._free_at = [inf]
        self._urgent: deque[Waiting] = deque()
        self._routine: deque[Waiting] = deque()
        self._offered = 0
        self._last_at = 0.0
        self._settled: tuple[list[int], list[float], list[bool]] = ([], [], [])

    def run(self, calls: Calls) -> CallOutcomes:
        """Take the next calls; return the outcomes up to the last of them, also of older calls.

        Calls that still wait stay in the queue for the next `run` or `finish`.
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

    def finish(self) -> CallOutcomes:
        """Continue without new calls until nobody waits. The desk then takes no more calls."""
        while self._urgent or self._routine:
            self._next_hour()
        self._last_at = inf
        return self._give(np.empty(0, dtype=np.int64))

    def _take(
        self, arrivals: Iterable[tuple[int, float, int, float, float]], queued: list[int]
    ) -> None:
        """Answer calls at once if a handler is free; put the others in the queue."""
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
        """Let handlers who are free before then take the waiting calls."""
        free_at, urgent, routine = self._free_at, self._urgent, self._routine
        numbers, waits, abandoned = self._settled
        while free_at[0] < before and (urgent or routine):
            now = free_at[0]
            number, at, service, patience = (urgent or routine).popleft()
            # A hang-up is noticed only here, so nothing needs to be cancelled.
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

    def _give(self, numbers_at_once: NDArray[np.int64]) -> CallOutcomes:
        numbers, waits, abandoned = self._settled
        self._settled = ([], [], [])
        nothing = np.zeros(len(numbers_at_once))
        return join_outcomes(
            CallOutcomes(
                call=numbers_at_once, wait_seconds=nothing, abandoned=nothing.astype(np.bool_)
            ),
            CallOutcomes(
                call=np.array(numbers, dtype=np.int64),
                wait_seconds=np.array(waits, dtype=np.float64),
                abandoned=np.array(abandoned, dtype=np.bool_),
            ),
        )

    def _check_turn(self, calls: Calls) -> None:
        if not len(calls):
            return
        if self._last_at == inf:
            raise BadInput("calls: the desk has finished; run them before finish()")
        if calls.at_seconds[0] < self._last_at:
            raise BadInput(
                f"calls.at_seconds: begins at {calls.at_seconds[0]}, before the last call of the "
                f"previous run ({self._last_at}); run the days in order"
            )
        self._last_at = float(calls.at_seconds[-1])


def join_outcomes(*parts: CallOutcomes) -> CallOutcomes:
    """Join the outcomes of several runs in order of call."""
    call = np.concatenate([part.call for part in parts])
    order = np.argsort(call, kind="stable")
    return CallOutcomes(
        call=call[order],
        wait_seconds=np.concatenate([part.wait_seconds for part in parts])[order],
        abandoned=np.concatenate([part.abandoned for part in parts])[order],
    )


def london_hour(start: datetime, hour: int) -> datetime:
    """Return London's time of day `hour` whole hours after `start` (UTC), with summer time."""
    return (start + timedelta(hours=hour)).astimezone(LONDON)


def hour_of_week(local: datetime) -> int:
    """Count the hours from Monday 00:00 by the clock: 0 to 167."""
    return local.weekday() * 24 + local.hour


def on_the_hour(field: str, moment: datetime) -> datetime:
    """Return a moment in UTC; raises BadInput if it has no time zone or is not on the hour."""
    if moment.tzinfo is None:
        raise BadInput(f"{field}: {moment} has no time zone; give it in UTC")
    # Adding to a London moment would follow the wall clock, an hour out in summer.
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
        raise BadInput("handlers_by_hour: 0 in every hour; put at least one handler on duty")
