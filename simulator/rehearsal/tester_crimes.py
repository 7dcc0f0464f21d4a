"""The crimes that testers put in during a test period, and what they try that must not work.

Some of their crimes have two victims, to show whether one sees what is the other's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from simulator.files.checked_toml import Amount, Share, Strict
from simulator.streams import Streams


class BehaviourOfTesters(Strict, frozen=True, kw_only=True):
    """How many crimes testers put through the portal, and what they try there.

    All `people` test in each window, and each can put so many crimes in and follow them.
    """

    people: Amount
    crimes_a_week_each: Amount
    second_victim: Share
    asks_on_visit: Share
    tries_anothers_crime: Share

    @property
    def crimes_a_week(self) -> float:
        """Give the crimes that all testers together can put in."""
        return self.people.value * self.crimes_a_week_each.value


@dataclass(frozen=True)
class FollowedCrimes:
    """Crimes that go through a portal, by row; `beside` gives the row of a second victim."""

    rows: NDArray[np.intp]
    beside: Mapping[int, int] = field(default_factory=dict)


def pick_crimes(
    name: str,
    there: NDArray[np.bool_],
    weeks: float,
    testers: BehaviourOfTesters,
    streams: Streams,
    share_an_address: Callable[[int, int], bool],
) -> FollowedCrimes:
    """Pick the crimes that testers put in from the crimes of these weeks.

    Second victims are taken from crimes that were not picked, as long as there are any. Two
    victims who share an address are not paired: they could not be told apart.
    """
    wanted = min(int(testers.crimes_a_week * weeks), int(there.sum()))
    chosen = streams.for_(f"{name}: testers").choice(np.flatnonzero(there), wanted, replace=False)
    rows: NDArray[np.intp] = np.sort(chosen)
    stream = streams.for_(f"{name}: second victims")
    shared = rows[stream.random(len(rows)) < testers.second_victim.value]
    others = np.setdiff1d(np.flatnonzero(there), rows)
    shared = shared[: len(others)]
    people = stream.choice(others, len(shared), replace=False) if len(shared) else others[:0]
    pairs = zip(shared.tolist(), people.tolist(), strict=True)
    return FollowedCrimes(rows, {a: b for a, b in pairs if not share_an_address(a, b)})
