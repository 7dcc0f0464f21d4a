"""What keeps victims from a portal: language, format, their device, and how little they can attend.

Drawn from streams of their own: without needs, or with others, nothing else about anybody changes.
The force's records hold none of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simulator.files.checked_toml import Share, Strict
from simulator.streams import Streams

By: TypeAlias = Literal["Language", "Format", "Device", "Attention"]
#: What victims without a need are called, by way of grouping.
USUAL: dict[By, str] = {
    "Language": "English",
    "Format": "none needed",
    "Device": "a smartphone of their own",
    "Attention": "enough",
}


class AccessNeed(Strict, frozen=True, kw_only=True):
    """Victims alike in one of these: how many, and how they differ from the others.

    `registers` and `reads` are how often such victims do so, as a share of how often others do.
    `rings` is the share of messages that make them ring to ask what it says.
    """

    by: By
    group: str
    share: Share
    registers: Share
    reads: Share
    rings: Share


def check_access_needs(needs: Sequence[AccessNeed]) -> None:
    """Raise ValueError for a group that is named twice, or more victims than there are."""
    names = [(each.by, each.group) for each in needs]
    for by, group in names:
        if names.count((by, group)) > 1 or group == USUAL[by]:
            raise ValueError(f"access_needs: {by} {group!r} is there twice; name each group once")
    for by in USUAL:
        total = sum(each.share.value for each in needs if each.by == by)
        if total > 1:
            raise ValueError(
                f"access_needs: the shares by {by} add up to {total:g}; give 1 or less"
            )


@dataclass(frozen=True)
class AccessNeeds:
    """The needs of many people, one row a person.

    `places` has, by what it groups by, each person's place in `kinds`, -1 for none.
    """

    kinds: tuple[AccessNeed, ...]
    places: dict[By, NDArray[np.int8]]

    def __len__(self) -> int:
        return len(next(iter(self.places.values())))

    def groups(self, row: int) -> list[tuple[By, str]]:
        """Name the groups of one person."""
        columns = [(by, int(places[row])) for by, places in self.places.items()]
        return [(by, USUAL[by] if place < 0 else self.kinds[place].group) for by, place in columns]

    def registers(self) -> NDArray[np.float64]:
        """Give how often each person registers, as a share of others'."""
        return self._times([each.registers.value for each in self.kinds])

    def reads(self) -> NDArray[np.float64]:
        """Give how often each person reads, as a share of others'."""
        return self._times([each.reads.value for each in self.kinds])

    def rings(self) -> NDArray[np.float64]:
        """Give the chance that a message makes each person ring to ask what it says."""
        return 1 - self._times([1 - each.rings.value for each in self.kinds])

    def _times(self, values: Sequence[float]) -> NDArray[np.float64]:
        # The last stands for those without a need, whose place is -1.
        table = np.array([*values, 1.0])
        found: NDArray[np.float64] = np.prod(
            [table[places] for places in self.places.values()], axis=0
        )
        return found


def make_access_needs(number: int, kinds: Sequence[AccessNeed], streams: Streams) -> AccessNeeds:
    """Draw the needs of so many people, each sort by itself."""
    columns: dict[By, NDArray[np.int8]] = {}
    for by in USUAL:
        places = [place for place, each in enumerate(kinds) if each.by == by]
        below = np.cumsum([kinds[place].share.value for place in places])
        drawn = np.searchsorted(below, streams.for_(f"access needs: {by}").random(number), "right")
        columns[by] = np.array([*places, -1], np.int8)[drawn]
    return AccessNeeds(tuple(kinds), columns)
