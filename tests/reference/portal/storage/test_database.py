"""What every database does alike: rows, transactions, and work shared by workers."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

from reference.operations.database import open_database
from reference.operations.postgres_database import PostgresDatabase
from reference.portal.errors import Problem
from reference.portal.storage.database import Database, DatabaseDown
from reference.portal.storage.sqlite_database import SqliteDatabase
from tests.reference.portal.databases import THINGS, Storage, add_many

# How several workers pick what is due. The list is made first, so that it is made only once.
_CLAIM = """
WITH due AS MATERIALIZED (
  SELECT w.id FROM work w WHERE w.state = 'waiting' ORDER BY w.id LIMIT ? {claiming}
)
UPDATE work SET state = ? WHERE id IN (SELECT id FROM due) RETURNING id
"""


async def _add(database: Database, *words: str | None) -> None:
    await add_many(database, "INSERT INTO thing (words) VALUES (?)", [(each,) for each in words])


async def _words(database: Database) -> list[Any]:
    return [row[0] for row in await database.all("SELECT words FROM thing ORDER BY id")]


def test_a_statement_answers_how_many_rows_it_touched(
    empty_storage: Storage, things: Database
) -> None:
    """So that the second worker knows it."""
    sql = "INSERT INTO work VALUES ('a', 'new') ON CONFLICT DO NOTHING"

    async def touch() -> list[int]:
        return [
            await things.run(sql),
            await things.run(sql),
            await things.run("INSERT INTO work VALUES ('b', 'new'), ('c', 'new')"),
            await things.run("UPDATE work SET state = ? WHERE id > ?", ("done", "a")),
            await things.run("DELETE FROM work WHERE state = 'nowhere'"),
            await things.run("DELETE FROM work"),
        ]

    assert empty_storage.run(touch()) == [1, 0, 2, 2, 0, 3]


def test_one_row_is_the_first_or_none(empty_storage: Storage, things: Database) -> None:
    """Rows are tuples, and their absence is not an empty one."""

    async def ask() -> list[Any]:
        none = await things.one("SELECT words FROM thing")
        await _add(things, "a", "b")
        return [
            none,
            await things.one("SELECT words FROM thing ORDER BY id"),
            await things.all("SELECT words FROM thing ORDER BY id"),
        ]

    found = empty_storage.run(ask())

    assert found == [None, ("a",), [("a",), ("b",)]]
    assert all(type(row) is tuple for row in (found[1], *found[2]))


def test_a_transaction_is_kept_whole_or_not_at_all(
    empty_storage: Storage, things: Database
) -> None:
    """What fails half way leaves nothing behind, and the next one works."""

    async def fail() -> None:
        async with things.transaction():
            await _add(things, "1")
            async with things.transaction():
                await _add(things, "2")
            raise LookupError

    async def succeed() -> list[Any]:
        async with things.transaction():
            await _add(things, "3")
        return await _words(things)

    with pytest.raises(LookupError):
        empty_storage.run(fail())

    assert empty_storage.run(succeed()) == ["3"]


def test_a_transaction_inside_another_ends_with_it(
    empty_storage: Storage, things: Database
) -> None:
    """The inner one commits nothing by itself, and its failure may be got over."""

    async def fail_outside() -> None:
        async with things.transaction():
            async with things.transaction():
                await _add(things, "gone with the outer")
            raise LookupError

    async def fail_inside() -> list[Any]:
        async with things.transaction():
            with suppress(LookupError):
                async with things.transaction():
                    await _add(things, "kept with the outer")
                    raise LookupError
            await _add(things, "after it")
        return await _words(things)

    with pytest.raises(LookupError):
        empty_storage.run(fail_outside())

    assert empty_storage.run(fail_inside()) == ["kept with the outer", "after it"]


def test_nobody_sees_half_a_transaction(empty_storage: Storage, things: Database) -> None:
    """Another worker reads what was, until all of it is."""
    other = empty_storage.open([THINGS])

    async def peep() -> list[Any]:
        async with things.transaction():
            await _add(things, "a")
            during = await _words(other)
        return [during, await _words(other)]

    assert empty_storage.run(peep()) == [[], ["a"]]


def test_a_statement_that_is_wrong_is_not_taken_for_a_database_that_is_down(
    empty_storage: Storage, things: Database
) -> None:
    """A mistake in the portal is shown as one, and does not ask everybody to come back later."""
    for sql in ("SELECT nothing FROM nowhere", "SELEKT 1", "INSERT INTO work VALUES ('a', NULL)"):
        with pytest.raises(Exception, match=r"no|near|NULL|null") as wrong:
            empty_storage.run(things.run(sql))

        assert not isinstance(wrong.value, DatabaseDown)


def test_workers_that_lock_a_name_take_turns(empty_storage: Storage, things: Database) -> None:
    """Reading, thinking and writing by many at once loses no step of any."""
    workers = [things, *(empty_storage.open([THINGS]) for _ in range(2))]

    async def step(worker: Database, names: Sequence[str]) -> None:
        async with worker.transaction():
            await worker.lock(names)
            row = await worker.one("SELECT whole FROM thing")
            assert row is not None
            await worker.run("UPDATE thing SET whole = ?", (row[0] + 1,))

    async def walk() -> Any:
        await things.run("INSERT INTO thing (whole) VALUES (0)")
        # Each names the crime and a person of its own, in whatever order.
        names = [["crime", f"person {n}"][:: n % 2 * 2 - 1] for n in range(30)]
        await asyncio.gather(*(step(workers[n % 3], each) for n, each in enumerate(names)))
        return await things.one("SELECT whole FROM thing")

    assert empty_storage.run(walk()) == (30,)


def test_a_lock_is_for_inside_a_transaction(empty_storage: Storage, things: Database) -> None:
    """Outside one it would end before anything was done under it."""
    with pytest.raises(AssertionError, match="inside a transaction"):
        empty_storage.run(things.lock(["crime"]))


def test_no_two_workers_pick_the_same_work(empty_storage: Storage, things: Database) -> None:
    """Each row is one worker's, whichever asks first; together they do all there is."""
    workers = [things, *(empty_storage.open([THINGS]) for _ in range(3))]
    picked: list[str] = []

    async def work(worker: Database, name: str) -> None:
        sql = _CLAIM.format(claiming=worker.claiming("w"))
        while rows := await worker.all(sql, (3, name)):
            picked.extend(row[0] for row in rows)

    async def share() -> None:
        await add_many(
            things, "INSERT INTO work VALUES (?, 'waiting')", [(f"{n:03}",) for n in range(200)]
        )
        await asyncio.gather(*(work(worker, f"w{n}") for n, worker in enumerate(workers)))

    empty_storage.run(share())

    assert sorted(picked) == [f"{n:03}" for n in range(200)]


def test_what_a_database_that_is_down_says() -> None:
    """The public is asked to come back; why is for the log only."""
    down = DatabaseDown("PostgreSQL at db.example, database portal: connection refused")

    assert isinstance(down, Problem)
    assert down.status == 503
    assert "db.example" not in f"{down.title} {down.detail}"
    assert str(down) == down.reason


def test_the_url_decides_which_database_it_is() -> None:
    """SQLite unless an URL is given; then the file of the settings is left alone."""
    url = "postgresql://user@db.example/portal"

    assert isinstance(open_database("/no/such/folder/portal.db", url), PostgresDatabase)
    assert isinstance(open_database(":memory:"), SqliteDatabase)
