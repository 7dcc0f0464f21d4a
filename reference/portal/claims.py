"""Which worker sends which message, so that several share one outbox and none is sent by two.

A worker that is gone leaves its claims behind: what became of those messages nobody here knows.
"""

from datetime import datetime

from msgspec import Struct

from reference.portal.database import Database, Row
from reference.portal.store import seconds

BATCH = 500


class Claim(Struct, frozen=True):
    """A message to send now; `is_unsure` when an earlier try may have got through."""

    id: int
    is_unsure: bool


class Claims:
    """Takes due messages. A database that is this worker's alone needs nothing written down."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, now: datetime) -> list[Claim]:
        """Take due messages that no other worker is sending."""
        if self._database.is_shared:
            return await self._take_shared(now)
        rows = await self._database.all(
            "SELECT id, attempts, claimed_by FROM outbox WHERE status = 'waiting' AND due_at <= ?"
            " ORDER BY due_at, id LIMIT ?",
            (seconds(now), BATCH),
        )
        return [self._claim(row) for row in rows]

    async def next_due(self) -> int | None:
        """Find when the next message is due that nobody is sending."""
        row = await self._database.one("SELECT min(due_at) FROM outbox WHERE status = 'waiting'")
        return None if row is None else row[0]

    async def known_ids(self, event_id: str) -> set[str]:
        """List what the gateway called the messages that answered an event."""
        rows = await self._database.all(
            "SELECT message_id FROM outbox WHERE event_id = ? AND message_id IS NOT NULL",
            (event_id,),
        )
        return {str(row[0]) for row in rows}

    async def _take_shared(self, now: datetime) -> list[Claim]:
        """Write down that this worker sends them, before it does."""
        me, others = self._database.worker, await self._database.other_workers()
        marks = ", ".join("?" for _ in (0, *others))
        async with self._database.transaction():
            rows = await self._database.all(
                "SELECT id, attempts, claimed_by FROM outbox WHERE status = 'waiting'"  # noqa: S608
                f" AND due_at <= ? AND claimed_by NOT IN ({marks})"
                f" ORDER BY due_at, id LIMIT ? {self._database.claiming('outbox')}",
                (seconds(now), me, *others, BATCH // 10),
            )
            if rows:
                ids = ", ".join("?" for _ in rows)
                await self._database.run(
                    f"UPDATE outbox SET claimed_by = ? WHERE id IN ({ids})",  # noqa: S608  marks
                    (me, *(row[0] for row in rows)),
                )
        return [self._claim(row) for row in rows]

    def _claim(self, row: Row) -> Claim:
        """Be unsure of what was tried before, or was with a worker that is gone."""
        return Claim(row[0], row[1] > 0 or row[2] not in {0, self._database.worker})
