"""The database an operator chose: SQLite by default, PostgreSQL by URL; opened, or only checked.

A check changes nothing in the database or beside it.
"""

import asyncio
import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

from reference.operations.database_url import check_database_url, shown_database_url
from reference.portal.storage.database import Database
from reference.portal.storage.migrations import MIGRATIONS
from reference.portal.storage.sqlite_database import SqliteDatabase

_SECONDS_MAX = 5.0
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


def open_database(path: str, url: str = "") -> Database:
    """Choose PostgreSQL where a URL is given, else the SQLite file.

    SQLite keeps every commit through a loss of power, not only through the end of the process: what
    a server has accepted, nobody sends again.
    """
    if url:
        # Only a service on PostgreSQL waits for its client to be imported.
        from reference.operations.postgres_database import PostgresDatabase

        return PostgresDatabase(url)
    return SqliteDatabase(path, synchronous="FULL")


def check_database(path: str, url: str) -> str:
    """Name the database that is there; raises ValueError with the reason it cannot be used."""
    if url:
        check_database_url(url)
        return asyncio.run(_postgres(url))
    if path == ":memory:":
        return "in memory: everything is forgotten when the portal stops"
    return _sqlite(path)


def _sqlite(path: str) -> str:
    if not path:
        raise ValueError('database is ""; give the path of a file')
    file = Path(path)
    folder = file.resolve().parent
    if file.is_dir():
        raise ValueError(f"database is {path}, which is a folder; give the path of a file in it")
    if not folder.is_dir():
        raise ValueError(f"database is {path}, and there is no folder {folder}; make it")
    if not os.access(folder, os.W_OK):
        raise ValueError(f"database is {path}, and {folder} cannot be written to; allow it")
    if not file.exists():
        return f"{path}, which is not there yet: the portal makes it"
    try:
        # Read only, so that looking changes nothing.
        connection = sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True)
        try:
            tables = {row[0] for row in connection.execute(_TABLES)}
            version = 0
            if "migration" in tables:
                [(version,)] = connection.execute("SELECT max(number) FROM migration")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise ValueError(f"database is {path}, which SQLite cannot read ({error})") from None
    if tables and not tables & {"migration", "crime"}:
        raise ValueError(f"database is {path}, which holds something else; give the portal its own")
    return f"{path}, {_version(version or 0)}"


async def _postgres(url: str) -> str:
    import asyncpg  # type: ignore[import-untyped]

    shown = shown_database_url(url)
    try:
        connection: Any = await asyncpg.connect(url, timeout=_SECONDS_MAX)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        # The words of some of these quote the password.
        kind = "nobody answers" if isinstance(error, OSError) else type(error).__name__
        raise ValueError(f"PORTAL_DATABASE_URL: {shown} cannot be used ({kind})") from None
    try:
        version = 0
        if await connection.fetchval("SELECT to_regclass('migration')") is not None:
            version = await connection.fetchval("SELECT max(number) FROM migration") or 0
    finally:
        await connection.close()
    return f"{shown}, {_version(version)}"


def _version(version: int) -> str:
    if version > len(MIGRATIONS):
        raise ValueError(
            f"the database is of version {version}, and this portal knows none after "
            f"{len(MIGRATIONS)}; start the newer portal that made it so"
        )
    if version < len(MIGRATIONS):
        return f"of version {version}: the portal brings it to {len(MIGRATIONS)} when it starts"
    return f"of version {version}"
