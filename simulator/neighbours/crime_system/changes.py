"""The change feed: what integration hands over, for a portal that asks instead of being told.

As real crime systems have it (Dataverse calls it change tracking): page after page from a cursor
on, the same change perhaps twice, no sequence numbers, and two changes of one thing that nobody
has read yet are seen as one.
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

# What a record keeps only the latest of, and what tells one such thing from another of the crime.
_ONLY_THE_LATEST = {
    "CrimeAllocated": "",
    "AppointmentChanged": "appointment_id",
    "VictimDetailsChanged": "person_id",
}
_Thing = tuple[str, str, str]


class UnknownCursor(Exception):
    """No page ever ended with this cursor."""


class Page(Struct, frozen=True, kw_only=True):
    """Some changes; ask on from `cursor`, at once where there is `more`."""

    changes: tuple[CloudEvent, ...]
    cursor: str
    more: bool


@dataclass(frozen=True)
class _Row:
    number: int
    change: CloudEvent
    thing: _Thing | None


class Changes:
    """What changed, in the order in which integration handed it over.

    `seen_as_one` hears of the event that nobody will see, and of the one seen in its place.
    """

    def __init__(self, seen_as_one: Callable[[str, str], None]) -> None:
        self._seen_as_one = seen_as_one
        self._rows: list[_Row] = []
        self._unread: dict[str, _Row] = {}
        self._count = 0

    def publish(self, handed_over: Sequence[Outgoing]) -> None:
        """Let whoever asks from now on see these changes."""
        for each in handed_over:
            self._publish(msgspec.json.decode(each.body, type=CloudEvent))

    def since(self, cursor: str) -> Page:
        """Give the next page after a cursor, "" for the first; raises UnknownCursor."""
        begin = self._number(cursor)
        place = bisect_right(self._rows, begin, key=lambda row: row.number)
        shown = self._rows[place : place + PAGE_CHANGES_MAX]
        for row in shown:
            self._unread.pop(row.change.id, None)
        return Page(
            changes=tuple(row.change for row in shown),
            cursor=f"c{shown[-1].number if shown else begin}",
            more=place + len(shown) < len(self._rows),
        )

    def _publish(self, change: CloudEvent) -> None:
        if change.id in self._unread:
            return
        thing = _thing(change)
        if thing is not None:
            for same in [row for row in self._unread.values() if row.thing == thing]:
                self._rows.remove(same)
                del self._unread[same.change.id]
                self._seen_as_one(same.change.id, change.id)
        self._count += 1
        row = _Row(self._count, structs.replace(change, sequence=""), thing)
        self._rows.append(row)
        self._unread[change.id] = row

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
    """Say which thing a change leaves only the latest of, or None where each stays."""
    if change.type not in _ONLY_THE_LATEST:
        return None
    data: dict[str, Any] = msgspec.json.decode(change.data)
    told_apart_by = _ONLY_THE_LATEST[change.type]
    which = data.get("victim", data).get(told_apart_by, "") if told_apart_by else ""
    return change.type, data["crime_reference"], which
