"""The same calls at another load: fewer of them, or more at the same hours of other weeks.

`simulator/planning/breaking_points.py` asks at which load a target no longer holds.
"""

from collections.abc import Iterator
from math import ceil

import numpy as np
from numpy.typing import NDArray

from simulator.contact_centre.calls import Calls, merge

_WEEK = 7 * 86_400


def times_load(calls: Calls, load: float, *, ends: float, drawn: NDArray[np.float64]) -> Calls:
    """Give `load` times as many calls, of the seconds before `ends`.

    `drawn` has a number from 0 to 1 for each call. Below 1 the calls with less than `load` stay.
    Above 1 those of a week come again in the next, at the same hour, and those of the last in
    the first: so the calls of one hour are as if each had come by itself. A call
    that is there at one load is there at every higher one.
    """
    if load == 1:
        return calls
    if load < 1:
        return calls[drawn < load]
    return merge(calls, *_again(calls, load, ends, drawn))


def _again(calls: Calls, load: float, ends: float, drawn: NDArray[np.float64]) -> Iterator[Calls]:
    for weeks in range(1, ceil(load)):
        at = (calls.at_seconds + weeks * _WEEK) % ends
        order = np.argsort(at, kind="stable")
        again = order[drawn[order] < load - weeks]
        yield _moved(calls, again, at)


def _moved(calls: Calls, which: NDArray[np.intp], at: NDArray[np.float64]) -> Calls:
    further = None if calls.further is None else calls.further[which]
    return Calls(
        at_seconds=at[which],
        line=calls.line[which],
        service_seconds=calls.service_seconds[which],
        patience_seconds=calls.patience_seconds[which],
        redials=calls.redials[which],
        redial_seconds=calls.redial_seconds[which],
        further=further,
    )
