"""Which victims do not read English, or need another format, and what they do with a portal for it.

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

By: TypeAlias = Literal["Language", "Format"]
#: What victims without a need are called, by way of grouping.
USUAL: dict[By, str] = {"Language": "English", "Format": "none needed"}


class AccessNeed(Strict, frozen=True, kw_only=True):
    """Victims of one language or format: how many, and how they differ from the others.

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

    `language` and `format` are places in `kinds`, -1 for none.
    """

    kinds: tuple[AccessNeed, ...]
    language: NDArray[np.int8]
    format: NDArray[np.int8]

    def groups(self, row: int) -> list[tuple[By, str]]:
        """Name the groups of one person."""
        found: list[tuple[By, str]] = []
        columns: list[tuple[By, int]] = [
            ("Language", int(self.language[row])),
            ("Format", int(self.format[row])),
        ]
        for by, place in columns:
            found.append((by, USUAL[by] if place < 0 else self.kinds[place].group))
        return found

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
        found: NDArray[np.float64] = table[self.language] * table[self.format]
        return found


def make_access_needs(number: int, kinds: Sequence[AccessNeed], streams: Streams) -> AccessNeeds:
    """Draw the needs of so many people, language and format each by itself."""
    columns = []
    for by in USUAL:
        places = [place for place, each in enumerate(kinds) if each.by == by]
        below = np.cumsum([kinds[place].share.value for place in places])
        drawn = np.searchsorted(below, streams.for_(f"access needs: {by}").random(number), "right")
        columns.append(np.array([*places, -1], np.int8)[drawn])
    return AccessNeeds(tuple(kinds), *columns)
