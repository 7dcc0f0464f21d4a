"""What the portal owes the crime system: queued with its cause, done once, never lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from reference.contract.messages import Stamp, Task
from reference.portal.clock import Clock, within
from reference.portal.correlation import as_set_off_by
from reference.portal.errors import NeighbourDown, Problem
from reference.portal.force.crime_system import CrimeSystem
from reference.portal.storage.errand_queue import Errand, ErrandQueue
from reference.portal.timestamps import seconds

FAILURES_MAX = 3
# As long as the patience with one request: a crime system that hangs holds nothing up for longer.
ROUND_SECONDS_MAX = 10.0


@dataclass(frozen=True, slots=True)
class Errands:
    """Queues stamps and tasks, and does them; `elapsing` is a clock that no tester stops."""

    queue: ErrandQueue
    crime_system: CrimeSystem
    elapsing: Clock

    async def stamp(self, crime_reference: str, stamp: Stamp) -> None:
        """Owe a stamp of a victim's words."""
        body = msgspec.json.encode(stamp)
        await self.queue.add(f"stamp:{stamp.key}", "stamp", crime_reference, body)

    async def raise_task(self, task: Task) -> None:
        """Owe a task, once by its key."""
        body = msgspec.json.encode(task)
        await self.queue.add(f"task:{task.key}", "task", task.crime_reference, body)

    async def run_due(self, now: datetime) -> None:
        """Do what is due; while the crime system is down it stays owed.

        After a few failures in a row, or when a round has taken its time, the rest waits: messages
        wait meanwhile. What fails goes to the end, so that it never blocks the others.
        """
        failures, begun_at = 0, self.elapsing.now()
        for errand in await self.queue.due(seconds(now)):
            left = ROUND_SECONDS_MAX - (self.elapsing.now() - begun_at).total_seconds()
            if failures >= FAILURES_MAX or left <= 0:
                if failures:
                    await self.queue.put_off(seconds(now), seconds(now) + 15)
                break
            try:
                with as_set_off_by(errand.cause):
                    async with within(left):
                        await self._do(errand)
            except (NeighbourDown, Problem, TimeoutError) as error:
                failures += not isinstance(error, Problem)
                again = now + timedelta(seconds=min(15 * 2**errand.attempts, 3600))
                await self.queue.try_again(errand.key, seconds(again))
            else:
                failures = 0
                await self.queue.set_done(errand.key)

    async def _do(self, errand: Errand) -> None:
        if errand.kind == "stamp":
            await self.crime_system.stamp(errand.crime_reference, bytes(errand.body))
        else:
            await self.crime_system.raise_task(bytes(errand.body))
