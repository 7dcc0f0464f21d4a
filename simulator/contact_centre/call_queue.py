"""The queue at a force's contact centre: who is answered, after how long, and who hangs up.

`staffing.py` makes the calls. A desk takes them a day at a time or all at once, with the same
result. Its call handlers answer both lines: 999 first, then each line in order of arrival. No call
is cut off for a 999 call or by the end of a shift. A caller who hangs up may ring again: a new call
at the back of the queue.
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

# number, arrived, service, patience. A redial has a negative number.
Waiting: TypeAlias = tuple[int, float, float, float]
SUMMER = (6, 7, 8)


@dataclass(frozen=True, eq=False, kw_only=True)
class CallOutcomes:
    """The outcome of each call, in order of `call`, its number from 0 since the desk began.

    `wait_seconds` ends with the answer or the hang-up. `abandoned` is every hang-up, however soon.
    """

    call: NDArray[np.int64]
    wait_seconds: Seconds
    abandoned: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True)
class Redials:
    """Calls by people who had hung up, in order of `at_seconds`; `call` is the first of each."""

    call: NDArray[np.int64]
    at_seconds: Seconds
    line: NDArray[np.int8]
    wait_seconds: Seconds
    abandoned: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.call)


class Desk:
    """The call handlers of one force, shared by 999 and 101.

    `handlers_by_hour` has 168 entries from Monday 00:00 London time; so has
    `summer_handlers_by_hour`, for June to August, which is the same where it is not given. `start`
    is on the hour and is second 0. When handlers go off duty, the idle go first, then those whose
    call ends soonest. At one instant, callers arrive before a free handler picks up, and those who
    ring again come last. Raises BadInput.
    """

    def __init__(
        self,
        *,
        handlers_by_hour: Sequence[int],
        start: datetime,
        summer_handlers_by_hour: Sequence[int] | None = None,
    ) -> None:
        summer = handlers_by_hour if summer_handlers_by_hour is None else summer_handlers_by_hour
        for name, roster in (
            ("handlers_by_hour", handlers_by_hour),
            ("summer_handlers_by_hour", summer),
        ):
            _check_handlers(name, roster)
        self._handlers_by_hour = tuple(handlers_by_hour)
        self._summer = tuple(summer)
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
        # A heap of when callers ring again: time, turn, number of the call before, service,
        # patience, line, redials left, seconds between. It counts only if that call is still
        # `unanswered`.
        self._again: list[tuple[float, int, int, float, float, int, int, float]] = []
        self._turns = 0
        self._unanswered: set[int] = set()
        self._redialled: list[tuple[int, float, int]] = []  # first call, time, line
        self._redial_outcomes: dict[int, tuple[float, bool]] = {}

    def run(self, calls: Calls) -> CallOutcomes:
        """Take the next calls; return the outcomes up to the last of them, also of older calls.

        Calls that still wait stay in the queue for the next `run` or `finish`.
        """
        self._check_turn(calls)
        hours = (calls.at_seconds // SECONDS_AN_HOUR).astype(np.int64)
        firsts = np.flatnonzero(np.diff(hours, prepend=-1)).tolist()
        columns = (
            calls.at_seconds,
            calls.line,
            calls.service_seconds,
            calls.patience_seconds,
            calls.redials,
            calls.redial_seconds,
        )
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
        while self._urgent or self._routine or self._again:
            self._next_hour()
        self._last_at = inf
        return self._give(np.empty(0, dtype=np.int64))

    def redials(self) -> Redials:
        """Give every call by a person who had hung up, after `finish`."""
        # They are numbered -1, -2 and so on, in order of time.
        outcomes = [self._redial_outcomes[-1 - each] for each in range(len(self._redialled))]
        call, at, line = zip(*self._redialled, strict=True) if outcomes else ((), (), ())
        wait, abandoned = zip(*outcomes, strict=True) if outcomes else ((), ())
        return Redials(
            call=np.array(call, dtype=np.int64),
            at_seconds=np.array(at, dtype=np.float64),
            line=np.array(line, dtype=np.int8),
            wait_seconds=np.array(wait, dtype=np.float64),
            abandoned=np.array(abandoned, dtype=np.bool_),
        )

    def _take(
        self,
        arrivals: Iterable[tuple[int, float, int, float, float, int, float]],
        queued: list[int],
    ) -> None:
        """Answer calls at once if a handler is free; put the others in the queue."""
        free_at, urgent, routine, again = self._free_at, self._urgent, self._routine, self._again
        for number, at, line, service, patience, redials, gap in arrivals:
            if again and again[0][0] < at:
                self._ring_again(at)
            if (urgent or routine) and free_at[0] < at:
                self._serve(at)
            if free_at[0] <= at and not (urgent or routine):
                heapreplace(free_at, at + service)
            else:
                queued.append(number)
                (routine if line else urgent).append((number, at, service, patience))
                if redials and patience < inf:
                    self._may_ring_again(
                        number, at + patience + gap, service, patience, line, redials - 1, gap
                    )

    def _may_ring_again(
        self,
        number: int,
        at: float,
        service: float,
        patience: float,
        line: int,
        left: int,
        gap: float,
    ) -> None:
        self._unanswered.add(number)
        self._turns += 1
        heappush(self._again, (at, self._turns, number, service, patience, line, left, gap))

    def _ring_again(self, before: float) -> None:
        """Let callers who hung up ring again before then, unless their call was answered."""
        free_at, urgent, routine, again = self._free_at, self._urgent, self._routine, self._again
        while again and again[0][0] < before:
            at, _turn, earlier, service, patience, line, left, gap = heappop(again)
            self._serve(at)
            # Their patience ended before `at`, so a call that still waits was hung up.
            if earlier not in self._unanswered:
                continue
            self._unanswered.remove(earlier)
            first = earlier if earlier >= 0 else self._redialled[-1 - earlier][0]
            self._redialled.append((first, at, line))
            number = -len(self._redialled)
            if free_at[0] <= at and not (urgent or routine):
                heapreplace(free_at, at + service)
                self._redial_outcomes[number] = (0.0, False)
                continue
            (routine if line else urgent).append((number, at, service, patience))
            if left:
                self._may_ring_again(
                    number, at + patience + gap, service, patience, line, left - 1, gap
                )

    def _serve(self, before: float) -> None:
        """Let handlers who are free before then take the waiting calls."""
        free_at, urgent, routine = self._free_at, self._urgent, self._routine
        numbers, waits, abandoned = self._settled
        unanswered = self._unanswered
        while free_at[0] < before and (urgent or routine):
            now = free_at[0]
            number, at, service, patience = (urgent or routine).popleft()
            # A hang-up is noticed only here, so nothing needs to be cancelled.
            gone = at + patience < now
            wait = patience if gone else now - at
            if number >= 0:
                numbers.append(number)
                waits.append(wait)
                abandoned.append(gone)
            else:
                self._redial_outcomes[number] = (wait, gone)
            if not gone:
                unanswered.discard(number)
                heapreplace(free_at, now + service)

    def _next_hour(self) -> None:
        self._hour += 1
        boundary = float(self._hour * SECONDS_AN_HOUR)
        self._ring_again(boundary)
        self._serve(boundary)
        local = london_hour(self._start, self._hour)
        roster = self._summer if local.month in SUMMER else self._handlers_by_hour
        wanted = roster[hour_of_week(local)]
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


def _check_handlers(name: str, handlers_by_hour: Sequence[int]) -> None:
    if len(handlers_by_hour) != HOURS_A_WEEK:
        raise BadInput(
            f"{name}: {len(handlers_by_hour)} entries; give {HOURS_A_WEEK}, "
            "one for each hour of the week"
        )
    for hour, handlers in enumerate(handlers_by_hour):
        if not 0 <= handlers <= HANDLERS_MAX:
            raise BadInput(f"{name}: {handlers} at hour {hour}; give 0 to {HANDLERS_MAX:,}")
    if not any(handlers_by_hour):
        raise BadInput(f"{name}: 0 in every hour; put at least one handler on duty")
