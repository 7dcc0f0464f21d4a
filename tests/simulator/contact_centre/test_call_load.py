"""The same calls at another load: each hour as if its calls had come by themselves."""

from itertools import pairwise

import numpy as np
import pytest

from simulator.contact_centre.call_load import times_load
from simulator.contact_centre.calls import Calls

WEEK, WEEKS = 7 * 86_400, 40
ENDS = float(WEEK * WEEKS)
RNG = np.random.default_rng(1)


def calls(number: int = 200_000) -> Calls:
    """Calls that come at random, each with a service time of its own."""
    at = np.sort(RNG.integers(0, WEEK * WEEKS, number)).astype(np.float64)
    return Calls(
        at_seconds=at,
        line=RNG.integers(0, 2, number).astype(np.int8),
        service_seconds=np.arange(number) % 80_000 / 1.0,
        patience_seconds=np.full(number, 60.0),
    )


CALLS = calls()
DRAWN = RNG.random(len(CALLS))


def rows(load: float) -> set[tuple[float, float]]:
    """The calls at a load, as moments with service times."""
    found = times_load(CALLS, load, ends=ENDS, drawn=DRAWN)
    return set(zip(found.at_seconds.tolist(), found.service_seconds.tolist(), strict=True))


@pytest.mark.parametrize("load", [0.3, 0.9, 1.0, 1.3, 2.0, 2.5])
def test_there_are_so_many_and_the_hours_are_poisson(load: float) -> None:
    """Calls an hour have a variance like their mean: no caller comes twice in one hour."""
    found = times_load(CALLS, load, ends=ENDS, drawn=DRAWN)
    by_hour = np.bincount((found.at_seconds // 3600).astype(np.int64), minlength=168 * WEEKS)

    assert len(found) == pytest.approx(load * len(CALLS), rel=0.01)
    assert 0.95 < by_hour.var() / by_hour.mean() < 1.05
    assert found.at_seconds.max() < ENDS


def test_who_is_there_at_a_load_is_there_at_every_higher_one() -> None:
    """So that loads differ in nothing else."""
    found = [rows(load) for load in (0.4, 0.8, 1.0, 1.2, 1.9, 2.3)]

    assert all(fewer < more for fewer, more in pairwise(found))
    assert rows(1.0) == set(
        zip(CALLS.at_seconds.tolist(), CALLS.service_seconds.tolist(), strict=True)
    )


def test_more_calls_come_at_the_hour_of_the_week_of_another() -> None:
    """A week later, and from the last week to the first."""
    later = {((at + WEEK) % ENDS, service) for at, service in rows(1.0)}

    assert rows(1.5) - rows(1.0) < later
    assert rows(2.0) - rows(1.0) == later - rows(1.0)
