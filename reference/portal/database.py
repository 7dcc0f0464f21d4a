"""One connection and its transactions. SQLite is called in place: a hop to a thread costs more.

The interface is async so that a database over a socket can stand here too.
"""

import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

Row = tuple[Any, ...]
_SCHEMA = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")


class Database(Protocol):
    """What the store needs of a database."""

    async def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Execute one statement; answers how many rows it touched."""

    async def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for many rows."""

    async def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """Fetch one row, or None."""

    async def all(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Fetch every row."""

    def transaction(self) -> Any:
        """Do everything inside `async with` or none of it; the end of the outermost is a commit."""

    def close(self) -> None:
        """Let go of it."""


class SqliteDatabase:
    """SQLite in WAL mode: a commit survives the process being killed."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._depth = 0
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute("PRAGMA busy_timeout=5000")
        self._connection.executescript(_SCHEMA)

    async def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Execute one statement; answers how many rows it touched."""
        return self._connection.execute(sql, values).rowcount

    async def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Execute one statement for many rows."""
        self._connection.executemany(sql, rows)

    async def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """Fetch one row, or None."""
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    async def all(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Fetch every row."""
        return self._connection.execute(sql, values).fetchall()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Do everything inside or none of it. Nothing inside may wait on a socket."""
        if self._depth:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        else:
            self._connection.execute("COMMIT")
        finally:
            self._depth = 0

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
