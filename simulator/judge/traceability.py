"""Whether what an event set off can be traced to the delivery that brought it, by its id.

By that id a force traces one delivery through its own logs and all the others. An event may come by
several deliveries, and one message may tell of several events: the id of any of them will do.
"""

from collections.abc import Collection, Iterable

from reference.contract.correlation import CORRELATION_ID_CHARACTERS_MAX
from simulator.evidence.records import EventDelivered, Record

_TAKEN = 202


def why_not_traceable(records: Iterable[Record], event_ids: Collection[str], carried: str) -> str:
    """Say why the id carried does not lead to a delivery of these events ("" when it does).

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
