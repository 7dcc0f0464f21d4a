"""Intervals from runs of the desk hold the exact mean as often as they say."""

from datetime import UTC, datetime

import numpy as np
import pytest

from simulator.contact_centre.call_outcomes import join_outcomes
from simulator.contact_centre.call_queue import Desk
from simulator.contact_centre.calls import NON_EMERGENCY, Calls
from simulator.rehearsal.intervals import estimate

# V10 of test_call_queue_theory.py: 18 calls a minute, 20 handlers, patience of two minutes.
_HANDLERS, _CALLS_A_SECOND, _SERVICE, _PATIENCE = 20, 18 / 60, 60.0, 120.0
_WAIT_MEAN = 0.075672 * 60
_TRIALS, _RUNS, _CALLS, _WARM_UP = 1_000, 6, 1_500, 300


def mean_wait(rng: np.random.Generator) -> float:
    """Answer one run of calls; return the mean wait of those after the warm-up."""
    calls = Calls(
        at_seconds=np.cumsum(rng.exponential(1 / _CALLS_A_SECOND, _CALLS)),
        line=np.full(_CALLS, NON_EMERGENCY, dtype=np.int8),
        service_seconds=rng.exponential(_SERVICE, _CALLS),
        patience_seconds=rng.exponential(_PATIENCE, _CALLS),
    )
    desk = Desk(roster=[_HANDLERS] * 168, start=datetime(2026, 2, 2, tzinfo=UTC))
    answered = join_outcomes(desk.run(calls), desk.finish())
    return float(answered.wait_seconds[_WARM_UP:].mean())


@pytest.mark.proof
@pytest.mark.slow(seconds=15)
def test_intervals_of_the_desk_cover_95_in_100() -> None:
    """Of 1,000 trials of six runs each, 93 to 97% hold the mean wait of the exact model."""
    rng = np.random.default_rng(2027)
    covered = 0
    for _trial in range(_TRIALS):
        found = estimate([mean_wait(rng) for _run in range(_RUNS)])
        covered += found.low <= _WAIT_MEAN <= found.high

    assert 0.93 <= covered / _TRIALS <= 0.97
