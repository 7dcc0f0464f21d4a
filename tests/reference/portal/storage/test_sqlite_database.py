"""SQLite: called in place, kept through a crash, and one at a time."""

import asyncio
import gc
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from reference.portal.storage.database import DatabaseDown, Synchronous
from reference.portal.storage.migrations import MIGRATIONS, Migration
from reference.portal.storage.sqlite_database import SqliteDatabase

_ADD = "INSERT INTO event_seen (source, id) VALUES ('source', ?)"


@pytest.fixture
def file(tmp_path: Path) -> str:
    """The path of a database that is not there yet."""
    return str(tmp_path / "portal.db")


@pytest.fixture
def database(file: str) -> Iterator[SqliteDatabase]:
    """A database in a file, with the portal's tables."""
    database = SqliteDatabase(file)
    yield database
    asyncio.run(database.close())


def _by_hand(coroutine: Any) -> Any:
    """Step a coroutine without an event loop, as the in-process driver does."""
    with pytest.raises(StopIteration) as done:
        coroutine.send(None)
    return done.value.value


async def _seen(database: SqliteDatabase) -> list[Any]:
    return [row[0] for row in await database.all("SELECT id FROM event_seen ORDER BY id")]


def _contents(database: SqliteDatabase) -> dict[str, list[Any]]:
    """Return the whole of a database: its schema, and the rows of each table."""
    schema = _by_hand(database.all("SELECT type, name, tbl_name, sql FROM sqlite_master"))
    tables = [name for kind, name, *_ in schema if kind == "table"]
    rows = {name: _by_hand(database.all(f"SELECT * FROM {name}")) for name in tables}  # noqa: S608  ours
    return {"": schema, **rows}


def test_a_database_in_memory_is_copied_from_one_that_was_migrated(file: str) -> None:
    """The copy has the tables and the migration rows of a database migrated step by step."""
    by_steps = SqliteDatabase(file, migrations=MIGRATIONS[:1])
    asyncio.run(by_steps.close())
    by_steps = SqliteDatabase(file)
    opened = [SqliteDatabase(":memory:") for _ in range(2)]

    for each in opened:
        assert _contents(each) == _contents(by_steps)
        assert len(_contents(each)["migration"]) == len(MIGRATIONS)
        assert _by_hand(each.one("PRAGMA synchronous")) == (1,)

    for each in (by_steps, *opened):
        asyncio.run(each.close())


def test_a_new_file_is_copied_as_well(tmp_path: Path) -> None:
    """It has what a database in memory has, stays in WAL mode, and keeps its rows when opened."""
    in_memory = SqliteDatabase(":memory:")
    file = tmp_path / "copied.db"
    copied = SqliteDatabase(str(file))

    assert _contents(copied) == _contents(in_memory)
    assert _by_hand(copied.one("PRAGMA journal_mode")) == ("wal",)
    asyncio.run(copied.run(_ADD, ("1",)))
    asyncio.run(copied.close())
    again = SqliteDatabase(str(file))
    assert asyncio.run(_seen(again)) == ["1"]

    for each in (in_memory, again):
        asyncio.run(each.close())


