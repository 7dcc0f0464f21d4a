"""Which workers are alive: each holds an advisory lock of PostgreSQL for as long as it is.

The server lets go of it when the process dies, however it dies, so that nobody waits for the dead.
"""

import secrets
from contextlib import suppress
from typing import Any

import asyncpg  # type: ignore[import-untyped]

_WAIT_SECONDS_MAX = 10
# Names these locks among all of the database: the first half of a two-part advisory lock.
_PORTAL = 7_071_829
OTHERS = (
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted"  # noqa: S608
    f" AND classid = {_PORTAL} AND objsubid = 2 AND objid::bigint <> ?"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Presence:
    """One worker's lock, on a connection of its own."""

    def __init__(self, url: str) -> None:
        self.worker = 1 + secrets.randbelow(2**31 - 2)
        self._url = url
        self._connection: Any = None

    async def announce(self) -> None:
        """Hold the lock, again if the connection was lost."""
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self._url, timeout=_WAIT_SECONDS_MAX)
            await self._connection.execute(
                "SELECT pg_advisory_lock($1::int, $2::int)", _PORTAL, self.worker
            )

    async def leave(self) -> None:
        """Let go of the lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=_WAIT_SECONDS_MAX)
