"""The service level of a contact centre: calls offered, answered and abandoned, and the wait.

It counts the outcomes of `call_queue.py` by period and line. Forces have different counting rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from simulator.contact_centre.call_outcomes import CallBacks, CallOutcomes, Redials
from simulator.contact_centre.calls import LINES, Calls
from simulator.contact_centre.duty_roster import SECONDS_AN_HOUR, london_hour
from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.errors import BadInput

#: From how many seconds on forces count a hang-up as an abandoned call.
HANG_UP_SECONDS = (0, 5, 10, 60)


class ServiceLevel(Struct, frozen=True, kw_only=True):
    """One line in one period, by the time of the calls; a share or mean of no calls is None.

    A call offered but neither answered, abandoned nor `left_for_call_back` hung up too soon to
    count. `redials` of the calls offered are by people who had hung up. The mean wait and
    `answered_in_target_share` are of the answered calls. Of those who left the line to be rung
    back, some are reached, after a mean wait for the call back.
    """

    from_seconds: float
    to_seconds: float
    line: str
    offered: int
    redials: int
    answered: int
    abandoned: int
    abandoned_share: float | None
    wait_seconds_mean: float | None
    answered_in_target_share: float | None
    left_for_call_back: int = 0
    called_back: int = 0
    call_back_seconds_mean: float | None = None
    #: Hang-ups by each definition of abandonment in use: after so many seconds or more.
    hung_up_after: dict[int, int] = {}

    @property
    def in_target_share_of_offered(self) -> float | None:
        """Give the share answered in time of all calls offered, those abandoned among them."""
        in_time = (self.answered_in_target_share or 0.0) * self.answered
        return in_time / self.offered if self.offered else None


def summarise(
    calls: Calls,
    answered: CallOutcomes,
    edges_seconds: Sequence[float],
    *,
    parameters: ContactCentreParameters,
    force: str,
    redials: Redials | None = None,
    call_backs: CallBacks | None = None,
) -> list[ServiceLevel]:
    """Count each line in each period between two edges; other calls are left out.

    `answered` has all outcomes, joined by `join_outcomes`. `redials` are calls like any other.
    Raises BadInput if a call has no outcome yet.
    """
    _check(calls, answered, edges_seconds)
    threshold = parameters.centre(force).abandoned_after_seconds.value
    target = parameters.answer_target_seconds_999.value
    attempts = _attempts(calls, answered, redials, call_backs)
    edges = np.searchsorted(attempts.at, edges_seconds).tolist()
    rows = []
    for period, (first, end) in enumerate(pairwise(edges)):
        here = attempts.between(first, end)
        for line, name in enumerate(LINES):
            mine = here.line == line
            waits = here.wait[mine & ~here.abandoned & ~here.leaves]
            called_back = here.call_back_seconds[mine & (here.call_back_seconds >= 0)]
            counted = mine & here.abandoned & (here.wait >= threshold)
            offered, abandoned = int(mine.sum()), int(counted.sum())
            rows.append(
                ServiceLevel(
                    from_seconds=edges_seconds[period],
                    to_seconds=edges_seconds[period + 1],
                    line=name,
                    offered=offered,
                    redials=int((mine & here.is_redial).sum()),
                    answered=len(waits),
                    abandoned=abandoned,
                    abandoned_share=abandoned / offered if offered else None,
                    wait_seconds_mean=_mean(waits),
                    answered_in_target_share=_mean(waits <= target),
                    left_for_call_back=int((mine & here.leaves).sum()),
                    called_back=len(called_back),
                    call_back_seconds_mean=_mean(called_back),
                    hung_up_after=_hung_up_after(here.wait[mine & here.abandoned]),
                )
            )
    return rows


class LevelOfHour(Struct, frozen=True, kw_only=True):
    """One line in one hour of London's day, over many days; otherwise as a `ServiceLevel`."""

    line: str
    hour: int
    offered: int
    abandoned_share: float | None
    wait_seconds_mean: float | None


