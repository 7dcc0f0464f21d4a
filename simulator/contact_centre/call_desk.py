"""What every desk has in common: calls come in by hours or half-hours, and outcomes go out.

`call_queue.py` and `skilled_desk.py` say who is answered by whom.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from heapq import heappush
from itertools import islice, pairwise
from math import inf
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.contact_centre.call_outcomes import CallOutcomes, Redials, join_outcomes
from simulator.contact_centre.calls import Calls
from simulator.contact_centre.duty_roster import (
    SECONDS_A_HALF_HOUR,
    SECONDS_AN_HOUR,
    london_time,
    on_the_hour,
)
from simulator.errors import BadInput

# number, arrived, service, patience. A redial has a negative number.
Waiting: TypeAlias = tuple[int, float, float, float]
# number, at, line, service, patience, redials, seconds between.
Arrival: TypeAlias = tuple[int, float, int, float, float, int, float]
_ROWS_AT_ONCE = 8192


class CallDesk(ABC):
    """The call handlers of one force; `start` is on the hour and is second 0. Raises BadInput."""

    def __init__(self, start: datetime, *, is_by_half_hour: bool) -> None:
        self._start = on_the_hour("start", start)
        # The part of the day in which handlers do not change, counted from the start.
        self._part_seconds = SECONDS_A_HALF_HOUR if is_by_half_hour else SECONDS_AN_HOUR
        self._part = -1
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
        parts = (calls.at_seconds // self._part_seconds).astype(np.int64)
        firsts = np.flatnonzero(np.diff(parts, prepend=-1)).tolist()
        columns = (
            calls.at_seconds,
            calls.line,
            calls.service_seconds,
            calls.patience_seconds,
            calls.redials,
            calls.redial_seconds,
        )
        rows = _rows(self._offered, columns)
        queued: list[int] = []
        for first, end in pairwise([*firsts, len(calls)]):
            while self._part < parts[first]:
                self._next_part()
            self._take(islice(rows, end - first), queued)
        at_once = np.ones(len(calls), dtype=np.bool_)
        at_once[np.array(queued, dtype=np.int64) - self._offered] = False
        numbers_at_once = self._offered + np.flatnonzero(at_once)
        self._offered += len(calls)
        return self._give(numbers_at_once)

    def finish(self) -> CallOutcomes:
        """Continue without new calls until nobody waits. The desk then takes no more calls."""
        while self._has_work():
            self._next_part()
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

    @abstractmethod
    def _take(self, arrivals: Iterable[Arrival], queued: list[int]) -> None:
        """Answer calls at once if a handler is free; put the others in the queue."""

    @abstractmethod
    def _change_handlers(self, boundary: float, local: datetime) -> None:
        """Carry out all before the boundary; then handlers go off duty, or come on."""

    def _has_work(self) -> bool:
        return bool(self._urgent or self._routine or self._again)

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

    def _next_part(self) -> None:
        self._part += 1
        seconds = self._part * self._part_seconds
        self._change_handlers(float(seconds), london_time(self._start, seconds))

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


def _rows(first: int, columns: Sequence[NDArray[Any]]) -> Iterator[Arrival]:
    """Give calls as rows, numbered from `first`; so many at once that they fit into memory."""
    for start in range(0, len(columns[0]), _ROWS_AT_ONCE):
        chunk = [each[start : start + _ROWS_AT_ONCE].tolist() for each in columns]
        yield from zip(range(first + start, first + start + len(chunk[0])), *chunk, strict=True)
