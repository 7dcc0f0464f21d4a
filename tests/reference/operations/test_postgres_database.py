"""PostgreSQL: several workers take turns, share work, and keep out of each other's way."""

import asyncio
from contextvars import Context

import pytest

from reference.portal.storage.database import Database, TransactionConflict
from tests.reference.portal.databases import Storage, add_many

_ADD = "INSERT INTO event_seen (source, id) VALUES ('source', ?)"
_WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
SECONDS_MAX = 20


@pytest.fixture
def database(postgres_storage: Storage) -> Database:
    """An open database with the portal's tables."""
    return postgres_storage.open()


async def _seen(database: Database) -> list[str]:
    return [row[0] for row in await database.all("SELECT id FROM event_seen ORDER BY id")]


def test_a_name_is_locked_until_the_transaction_ends(
    postgres_storage: Storage, database: Database
) -> None:
    """Another worker waits for it, and for nothing that has another name."""
    other = postgres_storage.open()
    happened: list[str] = []

    async def first(is_locked: asyncio.Event, may_end: asyncio.Event) -> None:
        async with database.transaction():
            await database.lock(["crime 1"])
            is_locked.set()
            await may_end.wait()
            happened.append("first ends")

    async def then(name: str) -> None:
        async with other.transaction():
            await other.lock([name])
            happened.append(name)

    async def compete() -> None:
        is_locked, may_end = asyncio.Event(), asyncio.Event()
        async with asyncio.timeout(SECONDS_MAX):
            holder = asyncio.create_task(first(is_locked, may_end))
            await is_locked.wait()
            waiter = asyncio.create_task(then("crime 1"))
            await then("crime 2")
            may_end.set()
            await asyncio.gather(holder, waiter)

    postgres_storage.run(compete())

    assert happened == ["crime 2", "first ends", "crime 1"]


def test_names_are_locked_in_one_order(postgres_storage: Storage, database: Database) -> None:
    """A worker that waits for one name holds none that comes after it, so there is no deadlock."""
    other = postgres_storage.open()
    happened: list[str] = []

    async def both(worker: Database) -> None:
        async with worker.transaction():
            await worker.lock(["b", "a"])
            happened.append("the other has both")

    async def compete() -> None:
        async with asyncio.timeout(SECONDS_MAX):
            async with database.transaction():
                await database.lock(["a"])
                waiter = asyncio.create_task(both(other), context=Context())
                while await database.one(_WAITING) == (0,):
                    await asyncio.sleep(0.01)
                await database.lock(["b"])
                happened.append("the first has both")
            await waiter

    postgres_storage.run(compete())

    assert happened == ["the first has both", "the other has both"]


def test_work_that_another_holds_is_passed_over(
    postgres_storage: Storage, database: Database
) -> None:
    """A worker never waits for rows that another is busy with, nor gets them."""
    other = postgres_storage.open()
    pick = "SELECT id FROM event_seen ORDER BY id LIMIT 2 "

    async def share() -> list[list[str]]:
        await add_many(database, _ADD, [("1",), ("2",), ("3",)])
        picked = []
        async with asyncio.timeout(SECONDS_MAX), database.transaction(), other.transaction():
            for worker in (database, other, other):
                rows = await worker.all(pick + worker.claiming("event_seen"))
                picked.append([row[0] for row in rows])
        return picked

    assert postgres_storage.run(share()) == [["1", "2"], ["3"], ["3"]]


def test_two_that_wait_for_each_other_do_not_wait_for_ever(
    postgres_storage: Storage, database: Database
) -> None:
    """One of them gives way, says so, and can begin again; the other is kept."""
    other = postgres_storage.open()

    async def touch(worker: Database, first: str, second: str, both: asyncio.Barrier) -> None:
        async with worker.transaction():
            await worker.run("UPDATE event_seen SET source = ? WHERE id = ?", (first, first))
            await both.wait()
            await worker.run("UPDATE event_seen SET source = ? WHERE id = ?", (first, second))

    async def clash() -> list[BaseException]:
        await add_many(database, _ADD, [("1",), ("2",)])
        both = asyncio.Barrier(2)
        async with asyncio.timeout(SECONDS_MAX):
            ends = await asyncio.gather(
                touch(database, "1", "2", both),
                touch(other, "2", "1", both),
                return_exceptions=True,
            )
        return [each for each in ends if each is not None]

    [gave_way] = postgres_storage.run(clash())
    [kept] = {row[0] for row in postgres_storage.rows()["event_seen"]}

    assert isinstance(gave_way, TransactionConflict)
    assert kept in {"1", "2"}


def test_a_failure_that_was_caught_does_not_pass_for_a_commit(
    postgres_storage: Storage, database: Database
) -> None:
    """PostgreSQL keeps nothing after a failed statement; going on ends in an error."""

    async def go_on() -> None:
        async with database.transaction():
            await database.run(_ADD, ("1",))
            with pytest.raises(Exception, match="division by zero"):
                await database.one("SELECT 1 / 0")

    with pytest.raises(RuntimeError, match="none of it kept"):
        postgres_storage.run(go_on())

    assert postgres_storage.run(_seen(database)) == []


def test_tasks_have_transactions_of_their_own(
    postgres_storage: Storage, database: Database
) -> None:
    """What one request does is not rolled back with another's mistake."""

    async def fail(both: asyncio.Barrier) -> None:
        async with database.transaction():
            await database.run(_ADD, ("fails",))
            await both.wait()
            raise LookupError

    async def succeed(both: asyncio.Barrier) -> None:
        async with database.transaction():
            await database.run(_ADD, ("succeeds",))
            await both.wait()

    async def together() -> None:
        both = asyncio.Barrier(2)
        await asyncio.gather(fail(both), succeed(both), return_exceptions=True)

    postgres_storage.run(together())

    assert postgres_storage.run(_seen(database)) == ["succeeds"]


def test_a_request_that_is_given_up_keeps_nothing(
    postgres_storage: Storage, database: Database
) -> None:
    """A cancelled transaction is rolled back, and its connection serves the next."""

    async def slow(is_under_way: asyncio.Event) -> None:
        async with database.transaction():
            await database.run(_ADD, ("1",))
            is_under_way.set()
            await database.one("SELECT pg_sleep(60)")

    async def give_up() -> list[str]:
        for _ in range(10):  # more than there are connections
            is_under_way = asyncio.Event()
            task = asyncio.create_task(slow(is_under_way))
            await is_under_way.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await database.run(_ADD, ("2",))
        return await _seen(database)

    assert postgres_storage.run(give_up()) == ["2"]


def test_workers_know_who_else_is_there(postgres_storage: Storage, database: Database) -> None:
    """One that stopped, or whose process died, is not counted among the living."""
    other = postgres_storage.open()

    async def look() -> list[list[int]]:
        found = [await database.other_workers(), await other.other_workers()]
        await other.close()
        return [*found, await database.other_workers()]

    assert postgres_storage.run(look()) == [[other.worker], [database.worker], []]
