"""Is it up, is it ready, and what has it done: for its operator, and about no one."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.applications import Starlette

from reference.operations import health
from reference.operations.health import DISK_BYTES_MIN, health_routes
from reference.operations.metrics import Metrics
from reference.operations.service import create_service
from reference.portal.errors import Problem
from reference.portal.settings import settings_from
from reference.portal.storage.migrations import MIGRATIONS
from reference.portal.web.requests import problem_answer
from tests.reference.portal.crimes import CRIME, EMAIL, MOBILE, WORD, alex, enveloped, recorded
from tests.reference.portal.log_lines import log_lines
from tests.reference.portal.neighbours import Neighbours
from tests.reference.portal.scene import SECRETS, SETTINGS, Scene, as_served, bearer, problem
from tests.reference.portal.served import ask
from tests.simulator.asgi import Answer, call


class Database:
    """One that answers, breaks, or is never heard of again."""

    is_shared = True

    def __init__(
        self,
        error: Exception | None = None,
        *,
        hangs: bool = False,
        version: int | None = len(MIGRATIONS),
    ) -> None:
        self._error = error
        self._version = version
        self._hangs = hangs

    async def one(self, _sql: str) -> tuple[int | None]:
        """Answer, or not."""
        if self._hangs:
            await asyncio.Event().wait()
        if self._error is not None:
            raise self._error
        return (self._version,)

    async def check_writable(self) -> None:
        """Take what is written."""


def ready(database: Database, trouble: str = "") -> Answer:
    """Ask a portal with such a database and such a loop whether it is ready."""

    async def refuse(_request: Any, error: Exception) -> Any:
        return problem_answer(cast("Problem", error))

    portal = SimpleNamespace(crimes=SimpleNamespace(database=database), clock=None)
    worker = SimpleNamespace(trouble=lambda: trouble)
    routes = health_routes(cast("Any", portal), cast("Any", worker), Metrics(), "")
    app = Starlette(routes=routes, exception_handlers={Problem: refuse})
    return asyncio.run(ask(app, "GET", "/ready"))


def test_health_is_for_anybody(scene: Scene) -> None:
    """An operator needs no token to see that it is up."""
    assert scene.call("GET", "/health").json == {"status": "up"}


def test_a_portal_that_works_is_ready(scene: Scene) -> None:
    """With a test clock there is no loop to wait for."""
    assert scene.call("GET", "/ready").json == {"status": "ready"}
    assert ready(Database()).json == {"status": "ready"}


def test_a_portal_whose_work_is_not_done_is_not_ready() -> None:
    """The problem says which part it is."""
    answer = ready(Database(), "Due work is not being done.")

    assert problem(answer)["status"] == 503
    assert problem(answer)["detail"] == "Due work is not being done."


@pytest.mark.parametrize(
    "database",
    [Database(OSError("host db.internal")), Database(Problem(503, "x")), Database(hangs=True)],
)
def test_a_portal_without_its_database_is_not_ready(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken, refused or silent: an answer comes in time, and says nothing of where it is."""
    monkeypatch.setattr(health, "DATABASE_SECONDS_MAX", 0.01)
    with log_lines() as lines:
        answer = ready(database)

    assert problem(answer)["status"] == 503
    assert problem(answer)["detail"] == "The database does not answer, or cannot be written to."
    assert lines.events("database_down")


def test_a_portal_that_cannot_write_is_not_ready() -> None:
    """It answers, as a database on a full or read-only disk does, and takes nothing."""

    class Full(Database):
        async def check_writable(self) -> None:
            raise OSError("disk full")

    assert ready(Full()).status == 503


def test_a_portal_whose_file_is_gone_is_not_ready(tmp_path: Path) -> None:
    """What it writes would be lost with it; another file in its place is none of it."""
    scene, file = Scene(tmp_path), tmp_path / "portal.db"
    file.rename(tmp_path / "moved.db")

    assert scene.call("GET", "/ready").status == 503
    assert scene.post_events([enveloped(recorded())]).status == 503

    file.write_bytes((tmp_path / "moved.db").read_bytes())

    assert scene.call("GET", "/ready").status == 503

    (tmp_path / "moved.db").rename(file)

    assert scene.call("GET", "/ready").status == 200


