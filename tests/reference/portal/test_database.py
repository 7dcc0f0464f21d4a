"""What every database does alike: rows, values, transactions, and work shared by workers."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reference.portal.database import Database, DatabaseDown, open_database
from reference.portal.errors import Problem
from reference.portal.migrations import Migration
from reference.portal.postgres_database import PostgresDatabase
from reference.portal.sqlite_database import SqliteDatabase
from tests.reference.portal.storage import Storage

_TABLES = Migration(
    1,
    "0001_tables_for_tests",
    (
        "CREATE TABLE thing (id INTEGER PRIMARY KEY, whole INTEGER, words TEXT, raw BLOB)",
        "CREATE TABLE work (id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID",
    ),
)
# How several workers pick what is due. The list is made first, so that it is made only once.
_CLAIM = """
WITH due AS MATERIALIZED (
  SELECT w.id FROM work w WHERE w.state = 'waiting' ORDER BY w.id LIMIT ? {claiming}
)
UPDATE work SET state = ? WHERE id IN (SELECT id FROM due) RETURNING id
"""

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
wholes = st.integers(-(2**63), 2**63 - 1)


@pytest.fixture
def things(empty_storage: Storage) -> Database:
    """A database with an empty table of each kind of value, and one of work to do."""
    return empty_storage.open([_TABLES])


async def _add(database: Database, *words: str | None) -> None:
    await database.run_many("INSERT INTO thing (words) VALUES (?)", [(each,) for each in words])


async def _words(database: Database) -> list[Any]:
    return [row[0] for row in await database.all("SELECT words FROM thing ORDER BY id")]


@given(whole=st.none() | wholes, words=st.none() | texts, raw=st.none() | st.binary())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_value_comes_back_as_it_was(
    empty_storage: Storage,
    things: Database,
    whole: int | None,
    words: str | None,
    raw: bytes | None,
) -> None:
    """Numbers, text and bytes are kept to the last bit, and nothing is nothing."""

    async def keep() -> Any:
        sql = "INSERT INTO thing (whole, words, raw) VALUES (?, ?, ?) RETURNING id"
        row = await things.one(sql, (whole, words, raw))
        assert row is not None
        return await things.one("SELECT whole, words, raw FROM thing WHERE id = ?", row)

    assert empty_storage.run(keep()) == (whole, words, raw)


def test_yes_and_no_are_kept_as_numbers(empty_storage: Storage, things: Database) -> None:
    """A flag may be given as True; it is 1 to whoever counts it."""

    async def keep() -> Any:
        sql = "INSERT INTO thing (whole) VALUES (?)"
        await things.run_many(sql, [(True,), (False,), (True,)])
        return await things.one("SELECT sum(whole) FROM thing WHERE whole = ?", (True,))

    assert empty_storage.run(keep()) == (2,)


def test_a_text_with_a_nul_in_it_is_no_error(empty_storage: Storage, things: Database) -> None:
    """Somebody who types what no keyboard has is answered like anybody else."""

    async def keep() -> list[Any]:
        await _add(things, "a\0b")
        found = await things.one("SELECT words FROM thing WHERE words = ?", ("a\0b",))
        assert found is not None
        return list(found)

    assert empty_storage.run(keep()) in (["a\0b"], ["a\N{REPLACEMENT CHARACTER}b"])


def test_a_question_mark_is_a_value_only_where_one_stands(
    empty_storage: Storage, things: Database
) -> None:
    """Marks in quotes, names and comments are left alone."""
    sql = """SELECT 'it''s ?', words AS "who?" FROM thing -- really?
             WHERE words = ? AND words <> '?'"""

    async def ask() -> Any:
        await _add(things, "me", "?")
        return await things.one(sql, ("me",))

    assert empty_storage.run(ask()) == ("it's ?", "me")


def test_text_is_in_one_order_everywhere(empty_storage: Storage, things: Database) -> None:
    """By the numbers of its characters, whatever language a server was set up for."""
    words = ["a", "Z", "ä", "_", "", "aa", "9", "\N{LATIN SMALL LETTER A WITH DIAERESIS}a"]

    async def ordered() -> list[Any]:
        await _add(things, *words)
        return await things.all("SELECT words FROM thing ORDER BY words")

    assert empty_storage.run(ordered()) == [(each,) for each in sorted(words)]


def test_sums_and_means_are_plain_numbers(empty_storage: Storage, things: Database) -> None:
    """What is reckoned with rows can be reckoned with further."""

    async def reckon() -> Any:
        await things.run_many("INSERT INTO thing (whole) VALUES (?)", [(1,), (2,)])
        return await things.one("SELECT sum(whole), avg(whole), count(*), max(raw) FROM thing")

    found = empty_storage.run(reckon())

    assert found == (3, 1.5, 2, None)
    assert [type(each) for each in found] == [int, float, int, type(None)]


def test_a_statement_answers_how_many_rows_it_touched(
    empty_storage: Storage, things: Database
) -> None:
    """So that whoever comes second knows it."""
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


def test_many_rows_go_in_at_once_or_not_at_all(empty_storage: Storage, things: Database) -> None:
    """One that cannot be kept leaves none behind."""
    sql = "INSERT INTO work VALUES (?, 'new')"

    async def count() -> Any:
        return await things.one("SELECT count(*) FROM work")

    empty_storage.run(things.run_many(sql, [(str(n),) for n in range(50)]))

    assert empty_storage.run(count()) == (50,)

    with pytest.raises(Exception, match=r"(?i)unique"):
        empty_storage.run(things.run_many(sql, [("new",), ("7",), ("newer",)]))

    assert empty_storage.run(count()) == (50,)


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
    other = empty_storage.open([_TABLES])

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
    workers = [things, *(empty_storage.open([_TABLES]) for _ in range(2))]

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
    """Each row is somebody's, whoever asks when; together they do all there is."""
    workers = [things, *(empty_storage.open([_TABLES]) for _ in range(3))]
    picked: list[str] = []

    async def work(worker: Database, name: str) -> None:
        sql = _CLAIM.format(claiming=worker.claiming("w"))
        while rows := await worker.all(sql, (3, name)):
            picked.extend(row[0] for row in rows)

    async def share() -> None:
        await things.run_many(
            "INSERT INTO work VALUES (?, 'waiting')", [(f"{n:03}",) for n in range(200)]
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
