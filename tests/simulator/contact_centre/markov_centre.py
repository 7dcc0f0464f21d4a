"""The exact stationary centre: two lines, three teams and a reserve, as a Markov chain.

Arrivals are Poisson, calls and patience exponential, and all calls as long on average. A state is
who is busy in each team and who waits on each line, cut off where hardly anybody ever is.
"""

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np

#: busy with 999 alone, busy with 101 alone, busy shared, waiting on 999, waiting on 101.
State = tuple[int, int, int, int, int]
#: More do not wait on one line: the chance is below this.
WAITING_MAX = 30
CUT_OFF = 1e-6


class Centre(NamedTuple):
    """Rates per mean call; patience is in mean calls too."""

    calls_999: float
    calls_101: float
    only_999: int
    only_101: int
    shared: int
    reserve: int
    patience_999: float
    patience_101: float


class Exact(NamedTuple):
    """What theory says: shares who hang up, mean waits (in mean calls), and who waits at all."""

    abandoned_999: float
    abandoned_101: float
    wait_999: float
    wait_101: float
    waits_101: float


def arrivals(c: Centre, state: State) -> Iterator[tuple[State, float]]:
    """Give the state after a call to each line, with its rate."""
    e, n, s, urgent, routine = state
    if not urgent and e < c.only_999:
        yield (e + 1, n, s, urgent, routine), c.calls_999
    elif not urgent and s < c.shared:
        yield (e, n, s + 1, urgent, routine), c.calls_999
    elif urgent < WAITING_MAX:
        yield (e, n, s, urgent + 1, routine), c.calls_999
    if not routine and n < c.only_101:
        yield (e, n + 1, s, urgent, routine), c.calls_101
    elif not (urgent or routine) and c.shared - s > c.reserve:
        yield (e, n, s + 1, urgent, routine), c.calls_101
    elif routine < WAITING_MAX:
        yield (e, n, s, urgent, routine + 1), c.calls_101


def departures(c: Centre, state: State) -> Iterator[tuple[State, float]]:
    """Give the state after the end of a call in each team, and after a hang-up on each line."""
    e, n, s, urgent, routine = state
    if e:
        yield ((e, n, s, urgent - 1, routine) if urgent else (e - 1, n, s, urgent, routine)), e
    if n:
        yield ((e, n, s, urgent, routine - 1) if routine else (e, n - 1, s, urgent, routine)), n
    if s:
        if urgent:
            yield (e, n, s, urgent - 1, routine), s
        elif routine and c.shared - s + 1 > c.reserve:
            yield (e, n, s, urgent, routine - 1), s
        else:
            yield (e, n, s - 1, urgent, routine), s
    if urgent:
        yield (e, n, s, urgent - 1, routine), urgent / c.patience_999
    if routine:
        yield (e, n, s, urgent, routine - 1), routine / c.patience_101


def solve(c: Centre) -> Exact:
    """Solve the balance equations."""
    places: dict[State, int] = {(0, 0, 0, 0, 0): 0}
    to_visit = list(places)
    rows: list[tuple[int, int, float]] = []
    while to_visit:
        state = to_visit.pop()
        for then, rate in chain(arrivals(c, state), departures(c, state)):
            if not rate:
                continue
            if then not in places:
                places[then] = len(places)
                to_visit.append(then)
            rows.append((places[state], places[then], rate))
    balance = np.zeros((len(places), len(places)))
    for here, there, rate in rows:
        balance[there, here] += rate
        balance[here, here] -= rate
    balance[-1] = 1.0
    right = np.zeros(len(places))
    right[-1] = 1.0
    chance = np.linalg.solve(balance, right)
    states = np.array(list(places))
    waiting = chance @ states[:, 3:]
    cut = (states[:, 3:] == WAITING_MAX).any(axis=1)
    assert chance[cut].sum() < CUT_OFF
    is_served_101 = (states[:, 4] == 0) & (
        (states[:, 1] < c.only_101) | ((states[:, 3] == 0) & (c.shared - states[:, 2] > c.reserve))
    )
    return Exact(
        abandoned_999=waiting[0] / c.patience_999 / c.calls_999 if c.calls_999 else 0.0,
        abandoned_101=waiting[1] / c.patience_101 / c.calls_101,
        wait_999=waiting[0] / c.calls_999 if c.calls_999 else 0.0,
        wait_101=waiting[1] / c.calls_101,
        waits_101=float(1 - chance[is_served_101].sum()),
    )
