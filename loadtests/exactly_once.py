"""Compares what victims were owed with what came to them: each event once, to its own victim.

Pure. An event is owed to one address, and its message names it as the gateway's reference.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct


class Compared(Struct, frozen=True, kw_only=True):
    """The events whose messages were lost or came twice, and the messages nobody was owed."""

    owed: int
    came: int
    lost: tuple[str, ...]
    duplicated: tuple[str, ...]
    strayed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every event was notified exactly once, and nothing else was sent."""
        return not (self.lost or self.duplicated or self.strayed)


def compare(owed: Mapping[str, str], came: Iterable[tuple[str, str]]) -> Compared:
    """Compare addresses owed, by event, with (event, address) of each message that came."""
    counted = Counter(came)
    return Compared(
        owed=len(owed),
        came=counted.total(),
        lost=tuple(event for event, address in owed.items() if not counted[event, address]),
        duplicated=tuple(event for event, address in owed.items() if counted[event, address] > 1),
        strayed=tuple(event for event, address in counted if owed.get(event) != address),
    )
