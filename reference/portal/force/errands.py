"""What is owed to the crime system: written with its cause, done once, never lost."""

from datetime import datetime, timedelta

import msgspec

from reference.contract.messages import Stamp, Task
from reference.portal.clock import Clock
from reference.portal.correlation import as_set_off_by, correlation_id
from reference.portal.errors import NeighbourDown, Problem
from reference.portal.force.crime_system import CrimeSystem
from reference.portal.storage.database import Database
from reference.portal.storage.store import seconds
from reference.portal.web.requests import within

FAILURES_MAX = 3
# As long as the patience with one request: a crime system that hangs holds nothing up for longer.
ROUND_SECONDS_MAX = 10.0


class Errands:
    """Queues stamps and tasks, and does them; `elapsing` is a clock that no tester holds back."""

    def __init__(self, *, database: Database, crime_system: CrimeSystem, elapsing: Clock) -> None:
        self._database = database
        self._crime_system = crime_system
        self._elapsing = elapsing

    async def stamp(self, crime_reference: str, stamp: Stamp) -> None:
        """Owe a stamp of a victim's words."""
        await self._owe(f"stamp:{stamp.key}", "stamp", crime_reference, msgspec.json.encode(stamp))

    async def raise_task(self, task: Task) -> None:
        """Owe a task, once by its key."""
        await self._owe(f"task:{task.key}", "task", task.crime_reference, msgspec.json.encode(task))

    async def run_due(self, now: datetime) -> None:
        """Do what is due; while the crime system is down it stays owed.

        After a few failures in a row the rest waits too, and so it does when a round has taken its
        time, for messages wait meanwhile. What fails goes to the end, so that nothing stands in
        the way for ever.
        """
        rows = await self._database.all(
            "SELECT key, kind, crime_reference, body, attempts, correlation_id FROM errand"
            " WHERE done = 0 AND due_at <= ? ORDER BY attempts, due_at, key LIMIT 500",
            (seconds(now),),
        )
        failures, begun_at = 0, self._elapsing.now()
        for key, kind, crime_reference, body, attempts, cause in rows:
            left = ROUND_SECONDS_MAX - (self._elapsing.now() - begun_at).total_seconds()
            if failures >= FAILURES_MAX or left <= 0:
                if failures:
                    await self._put_off(now + timedelta(seconds=15), now)
                break
            try:
                with as_set_off_by(cause):
                    async with within(left):
                        await self._do(kind, crime_reference, bytes(body))
            except (NeighbourDown, Problem, TimeoutError) as error:
                failures += not isinstance(error, Problem)
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

    async def _do(self, kind: str, crime_reference: str, body: bytes) -> None:
        if kind == "stamp":
            await self._crime_system.stamp(crime_reference, body)
        else:
            await self._crime_system.raise_task(body)

    async def _put_off(self, until: datetime, now: datetime) -> None:
        await self._database.run(
            "UPDATE errand SET due_at = ? WHERE done = 0 AND due_at <= ?",
            (seconds(until), seconds(now)),
        )

    async def _owe(self, key: str, kind: str, crime_reference: str, body: bytes) -> None:
        await self._database.run(
            "INSERT INTO errand (key, kind, crime_reference, body, due_at, correlation_id)"
            " VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING",
            (key, kind, crime_reference, body, correlation_id()),
        )