def test_a_portal_whose_disk_is_nearly_full_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row of its own still goes in when most deliveries do not."""
    scene = Scene(tmp_path)
    for free, status in ((DISK_BYTES_MIN - 1, 503), (DISK_BYTES_MIN, 200)):
        left = SimpleNamespace(free=free)
        monkeypatch.setattr(health, "disk_usage", lambda _folder, left=left: left)

        assert scene.call("GET", "/ready").status == status


def test_readiness_is_written_at_most_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody may ask, and a write to a disk is not for anybody to have."""
    written: list[int] = []

    class Counted(Database):
        async def check_writable(self) -> None:
            written.append(1)

    monkeypatch.setattr(health, "WRITE_SECONDS_MIN", 3600.0)
    database = Counted()
    portal = SimpleNamespace(crimes=SimpleNamespace(database=database), clock=None)
    worker = SimpleNamespace(trouble=lambda: "")
    routes = health_routes(cast("Any", portal), cast("Any", worker), Metrics(), "")
    app = Starlette(routes=routes)
    for _ in range(3):
        assert asyncio.run(ask(app, "GET", "/ready")).status == 200

    assert written == [1]


@pytest.mark.parametrize("version", [None, 0, len(MIGRATIONS) - 1])
def test_a_portal_whose_tables_are_old_is_not_ready(version: int | None) -> None:
    """A database that was put back from last year's copy lacks what is asked of it."""
    answer = ready(Database(version=version))

    assert problem(answer)["status"] == 503
    assert "tables" in problem(answer)["detail"]


def test_newer_tables_do_not_end_an_older_portal() -> None:
    """While a newer portal takes over one by one, the others still serve."""
    assert ready(Database(version=len(MIGRATIONS) + 1)).status == 200


def test_a_portal_may_be_up_and_not_ready() -> None:
    """Someone who restarts what is not up does not restart for a database elsewhere."""
    assert ready(Database(OSError())).status == 503


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_what_is_for_watchers_says_nothing_of_anybody(scene: Scene, path: str) -> None:
    """After a whole case no name, number, word or reference is in it."""
    scene.deliver(recorded(alex(email=EMAIL)))
    scene.session()
    said = (scene.figures() if path == "/metrics" else scene.call("GET", path)).body.decode()

    assert not [each for each in ("Alex", "Marsh", MOBILE, EMAIL, WORD, CRIME) if each in said]


def test_figures_with_a_token_need_it() -> None:
    """Where the operator gave one, nobody else learns how busy the portal is."""
    service = create_service(
        settings_from(SETTINGS),
        SECRETS,
        outbound=Neighbours(),
        metrics_token="metrics-token-for-tests",
    )
    app = as_served(service)
    url = "http://portal.example/metrics"

    assert problem(call(app, "GET", url, headers={}))["status"] == 401
    assert problem(call(app, "GET", url, headers=bearer("guess")))["status"] == 401
    assert call(app, "GET", url, headers=bearer("metrics-token-for-tests")).status == 200


def test_no_figure_tells_a_stranger_who_is_known(tmp_path: Path) -> None:
    """After 200 tries at a known and at an unknown address, all that can be read is the same."""
    seen = []
    for address in (MOBILE, "07700900999"):
        (tmp_path / address).mkdir()
        values = {**SETTINGS, "database": str(tmp_path / address / "portal.db")}
        scene = Scene(tmp_path / address)
        scene.deliver(recorded())
        app = as_served(create_service(settings_from(values), SECRETS, outbound=Neighbours()))
        for _ in range(100):
            scene.prove(scene.begin(address), "wrong")
            scene.api("POST", "/not-for-me", {"address": address})
            seen_now = [scene.call("GET", path) for path in ("/health", "/ready", "/metrics")]
            seen_now.append(call(app, "GET", "http://portal.example/metrics", headers={}))
            seen.append((address, [(each.status, each.body) for each in seen_now]))
    tries = [
        [what for whose, what in seen if whose == address] for address in (MOBILE, "07700900999")
    ]

    assert tries[0] == tries[1]
    assert [status for status, _ in tries[0][-1]] == [200, 200, 401, 404]


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_they_are_only_read(scene: Scene, path: str) -> None:
    """Nothing is told to the portal there."""
    assert scene.call("POST", path).status == 405
