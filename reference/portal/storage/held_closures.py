"""The table closure_held: closures that a victim is told in person before the portal shows them."""

from dataclasses import dataclass
from typing import NamedTuple

from reference.portal.storage.database import Database


class HeldClosure(NamedTuple):
    """One closure that one victim has not heard of yet; `data` is the event as it was received."""

    crime_reference: str
    person_id: str
    event_id: str
    said_at: int
    due_at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class HeldClosures:
    """One closure at most for each victim of a crime."""

    database: Database

    async def hold(self, closure: HeldClosure) -> None:
        """Hold a closure; the deadline of one that is held already stays."""
        await self.database.run(
            "INSERT INTO closure_held (crime_reference, person_id, event_id, said_at, due_at, data)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (crime_reference, person_id) DO UPDATE SET"
            " event_id = excluded.event_id, said_at = excluded.said_at, data = excluded.data",
            closure,
        )

    async def set_due(self, reference: str, person_id: str, due_at: int) -> None:
        """Change by when an officer must have spoken to the victim."""
        await self.database.run(
            "UPDATE closure_held SET due_at = ? WHERE crime_reference = ? AND person_id = ?",
            (due_at, reference, person_id),
        )

    async def find(self, reference: str, person_id: str) -> HeldClosure | None:
        """Find what is held for one victim of a crime."""
        row = await self.database.one(
            "SELECT crime_reference, person_id, event_id, said_at, due_at, data FROM closure_held"
            " WHERE crime_reference = ? AND person_id = ?",
            (reference, person_id),
        )
        return None if row is None else HeldClosure(*row)

    async def release(self, reference: str, person_id: str) -> None:
        """Hold nothing for one victim of a crime."""
        await self.database.run(
            "DELETE FROM closure_held WHERE crime_reference = ? AND person_id = ?",
            (reference, person_id),
        )

    async def release_all(self, reference: str) -> None:
        """Hold nothing for any victim of a crime."""
        await self.database.run("DELETE FROM closure_held WHERE crime_reference = ?", (reference,))

    async def unaware(self, reference: str) -> set[str]:
        """List the victims whom nobody has told that a crime had ever ended."""
        rows = await self.database.all(
            "SELECT h.person_id FROM closure_held h WHERE h.crime_reference = ?"
            " AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.crime_reference = h.crime_reference"
            " AND e.person_id IN ('', h.person_id)"
            " AND e.kind IN ('OutcomeRecorded', 'CrimeClosed'))",
            (reference,),
        )
        return {str(row[0]) for row in rows}
