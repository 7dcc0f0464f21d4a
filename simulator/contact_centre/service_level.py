"""The service level of a contact centre: calls offered, answered and abandoned, and the wait.

It counts the outcomes of `call_queue.py` by period and line. Forces have different counting rules.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from simulator.contact_centre.call_queue import CallOutcomes
from simulator.contact_centre.calls import LINES, Calls
from simulator.contact_centre.staffing import ContactCentreParameters
from simulator.errors import BadInput


class ServiceLevel(Struct, frozen=True, kw_only=True):
    """One line in one period, by the time of the calls; a share or mean of no calls is None.

    A call offered but neither answered nor abandoned hung up too soon to count. The mean wait and
    `answered_in_target_share` are of the answered calls.
    """

    from_seconds: float
    to_seconds: float
    line: str
    offered: int
    answered: int
    abandoned: int
    abandoned_share: float | None
    wait_seconds_mean: float | None
    answered_in_target_share: float | None


def summarise(
    calls: Calls,
    answered: CallOutcomes,
    edges_seconds: Sequence[float],
    *,
    parameters: ContactCentreParameters,
    force: str,
) -> list[ServiceLevel]:
    """Count each line in each period between two edges; other calls are left out.

    `answered` has all outcomes, joined by `join_outcomes`. Raises BadInput if a call has none yet.
    """
    _check(calls, answered, edges_seconds)
    threshold = parameters.centre(force).abandoned_after_seconds.value
    counted = answered.abandoned & (answered.wait_seconds >= threshold)
    target = parameters.answer_target_seconds_999.value
    edges = np.searchsorted(calls.at_seconds, edges_seconds).tolist()
    rows = []
    for period, (first, end) in enumerate(pairwise(edges)):
        for line, name in enumerate(LINES):
            mine = calls.line[first:end] == line
            waits = answered.wait_seconds[first:end][mine & ~answered.abandoned[first:end]]
            offered, abandoned = int(mine.sum()), int((mine & counted[first:end]).sum())
            rows.append(
                ServiceLevel(
                    from_seconds=edges_seconds[period],
                    to_seconds=edges_seconds[period + 1],
                    line=name,
                    offered=offered,
                    answered=len(waits),
                    abandoned=abandoned,
                    abandoned_share=abandoned / offered if offered else None,
                    wait_seconds_mean=_mean(waits),
                    answered_in_target_share=_mean(waits <= target),
                )
            )
    return rows


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
