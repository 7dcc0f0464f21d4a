"""The change feed: a portal that does not get events by push asks for them here.

It works as in real crime systems (Dataverse calls it change tracking): pages from a cursor on,
sometimes the same change twice, no sequence numbers, and two unread changes of one thing appear as
one.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import Struct, structs

from reference.contract.events import CloudEvent
from simulator.neighbours.crime_system.outgoing import Outgoing

PAGE_CHANGES_MAX = 100

# Things of which a record keeps only the latest, and the field that identifies each.
_ONLY_THE_LATEST = {
    "CrimeAllocated": "",
    "AppointmentChanged": "appointment_id",
    "VictimDetailsChanged": "person_id",
}
_Thing = tuple[str, str, str]


class UnknownCursor(Exception):
    """No page has ended with this cursor."""


class Page(Struct, frozen=True, kw_only=True):
    """Some changes; ask again from `cursor`, at once if there is `more`."""

    changes: tuple[CloudEvent, ...]
    cursor: str
    more: bool


@dataclass(frozen=True)
class _Row:
    number: int
    #: What the evidence calls it: two sources may give one id.
    event_id: str
    change: CloudEvent
    thing: _Thing | None


class Changes:
    """The changes, in the order in which integration handed them over.

    `seen_as_one` is called with an event that the portal will not see, and the one that replaces
    it; `on_read` with the events that the portal reads for the first time. `is_asked` says that
    the portal is one that asks: it has asked before.
    """

    def __init__(self, seen_as_one: Callable[[str, str], None]) -> None:
        self._seen_as_one = seen_as_one
        self.on_read: Callable[[Sequence[str]], None] = lambda _event_ids: None
        self.is_asked = False
        self._rows: list[_Row] = []
        self._unread: dict[str, _Row] = {}
        self._replaced_by: dict[str, str] = {}
        self._count = 0

    def publish(self, handed_over: Sequence[Outgoing]) -> None:
        """Add these changes, for everyone who asks from now on."""
        for each in handed_over:
            self._publish(each.event_id, msgspec.json.decode(each.body, type=CloudEvent))

    def since(self, cursor: str) -> Page:
        """Return the next page after a cursor, "" for the first; raises UnknownCursor."""
        begin = self._number(cursor)
        place = bisect_right(self._rows, begin, key=lambda row: row.number)
        shown = self._rows[place : place + PAGE_CHANGES_MAX]
        self.is_asked = True
        fresh = [row.event_id for row in shown if self._unread.get(row.event_id) is row]
        for event_id in fresh:
            del self._unread[event_id]
        if fresh:
            self.on_read(fresh)
        return Page(
            changes=tuple(row.change for row in shown),
            cursor=f"c{shown[-1].number if shown else begin}",
            more=place + len(shown) < len(self._rows),
        )

    def is_unread(self, event_id: str) -> bool:
        """Say whether an event waits in the feed, and the portal has not read it."""
        return event_id in self._unread

    def _publish(self, event_id: str, change: CloudEvent) -> None:
        newer = self._replaced_by.get(event_id)
        if event_id in self._unread or newer in self._unread:
            # The feed has the latest of each thing, however often an older change is handed over.
            return
        thing = _thing(change)
        if thing is not None:
            unread = [row for row in self._unread.values() if row.thing == thing]
            newer_row = next((row for row in unread if row.change.time > change.time), None)
            if newer_row is not None:
                # It was handed over late: the record itself has the newer state.
                self._replaced_by[event_id] = newer_row.event_id
                self._seen_as_one(event_id, newer_row.event_id)
                return
            for same in unread:
                self._rows.remove(same)
                del self._unread[same.event_id]
                self._replaced_by[same.event_id] = event_id
                self._seen_as_one(same.event_id, event_id)
        self._count += 1
        row = _Row(self._count, event_id, structs.replace(change, sequence=""), thing)
        self._rows.append(row)
        self._unread[event_id] = row

    def _number(self, cursor: str) -> int:
        if not cursor:
            return 0
        digits = cursor[1:]
        if cursor[0] != "c" or not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            raise UnknownCursor
        number = int(digits)
        if number > self._count:
            raise UnknownCursor
        return number


def _thing(change: CloudEvent) -> _Thing | None:
    """Identify the thing that a change replaces; None if it replaces nothing."""
    if change.type not in _ONLY_THE_LATEST:
        return None
    data: dict[str, Any] = msgspec.json.decode(change.data)
    told_apart_by = _ONLY_THE_LATEST[change.type]
    which = data.get("victim", data).get(told_apart_by, "") if told_apart_by else ""
    return change.type, data["crime_reference"], which
