"""The tables event_seen and event_waiting: each event has its effect once, and may come early."""

from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from reference.contract.events import EVENT_TYPES, AnyEvent, VictimDetailsChanged
from reference.portal.correlation import correlation_id
from reference.portal.storage.database import Database


class WaitingEvent(NamedTuple):
    """An event that waits for its crime; only its data says whom it is about."""

    id: int
    crime_reference: str
    event_id: str
    type: str
    at: int
    data: bytes

    @property
    def event(self) -> AnyEvent:
        """The event, decoded."""
        return msgspec.json.decode(self.data, type=EVENT_TYPES[self.type])

    @property
    def person_id(self) -> str:
        """The one person that the event is about, "" if it is about all victims of a crime."""
        event = self.event
        if isinstance(event, VictimDetailsChanged):
            return event.victim.person_id
        return getattr(event, "person_id", None) or ""


@dataclass(frozen=True, slots=True)
class Received:
    """Events by source and id, and those that came before their crime."""

    database: Database

    async def first_sight_of(
        self, source: str, event_id: str, *, kind: str = "", reference: str = "", at: int = 0
    ) -> bool:
        """Note an event, as the audit lists it; False when it was seen before."""
        sql = (
            "INSERT INTO event_seen (source, id, at, type, crime_reference, correlation_id)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        )
        values = (source, event_id, at, kind, reference, correlation_id())
        return await self.database.run(sql, values) == 1

    async def keep_waiting(
        self, reference: str, event_id: str, kind: str, at: int, data: bytes
    ) -> None:
        """Keep an event whose crime is not known yet."""
        sql = (
            "INSERT INTO event_waiting (crime_reference, event_id, type, time, data)"
            " VALUES (?, ?, ?, ?, ?)"
        )
        await self.database.run(sql, (reference, event_id, kind, at, data))

    async def take_waiting(self, reference: str) -> list[WaitingEvent]:
        """Take out the events that waited for a crime."""
        sql = f"DELETE FROM event_waiting WHERE crime_reference = ? RETURNING {_COLUMNS}"  # noqa: S608
        rows = await self.database.all(sql, (reference,))
        return [WaitingEvent(*row) for row in sorted(rows)]

    async def waiting(self) -> list[WaitingEvent]:
        """List every event that waits."""
        rows = await self.database.all(f"SELECT {_COLUMNS} FROM event_waiting ORDER BY id")  # noqa: S608
        return [WaitingEvent(*row) for row in rows]

    async def remove(self, waiting: WaitingEvent) -> None:
        """Delete an event that waits."""
        await self.database.run("DELETE FROM event_waiting WHERE id = ?", (waiting.id,))


_COLUMNS = "id, crime_reference, event_id, type, time, data"
