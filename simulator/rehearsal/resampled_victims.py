"""The interval of what a portal explains of a published fall, from who happened to be followed.

The followed victims are drawn again, with replacement, 300 times: each time another share of
worries is settled, and messages make another number of calls. Everything else stays as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.rehearsal.full_volume import settled_shares
from simulator.streams import Streams

_DRAWS = 300
_TAILS = (0.025, 0.975)


@dataclass(frozen=True, kw_only=True)
class FollowedVictims:
    """The worries of followed victims with what became of each, and what messages did in phase 1.

    `rows` and `told_rows` have the crime of each worry and of each message; `chances` those that a
    message makes its victim ring; `phase_1_rows` the crimes among which those calls are shared out.
    """

    kinds: NDArray[np.intp]
    phases: NDArray[np.intp]
    saved: NDArray[np.int8]
    rows: NDArray[np.int64]
    told_rows: NDArray[np.int64]
    chances: NDArray[np.float64]
    phase_1_rows: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class QuarterOfCalls:
    """The worries of a quarter since go-live by kind, and the calls that messages made in it."""

    worries: NDArray[np.int64]
    prompted: int


#: How far the calls saved in a quarter may be off, low and high.
OffBy: TypeAlias = Callable[[QuarterOfCalls], tuple[float, float]]


def interval_of_saved(victims: FollowedVictims, streams: Streams) -> OffBy:
    """Draw the victims again; give how far the calls saved in a quarter may be off, low and high.

    The same draws are used for every quarter and force.
    """
    people, places = np.unique(
        np.concatenate([victims.rows, victims.told_rows, victims.phase_1_rows]),
        return_inverse=True,
    )
    ends = np.cumsum([len(victims.rows), len(victims.told_rows)])
    whose = _Places(*np.split(places, ends))
    shares, made = _as_drawn(victims, whose, np.ones(len(people)))
    rng = streams.for_("followed victims, drawn again")
    again = [
        _as_drawn(victims, whose, rng.poisson(1.0, len(people)).astype(np.float64))
        for _ in range(_DRAWS)
    ]

    def off(quarter: QuarterOfCalls) -> tuple[float, float]:
        found = [
            float(quarter.worries @ (other - shares))
            - quarter.prompted * (other_made / made - 1 if made else 0.0)
            for other, other_made in again
        ]
        low, high = np.quantile(found, _TAILS)
        return float(low), float(high)

    return off


class _Places(NamedTuple):
    """Where the victim of each worry, message and crime of phase 1 is among all."""

    of_worries: NDArray[np.intp]
    of_messages: NDArray[np.intp]
    of_phase_1: NDArray[np.intp]


def _as_drawn(
    victims: FollowedVictims, whose: _Places, often: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float]:
    """Give the shares settled in phase 1 by kind, and the calls that messages make for a crime.

    `often` says how many times each victim counts.
    """
    settled = settled_shares(
        victims.kinds, victims.phases, victims.saved, weights=often[whose.of_worries]
    )
    crimes = float(often[whose.of_phase_1].sum())
    made = float((often[whose.of_messages] * victims.chances).sum())
    return settled.shares[:, 1], made / max(crimes, 1.0)
