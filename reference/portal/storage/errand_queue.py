"""The table errand: what the portal owes the crime system, each errand once by its key."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from reference.portal.correlation import correlation_id
from reference.portal.storage.database import Database


class Errand(NamedTuple):
    """One stamp or task that is owed; `cause` is the correlation id of what set it off."""

    key: str
    kind: Literal["stamp", "task"]
    crime_reference: str
    body: bytes
    attempts: int
    cause: str


@dataclass(frozen=True, slots=True)
class ErrandQueue:
    """Stamps and tasks that the crime system has not taken yet, and the keys of those it has."""

    database: Database

    async def add(
        self, key: str, kind: Literal["stamp", "task"], crime_reference: str, body: bytes
    ) -> None:
        """Owe an errand, once by its key."""
        await self.database.run(
            "INSERT INTO errand (key, kind, crime_reference, body, due_at, correlation_id)"
            " VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING",
            (key, kind, crime_reference, body, correlation_id()),
        )

    async def due(self, until: int) -> list[Errand]:
        """List what is due, a batch of it: what has failed least first."""
        rows = await self.database.all(
            "SELECT key, kind, crime_reference, body, attempts, correlation_id FROM errand"
            " WHERE done = 0 AND due_at <= ? ORDER BY attempts, due_at, key LIMIT 500",
            (until,),
        )
        return [Errand(*row) for row in rows]

    async def set_done(self, key: str) -> None:
        """Save that an errand is done. What it said is the force's now, and is not kept here."""
        await self.database.run("UPDATE errand SET done = 1, body = ? WHERE key = ?", (b"", key))

    async def try_again(self, key: str, at: int) -> None:
        """Count a failed try; the errand is due again at a time."""
        await self.database.run(
            "UPDATE errand SET attempts = attempts + 1, due_at = ? WHERE key = ?", (at, key)
        )

    async def put_off(self, now: int, until: int) -> None:
        """Put off everything that is due now."""
        await self.database.run(
            "UPDATE errand SET due_at = ? WHERE done = 0 AND due_at <= ?", (until, now)
        )

    async def forget(self, *keys: str) -> None:
        """Owe errands no longer, done or not: others are owed in their place."""
        for key in keys:
            await self.database.run("DELETE FROM errand WHERE key = ?", (key,))

    async def remove_done(self, crime_reference: str) -> None:
        """Delete what was done about a crime; what is owed stays owed."""
        await self.database.run(
            "DELETE FROM errand WHERE crime_reference = ? AND done = 1", (crime_reference,)
        )
