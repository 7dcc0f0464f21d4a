"""The intervals of what the model says beside published figures: its calls drawn again, 300 times.

Calls come as the contact centre draws them, at random and on days some of which are busier than
others; the crimes and every rate stay as they are. So these are intervals of chance, and of no
assumption.
"""

from math import hypot

import numpy as np
from numpy.typing import NDArray

_DRAWS = 300
_TAILS = (0.025, 0.975)
_DAYS_OF_A_QUARTER = 92


def fall_drawn_again(
    before: float, after: float, day_variation: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Give the 95% interval of the fall from one quarter's calls to another's, as a share."""
    if not before:
        return 0.0, 0.0
    first, second = (_quarters(each, day_variation, rng) for each in (before, after))
    low, high = np.quantile(1 - second / np.maximum(first, 1), _TAILS)
    return float(low), float(high)


def calls_drawn_again(calls: float, rng: np.random.Generator) -> tuple[int, int]:
    """Give the 95% interval of a year's update calls: each crime makes some of them at random."""
    low, high = np.quantile(rng.poisson(calls, _DRAWS), _TAILS)
    return round(low), round(high)


def both_off(
    mean: float, chance: tuple[float, float], off: tuple[float, float]
) -> tuple[float, float]:
    """Give the interval around a mean of two causes that have nothing to do with each other.

    `chance` is the interval of one, and `off` how far the other may be off, low and high.
    """
    low = hypot(mean - chance[0], off[0])
    high = hypot(chance[1] - mean, off[1])
    return mean - low, mean + high


def _quarters(calls: float, day_variation: float, rng: np.random.Generator) -> NDArray[np.float64]:
    by_day = np.full((_DRAWS, _DAYS_OF_A_QUARTER), calls / _DAYS_OF_A_QUARTER)
    if day_variation:
        variance = day_variation**2
        by_day *= rng.gamma(1 / variance, variance, by_day.shape)
    found: NDArray[np.float64] = rng.poisson(by_day).sum(axis=1).astype(np.float64)
    return found
