"""Drawn again, the followed victims give an interval as wide as their number allows."""

from math import sqrt

import numpy as np
import pytest

from simulator.rehearsal.full_volume import KINDS
from simulator.rehearsal.resampled_victims import (
    FollowedVictims,
    QuarterOfCalls,
    interval_of_saved,
)
from simulator.streams import Streams

KIND = 2
NOBODY = np.empty(0, dtype=np.int64)


def followed(
    settled: list[bool], *, worries_each: int = 1, chances: list[float] | None = None
) -> FollowedVictims:
    """Make victims with alike worries in phase 1, each with all settled or none.

    The first of them were sent messages that make calls with these chances.
    """
    victims = np.arange(len(settled), dtype=np.int64)
    rows = np.repeat(victims, worries_each)
    return FollowedVictims(
        kinds=np.full(len(rows), KIND, dtype=np.intp),
        phases=np.ones(len(rows), dtype=np.intp),
        saved=np.repeat(np.array(settled, dtype=np.int8), worries_each),
        rows=rows,
        told_rows=victims[: len(chances or [])],
        chances=np.array(chances or []),
        phase_1_rows=victims,
    )


def off(victims: FollowedVictims, *, worries: int = 1000, prompted: int = 0) -> tuple[float, float]:
    """Give how far the calls saved of so many worries may be off."""
    of_kind = np.zeros(KINDS, dtype=np.int64)
    of_kind[KIND] = worries
    quarter = QuarterOfCalls(worries=of_kind, prompted=prompted)
    return interval_of_saved(victims, Streams(1))(quarter)


def test_half_settled_is_as_sure_as_the_number_of_victims_allows() -> None:
    """For 400 victims the share is 1.96 times 2.5 points off, a quarter more or less."""
    low, high = off(followed([True, False] * 200))

    expected = 1.96 * 1000 * sqrt(0.25 / 400)
    assert -low == pytest.approx(expected, rel=0.25)
    assert high == pytest.approx(expected, rel=0.25)


def test_several_worries_of_one_victim_are_no_further_victims() -> None:
    """100 victims with four worries each are as unsure as 100 with one."""
    clustered = off(followed([True, False] * 50, worries_each=4))
    alone = off(followed([True, False] * 50))

    assert clustered == pytest.approx(alone)


def test_where_all_fare_alike_nothing_is_unsure() -> None:
    """Every worry was settled, and no message made a call."""
    assert off(followed([True] * 50)) == (0, 0)


def test_calls_that_messages_make_are_unsure_too() -> None:
    """One message of 50 victims made them all: there may be none, or several."""
    low, high = off(followed([True] * 50, chances=[0.5]), worries=0, prompted=100)

    assert high == pytest.approx(100)
    assert low < -100


def test_the_same_seed_gives_the_same_interval() -> None:
    """The draws are a stream of their own."""
    victims = followed([True, False, False] * 40)

    assert off(victims) == off(victims)
