"""The change feed: what has changed in the force's records since a cursor, as CloudEvents.

Each page begins where the last ended. Two unread changes of one record appear as one, in the state
that it has now; a subscription gets every change by itself (subscriptions.py).
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec
from msgspec import Raw, Struct

from simulator.neighbours.dataverse.rows import FIRST_VERSION, Change, Rows
from simulator.neighbours.force_api.fields import ResourceType
from simulator.neighbours.force_api.refusals import Refusal
from simulator.neighbours.force_api.resources import shown

SOURCE = "force-records"
PAGE_EVENTS_MAX = 500
_DONE = {"Create": "created", "Update": "updated", "Delete": "deleted"}


class FeedEvent(Struct, frozen=True, kw_only=True):
    """One change as a CloudEvent 1.0; `correlationid` is an extension, "" if none was given.

    `sequence` counts through all records. `data` is the record as a resource object of JSON:API;
    of one that is gone, its type and id.
    """

    specversion: str = "1.0"
    id: str
    source: str = SOURCE
    type: str
    subject: str
    time: datetime
    sequence: str
    datacontenttype: str = "application/json"
    correlationid: str = ""
    data: Raw


class FeedPage(Struct, frozen=True, kw_only=True):
    """Some changes; ask again from `cursor`, at once if there is `more`."""

    data: tuple[FeedEvent, ...]
    cursor: str
    more: bool


class Feed:
    """Gives the changes of the resources that a force shows."""

    def __init__(self, types: Mapping[str, ResourceType], rows: Rows) -> None:
        self._by_table = {each.table.name: each for each in types.values()}
        self._rows = rows

    @property
    def event_types(self) -> list[str]:
        """Every type of event that there is."""
        return [
            f"{each.name}.{done}" for each in self._by_table.values() for done in _DONE.values()
        ]

    def cursor_at(self, version: int) -> str:
        """The cursor after the change of a version."""
        return _cursor(version)

    def page(self, cursor: str, limit: int) -> FeedPage:
        """Give the changes after a cursor, "" for all records; raises Refusal 410."""
        latest: dict[tuple[str, str], Change] = {}
        for change in self._rows.changes_after(self.version_of(cursor)):
            if change.table in self._by_table:
                latest.pop((change.table, change.row_id), None)
                latest[change.table, change.row_id] = change
        ordered = list(latest.values())
        page, rest = ordered[:limit], ordered[limit:]
        end = page[-1].version if rest else self._rows.version
        return FeedPage(
            data=tuple(self.event(each) for each in page), cursor=_cursor(end), more=bool(rest)
        )

    def next_change(self, version: int, types: Iterable[str]) -> Change | None:
        """Give the first change after a version that a subscription to these types wants."""
        wanted = frozenset(types)
        for change in self._rows.changes_after(version):
            kind = self._by_table.get(change.table)
            if kind is not None and (not wanted or f"{kind.name}.{_DONE[change.name]}" in wanted):
                return change
        return None

    def event(self, change: Change) -> FeedEvent:
        """Make the event of a change."""
        kind = self._by_table[change.table]
        if change.after is None:
            data = msgspec.json.encode({"type": kind.name, "id": change.row_id})
        else:
            data = msgspec.json.encode(shown(kind, change.after))
        at = change.at or str((change.after or change.before or {}).get("modifiedon"))
        return FeedEvent(
            id=f"{change.version}",
            type=f"{kind.name}.{_DONE[change.name]}",
            subject=change.row_id,
            time=datetime.fromisoformat(at).astimezone(UTC),
            sequence=f"{change.version:012d}",
            correlationid=change.cause,
            data=Raw(data),
        )

    def version_of(self, cursor: str) -> int:
        """Read a cursor; raises Refusal for one that these records never gave."""
        if not cursor:
            return 0
        version = _version(cursor)
        if not FIRST_VERSION <= version <= self._rows.version:
            raise Refusal(
                410,
                "These records never gave this cursor; leave it out to read everything again.",
                parameter="after",
            )
        return version


def _cursor(version: int) -> str:
    return f"c{version:x}"


def _version(cursor: str) -> int:
    digits = cursor.removeprefix("c")
    is_one = cursor.startswith("c") and len(digits) <= 12 and digits.isascii() and digits.isalnum()
    try:
        return int(digits, 16) if is_one else 0
    except ValueError:
        return 0
