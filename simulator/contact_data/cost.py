"""What leaving contact data as it is costs: reckoned from an extract, and from a rehearsal of it.

A check measures the rates. `simulator/rehearsal/unmended_data.py` rehearses them, for `check-data
--rehearse`. Without a rehearsal no number of messages is given: the extract does not tell how many
a crime has.
"""

from collections.abc import Callable
from math import sqrt
from typing import TypeAlias

from msgspec import Struct

from simulator.population.faults.rates import FaultRates

#: Of crimes, so many are followed through the portal in a rehearsal of the cost.
REHEARSED_FRACTION = 0.01
_SURE = 1.96


class Contents(Struct, frozen=True):
    """Contact data to rehearse: how often each fault occurs, and whose contact is marked safe.

    `safe_share` is None where the extract does not say: the rollout's own share holds.
    """

    rates: FaultRates
    safe_share: float | None


class Amount(Struct, frozen=True, kw_only=True):
    """A number for each 1,000 open eligible crimes, with its 95% interval."""

    value: float
    low: float
    high: float


class Rehearsed(Struct, frozen=True, kw_only=True):
    """Two rehearsals of one rollout: with the data as it is, and with every detail right.

    `lost` are the messages that reached their victims with right details alone, `misinformed` the
    victims of whom somebody else was told, as it is.
    """

    rollout: str
    seed: int
    fraction: float
    crimes: int
    messages_per_crime: float
    lost: Amount
    misinformed: Amount


class Cost(Struct, frozen=True, kw_only=True):
    """What leaving the data as it is costs, for each 1,000 open eligible crimes.

    `untold` crimes cannot be told. The reckoned number of people misinformed is the share of wrong
    people that call-backs found, of the crimes that can; None without call-backs.
    """

    untold: float
    misinformed: Amount | None = None
    rehearsed: Rehearsed | None = None


#: Rehearses data as it is and mended.
Rehearse: TypeAlias = Callable[[Contents, Contents], Rehearsed]


def for_each_thousand(by_person: list[float], crimes: int) -> Amount:
    """Give the sum for each 1,000 crimes; the interval is that of a sum over so many people."""
    total, count = sum(by_person), len(by_person)
    squares = sum(each * each for each in by_person)
    spread = sqrt(max(0.0, squares - total * total / count)) if count else 0.0
    each_thousand = 1000 / max(1, crimes)
    return Amount(
        value=total * each_thousand,
        low=max(0.0, total - _SURE * spread) * each_thousand,
        high=(total + _SURE * spread) * each_thousand,
    )


def widened(found: Amount, by: Amount | None) -> Amount:
    """Widen an interval so that it holds another: what call-backs leave open stays open."""
    if by is None:
        return found
    return Amount(value=found.value, low=min(found.low, by.low), high=max(found.high, by.high))
