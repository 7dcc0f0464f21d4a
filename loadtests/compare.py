"""Compare two sets of bursts on one machine: each measure's ratio, with an interval from repeats.

Pure. A set is one run or several of the same burst. With three or more on each side the interval
is a bootstrap's of the ratio of medians; with fewer there is none, and nothing is called changed.
"""

from collections.abc import Sequence
from statistics import median

import numpy as np
from msgspec import Struct

from simulator.errors import BadInput
from simulator.results.load import LoadMeasure, LoadResult

REPEATS_MIN = 3
_DRAWS = 4000
_INTERVAL = (2.5, 97.5)


class Ratio(Struct, frozen=True, kw_only=True):
    """One measure: medians before and after, their ratio, and its 95% interval if there is one."""

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


def compared(before: Sequence[LoadResult], after: Sequence[LoadResult]) -> list[Ratio]:
    """Compare each measure that all runs made; raises BadInput if they are not alike."""
    everything = [*before, *after]
    for name, values in (
        ("bursts", {each.name for each in everything}),
        ("scales", {each.scale for each in everything}),
        ("machines", {(each.machine.system, each.machine.cores) for each in everything}),
    ):
        if len(values) > 1:
            shown = ", ".join(sorted(map(str, values)))
            raise BadInput(f"these runs have different {name}: {shown}; compare like with like")
    shared = [
        name for name in before[0].measures if all(name in each.measures for each in everything)
    ]
    return [_ratio(name, before, after) for name in shared]


def _ratio(name: LoadMeasure, before: Sequence[LoadResult], after: Sequence[LoadResult]) -> Ratio:
    old = np.array([each.measures[name] for each in before])
    new = np.array([each.measures[name] for each in after])
    least = most = None
    if min(len(old), len(new)) >= REPEATS_MIN:
        stream = np.random.default_rng(0)
        olds = np.median(stream.choice(old, (_DRAWS, len(old))), axis=1)
        news = np.median(stream.choice(new, (_DRAWS, len(new))), axis=1)
        least, most = (float(each) for each in np.percentile(_divided(news, olds), _INTERVAL))
    middle = float(_divided(np.array([median(new)]), np.array([median(old)]))[0])
    return Ratio(
        measure=name,
        before=float(median(old)),
        after=float(median(new)),
        ratio=middle,
        least=least,
        most=most,
    )


def _divided(new: np.ndarray, old: np.ndarray) -> np.ndarray:
    """Divide; nothing by nothing is 1."""
    smallest = 1e-9
    return (new + smallest) / (old + smallest)
