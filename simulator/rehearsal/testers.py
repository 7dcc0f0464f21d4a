"""What testers do in a test period beside living a victim's life: they try what should not work.

Some of their crimes have two victims, so that what one sees of the other shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.files.checked_toml import Amount, Share, Strict
from simulator.streams import Streams


class Testers(Strict, frozen=True, kw_only=True):
    """What is put through the portal in a test period, and what testers try there."""

    crimes_per_week: Amount
    second_victim: Share
    asks_on_visit: Share
    tries_anothers_crime: Share


@dataclass(frozen=True)
class FollowedCrimes:
    """Crimes that go through a portal, by row; `beside` gives the row of a second victim."""

    rows: NDArray[np.intp]
    beside: Mapping[int, int] = field(default_factory=dict)


def pick_crimes(
    name: str,
    there: NDArray[np.bool_],
    weeks: float,
    testers: Testers,
    streams: Streams,
    share_an_address: Callable[[int, int], bool],
) -> FollowedCrimes:
    """Pick among the crimes of some weeks those that testers put in: their journeys are real ones.

    Second victims are people of crimes that were not picked, where there are any left; two who
    share an address could not be told apart.
    """
    wanted = min(int(testers.crimes_per_week.value * weeks), int(there.sum()))
    chosen = streams.for_(f"{name}: testers").choice(np.flatnonzero(there), wanted, replace=False)
    rows: NDArray[np.intp] = np.sort(chosen)
    stream = streams.for_(f"{name}: second victims")
    shared = rows[stream.random(len(rows)) < testers.second_victim.value]
    others = np.setdiff1d(np.flatnonzero(there), rows)
    shared = shared[: len(others)]
    people = stream.choice(others, len(shared), replace=False) if len(shared) else others[:0]
    pairs = zip(shared.tolist(), people.tolist(), strict=True)
    return FollowedCrimes(rows, {a: b for a, b in pairs if not share_an_address(a, b)})
