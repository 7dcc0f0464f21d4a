"""What a simulation must neither lose nor count twice, as plain values: how often each end came.

Callers, messages, tasks: each ends in one way. What is still under way at the end is a way too.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from simulator.errors import NotConserved


class Conserved(Struct, frozen=True, kw_only=True):
    """So many of one thing, such as messages, and how many of them ended in each way."""

    things: str
    total: int
    ends: dict[str, int]


def conserved(things: str, total: int, ends: Mapping[str, int]) -> Conserved:
    """Give a count whose ends add up to the total; raises NotConserved where they do not."""
    if sum(ends.values()) != total:
        said = ", ".join(f"{number:,} {end}" for end, number in ends.items())
        raise NotConserved(
            f"{things}: there were {total:,}, and {sum(ends.values()):,} ended ({said})"
        )
    return Conserved(things=things, total=total, ends=dict(ends))


def add_conserved(parts: Iterable[Conserved]) -> list[Conserved]:
    """Add up counts of the same things, in the order in which the things come."""
    totals: Counter[str] = Counter()
    ends: dict[str, Counter[str]] = {}
    for each in parts:
        totals[each.things] += each.total
        # `update` keeps an end that never came, which `+` would drop.
        ends.setdefault(each.things, Counter()).update(each.ends)
    return [conserved(things, totals[things], found) for things, found in ends.items()]
