"""Intervals of predictions: calls drawn again as the contact centre draws them."""

from math import sqrt

import numpy as np
import pytest

from simulator.rehearsal.years_drawn_again import both_off, calls_drawn_again, fall_drawn_again


def drawn(seed: int = 1) -> np.random.Generator:
    """Give a stream."""
    return np.random.default_rng(seed)


def test_a_fall_is_as_sure_as_its_calls_are_many() -> None:
    """By hand: two Poisson numbers of 40,000 differ by 1.96 times the root of two, over 200."""
    low, high = fall_drawn_again(40_000, 36_000, 0.0, drawn())

    half = 1.96 * sqrt(0.9**2 / 40_000 + 0.9 / 40_000)
    assert (low + high) / 2 == pytest.approx(0.1, abs=0.002)
    assert (high - low) / 2 == pytest.approx(half, rel=0.2)


def test_days_that_differ_make_it_less_sure() -> None:
    """By a tenth each day, the two quarters of 92 days by a hundredth and a half together."""
    low, high = fall_drawn_again(10**7, 10**7, 0.1, drawn())

    assert (high - low) / 2 == pytest.approx(1.96 * 0.1 * sqrt(2 / 92), rel=0.2)
    assert low < 0 < high


def test_of_no_calls_there_is_no_fall() -> None:
    """Nothing is divided by nothing."""
    assert fall_drawn_again(0, 0, 0.1, drawn()) == (0, 0)


def test_a_years_calls_are_drawn_again() -> None:
    """54,000 calls are known to about 455 by chance; 1.96 standard deviations of Poisson."""
    low, high = calls_drawn_again(54_000, drawn())

    assert low < 54_000 < high
    assert (high - low) / 2 == pytest.approx(1.96 * sqrt(54_000), rel=0.2)


def test_two_causes_that_do_not_meet_add_as_squares() -> None:
    """Three and four are five, on each side by itself."""
    assert both_off(10, (7, 16), (-4, 8)) == pytest.approx((5, 20))
