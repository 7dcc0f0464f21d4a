"""What the tests of the portal share: a portal at noon in phase 1, and others on request.

Whatever keeps rows is tested on both databases; `-k "not postgresql"` leaves the server alone.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reference.portal.database import Database
from tests.reference.portal.scene import Scene
from tests.reference.portal.storage import PostgresServer, Storage, postgres_server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A real PostgreSQL, started when the first test needs it."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture
def postgres_storage(postgres: PostgresServer) -> Iterator[Storage]:
    """An empty schema of the PostgreSQL."""
    storage = Storage(postgres.schema())
    yield storage
    storage.close()


@pytest.fixture
def sqlite_storage(tmp_path: Path) -> Iterator[Storage]:
    """A file that is not there yet."""
    storage = Storage(str(tmp_path / "portal.db"))
    yield storage
    storage.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> Storage:
    """An empty place for rows, of each kind."""
    kind = "sqlite_storage" if request.param == "sqlite" else "postgres_storage"
    storage: Storage = request.getfixturevalue(kind)
    return storage


@pytest.fixture
def database(storage: Storage) -> Database:
    """An open database with the portal's tables in it, all empty."""
    return storage.open()


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