def by_hour_of_day(
    calls: Calls,
    answered: CallOutcomes,
    start: datetime,
    between: tuple[float, float],
    *,
    parameters: ContactCentreParameters,
    force: str,
    redials: Redials | None = None,
    call_backs: CallBacks | None = None,
) -> list[LevelOfHour]:
    """Count each line by the hour of the call, over the days between two seconds after `start`."""
    threshold = parameters.centre(force).abandoned_after_seconds.value
    attempts = _attempts(calls, answered, redials, call_backs)
    here = attempts.between(*np.searchsorted(attempts.at, between).tolist())
    since = (here.at // SECONDS_AN_HOUR).astype(np.intp)
    clock = [
        london_hour(start, hour).hour for hour in range(int(since[-1]) + 1 if len(since) else 0)
    ]
    hours = np.array(clock, dtype=np.intp)[since]
    # Each hour's calls lie together, in order of time.
    key = (24 * here.line + hours).astype(np.int16)
    order = np.argsort(key, kind="stable")
    edges = np.searchsorted(key[order], np.arange(24 * len(LINES) + 1)).tolist()
    by_hour = here.where(order)
    return [
        _level_of_hour(
            by_hour.between(*edges[place : place + 2]), LINES[place // 24], place % 24, threshold
        )
        for place in range(24 * len(LINES))
    ]


def _level_of_hour(here: "_Attempts", line: str, hour: int, threshold: float) -> LevelOfHour:
    offered = len(here.at)
    counted = here.abandoned & (here.wait >= threshold)
    return LevelOfHour(
        line=line,
        hour=hour,
        offered=offered,
        abandoned_share=float(counted.mean()) if offered else None,
        wait_seconds_mean=_mean(here.wait[~here.abandoned & ~here.leaves]),
    )


def add_up(levels: Sequence[ServiceLevel]) -> ServiceLevel:
    """Add up the levels of one line in periods that follow each other: at least one."""
    offered = sum(each.offered for each in levels)
    answered = sum(each.answered for each in levels)
    abandoned = sum(each.abandoned for each in levels)
    waited = sum((each.wait_seconds_mean or 0) * each.answered for each in levels)
    in_target = sum((each.answered_in_target_share or 0) * each.answered for each in levels)
    called_back = sum(each.called_back for each in levels)
    waited_for_it = sum((each.call_back_seconds_mean or 0) * each.called_back for each in levels)
    return ServiceLevel(
        from_seconds=levels[0].from_seconds,
        to_seconds=levels[-1].to_seconds,
        line=levels[0].line,
        offered=offered,
        redials=sum(each.redials for each in levels),
        answered=answered,
        abandoned=abandoned,
        abandoned_share=abandoned / offered if offered else None,
        wait_seconds_mean=waited / answered if answered else None,
        answered_in_target_share=in_target / answered if answered else None,
        left_for_call_back=sum(each.left_for_call_back for each in levels),
        called_back=called_back,
        call_back_seconds_mean=waited_for_it / called_back if called_back else None,
        hung_up_after={
            seconds: sum(each.hung_up_after.get(seconds, 0) for each in levels)
            for seconds in HANG_UP_SECONDS
        },
    )


@dataclass(frozen=True, eq=False)
class _Attempts:
    """Calls and redials in order of time: their columns.

    One who `leaves` the line is rung back, or is not reached; `call_back_seconds` are below 0 for
    all who are not reached.
    """

    at: NDArray[np.float64]
    line: NDArray[np.int8]
    wait: NDArray[np.float64]
    abandoned: NDArray[np.bool_]
    is_redial: NDArray[np.bool_]
    leaves: NDArray[np.bool_]
    call_back_seconds: NDArray[np.float64]

    def between(self, first: int, end: int) -> "_Attempts":
        return _Attempts(*(getattr(self, each.name)[first:end] for each in fields(self)))

    def where(self, which: NDArray[np.intp]) -> "_Attempts":
        return _Attempts(*(getattr(self, each.name)[which] for each in fields(self)))


def _attempts(
    calls: Calls, answered: CallOutcomes, redials: Redials | None, call_backs: CallBacks | None
) -> _Attempts:
    leaves = np.zeros(len(calls), dtype=np.bool_)
    call_back_seconds = np.full(len(calls), -1.0)
    if call_backs is not None:
        leaves[call_backs.call] = True
        reached = call_backs.call[call_backs.reached]
        call_back_seconds[reached] = call_backs.wait_seconds[call_backs.reached]
    first = _Attempts(
        calls.at_seconds,
        calls.line,
        answered.wait_seconds,
        answered.abandoned,
        np.zeros(len(calls), dtype=np.bool_),
        leaves,
        call_back_seconds,
    )
    if redials is None or not len(redials):
        return first
    again = _Attempts(
        redials.at_seconds,
        redials.line,
        redials.wait_seconds,
        redials.abandoned,
        np.ones(len(redials), dtype=np.bool_),
        np.zeros(len(redials), dtype=np.bool_),
        np.full(len(redials), -1.0),
    )
    columns = [
        np.concatenate([getattr(each, name.name) for each in (first, again)])
        for name in fields(_Attempts)
    ]
    order = np.argsort(columns[0], kind="stable")
    return _Attempts(*(column[order] for column in columns))


def _hung_up_after(waits: NDArray[np.float64]) -> dict[int, int]:
    return {seconds: int((waits >= seconds).sum()) for seconds in HANG_UP_SECONDS}


def _mean(values: NDArray[np.float64] | NDArray[np.bool_]) -> float | None:
    return float(values.mean()) if len(values) else None


def _check(calls: Calls, answered: CallOutcomes, edges_seconds: Sequence[float]) -> None:
    if not np.array_equal(answered.call, np.arange(len(calls))):
        raise BadInput(
            f"answered: {len(answered.call)} of {len(calls)} calls have an outcome; "
            "join all the outcomes of run() and finish()"
        )
    if len(edges_seconds) < 2 or not np.all(np.diff(edges_seconds) > 0):
        raise BadInput(f"edges_seconds: {edges_seconds!r:.80}; give two or more, each later")
