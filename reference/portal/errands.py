"""What is owed to the crime system: written with its cause, done once, never lost."""

from datetime import datetime, timedelta

import msgspec

from reference.contract.messages import Stamp, Task
from reference.portal.crime_system import CrimeSystem
from reference.portal.database import Database
from reference.portal.errors import NeighbourDown, Problem
from reference.portal.store import seconds

FAILURES_MAX = 3


class Errands:
    """Queues stamps and tasks, and does them."""

    def __init__(self, *, database: Database, crime_system: CrimeSystem) -> None:
        self._database = database
        self._crime_system = crime_system

    async def stamp(self, crime_reference: str, stamp: Stamp) -> None:
        """Owe a stamp of a victim's words."""
        await self._owe(f"stamp:{stamp.key}", "stamp", crime_reference, msgspec.json.encode(stamp))

    async def raise_task(self, task: Task) -> None:
        """Owe a task, once by its key."""
        await self._owe(f"task:{task.key}", "task", task.crime_reference, msgspec.json.encode(task))

    async def run_due(self, now: datetime) -> None:
        """Do what is due; while the crime system is down it stays owed.

        After a few failures in a row the rest waits too: each may take as long as the patience
        with a neighbour. What fails goes to the end, so that nothing stands in the way for ever.
        """
        rows = await self._database.all(
            "SELECT key, kind, crime_reference, body, attempts FROM errand"
            " WHERE done = 0 AND due_at <= ? ORDER BY attempts, due_at, key LIMIT 500",
            (seconds(now),),
        )
        failures = 0
        for key, kind, crime_reference, body, attempts in rows:
            if failures >= FAILURES_MAX:
                await self._put_off(now + timedelta(seconds=15), now)
                break
            try:
                if kind == "stamp":
                    await self._crime_system.stamp(crime_reference, bytes(body))
                else:
                    await self._crime_system.raise_task(bytes(body))
            except (NeighbourDown, Problem) as error:
                failures += isinstance(error, NeighbourDown)
                again = now + timedelta(seconds=min(15 * 2**attempts, 3600))
                await self._database.run(
                    "UPDATE errand SET attempts = attempts + 1, due_at = ? WHERE key = ?",
                    (seconds(again), key),
                )
            else:
                failures = 0
                # What it said is the force's now, and need not be kept here too.
                await self._database.run(
                    "UPDATE errand SET done = 1, body = ? WHERE key = ?", (b"", key)
                )

    async def _put_off(self, until: datetime, now: datetime) -> None:
        await self._database.run(
            "UPDATE errand SET due_at = ? WHERE done = 0 AND due_at <= ?",
            (seconds(until), seconds(now)),
        )

    async def _owe(self, key: str, kind: str, crime_reference: str, body: bytes) -> None:
        await self._database.run(
            "INSERT INTO errand (key, kind, crime_reference, body, due_at) VALUES (?, ?, ?, ?, 0)"
            " ON CONFLICT DO NOTHING",
            (key, kind, crime_reference, body),
        )
