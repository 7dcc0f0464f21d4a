"""What the tests of the portal share: a portal at noon in phase 1, and others on request.

Whatever keeps rows is tested on both databases. Of the use cases, which have no SQL of their own,
`make test` runs on PostgreSQL those in `on_postgresql.txt`, and `make proof` all. With those, every
statement is run there with every kind of values with which the use cases run it, and finds
something where it ever does: they were chosen by what they ran. `-k "not postgresql"` leaves the
server alone.

No example of Hypothesis is judged by how long it took, for machines are shared.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings

from reference.portal.storage.database import Database
from tests.reference.portal.databases import THINGS, PostgresServer, Storage, postgres_server
from tests.reference.portal.scene import Scene

_HERE = Path(__file__).parent
#: What keeps rows, and what runs it.
_ON_BOTH = ("operations/", "portal/storage/")
ON_POSTGRESQL = frozenset((_HERE / "on_postgresql.txt").read_text(encoding="utf-8").splitlines())

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.hookimpl(tryfirst=True)  # before those marked are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make proof` what runs on PostgreSQL for the second time."""
    for item in items:
        if not item.path.is_relative_to(_HERE):
            continue
        given = getattr(item, "callspec", None)
        file = item.path.relative_to(_HERE).as_posix()
        # One of a list may name the case that is run there; otherwise all of its cases are.
        case = f"{file}::{item.name.replace('postgresql-', '')}"
        if (
            given is not None
            and given.params.get("storage") == "postgresql"
            and not file.startswith(_ON_BOTH)
            and not ON_POSTGRESQL & {case, case.partition("[")[0]}
        ):
            item.add_marker(pytest.mark.proof)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL, started when the first test needs it."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def postgres_storage(postgres: PostgresServer) -> Iterator[Storage]:
    """A place for a portal's rows in PostgreSQL."""
    with closing(Storage(postgres.portal_schema())) as storage:
        yield storage


@pytest.fixture
def sqlite_storage(tmp_path: Path) -> Iterator[Storage]:
    """A place for a portal's rows in a file."""
    with closing(Storage(str(tmp_path / "portal.db"))) as storage:
        yield storage


@pytest.fixture
def empty_postgres_storage(postgres: PostgresServer) -> Iterator[Storage]:
    """A schema of PostgreSQL with no tables in it."""
    with closing(Storage(postgres.schema())) as storage:
        yield storage


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> Storage:
    """A place for a portal's rows, of each kind."""
    kind = "sqlite_storage" if request.param == "sqlite" else "postgres_storage"
    storage: Storage = request.getfixturevalue(kind)
    return storage


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_storage(request: pytest.FixtureRequest) -> Storage:
    """A place that has no tables yet, of each kind."""
    kind = "sqlite_storage" if request.param == "sqlite" else "empty_postgres_storage"
    storage: Storage = request.getfixturevalue(kind)
    return storage


@pytest.fixture
def database(storage: Storage) -> Database:
    """An open database with the portal's tables in it, all empty."""
    return storage.open()


@pytest.fixture
def things(empty_storage: Storage) -> Database:
    """A database with an empty table of each kind of value, and one of work to do."""
    return empty_storage.open([THINGS])


@pytest.fixture
def scene(tmp_path: Path, storage: Storage) -> Scene:
    """A portal at noon in phase 1 that knows of no crime."""
    return Scene(tmp_path, storage=storage)


@pytest.fixture
def scene_with(tmp_path: Path, storage: Storage) -> Callable[..., Scene]:
    """Make a portal with other settings, or at another time."""

    def make(**changes: object) -> Scene:
        return Scene(tmp_path, storage=storage, **changes)  # type: ignore[arg-type]

    return make
