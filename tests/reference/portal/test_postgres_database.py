"""PostgreSQL: several workers, a server that may go away, and a password that nobody sees."""

import asyncio
import traceback
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from reference.portal.database import Database, DatabaseDown, TransactionConflict
from reference.portal.postgres_database import PostgresDatabase
from tests.reference.portal.crimes import MOBILE, enveloped, recorded
from tests.reference.portal.scene import Scene, problem
from tests.reference.portal.storage import PostgresServer, Storage

_ADD = "INSERT INTO event_seen VALUES ('source', ?)"
SECONDS_MAX = 20


@pytest.fixture
def database(postgres_storage: Storage) -> Database:
    """An open database with the portal's tables."""
    return postgres_storage.open()


@pytest.fixture
def stopped(postgres: PostgresServer) -> Iterator[None]:
    """Start the server again, whatever a test did to it."""
    yield
    postgres.start()


async def _seen(database: Database) -> list[str]:
    return [row[0] for row in await database.all("SELECT id FROM event_seen ORDER BY id")]


async def _add(database: Database, name: str) -> None:
    async with database.transaction():
        await database.run(_ADD, (name,))


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


def test_work_that_another_holds_is_passed_over(
    postgres_storage: Storage, database: Database
) -> None:
    """A worker never waits for rows that another is busy with, nor gets them."""
    other = postgres_storage.open()
    pick = "SELECT id FROM event_seen ORDER BY id LIMIT 2 "

    async def share() -> list[list[str]]:
        await database.run_many(_ADD, [("1",), ("2",), ("3",)])
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
        await database.run_many(_ADD, [("1",), ("2",)])
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
    """PostgreSQL keeps nothing after a failed statement; whoever goes on is told at the end."""

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
        await _add(database, "2")
        return await _seen(database)

    assert postgres_storage.run(give_up()) == ["2"]


def test_a_lost_connection_loses_its_transaction_and_no_other(
    postgres_storage: Storage, database: Database, postgres: PostgresServer
) -> None:
    """What was under way says that the database is down; what comes next finds it up."""

    async def lose() -> None:
        async with database.transaction():
            await database.run(_ADD, ("1",))
            await asyncio.to_thread(postgres.cut_connections)
            await database.run(_ADD, ("2",))

    with pytest.raises(DatabaseDown, match="PostgreSQL at"):
        postgres_storage.run(lose())

    postgres_storage.run(_add(database, "3"))

    assert postgres_storage.run(_seen(database)) == ["3"]


def test_a_restarted_server_is_found_again(
    postgres_storage: Storage, database: Database, postgres: PostgresServer, stopped: None
) -> None:
    """While it is away everything says so; when it is back everything goes on."""
    postgres_storage.run(_add(database, "before"))
    postgres.stop()
    for ask in (_seen(database), _add(database, "during")):
        with pytest.raises(DatabaseDown, match="PostgreSQL at"):
            postgres_storage.run(ask)
    with pytest.raises(DatabaseDown, match="PostgreSQL at"):
        postgres_storage.open()
    postgres.start()
    postgres_storage.run(_add(database, "after"))

    assert postgres_storage.run(_seen(database)) == ["after", "before"]


def test_a_portal_without_its_database_asks_everybody_to_come_back(
    postgres_storage: Storage, postgres: PostgresServer, stopped: None, tmp_path: Path
) -> None:
    """Events are not taken, so that they are sent again; then each has its effect once."""
    scene = Scene(tmp_path, storage=postgres_storage)
    body = msgspec.json.encode([enveloped(recorded())])
    postgres.stop()
    refused = scene.post_events(body)

    assert refused.status == 503
    assert problem(refused)["title"].startswith("The service is not available")
    assert scene.page("/crimes", cookies={"session": "any"}).status == 503

    postgres.start()
    for _ in range(2):
        assert scene.post_events(body).status == 202
    scene.advance(minutes=1)

    assert [each.to for each in scene.messages] == [MOBILE]


@pytest.mark.parametrize("where", ["127.0.0.1:1", "[::1]:1", "?host=/no/such/folder"])
def test_a_server_that_is_not_there_is_said_without_the_password(where: str) -> None:
    """One sentence names host and database, and nothing that lets anybody in."""
    host, _, query = where.partition("?")
    url = f"postgresql://portal:tops3cret@{host}/cases?{query}".rstrip("?")
    with pytest.raises(DatabaseDown) as down:
        asyncio.run(PostgresDatabase(url).open())

    assert "database cases" in str(down.value)
    _assert_hidden(down.value, "tops3cret")


def test_a_wrong_password_is_said_without_it(postgres: PostgresServer) -> None:
    """Not in the sentence, and not in what a server prints of it."""
    url = postgres.url_for("stranger", password="tops3cret")
    with pytest.raises(DatabaseDown, match="password authentication failed") as down:
        asyncio.run(PostgresDatabase(url).open())

    _assert_hidden(down.value, "tops3cret")


def test_a_database_that_does_not_exist_is_named(postgres: PostgresServer) -> None:
    """A name that was mistyped is seen to be."""
    url = postgres.url_for("postgres", database="protal")
    with pytest.raises(DatabaseDown, match='"protal" does not exist'):
        asyncio.run(PostgresDatabase(url).open())


def test_an_option_that_does_not_exist_is_said_without_the_password() -> None:
    """What only the client's library can tell is one sentence too."""
    database = PostgresDatabase("postgresql://portal:tops3cret@db.example/cases?sslmode=perhaps")
    with pytest.raises(ValueError, match=r"^PORTAL_DATABASE_URL .*sslmode") as refused:
        asyncio.run(database.open())

    _assert_hidden(refused.value, "tops3cret")


def test_workers_know_who_else_is_there(postgres_storage: Storage, database: Database) -> None:
    """One that stopped, or whose process died, is not counted among the living."""
    other = postgres_storage.open()

    async def look() -> list[list[int]]:
        found = [await database.other_workers(), await other.other_workers()]
        await other.close()
        return [*found, await database.other_workers()]

    assert postgres_storage.run(look()) == [[other.worker], [database.worker], []]


def test_what_is_not_open_says_so() -> None:
    """Before it is opened and after it is closed nothing can be asked."""
    database = PostgresDatabase("postgresql://db.example/portal")
    with pytest.raises(DatabaseDown, match="not open"):
        asyncio.run(database.one("SELECT 1"))

    asyncio.run(database.close())


def _assert_hidden(error: BaseException, secret: str) -> None:
    assert "\n" not in str(error)
    assert secret not in "".join(traceback.format_exception(error))