def test_a_new_file_that_cannot_be_copied_to_is_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full when the tables are copied is named as one that is full later."""
    asyncio.run(SqliteDatabase(":memory:").close())
    connect = sqlite3.connect

    def small(*given: Any, **named: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*given, **named)
        connection.execute("PRAGMA max_page_count=4")
        return connection

    monkeypatch.setattr(sqlite3, "connect", small)
    with pytest.raises(DatabaseDown, match="full"):
        SqliteDatabase(str(tmp_path / "small.db"))


def test_a_copy_begins_without_rows_of_another() -> None:
    """What a portal writes in memory is its own."""
    first = SqliteDatabase(":memory:")
    asyncio.run(first.run(_ADD, ("1",)))
    second = SqliteDatabase(":memory:")
    asyncio.run(second.run(_ADD, ("2",)))

    assert asyncio.run(_seen(first)) == ["1"]
    assert asyncio.run(_seen(second)) == ["2"]

    asyncio.run(first.close())
    asyncio.run(second.close())


def test_other_migrations_make_another_database_in_memory() -> None:
    """A copy is made only from the same migrations; those that fail fail each time."""
    number = len(MIGRATIONS) + 1
    name = f"{number:04}_mood"
    more = Migration(number, name, ("ALTER TABLE crime ADD COLUMN mood TEXT",))
    broken = Migration(number, name, ("UPDATE crime SET mood = no_such_thing",))
    newest = [SqliteDatabase(":memory:") for _ in range(2)]
    with_mood = [SqliteDatabase(":memory:", migrations=[*MIGRATIONS, more]) for _ in range(2)]
    first_only = SqliteDatabase(":memory:", migrations=MIGRATIONS[:1])

    for each in with_mood:
        assert _by_hand(each.all("SELECT mood FROM crime")) == []
    for each in newest:
        assert _by_hand(each.one("SELECT max(number) FROM migration")) == (len(MIGRATIONS),)
    assert _by_hand(first_only.all("SELECT number FROM migration")) == [(1,)]
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError, match="no_such_thing"):
            SqliteDatabase(":memory:", migrations=[*MIGRATIONS, broken])

    for each in (*newest, *with_mood, first_only):
        asyncio.run(each.close())


def test_nothing_waits(database: SqliteDatabase) -> None:
    """Everything a portal asks of it is answered at once, without an event loop."""

    async def everything() -> list[Any]:
        await database.open()
        async with database.transaction():
            await database.lock(["crime"])
            await database.run(_ADD, ("1",))
            assert await database.one("SELECT 1") == (1,)
        return await _seen(database)

    assert _by_hand(everything()) == ["1"]


@pytest.mark.parametrize(("synchronous", "level"), [("NORMAL", 1), ("FULL", 2)])
def test_a_commit_is_on_the_disk_when_that_is_asked_for(
    file: str, synchronous: Synchronous, level: int
) -> None:
    """FULL waits for the disk at every commit; NORMAL survives the process, not the power."""
    database = SqliteDatabase(file, synchronous=synchronous)

    assert asyncio.run(database.one("PRAGMA synchronous")) == (level,)
    assert asyncio.run(database.one("PRAGMA journal_mode")) == ("wal",)

    asyncio.run(database.close())


@pytest.mark.parametrize("where", ["no/such/folder/portal.db", "", "notes.txt"])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, where: str) -> None:
    """No such folder, a folder in its place, or something else that is kept there."""
    (tmp_path / "notes.txt").write_text("Milk, bread, candles. " * 100, encoding="utf-8")
    path = str(tmp_path / where)
    with pytest.raises(DatabaseDown) as refused:
        SqliteDatabase(path)

    assert path in refused.value.reason
    assert "\n" not in refused.value.reason


def test_a_file_that_another_holds_is_down_until_it_lets_go(
    database: SqliteDatabase, file: str
) -> None:
    """A copy that is being made holds the portal up, and loses nothing."""

    async def add() -> None:
        async with database.transaction():
            await database.run(_ADD, ("1",))

    asyncio.run(database.run("PRAGMA busy_timeout=1"))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseDown, match="locked"):
            asyncio.run(add())
        with pytest.raises(DatabaseDown, match="locked"):
            asyncio.run(database.run(_ADD, ("2",)))
    asyncio.run(add())

    assert asyncio.run(_seen(database)) == ["1"]


def test_a_full_disk_is_down_until_there_is_room(database: SqliteDatabase) -> None:
    """What did not fit is not kept by half, and what comes after there is room is kept."""
    long = "x" * 100_000

    async def add(name: str) -> None:
        async with database.transaction():
            await database.run(_ADD, (name,))
            await database.run(_ADD, (name + long,))

    pages = asyncio.run(database.one("PRAGMA page_count"))
    assert pages is not None
    asyncio.run(database.one(f"PRAGMA max_page_count={pages[0] + 3}"))
    with pytest.raises(DatabaseDown, match="full"):
        asyncio.run(add("1"))

    assert asyncio.run(_seen(database)) == []

    asyncio.run(database.one("PRAGMA max_page_count=1000000"))
    asyncio.run(add("2"))

    assert asyncio.run(_seen(database)) == ["2", "2" + long]


def test_no_task_gets_into_the_transaction_of_one_that_waits(database: SqliteDatabase) -> None:
    """Waiting inside a transaction is a mistake; nobody else's rows are lost by it."""

    async def waits() -> None:
        async with database.transaction():
            await database.run(_ADD, ("1",))
            await asyncio.sleep(0.01)

    async def others() -> list[str]:
        mistaken = asyncio.create_task(waits(), name="mistaken")
        await asyncio.sleep(0)
        refused = []
        for each in (
            database.run(_ADD, ("2",)),
            database.one("SELECT 1"),
            database.all("SELECT 1"),
            _in_transaction(database),
        ):
            with pytest.raises(RuntimeError, match="mistaken waits inside a transaction"):
                await each
            refused.append("refused")
        await mistaken
        await database.run(_ADD, ("4",))
        return refused

    assert asyncio.run(others()) == ["refused"] * 4
    assert asyncio.run(_seen(database)) == ["1", "4"]


