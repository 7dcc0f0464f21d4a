"""Whether what an event set off carries the id of the delivery that brought it.

By that id a force follows one delivery through its own logs and everybody else's. An event may have
come by several deliveries, and one message may tell of several events: any of them will do.
"""

from collections.abc import Collection, Iterable

from reference.contract.correlation import CORRELATION_ID_CHARACTERS_MAX
from simulator.evidence.records import EventDelivered, Record

_TAKEN = 202


def why_not_followed(records: Iterable[Record], event_ids: Collection[str], carried: str) -> str:
    """Say why what these events set off cannot be followed by the id it carries ("" where it can).

    A delivery that the portal did not take sets nothing off.
    """
    if not carried:
        return "it carries no id at all"
    deliveries = [
        each for each in records if isinstance(each, EventDelivered) and each.status == _TAKEN
    ]
    if any(each.correlation_id == carried and each.event_id in event_ids for each in deliveries):
        return ""
    if any(each.correlation_id == carried for each in deliveries):
        return f"it carries that of another delivery: {carried}"
    return f"it carries one that no delivery had: {carried[:CORRELATION_ID_CHARACTERS_MAX]!r}"
