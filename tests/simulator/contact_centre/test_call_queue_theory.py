"""The desk in its steady state against exact queueing theory: fixed seeds, 3.5 standard errors."""

from datetime import UTC, datetime
from math import inf, sqrt
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.contact_centre.call_outcomes import CallOutcomes, join_outcomes
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import EMERGENCY, NON_EMERGENCY, Calls

HOUR = 3600


class Queue(NamedTuple):
    """A stationary queue and what theory says of it; times in seconds."""

    handlers: int
    calls_a_second: float
    service: float
    patience: float
    waits_share: float
    abandoned_share: float
    wait_mean: float
    calls: int = 300_000


# Exact birth-death solutions. V1 and V2 are printed, rounded, in Gans, Koole and Mandelbaum
# (2003); V3 in the README of the ErlangC package on CRAN; where mu = theta (V9) the number in the
# system is Poisson, which gives the same by hand.
QUEUES = {
    "V1 Erlang-A": Queue(50, 48 / 60, 60, 120, 0.467774, 0.030912, 3.7095),
    "V2 Erlang-C": Queue(50, 48 / 60, 60, inf, 0.69446, 0.0, 20.834, 900_000),
    "V3 Erlang-C": Queue(14, 100 / 1800, 180, inf, 0.1741319, 0.0, 7.83594),
    "V9 mu = theta": Queue(100, 102 / 60, 60, 60, 0.591719, 0.049918, 0.049918 * 60),
    "V10 Erlang-A": Queue(20, 18 / 60, 60, 120, 0.397795, 0.037836, 0.075672 * 60),
    "V12 like 101": Queue(14, 120 / HOUR, 390, 360, float("nan"), 0.07902, 28.445),
    "V12 14% fewer": Queue(14, 120 * 0.86 / HOUR, 390, 360, float("nan"), 0.03735, 13.446),
    "V12 21% fewer": Queue(14, 120 * 0.79 / HOUR, 390, 360, float("nan"), 0.02293, 8.256),
}


def stationary_calls(queue: Queue, *, seed: int, share_999: float = 0.0) -> Calls:
    """Draw Poisson arrivals with exponential service and patience."""
    rng = np.random.default_rng(seed)
    patience = np.full(queue.calls, inf)
    if queue.patience < inf:
        patience = rng.exponential(queue.patience, queue.calls)
    return Calls(
        at_seconds=np.cumsum(rng.exponential(1 / queue.calls_a_second, queue.calls)),
        line=np.where(rng.random(queue.calls) < share_999, EMERGENCY, NON_EMERGENCY),
        service_seconds=rng.exponential(queue.service, queue.calls),
        patience_seconds=patience,
    )


def answer(calls: Calls, handlers: int) -> CallOutcomes:
    """Answer all calls with the same handlers in every hour."""
    desk = Desk(roster=[handlers] * 168, start=datetime(2026, 2, 2, tzinfo=UTC))
    return join_outcomes(desk.run(calls), desk.finish())


def assert_mean(values: NDArray[np.generic], expected: float, what: str) -> None:
    """Hold the mean of correlated values, after a warm-up, to within 3.5 standard errors."""
    warm = values[len(values) // 20 :].astype(np.float64)
    batches = np.array([batch.mean() for batch in np.array_split(warm, 30)])
    error = batches.std(ddof=1) / sqrt(len(batches))
    assert abs(batches.mean() - expected) <= 3.5 * error + 1e-12, (
        f"{what}: {batches.mean():.5f} is not {expected:.5f} (standard error {error:.5f})"
    )


@pytest.mark.parametrize("name", QUEUES)
def test_a_stationary_desk_agrees_with_exact_theory(name: str) -> None:
    """Shares that wait and abandon, mean wait, queue and occupancy are those of the exact model."""
    queue = QUEUES[name]
    calls = stationary_calls(queue, seed=list(QUEUES).index(name))

    answered = answer(calls, queue.handlers)

    if not np.isnan(queue.waits_share):
        assert_mean(answered.wait_seconds > 0, queue.waits_share, "share that waits")
    assert_mean(answered.abandoned, queue.abandoned_share, "abandoned")
    assert_mean(answered.wait_seconds, queue.wait_mean, "mean wait")
    served = np.where(answered.abandoned, 0.0, calls.service_seconds)
    load = queue.calls_a_second * queue.service
    assert_mean(
        served * queue.calls_a_second / queue.handlers,
        load * (1 - queue.abandoned_share) / queue.handlers,
        "occupancy",
    )


@pytest.mark.parametrize("name", ["V1 Erlang-A", "V9 mu = theta", "V10 Erlang-A"])
def test_abandonment_is_mean_wait_over_mean_patience(name: str) -> None:
    """P(Ab) = theta E[W] when patience is exponential, with nothing taken from a table."""
    queue = QUEUES[name]

    answered = answer(stationary_calls(queue, seed=77), queue.handlers)

    assert_mean(answered.abandoned - answered.wait_seconds / queue.patience, 0.0, "difference")


def test_the_queue_is_as_long_as_littles_law_says() -> None:
    """Lq = lambda E[W]: the callers counted waiting every 10 s are 2.97 on average in V1."""
    queue = QUEUES["V1 Erlang-A"]
    calls = stationary_calls(queue, seed=5)

    answered = answer(calls, queue.handlers)

    looks = np.arange(0, calls.at_seconds[-1], 10.0)
    left = np.sort(calls.at_seconds + answered.wait_seconds)
    waiting = np.searchsorted(calls.at_seconds, looks) - np.searchsorted(left, looks)
    assert_mean(waiting, 2.9676, "callers waiting")


def test_answer_within_20_s_is_that_of_the_exact_model() -> None:
    """V3's service level: 0.88835 of calls are answered within 20 s."""
    queue = QUEUES["V3 Erlang-C"]

    answered = answer(stationary_calls(queue, seed=8), queue.handlers)

    assert_mean(answered.wait_seconds <= 20, 0.88835, "within 20 s")


def test_each_line_waits_as_long_as_cobhams_formula_says() -> None:
    """Two lines, patient callers: W(999) = C s/n/(1 - rho999), W(101) = W(999)/(1 - rho)."""
    queue = QUEUES["V3 Erlang-C"]
    calls = stationary_calls(queue, seed=11, share_999=0.45)

    answered = answer(calls, queue.handlers)

    rho = queue.calls_a_second * queue.service / queue.handlers
    wait_999 = queue.waits_share * queue.service / queue.handlers / (1 - 0.45 * rho)
    urgent = calls.line == EMERGENCY
    assert_mean(answered.wait_seconds[urgent], wait_999, "999")
    assert_mean(answered.wait_seconds[~urgent], wait_999 / (1 - rho), "101")
