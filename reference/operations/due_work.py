"""Does due work when it is due, for as long as the portal is served.

A round that fails is logged, counted and tried again, ever later: one bad message must not silence
the portal. When the portal stops, the current round may finish, and no other begins.
"""

import asyncio
from datetime import datetime, timedelta

from reference.operations.monitoring import Monitoring
from reference.portal.correlation import correlated
from reference.portal.portal import Portal

IDLE_SECONDS_MAX = 1.0
PUT_OFF_SECONDS_MAX = 30.0
# Longer than the patience with a neighbour, so that what is being sent can be settled.
STOP_SECONDS_MAX = 15.0
STALLED_SECONDS = 60.0


class DueWork:
    """The one loop that does due work."""

    def __init__(self, portal: Portal, monitoring: Monitoring) -> None:
        self._portal, self._monitoring = portal, monitoring
        self._task: asyncio.Task[None] | None = None
        self._failures = 0
        self._failing_since: datetime | None = None

    def start(self) -> None:
        """Start; needs a running event loop."""
        self._monitoring.pulse.beat()
        self._task = asyncio.create_task(self._run())

    async def stop(self, seconds_max: float = STOP_SECONDS_MAX) -> None:
        """Begin no more work, and let the current round finish within a time."""
        if self._task is None:
            return
        self._portal.stopping.set()
        self._portal.woken.set()
        _done, late = await asyncio.wait([self._task], timeout=seconds_max)
        if late:
            self._monitoring.due_work_cut_off()
            self._task.cancel()
            await asyncio.wait([self._task])

    def trouble(self) -> str:
        """Explain in one sentence what is wrong with the loop, "" if nothing is."""
        if self._task is None or self._task.done():
            return "Due work is not being done."
        now, limit = self._portal.clock.now(), timedelta(seconds=STALLED_SECONDS)
        if self._failing_since is not None and now - self._failing_since > limit:
            return f"Due work has broken {self._failures} times in a row."
        if now - self._monitoring.pulse.last > limit:
            return f"Due work has not got on for more than {STALLED_SECONDS:g} seconds."
        return ""

    async def _run(self) -> None:
        stopping, woken = self._portal.stopping, self._portal.woken
        while not stopping.is_set():
            woken.clear()
            wait = await self._round()
            # Every event would wake a round that has just broken, to break again.
            what_ends_it = stopping if self._failures or stopping.is_set() else woken
            try:
                await asyncio.wait_for(what_ends_it.wait(), wait)
            except TimeoutError:
                continue

    async def _round(self) -> float:
        """Do what is due; return how many seconds to wait for more."""
        with correlated():
            try:
                next_due = await self._portal.run_due(self._portal.clock.now())
            except Exception as error:  # noqa: BLE001  whatever it is, the others' messages go on
                return self._broke(error)
        self._failures, self._failing_since = 0, None
        self._monitoring.pulse.beat()
        if next_due is None:
            return IDLE_SECONDS_MAX
        left = (next_due - self._portal.clock.now()).total_seconds()
        return min(IDLE_SECONDS_MAX, max(0.0, left))

    def _broke(self, error: Exception) -> float:
        self._failures += 1
        self._failing_since = self._failing_since or self._portal.clock.now()
        self._monitoring.pulse.beat()
        self._monitoring.due_work_failed(self._failures, error)
        return min(PUT_OFF_SECONDS_MAX, 2.0 ** min(self._failures - 1, 10))
