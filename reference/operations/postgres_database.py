"""The portal's memory in PostgreSQL, for several workers: a pool of connections to one server.

A transaction holds its connection in a context variable, so that whatever is asked inside it goes
to that connection. A lost connection is replaced; what was under way on it raises DatabaseDown.
"""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from reference.operations.database_url import check_database_url, shown_database_url
from reference.portal.storage.database import DatabaseDown, Row, TransactionConflict
from reference.portal.storage.migrations import MIGRATIONS, Migration, as_postgres, migrate

CONNECTIONS_MAX = 8
WAIT_SECONDS_MAX = 10
_STATEMENTS_KEPT = 500
_CONFLICTS = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.InvalidCachedStatementError,  # a newer portal has just changed the tables
)
_DOWN = (
    OSError,  # nobody answers, or not in time
    asyncpg.PostgresConnectionError,
    asyncpg.InternalClientError,  # what the server said last came before it was asked anything
    asyncpg.OperatorInterventionError,  # it starts or stops, or was told to end this
    asyncpg.InsufficientResourcesError,  # no disk, memory or connection left
    asyncpg.PostgresSystemError,
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,  # it has become the standby
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)
_MARK = re.compile(r"""'[^']*'|"[^"]*"|--[^\n]*|\?""")
_LOST = re.compile("clos|released")
# Names these locks among all of the database: the first half of a two-part advisory lock.
_PORTAL = 7_071_829
_OTHERS = (
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted"  # noqa: S608
    f" AND classid = {_PORTAL} AND objsubid = 2 AND objid::bigint <> ?"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class PostgresDatabase:
    """PostgreSQL by URL. A commit survives what its server is set to survive."""

    is_shared = True

    def __init__(self, url: str, *, migrations: Sequence[Migration] = MIGRATIONS) -> None:
        """Take the URL; raises ValueError where it is none. Only `open` connects."""
        check_database_url(url)
        self._url = url
        self._shown = shown_database_url(url)
        self._migrations = migrations
        self._pool: Any = None
        self._held: ContextVar[Any] = ContextVar("the transaction's connection", default=None)
        self._presence = _Presence(url)
        self.worker = self._presence.worker

    def serve(self) -> None:
        """Do nothing: any number may serve from it."""

    async def open(self) -> None:
        """Connect, and bring the tables up to date; raises DatabaseDown, or ValueError."""
        self._pool = asyncpg.create_pool(
            self._url,
            min_size=0,
            max_size=CONNECTIONS_MAX,
            timeout=WAIT_SECONDS_MAX,
            command_timeout=WAIT_SECONDS_MAX,
            statement_cache_size=_STATEMENTS_KEPT,
            init=_prepare,
            reset=_leave_as_it_is,
        )
        try:
            await self._pool
            await migrate(self, self._migrations, written_for=as_postgres)
            with self._named():
                await self._presence.announce()
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close the connections, those in use once they are done."""
        await self._presence.leave()
        pool, self._pool = self._pool, None
        if pool is None:
            return
        try:
            await asyncio.wait_for(pool.close(), WAIT_SECONDS_MAX)
        except TimeoutError:
            pool.terminate()

    async def other_workers(self) -> list[int]:
        """List the processes that use the database now, this one aside."""
        with self._named():
            await self._presence.announce()
        return [row[0] for row in await self.all(_OTHERS, (self.worker,))]

    async def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Execute one statement; return how many rows it touched."""
        async with self._connection() as connection:
            status = await connection.execute(_numbered(sql), *_kept(values))
        touched = str(status).rpartition(" ")[2]
        return int(touched) if touched.isdigit() else 0

    async def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for many rows: all of them or none."""
        async with self._connection() as connection:
            await connection.executemany(_numbered(sql), [_kept(row) for row in rows])

    async def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """Fetch the first row, or None."""
        async with self._connection() as connection:
            row = await connection.fetchrow(_numbered(sql), *_kept(values))
        return None if row is None else tuple(row)

    async def all(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Fetch every row."""
        async with self._connection() as connection:
            rows = await connection.fetch(_numbered(sql), *_kept(values))
        return [tuple(row) for row in rows]

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Do everything inside or none of it; raises TransactionConflict when it had to give way.

        A statement that failed ends its use, even where the failure was caught.
        """
        if self._held.get() is not None:
            yield
            return
        async with self._acquired() as connection:
            await self._command(connection, "BEGIN")
            token = self._held.set(connection)
            try:
                yield
            except BaseException:
                # Where the connection is lost, the server rolls back.
                with suppress(DatabaseDown):
                    await self._command(connection, "ROLLBACK")
                raise
            else:
                if await self._command(connection, "COMMIT") != "COMMIT":
                    raise RuntimeError("a statement failed inside the transaction; none of it kept")
            finally:
                self._held.reset(token)

    async def lock(self, names: Iterable[str]) -> None:
        """Make other workers that lock any of these names wait until this transaction ends."""
        assert self._held.get() is not None, "lock() is for inside a transaction"
        # In one order for all, so that no two workers wait for each other.
        await self.all(
            "SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(?::text[]) name",
            (_kept(sorted(set(names))),),
        )

    def claiming(self, table: str) -> str:
        """End a SELECT that picks work: rows that another worker has picked are passed over."""
        return f"FOR UPDATE OF {table} SKIP LOCKED"

    async def _command(self, connection: Any, command: str) -> str:
        with self._named():
            return str(await connection.execute(command))

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        """Return the transaction's connection, or another outside one, for one statement."""
        held = self._held.get()
        if held is not None:
            with self._named():
                yield held
        else:
            async with self._acquired() as connection:
                with self._named():
                    yield connection

    @asynccontextmanager
    async def _acquired(self) -> AsyncIterator[Any]:
        pool = self._pool
        if pool is None:
            raise DatabaseDown(f"{self._shown}: not open")
        with self._named():
            connection = await pool.acquire(timeout=WAIT_SECONDS_MAX)
        try:
            yield connection
        finally:
            with self._named():
                await pool.release(connection)

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Tell a database that cannot be used now from a statement that is wrong."""
        try:
            yield
        except _CONFLICTS as error:
            raise TransactionConflict(f"{self._shown}: {error}") from None
        except _DOWN as error:
            raise DatabaseDown(f"{self._shown}: {error or type(error).__name__}") from None
        except asyncpg.ClientConfigurationError as error:
            raise ValueError(f"PORTAL_DATABASE_URL cannot be used: {error}") from None
        except asyncpg.InterfaceError as error:
            if not _LOST.search(str(error)):
                raise
            raise DatabaseDown(f"{self._shown}: connection lost") from None


class _Presence:
    """Shows that one worker is alive: it holds an advisory lock, on a connection of its own.

    The server lets go of the lock when the process dies, however it dies, so that nobody waits for
    the dead.
    """

    def __init__(self, url: str) -> None:
        self.worker = 1 + secrets.randbelow(2**31 - 2)
        self._url = url
        self._connection: Any = None

    async def announce(self) -> None:
        """Hold the lock, again if the connection was lost."""
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self._url, timeout=WAIT_SECONDS_MAX)
            await self._connection.execute(
                "SELECT pg_advisory_lock($1::int, $2::int)", _PORTAL, self.worker
            )

    async def leave(self) -> None:
        """Release the lock."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await connection.close(timeout=WAIT_SECONDS_MAX)


@lru_cache(maxsize=1024)
def _numbered(sql: str) -> str:
    """Write `?` as `$1`, `$2` and so on, but for those inside quotes and comments."""
    marks = iter(range(1, sql.count("?") + 1))
    return _MARK.sub(lambda found: f"${next(marks)}" if found[0] == "?" else found[0], sql)


def _kept(values: Sequence[Any]) -> list[Any]:
    """Return values as PostgreSQL can keep them: its text holds no NUL character."""
    return [
        value.replace("\0", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value
        for value in values
    ]


async def _prepare(connection: Any) -> None:
    """Return sums and averages as numbers, as SQLite does."""
    await connection.set_type_codec(
        "numeric", schema="pg_catalog", encoder=str, decoder=_number, format="text"
    )


def _number(written: str) -> int | float:
    return float(written) if "." in written else int(written)


async def _leave_as_it_is(_connection: Any) -> None:
    """Nothing is set on a connection that its next user must not find: save the round trip."""
