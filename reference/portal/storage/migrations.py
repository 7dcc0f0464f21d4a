"""Brings a database's tables up to date when the portal starts: what is missing, in order, once.

Each change is a numbered SQL file in `migrations/`, and a file that has been released is never
changed. The first says IF NOT EXISTS: a portal from before there were numbers has its tables, and
keeps its rows. The files are SQLite's SQL, every statement ending its line with `;` and types in
capitals; `reference.operations.postgres_database` changes a few words of it.
"""

import re
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from reference.portal.storage.database import Database

#: Writes a row as it is: only a database that can be written to takes it.
TOUCH = "UPDATE migration SET name = name WHERE number = 1"
_FOLDER = Path(__file__).with_name("migrations")
_NAME = re.compile(r"(\d{4})_\w+")


class Migration(Struct, frozen=True):
    """One change to the tables."""

    number: int
    name: str
    statements: tuple[str, ...]


def read_migrations(folder: Path = _FOLDER) -> tuple[Migration, ...]:
    """Read the changes in order; raises ValueError naming the file that is wrong."""
    migrations = []
    for number, file in enumerate(sorted(folder.glob("*.sql")), start=1):
        named = _NAME.fullmatch(file.stem)
        if named is None or int(named[1]) != number:
            raise ValueError(f"{file.name}: the next migration is {number:04}_what_it_does.sql")
        statements = _statements(file.read_text(encoding="utf-8"), file.name)
        migrations.append(Migration(number, file.stem, statements))
    return tuple(migrations)


async def migrate(
    database: Database,
    migrations: Sequence[Migration],
    *,
    written_for: Callable[[str], str] = str,
) -> None:
    """Make every change the database lacks, all or none; raises ValueError when it is too new.

    Workers that start together make each once. `written_for` puts a statement in the words of
    the database.
    """
    async with database.transaction():
        await database.lock(["migrations"])
        await database.run(written_for(_VERSIONS))
        row = await database.one("SELECT coalesce(max(number), 0) FROM migration")
        version = row[0] if row else 0
        if version > len(migrations):
            raise ValueError(
                f"the database is of version {version}, and this portal knows none after "
                f"{len(migrations)}; start the newer portal that made it so"
            )
        for migration in migrations[version:]:
            for statement in migration.statements:
                await database.run(written_for(statement))
            await database.run(
                "INSERT INTO migration VALUES (?, ?)", (migration.number, migration.name)
            )


def _statements(script: str, name: str) -> tuple[str, ...]:
    statements, unfinished = [], ""
    for line in script.splitlines():
        unfinished += f"{line}\n"
        if sqlite3.complete_statement(unfinished):
            statements.append(unfinished.strip())
            unfinished = ""
    if re.sub(r"--.*", "", unfinished).strip():
        raise ValueError(f"{name}: the last statement does not end with ;")
    return tuple(statements)


_VERSIONS = "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)"

MIGRATIONS = read_migrations()
