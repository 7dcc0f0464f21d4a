"""Compare the messages due with those that came: each event once, to its own victim.

Pure. An event is due to one address, and its message has it as the gateway's reference.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct


class DeliveryComparison(Struct, frozen=True, kw_only=True):
    """The events whose messages were lost or came twice, and the messages that were not due."""

    owed: int
    came: int
    lost: tuple[str, ...]
    duplicated: tuple[str, ...]
    strayed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every event had exactly one message, and nothing else was sent."""
        return not (self.lost or self.duplicated or self.strayed)


def compare(owed: Mapping[str, str], came: Iterable[tuple[str, str]]) -> DeliveryComparison:
    """Compare the address due for each event with (event, address) of each message that came."""
    counted = Counter(came)
    return DeliveryComparison(
        owed=len(owed),
        came=counted.total(),
        lost=tuple(event for event, address in owed.items() if not counted[event, address]),
        duplicated=tuple(event for event, address in owed.items() if counted[event, address] > 1),
        strayed=tuple(event for event, address in counted if owed.get(event) != address),
    )
