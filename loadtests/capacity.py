"""Find how large a burst a portal stands: raise it until a limit breaks, narrow down, confirm.

Pure: it asks for runs at a scale and decides the next. There are two knees. Up to the first, which
decides, everyone is told in the time that the order allows, and nobody is harmed; up to the second
every *must* holds, the limits of comfort included. A knee is confirmed when it held twice.
"""

import math
from collections.abc import Callable

from msgspec import Struct

from loadtests.gave_out import gave_out, is_told
from simulator.errors import BadInput, SuiteError
from simulator.results.load import LoadResult

#: A scale is narrowed down until the next is less than so many times larger.
NARROW = 1.2
#: The most runs for the knee that decides, and in all.
DECIDING_RUNS_MAX, RUNS_MAX = 12, 20
_UP = 2.0
#: So much smaller than the first scale is not tried any more.
_DOWN_MAX = 16.0


class Trial(Struct, frozen=True, kw_only=True):
    """One run at a scale: whether everyone was told, whether all musts held, and why not ("")."""

    scale: float
    told: bool
    held: bool
    why: str


class Knee(Struct, frozen=True, kw_only=True):
    """The largest scale that held (0 for none), and what gave out at the next that did not.

    `is_confirmed` says that it held twice. `limit` is "" if no run broke.
    """

    scale: float = 0.0
    is_confirmed: bool = False
    limit: str = ""


class Capacity(Struct, frozen=True, kw_only=True):
    """What was found: the knee that decides, that of comfort, and each run.

    `is_whole` is False if the search was cut off.
    """

    decides: Knee
    comfort: Knee
    trials: list[Trial]
    is_whole: bool = False


def find_capacity(
    run: Callable[[float], LoadResult],
    *,
    begin: float = 1.0,
    scale_max: float = 1000.0,
    note: Callable[[Capacity], None] = lambda _found: None,
) -> Capacity:
    """Look for both knees from a scale on; `note` is told what is known after each run."""
    search = _Search(run, begin, scale_max, note)
    search.look_for(_told, DECIDING_RUNS_MAX)
    search.look_for(_held, RUNS_MAX)
    return search.found(is_whole=True)


class _Search:
    def __init__(
        self,
        run: Callable[[float], LoadResult],
        begin: float,
        scale_max: float,
        note: Callable[[Capacity], None],
    ) -> None:
        self._run = run
        self._begin = min(begin, scale_max)
        self._scale_max = scale_max
        self._note = note
        self._trials: list[Trial] = []

    def look_for(self, holds: Callable[[Trial], bool], runs_max: int) -> None:
        """Look for the largest scale at which that holds, with so many runs in all."""
        while len(self._trials) < runs_max:
            scale = self._next(holds, is_last=len(self._trials) == runs_max - 1)
            if not scale:
                return
            self._trials.append(self._tried(scale))
            self._note(self.found())

    def found(self, *, is_whole: bool = False) -> Capacity:
        """Say what is known by now."""
        return Capacity(
            decides=self._knee(_told),
            comfort=self._knee(_held),
            trials=list(self._trials),
            is_whole=is_whole,
        )

    def _next(self, holds: Callable[[Trial], bool], *, is_last: bool) -> float:
        """Say which scale to try next, 0 if the knee is found, or if there is none."""
        held, broke = self._between(holds)
        confirmed = sum(each.scale == held for each in self._trials) > 1
        if not self._trials:
            return self._begin
        if not held:
            return round(broke / _UP, 3) if broke > self._begin / _DOWN_MAX else 0.0
        if is_last:
            return 0.0 if confirmed else held
        if not broke and held < self._scale_max:
            return min(held * _UP, self._scale_max)
        middle = round(math.sqrt(held * broke), 3)
        if broke and broke / held > NARROW and held < middle < broke:
            return middle
        return 0.0 if confirmed else held

    def _between(self, holds: Callable[[Trial], bool]) -> tuple[float, float]:
        """Find the largest scale that held below the smallest that did not; 0 for none."""
        broke = min((each.scale for each in self._trials if not holds(each)), default=0.0)
        held = [each.scale for each in self._trials if not broke or each.scale < broke]
        return max(held, default=0.0), broke

    def _knee(self, holds: Callable[[Trial], bool]) -> Knee:
        held, broke = self._between(holds)
        limit = next((e.why for e in self._trials if e.scale == broke and not holds(e)), "")
        is_confirmed = sum(each.scale == held for each in self._trials) > 1
        return Knee(scale=held, is_confirmed=bool(held) and is_confirmed, limit=limit)

    def _tried(self, scale: float) -> Trial:
        """Run once. A run that could not be made shows that it did not hold, but for the first."""
        try:
            result = self._run(scale)
        except SuiteError as error:
            if isinstance(error, BadInput) or not self._trials:
                raise
            return Trial(scale=scale, told=False, held=False, why=f"it could not be run: {error}")
        why = gave_out(result)
        return Trial(scale=scale, told=is_told(result), held=not why, why=why)


def _told(trial: Trial) -> bool:
    return trial.told


def _held(trial: Trial) -> bool:
    return trial.held
