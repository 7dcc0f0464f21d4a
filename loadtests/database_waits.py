"""What the sessions of a PostgreSQL of ours do while a burst runs: work, or wait, and for what.

A thread asks several times a second. The result is how many sessions at a time did each.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg  # type: ignore[import-untyped]

_LOOK_SECONDS = 0.2
_ASK = """
select state, wait_event_type, wait_event from pg_stat_activity
where backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle'
"""
_WORKS = "working"
#: Within a transaction, but with nothing to do: the portal has the turn.
_HAS_TURN = "waiting for the portal in a transaction"


class DatabaseWaits:
    """Counts what sessions did, each time somebody looks."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._looks = 0

    def note(self, rows: list[tuple[str, str | None, str | None]]) -> None:
        """Count the sessions of one look."""
        self._looks += 1
        for state, kind, event in rows:
            if state.startswith("idle in transaction"):
                self._seen[_HAS_TURN] += 1
            else:
                self._seen[f"waiting for {kind} {event}" if kind else _WORKS] += 1

    @property
    def at_a_time(self) -> dict[str, float]:
        """How many sessions did each, on average; the most first."""
        return {what: count / self._looks for what, count in self._seen.most_common()}


@contextmanager
def database_waits(url: str) -> Iterator[DatabaseWaits]:
    """Look until the block ends; a database that cannot be reached for a while is asked again."""
    waits, stopped = DatabaseWaits(), threading.Event()

    async def watch() -> None:
        while not stopped.is_set():
            try:
                connection = await asyncpg.connect(url)
                try:
                    while not stopped.is_set():
                        waits.note([tuple(row) for row in await connection.fetch(_ASK)])
                        await asyncio.sleep(_LOOK_SECONDS)
                finally:
                    await connection.close(timeout=1)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
                await asyncio.sleep(_LOOK_SECONDS)

    thread = threading.Thread(target=asyncio.run, args=(watch(),), name="waits", daemon=True)
    thread.start()
    try:
        yield waits
    finally:
        stopped.set()
        thread.join(5)
