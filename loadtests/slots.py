"""Which of a list of things, or of places in time, each of several processes has.

Pure. Everybody counts the same list in the same order, so nothing belongs to two of them.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct


class Slots(Struct, frozen=True):
    """Which of a list a process has: of every `of` places, those in `mine`."""

    mine: tuple[int, ...]
    of: int

    def taken(self, everything: Sequence[Any]) -> list[Any]:
        """Take what is ours of a list."""
        return [each for place, each in enumerate(everything) if place % self.of in self.mine]

    def part(self, index: int, of: int) -> "Slots":
        """Give one of so many parts of what is ours: every `of`-th place, from `index` on."""
        return Slots(self.mine[index::of], self.of)


ALL = Slots((0,), 1)
