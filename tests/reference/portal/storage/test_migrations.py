"""Bringing an older portal's tables up to date: nothing lost, nothing twice, nothing by half."""

import asyncio
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from reference.operations.postgres_database import as_postgres
from reference.portal.storage.database import Database
from reference.portal.storage.migrations import MIGRATIONS, Migration, read_migrations
from reference.portal.storage.sqlite_database import SqliteDatabase
from tests.reference.portal.crimes import CRIME, PHASE_3
from tests.reference.portal.databases import Storage
from tests.reference.portal.old_rows import OLD_ROWS, SESSION
from tests.reference.portal.scene import Scene

FIRST = MIGRATIONS[:1]
NAMES = [(each.number, each.name) for each in MIGRATIONS]
# What a migration rewrites, by table and column: what was there, and what is to become of it.
REWRITTEN: dict[tuple[str, str], dict[Any, Any]] = {
    ("crime", "safeguarding"): {"domestic_abuse sexual": "domestic_abuse|sexual"},
    ("crime", "allocated_at"): {1791975600: 1791975600000000},
    ("person", "written_at"): {1780484400: 1780484400000000},
    ("event_waiting", "time"): {1780484400: 1780484400000000},
}


async def _fill(database: Database, rows: dict[str, list[dict[str, Any]]] = OLD_ROWS) -> None:
    for table, each_row in rows.items():
        for row in each_row:
            marks = ", ".join("?" for _ in row)
            sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608  ours
            await database.run(sql, tuple(row.values()))


