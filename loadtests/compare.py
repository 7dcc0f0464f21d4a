"""Compare two sets of runs of one burst: each measure's ratio, with an interval from the repeats.

Pure. If nothing changed, any of the runs could have been on either side: so all ways to divide them
are tried, and a change is told only if the largest of all measures' differences is larger than in
all but 1 in 20 of those ways. For all measures together the rate of false alarms is thus 5% at
most, whatever the times' distribution is. The intervals hold together in the same way.
"""

import itertools
import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from loadtests.alike_runs import check_alike
from simulator.results.load import LoadMeasure, LoadResult

#: How often, at most, any measure is called changed where none has changed.
FALSE_ALARMS_MAX = 0.05
#: More ways to divide the runs than these are drawn at random.
_DIVISIONS_MAX = 5000
#: So small a value is as good as nothing: a millisecond, a visit in a thousand, a kilobyte.
_SMALLEST = 0.001
#: Two repeats are never closer to each other than so much of a value: what is less is no change.
_RESOLUTION = 0.01


class Ratio(Struct, frozen=True, kw_only=True):
    """One measure: geometric means before and after, their ratio, and its interval if any."""

    measure: LoadMeasure
    before: float
    after: float
    ratio: float
    least: float | None
    most: float | None

    @property
    def is_worse(self) -> bool:
        """Whether it took longer, beyond doubt."""
        return self.least is not None and self.least > 1

    @property
    def is_better(self) -> bool:
        """Whether it took less, beyond doubt."""
        return self.most is not None and self.most < 1


class Comparison(Struct, frozen=True, kw_only=True):
    """All ratios. `can_tell` is False if there are too few runs for any change to be beyond doubt.

    `left_out` are measures that only some of the runs made.
    """

    ratios: list[Ratio]
    can_tell: bool
    left_out: list[LoadMeasure]


def compared(before: Sequence[LoadResult], after: Sequence[LoadResult]) -> Comparison:
    """Compare each measure that all runs made; raises BadInput if they are not alike."""
    everything = [*before, *after]
    check_alike(everything)
    made = dict.fromkeys(name for each in everything for name in each.measures)
    shared = [name for name in made if all(name in each.measures for each in everything)]
    logs = np.array([[_log(each.measures[name]) for name in shared] for each in everything])
    differences, errors = _differences(logs, _divisions(len(before), len(everything)))
    largest = _largest_by_chance(differences, errors, is_even=len(before) == len(after))
    return Comparison(
        ratios=[
            _ratio(name, logs[:, place], len(before), largest, float(errors[0, place]))
            for place, name in enumerate(shared)
        ],
        can_tell=largest is not None,
        left_out=[name for name in made if name not in shared],
    )


def _ratio(
    name: LoadMeasure, logs: np.ndarray, first: int, largest: float | None, error: float
) -> Ratio:
    old, new = float(logs[:first].mean()), float(logs[first:].mean())
    around = None if largest is None else largest * error
    return Ratio(
        measure=name,
        before=_amount(old),
        after=_amount(new),
        ratio=math.exp(new - old),
        least=None if around is None else math.exp(new - old - around),
        most=None if around is None else math.exp(new - old + around),
    )


def _divisions(first: int, count: int) -> np.ndarray:
    """Give the ways to choose the runs of the first side, as they were chosen before all others."""
    real = np.arange(count) < first
    if math.comb(count, first) <= _DIVISIONS_MAX:
        ways = [
            np.isin(np.arange(count), chosen)
            for chosen in itertools.combinations(range(count), first)
        ]
        # The first combination is the real one.
        return np.array(ways)
    stream = np.random.default_rng(0)
    return np.array([real, *(stream.permutation(real) for _ in range(_DIVISIONS_MAX - 1))])


def _differences(logs: np.ndarray, divisions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the difference of means and its standard error, by division and measure."""
    old, new = divisions.astype(float), (~divisions).astype(float)
    count_old, count_new = old.sum(axis=1)[:, None], new.sum(axis=1)[:, None]
    mean_old, mean_new = old @ logs / count_old, new @ logs / count_new
    squares = (logs**2).sum(axis=0) - count_old * mean_old**2 - count_new * mean_new**2
    variance = np.maximum(squares, 0) / max(len(logs) - 2, 1) + _RESOLUTION**2
    return mean_new - mean_old, np.sqrt(variance * (1 / count_old + 1 / count_new))


def _largest_by_chance(
    differences: np.ndarray, errors: np.ndarray, *, is_even: bool
) -> float | None:
    """Return what the largest difference, in standard errors, exceeds 1 time in 20 by chance.

    None if there are too few divisions: then even the most extreme is no rarer than that. With as
    many runs on each side it has a mirror image.
    """
    if not differences.size:
        return None
    found = np.sort((np.abs(differences) / errors).max(axis=1))
    beyond = math.floor(FALSE_ALARMS_MAX * len(found))
    return float(found[len(found) - beyond - 1]) if beyond >= 1 + is_even else None


def _log(value: float) -> float:
    return math.log(max(value, 0.0) + _SMALLEST)


def _amount(log: float) -> float:
    return max(0.0, math.exp(log) - _SMALLEST)