async def _in_transaction(database: SqliteDatabase) -> None:
    async with database.transaction():
        await database.run(_ADD, ("5",))


def test_a_database_that_is_dropped_leaves_no_file_open(file: str) -> None:
    """A portal may be dropped without being closed: Python warns of a connection left open."""
    database = SqliteDatabase(file)
    connection = database._connection
    assert connection.execute("SELECT 1").fetchone() == (1,)

    del database
    gc.collect()

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")


@pytest.mark.parametrize("link", ["hardlink_to", "symlink_to"])
def test_another_name_of_the_file_is_the_same_file(tmp_path: Path, link: str) -> None:
    """The file itself is locked, in whatever folder its name stands."""
    (tmp_path / "elsewhere").mkdir()
    path, other = tmp_path / "portal.db", tmp_path / "elsewhere" / "another.db"
    first = SqliteDatabase(str(path))
    first.serve()
    getattr(other, link)(path)

    # SQLite itself may refuse the second name of a file that it is at work on.
    with pytest.raises((ValueError, DatabaseDown), match=r"another portal serves|disk I/O"):
        SqliteDatabase(str(other)).serve()

    asyncio.run(first.close())


def test_the_files_are_for_this_user_alone(tmp_path: Path) -> None:
    """Whatever the process's mask; one that was open to others is closed when it is served."""
    before = os.umask(0)
    try:
        database = SqliteDatabase(str(tmp_path / "portal.db"))
        asyncio.run(database.run("CREATE TABLE more (id INTEGER)"))
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()}
        asyncio.run(database.close())
        (tmp_path / "portal.db").chmod(0o644)
        again = SqliteDatabase(str(tmp_path / "portal.db"))
        again.serve()
        asyncio.run(again.close())
    finally:
        os.umask(before)

    assert modes == dict.fromkeys(["portal.db", "portal.db-wal", "portal.db-shm"], 0o600)
    assert stat.S_IMODE((tmp_path / "portal.db").stat().st_mode) == 0o600


def test_only_one_portal_serves_from_a_file(tmp_path: Path) -> None:
    """A second one is told so in a sentence: both would send what they find waiting."""
    path = str(tmp_path / "portal.db")
    first, second = SqliteDatabase(path), SqliteDatabase(path)
    first.serve()

    with pytest.raises(ValueError, match=r"portal\.db, which another portal serves from"):
        second.serve()

    asyncio.run(first.close())
    second.serve()
    asyncio.run(second.close())
