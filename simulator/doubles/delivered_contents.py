"""The evidence as a portal saw it: each event says what was delivered of it, right or altered.

So a portal is judged by what it was told, and an integration by how that differs from the records.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import UNSET, Struct, structs

from reference.contract.events import EVENT_TYPES, CrimeRecorded
from simulator.doubles.compared_events import About, about
from simulator.doubles.matched_deliveries import SEEN_AS_ONE_SECONDS_MAX
from simulator.evidence.records import (
    ChangesSeenAsOne,
    DeliveredOtherwise,
    EventDelivered,
    EventRecorded,
    MessageAccepted,
    Record,
)

_TAKEN = 202
_NO_DATA = msgspec.Raw(b"null")
#: The times of two records of the same moment differ by so much.
_AT_ONCE = timedelta(seconds=1)


class Altered(Struct, frozen=True, kw_only=True):
    """A delivery in which an integration altered what the force recorded."""

    at: datetime
    event_id: str
    said: DeliveredOtherwise
    is_taken: bool


def altered_deliveries(records: Sequence[Record]) -> list[Altered]:
    """List what an integration altered, each once; not what it put right before it was taken."""
    recorded = {each.event_id: each for each in records if isinstance(each, EventRecorded)}
    found: dict[tuple[str, str, str, tuple[str, ...]], Altered] = {}
    right: set[tuple[str, str, str]] = set()
    for each in records:
        if not isinstance(each, EventDelivered):
            continue
        is_taken, event = each.status == _TAKEN, recorded.get(each.event_id)
        if each.otherwise is not UNSET and each.otherwise.altered:
            said = each.otherwise
            # What does not fit the contract is matched with no event, but by its kind and crime.
            about = ("" if event is None else each.event_id, said.event_type, said.crime_reference)
            if (*about, said.altered) not in found or is_taken:
                found[*about, said.altered] = Altered(
                    at=each.at, event_id=each.event_id, said=said, is_taken=is_taken
                )
        elif is_taken and event is not None:
            about = (each.event_id, event.event_type, event.crime_reference)
            right |= {about, ("", *about[1:])}
    return [each for key, each in found.items() if each.is_taken or key[:3] not in right]


def as_delivered(records: Sequence[Record]) -> list[Record]:
    """Have each event say what the portal was told of it.

    One that was told twice, each time otherwise, is two events. An altered one that the portal
    refused never came: it is not the recorded event that was refused.
    """
    told = _Told(records)
    found: list[Record] = []
    for each in records:
        if isinstance(each, EventDelivered):
            found += told.delivered(each)
        elif isinstance(each, MessageAccepted):
            found.append(structs.replace(each, reference=told.meant(each.reference)))
        else:
            found.append(each)
    return [told.first(each) if isinstance(each, EventRecorded) else each for each in found]


def in_time(records: Sequence[Record]) -> list[Record]:
    """Leave out each change that counts as seen with another, and had time to be read by itself."""
    recorded = {each.event_id: each for each in records if isinstance(each, EventRecorded)}
    times: defaultdict[About, list[tuple[datetime, str]]] = defaultdict(list)
    abouts = {key: _about(each) for key, each in recorded.items()}
    for key, each in recorded.items():
        times[abouts[key]].append((each.at, key))
    longest = timedelta(seconds=SEEN_AS_ONE_SECONDS_MAX) + _AT_ONCE

    def is_in_time(seen: ChangesSeenAsOne) -> bool:
        change, later = recorded.get(seen.event_id), recorded.get(seen.seen_as)
        if change is None:
            return True
        if later is not None and later.at > change.at:
            return later.at - change.at <= longest
        if later is not None and later.event_type == CrimeRecorded.__name__:
            # The crime was read after it was changed, and says so itself.
            return change.at - later.at <= longest
        # It was put back: by another of the same thing, or it is itself what put that back.
        return any(
            abs(at - change.at) <= longest
            for at, key in times[abouts[seen.event_id]]
            if key not in {seen.event_id, seen.seen_as}
        )

    return [each for each in records if not isinstance(each, ChangesSeenAsOne) or is_in_time(each)]


class _Told:
    """What a portal was told of each event: by which id of the evidence, in which words."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._recorded = {
            each.event_id: each for each in records if isinstance(each, EventRecorded)
        }
        self._first: dict[str, DeliveredOtherwise] = {}
        self._ids: defaultdict[str, dict[bytes, str]] = defaultdict(dict)
        self._latest: dict[str, str] = {}

    def meant(self, reference: str) -> str:
        """Give the event that a message answers: the one that the portal was told last."""
        return self._latest.get(reference, reference)

    def first(self, recorded: EventRecorded) -> EventRecorded:
        """Give an event as it was first delivered."""
        said = self._first.get(recorded.event_id)
        return recorded if said is None else _saying(recorded, said)

    def delivered(self, delivery: EventDelivered) -> list[Record]:
        """Give a delivery, after what it says if that is something more."""
        recorded = self._recorded.get(delivery.event_id)
        said = None if delivery.otherwise is UNSET else delivery.otherwise
        if said is not None and said.data == _NO_DATA:
            said = None
        if recorded is None:
            return [delivery]
        if delivery.status != _TAKEN:
            return [] if said is not None and said.altered else [delivery]
        words = b"" if said is None else bytes(said.data)
        ids, new = self._ids[recorded.event_id], list[Record]()
        if words not in ids:
            is_more = bool(ids) or (said is not None and said.event_type != recorded.event_type)
            ids[words] = recorded.event_id
            if is_more:
                ids[words] = f"{recorded.event_id} told again {len(ids)}"
                more = structs.replace(recorded, event_id=ids[words], at=delivery.at)
                new.append(more if said is None else _saying(more, said))
            elif said is not None:
                self._first[recorded.event_id] = said
        self._latest[recorded.event_id] = ids[words]
        return [*new, structs.replace(delivery, event_id=ids[words])]


def _saying(recorded: EventRecorded, said: DeliveredOtherwise) -> EventRecorded:
    return structs.replace(recorded, event_type=said.event_type, data=said.data)


def _about(recorded: EventRecorded) -> About:
    return about(msgspec.json.decode(recorded.data, type=EVENT_TYPES[recorded.event_type]))
