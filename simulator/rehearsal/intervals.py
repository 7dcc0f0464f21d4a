"""95% intervals for a mean, by Student's t (of replications, weeks, differences), and for a count.

A count is taken to be Poisson; its interval is the exact one of Garwood (1936).
"""

from collections.abc import Callable, Sequence
from math import inf, sqrt
from statistics import NormalDist, mean, stdev

import numpy as np

from simulator.results.portal_life import Scaled
from simulator.results.values import Estimate

# 97.5% points of Student's t for 1 to 12 degrees of freedom; from there the expansion is exact to
# four digits.
_FIRST = (
    *(12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469),
    *(2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788),
)


def t_quantile(degrees: int) -> float:
    """Give the 97.5% point of Student's t, for 1 degree of freedom or more."""
    if degrees <= len(_FIRST):
        return _FIRST[degrees - 1]
    z = NormalDist().inv_cdf(0.975)
    terms = (
        z,
        (z**3 + z) / (4 * degrees),
        (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2),
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * degrees**3),
    )
    return sum(terms)


def estimate(values: Sequence[float], *, least: float = -inf, most: float = inf) -> Estimate:
    """Give the mean with its 95% interval; of one value the interval is that value alone.

    Few values that differ much make it wide: it ends at `least` and `most`, which no value of its
    kind may pass.
    """
    middle = mean(values)
    if len(values) == 1:
        return Estimate(mean=middle, low=middle, high=middle)
    half = t_quantile(len(values) - 1) * stdev(values) / sqrt(len(values))
    return Estimate(mean=middle, low=middle - half, high=middle + half).within(least, most)


def share_span(parts: Sequence[tuple[int, int]]) -> tuple[float, float] | None:
    """Give the 95% interval of a share, from how the parts of one history differ.

    Each part has so many of so many, such as the calls abandoned and offered in a week; their sums
    make the share. None of fewer than two parts, or of nothing at all.
    """
    whole = sum(of for _counted, of in parts)
    count = len(parts)
    if count <= 1 or not whole:
        return None
    share = sum(counted for counted, _of in parts) / whole
    squares = sum((counted - share * of) ** 2 for counted, of in parts)
    half = t_quantile(count - 1) * sqrt(squares * count / (count - 1)) / whole
    return max(0.0, share - half), min(1.0, share + half)


def scaled(counted: int, fraction: float) -> Scaled:
    """Take a count among the followed share of the crimes to all of them, with its interval."""
    low, high = counted_interval(counted)
    return Scaled(
        counted=counted,
        full_volume=round(counted / fraction, 1),
        low=round(low / fraction, 1),
        high=round(high / fraction, 1),
    )


def counted_interval(counted: int) -> tuple[float, float]:
    """Give the means for which a count as low, or as high, has a chance of 2.5% each."""
    far = counted + 10 * sqrt(counted + 1) + 10
    high = _crossing(lambda middle: _at_most(counted, middle) > _TAIL, 0.0, far)
    if not counted:
        return 0.0, high
    return _crossing(lambda middle: 1 - _at_most(counted - 1, middle) < _TAIL, 0.0, far), high


def _at_most(counted: int, middle: float) -> float:
    """Give the chance that a Poisson count with this mean is at most so high."""
    numbers = np.arange(counted + 1)
    factorials = np.concatenate([[0.0], np.cumsum(np.log(numbers[1:]))])
    return float(np.exp(numbers * np.log(max(middle, 1e-300)) - middle - factorials).sum())


def _crossing(is_below: Callable[[float], bool], low: float, high: float) -> float:
    """Find where something that holds below a number ceases to hold, by halving."""
    while high - low > 1e-6 * max(1.0, high):
        middle = (low + high) / 2
        low, high = (middle, high) if is_below(middle) else (low, middle)
    return (low + high) / 2


_TAIL = 0.025


def warm_up_needed(series: Sequence[float]) -> int:
    """Find how many of the first values of a series are best left out, by MSER (White, 1997).

    That is how many leave the mean of the rest with the smallest squared error, half at most.
    """
    best, found = float("inf"), 0
    for left_out in range(len(series) // 2 + 1):
        rest = series[left_out:]
        middle = mean(rest)
        error = sum((each - middle) ** 2 for each in rest) / len(rest) ** 2
        if error < best:
            best, found = error, left_out
    return found
