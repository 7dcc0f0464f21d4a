"""Which events have been seen, and which wait for their crime: each has its effect once."""

from collections.abc import Sequence

from reference.contract.events import (
    AnyEvent,
    CloudEvent,
    CrimeMerged,
    CrimeRecorded,
    VictimDetailsChanged,
)
from reference.portal.correlation import correlation_id
from reference.portal.rules.recipients import likeness
from reference.portal.storage.database import Database

Delivered = tuple[CloudEvent, AnyEvent]


def concerned(batch: Sequence[Delivered]) -> set[str]:
    """Name the crimes and people of a batch, which no other worker may change meanwhile.

    Those who are like them are among the people: what stops one's messages stops the others'.
    """
    names = set()
    for _, event in batch:
        names.add(f"crime:{event.crime_reference}")
        if isinstance(event, CrimeMerged):
            names.add(f"crime:{event.into}")
        records = event.victims if isinstance(event, CrimeRecorded) else ()
        if isinstance(event, VictimDetailsChanged):
            records = (event.victim,)
        names |= {f"person:{record.person_id}" for record in records}
        names |= {f"like:{likeness(record)}" for record in records} - {"like:"}
    return names


def person_of(event: AnyEvent) -> str:
    """Name the one person that an event is about, "" for none: a crime is of all its victims."""
    if isinstance(event, VictimDetailsChanged):
        return event.victim.person_id
    return str(getattr(event, "person_id", ""))


class Received:
    """Remembers events by source and id, and keeps those that came before their crime."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def first_sight_of(
        self, source: str, event_id: str, *, kind: str = "", reference: str = "", at: int = 0
    ) -> bool:
        """Remember an event, as the audit has it; False when it was seen before."""
        sql = (
            "INSERT INTO event_seen (source, id, at, type, crime_reference, correlation_id)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        )
        values = (source, event_id, at, kind, reference, correlation_id())
        return await self._database.run(sql, values) == 1

    async def keep_waiting(
        self, reference: str, event_id: str, kind: str, at: int, data: bytes
    ) -> None:
        """Keep an event whose crime is not known yet."""
        sql = (
            "INSERT INTO event_waiting (crime_reference, event_id, type, time, data)"
            " VALUES (?, ?, ?, ?, ?)"
        )
        await self._database.run(sql, (reference, event_id, kind, at, data))

    async def take_waiting(self, reference: str) -> list[tuple[str, str, int, bytes]]:
        """Take out the events that waited for a crime: id, type, time, data."""
        rows = await self._database.all(
            "SELECT event_id, type, time, data FROM event_waiting"
            " WHERE crime_reference = ? ORDER BY id",
            (reference,),
        )
        if rows:
            await self._database.run(
                "DELETE FROM event_waiting WHERE crime_reference = ?", (reference,)
            )
        return [(str(row[0]), str(row[1]), int(row[2]), bytes(row[3])) for row in rows]
