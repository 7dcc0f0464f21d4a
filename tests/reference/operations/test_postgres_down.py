"""PostgreSQL that cannot be used: said in one sentence, without a password, and got over."""

import asyncio
import traceback
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from reference.operations.postgres_database import PostgresDatabase
from reference.portal.storage.database import Database, DatabaseDown, TransactionConflict
from tests.reference.portal.crimes import MOBILE, enveloped, recorded
from tests.reference.portal.databases import PostgresServer, Storage
from tests.reference.portal.scene import Scene, problem

_ADD = "INSERT INTO event_seen (source, id) VALUES ('source', ?)"


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


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("40001", TransactionConflict),  # could not be put in an order with others
        ("40P01", TransactionConflict),  # deadlock
        ("53100", DatabaseDown),  # disk full
        ("53300", DatabaseDown),  # too many connections
        ("57014", DatabaseDown),  # took too long
        ("57P03", DatabaseDown),  # starting up
        ("58030", DatabaseDown),  # disk failing
        ("55P03", DatabaseDown),  # a lock was not to be had in time
        ("25006", DatabaseDown),  # a standby
        ("08006", DatabaseDown),  # connection failure
    ],
)
def test_what_passes_is_told_from_what_is_wrong(
    postgres_storage: Storage, database: Database, code: str, error: type[DatabaseDown]
) -> None:
    """What another try may mend is down for now; only a mistake in the portal is an error."""
    sql = f"DO $$ BEGIN RAISE EXCEPTION 'as told' USING ERRCODE = '{code}'; END $$"
    with pytest.raises(DatabaseDown, match="as told") as down:
        postgres_storage.run(database.run(sql))

    assert type(down.value) is error


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
    """One sentence names host and database, and nothing that lets anyone in."""
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


def test_what_is_not_open_says_so() -> None:
    """Before it is opened and after it is closed nothing can be asked."""
    database = PostgresDatabase("postgresql://db.example/portal")
    with pytest.raises(DatabaseDown, match="not open"):
        asyncio.run(database.one("SELECT 1"))

    asyncio.run(database.close())


def _assert_hidden(error: BaseException, secret: str) -> None:
    assert "\n" not in str(error)
    assert secret not in "".join(traceback.format_exception(error))
