"""The portal's memory in one SQLite file, called in place: a hop to a thread costs more.

One process owns the file. Nothing here ever waits, so that it works without an event loop.
"""

import asyncio
import fcntl
import os
import secrets
import sqlite3
import weakref
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, closing, suppress
from pathlib import Path
from typing import Any

from reference.portal.storage.database import DatabaseDown, Row, Synchronous
from reference.portal.storage.migrations import MIGRATIONS, TOUCH, Migration, migrate

# Held by another, out of memory, read-only, failing, damaged, full, cannot be opened, not one.
_DOWN = frozenset({5, 6, 7, 8, 10, 11, 13, 14, 26})
_IN_MEMORY = ":memory:"
_PRIVATE = 0o600
# Each migrated database as it was before its first row, by the migrations that made it.
_EMPTY: dict[tuple[Migration, ...], bytes] = {}


class SqliteDatabase:
    """SQLite in WAL mode: a commit survives the process being killed."""

    is_shared = False

    def __init__(
        self,
        path: str,
        *,
        synchronous: Synchronous = "NORMAL",
        migrations: Sequence[Migration] = MIGRATIONS,
    ) -> None:
        """Open the file and bring it up to date; raises DatabaseDown, or ValueError if too new."""
        try:
            _make_private(path)
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            # A portal that is dropped without being closed leaves no file open.
            weakref.finalize(self, self._connection.close).atexit = False
            self._connection.execute("PRAGMA busy_timeout=5000")
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute(f"PRAGMA synchronous={synchronous}")
            self._inode = _inode_of(path)
        except sqlite3.Error as error:
            raise DatabaseDown(f"{path}: {error}") from None
        except OSError as error:
            raise DatabaseDown(f"{path}: {error.strerror}") from None
        self._path = path
        self._served: int | None = None
        self.worker = 1 + secrets.randbelow(2**31)
        self._transaction = _Transaction(self._connection)
        try:
            self._prepare(tuple(migrations))
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self, migrations: tuple[Migration, ...]) -> None:
        """Bring the tables up to date. What is new is copied: a thousand portals migrate once."""
        empty = _EMPTY.get(migrations)
        if empty is None or _at_once(self.one("SELECT 1 FROM sqlite_master")) is not None:
            _at_once(migrate(self, migrations))
            if self._path == _IN_MEMORY:
                _EMPTY[migrations] = self._connection.serialize()
            return
        # A copy keeps its pages as any database does; one deserialised is slower.
        with closing(sqlite3.connect(_IN_MEMORY)) as migrated:
            migrated.deserialize(empty)
            try:
                migrated.backup(self._connection)
            except sqlite3.Error as error:
                raise _named(error) from None

    async def other_workers(self) -> list[int]:
        """Return none: one process owns the file."""
        return []

    def serve(self) -> None:
        """Keep every other portal from serving from this file while the process lives.

        The file itself is locked, and not its name: a link to it is the same file. Its rows are for
        this user alone.
        """
        if self._path == _IN_MEMORY:
            return
        Path(self._path).chmod(_PRIVATE)
        served = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(served, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(served)
            raise ValueError(
                f"database is {self._path}, which another portal serves from; "
                "stop that one, or give both PORTAL_DATABASE_URL"
            ) from None
        self._served = served

    async def check_writable(self) -> None:
        """Write something; raises DatabaseDown if that fails, or if the file is gone."""
        async with self.transaction():
            await self.run(TOUCH)

    async def open(self) -> None:
        """Do nothing: it is open from the beginning."""

    async def close(self) -> None:
        """Close the file."""
        self._connection.close()
        if self._served is not None:
            os.close(self._served)
            self._served = None

    async def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Execute one statement; answers how many rows it touched."""
        self._transaction.check()
        try:
            return self._connection.execute(sql, values).rowcount
        except sqlite3.Error as error:
            raise _named(error) from None

    async def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """Fetch the first row, or None."""
        self._transaction.check()
        try:
            row: Row | None = self._connection.execute(sql, values).fetchone()
        except sqlite3.Error as error:
            raise _named(error) from None
        return row

    async def all(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Fetch every row."""
        self._transaction.check()
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise _named(error) from None

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """Do everything inside or none of it. Nothing inside may wait on a socket.

        Raises DatabaseDown if the file is gone: what is written there is lost.
        """
        if self._inode is not None and _inode_of(self._path) != self._inode:
            raise DatabaseDown(f"SQLite: {self._path} is no longer the file that was opened")
        return self._transaction

    async def lock(self, names: Iterable[str]) -> None:  # noqa: ARG002  one owner locks out nobody
        """Do nothing: a transaction has the whole file to itself."""
        assert self._transaction.is_open, "lock() is for inside a transaction"

    def claiming(self, table: str) -> str:  # noqa: ARG002  nobody else picks from it
        """End a SELECT that picks work: there is no other worker."""
        return ""


class _Transaction:
    """The one transaction there can be: begun by the outermost `async with`, ended with it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._depth = 0
        self._owner: asyncio.Task[Any] | None = None

    @property
    def is_open(self) -> bool:
        return self._depth > 0

    def check(self) -> None:
        """Have no task write into the transaction of another that broke the rule and waited."""
        if self._owner is not None and self._owner is not asyncio.current_task():
            raise RuntimeError(
                f"{self._owner.get_name()} waits inside a transaction; it may wait only outside"
            )

    async def __aenter__(self) -> None:
        if self._depth == 0:
            self._execute("BEGIN IMMEDIATE")
            self._owner = _current_task()
        else:
            self.check()
        self._depth += 1

    async def __aexit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        self._depth -= 1
        if self._depth:
            return
        self._owner = None
        try:
            if error is None:
                self._execute("COMMIT")
        finally:
            # Some failures, a full disk among them, have rolled it back already.
            if self._connection.in_transaction:
                self._execute("ROLLBACK")

    def _execute(self, sql: str) -> None:
        try:
            self._connection.execute(sql)
        except sqlite3.Error as error:
            raise _named(error) from None


def _make_private(path: str) -> None:
    """Make a file that only this user reads, where there is none; SQLite's others follow it."""
    if path != _IN_MEMORY and not Path(path).exists():
        with suppress(FileExistsError):  # a process that opens it in the same moment was first
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_EXCL, _PRIVATE))


def _inode_of(path: str) -> tuple[int, int] | None:
    with suppress(OSError):
        found = Path(path).stat()
        return found.st_dev, found.st_ino
    return None


def _current_task() -> asyncio.Task[Any] | None:
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None  # stepped by hand, one request after another


def _named(error: sqlite3.Error) -> Exception:
    """Tell a database that cannot be used now from a statement that is wrong."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return DatabaseDown(f"SQLite: {error}") if code in _DOWN else error


def _at_once(coroutine: Coroutine[Any, Any, Any]) -> Any:
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("SQLite waited")