async def _kept(database: Database, table: str) -> list[dict[str, Any]]:
    names = list(OLD_ROWS[table][0])
    rows = await database.all(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608  ours
    return sorted((dict(zip(names, row, strict=True)) for row in rows), key=repr)


def _expected(table: str) -> list[dict[str, Any]]:
    def become(column: str, value: Any) -> Any:
        return REWRITTEN.get((table, column), {}).get(value, value)

    return sorted(
        ({name: become(name, value) for name, value in row.items()} for row in OLD_ROWS[table]),
        key=repr,
    )


@pytest.fixture
def old_storage(empty_storage: Storage) -> Storage:
    """A database as the first portal left it: with rows in every table, and no number."""
    old = empty_storage.open(FIRST)

    async def fill() -> None:
        await _fill(old)
        await old.run("DROP TABLE migration")

    empty_storage.run(fill())
    return empty_storage


def test_every_column_of_every_old_table_has_rows_to_lose(old_storage: Storage) -> None:
    """The rows below cover all that the first portal could keep."""
    kept = old_storage.rows()
    columns = {table: len(rows[0]) for table, rows in kept.items()}
    given = {
        table: len(rows[0]) + (table in {"event_waiting", "entry", "outbox"})
        for table, rows in OLD_ROWS.items()
    }

    assert columns == given


@pytest.mark.parametrize("table", sorted(OLD_ROWS))
def test_nothing_is_lost_on_the_way_to_the_newest(old_storage: Storage, table: str) -> None:
    """Every row of an older portal is there, every value as it was or as it is meant to become."""
    database = old_storage.open()

    assert old_storage.run(_kept(database, table)) == _expected(table)


def test_a_portal_goes_on_with_what_an_older_one_kept(old_storage: Storage, tmp_path: Path) -> None:
    """Who was signed in still is, sees their crime, and what was waiting goes out."""
    scene = Scene(tmp_path, storage=old_storage, start=PHASE_3)
    shown = scene.api("GET", "/crimes", session=SESSION).json["crimes"]

    assert [each["crime_reference"] for each in shown] == [CRIME]

    scene.advance(hours=2)
    scene.advance(minutes=4)

    assert [each.body["reference"] for each in scene.messages] == ["event-3"]
    assert len(scene.neighbours.tasks) == 1


def test_new_rows_follow_the_old_ones(old_storage: Storage) -> None:
    """Rows that are counted go on counting: none is given a number that is taken."""
    database = old_storage.open()
    counted = {name: OLD_ROWS[name] for name in ("event_waiting", "entry", "outbox")}
    old_storage.run(_fill(database, counted))
    ids = {name: old_storage.run(database.all(f"SELECT id FROM {name}")) for name in counted}  # noqa: S608  ours

    assert {name: len(set(found)) for name, found in ids.items()} == {
        name: 2 * len(rows) for name, rows in counted.items()
    }


def test_a_new_database_has_what_a_migrated_one_has(old_storage: Storage, tmp_path: Path) -> None:
    """A portal that begins today and one that grew have the same tables."""
    grown = old_storage.open()
    fresh = Storage(str(tmp_path / "fresh.db"))
    fresh.open()

    assert fresh.rows().keys() == old_storage.rows().keys()
    assert old_storage.run(_numbers(grown)) == NAMES

    fresh.close()


def test_opening_again_changes_nothing(empty_storage: Storage) -> None:
    """A restart finds the newest tables, and leaves them."""
    empty_storage.open()
    before = empty_storage.rows()
    empty_storage.open()

    assert empty_storage.rows() == before


def test_workers_that_start_together_make_each_change_once(empty_postgres_storage: Storage) -> None:
    """Five workers, one empty database: each of them finds the tables made, once."""
    workers = [empty_postgres_storage.database() for _ in range(5)]

    async def start() -> list[tuple[int, str]]:
        await asyncio.gather(*(each.open() for each in workers))
        return await _numbers(workers[0])

    assert empty_postgres_storage.run(start()) == NAMES


def test_processes_that_open_one_file_together_make_each_change_once(tmp_path: Path) -> None:
    """A command beside the portal may open its file in the same moment."""
    path = str(tmp_path / "portal.db")
    with ThreadPoolExecutor(8) as threads:
        opened = list(threads.map(SqliteDatabase, [path] * 8))

    assert asyncio.run(_numbers(opened[0])) == NAMES

    for each in opened:
        asyncio.run(each.close())


@pytest.mark.parametrize("made", [(), FIRST, MIGRATIONS])
def test_an_interrupted_migration_leaves_what_was(
    empty_storage: Storage, made: Sequence[Migration]
) -> None:
    """All changes are made or none: the older portal can be started again."""
    empty_storage.open(made)
    before = empty_storage.rows()
    number = len(MIGRATIONS) + 1
    broken = Migration(
        number,
        f"{number:04}_breaks",
        ("ALTER TABLE crime ADD COLUMN mood TEXT", "UPDATE crime SET mood = no_such_thing"),
    )
    with pytest.raises(Exception, match="no_such_thing"):
        empty_storage.open([*MIGRATIONS, broken])

    assert empty_storage.rows() == before

    empty_storage.open(made)


def test_a_database_newer_than_the_portal_is_refused(empty_storage: Storage) -> None:
    """An older portal would write what the newer one does not expect; one sentence says so."""
    number = len(MIGRATIONS) + 1
    newer = Migration(number, f"{number:04}_more", ("ALTER TABLE crime ADD COLUMN mood TEXT",))
    empty_storage.open([*MIGRATIONS, newer])
    before = empty_storage.rows()
    with pytest.raises(ValueError, match="start the newer portal") as refused:
        empty_storage.open()

    assert f"version {number}" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert empty_storage.rows() == before


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"0001_a.sql": "", "0003_c.sql": ""}, "0003_c.sql"),
        ({"0001_a.sql": "", "0001_b.sql": ""}, "0001_b.sql"),
        ({"0002_b.sql": ""}, "0002_b.sql"),
        ({"first.sql": ""}, "first.sql"),
        ({"1_a.sql": ""}, "1_a.sql"),
        ({"0001_a.sql": "CREATE TABLE a (b TEXT)"}, "0001_a.sql"),
        ({"0001_a.sql": "CREATE TABLE a (b TEXT);\nDROP TABLE a"}, "0001_a.sql"),
    ],
)
def test_a_migration_that_is_wrong_is_named(
    tmp_path: Path, files: dict[str, str], named: str
) -> None:
    """Numbers follow one another, and every statement has its end."""
    for name, script in files.items():
        (tmp_path / name).write_text(script, encoding="utf-8")
    with pytest.raises(ValueError, match=f"^{re.escape(named)}: "):
        read_migrations(tmp_path)


def test_a_script_is_read_statement_by_statement(tmp_path: Path) -> None:
    """Semicolons in comments and quotes end nothing, and a comment may stand last."""
    script = (
        "-- a; b\nCREATE TABLE a (\n  b TEXT DEFAULT ';' -- c;\n);\nDROP TABLE a;\n-- end; of it"
    )
    (tmp_path / "0001_a.sql").write_text(script, encoding="utf-8")
    [migration] = read_migrations(tmp_path)

    assert [each.rpartition("\n")[2] for each in migration.statements] == [");", "DROP TABLE a;"]


def test_columns_have_the_types_that_postgresql_knows() -> None:
    """Types in capitals are changed, and names that look like them are not."""
    written = (
        "CREATE TABLE a (id INTEGER PRIMARY KEY, text TEXT, at INTEGER, b BLOB) WITHOUT ROWID;"
    )

    assert as_postgres(written) == (
        "CREATE TABLE a (id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,"
        ' text TEXT COLLATE "C", at BIGINT, b BYTEA) ;'
    )
    assert as_postgres("UPDATE a SET text = CAST(at AS TEXT);").endswith("CAST(at AS TEXT);")


async def _numbers(database: Database) -> list[Any]:
    return await database.all("SELECT number, name FROM migration ORDER BY number")
