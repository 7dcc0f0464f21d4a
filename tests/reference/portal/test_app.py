"""The portal put together: a live one works by itself, and one nobody configured does not start."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import tomli_w
from starlette.applications import Starlette

from reference.contract.signing import sign
from reference.operations.logs import check_level
from reference.portal.app import create_app, create_app_from_environment
from reference.portal.clock import SystemClock
from reference.portal.settings import settings_from
from reference.portal.storage.database import Database, Synchronous, open_database
from tests.reference.portal.crimes import enveloped, recorded
from tests.reference.portal.neighbours import Neighbours
from tests.reference.portal.scene import EVENTS_SECRET, SECRETS, SETTINGS, bearer, status_of
from tests.reference.portal.test_settings import ENVIRON

SECONDS_MAX = 3.0


def live_portal(neighbours: Neighbours) -> Starlette:
    """A portal that keeps the time of day, all of whose phases went live yesterday."""
    values = {name: value for name, value in SETTINGS.items() if name != "test_clock_start"}
    live = [SystemClock().now() - timedelta(days=1)] * 3
    settings = settings_from({**values, "go_live": live})
    return create_app(settings, SECRETS, outbound=neighbours)


async def record(app: Starlette, crime: str) -> None:
    """Have the crime system tell of a crime that was recorded just now."""
    now = SystemClock().now()
    body = msgspec.json.encode(enveloped(recorded(crime=crime, recorded_at=now)))
    headers = sign(EVENTS_SECRET, delivery_id=crime, at=now, body=body)

    assert await status_of(app, "POST", "/crime-events", body, headers) == 202


async def serve(app: Starlette, is_done: Callable[[], Awaitable[bool]]) -> None:
    """Run a portal as a server does, until something is so; raises TimeoutError if it never is."""
    async with app.router.lifespan_context(app), asyncio.timeout(SECONDS_MAX):
        while not await is_done():
            await asyncio.sleep(0.005)


def test_a_live_portal_does_due_work_by_itself() -> None:
    """An event is enough: the message goes without anybody moving a clock."""
    neighbours = Neighbours()
    app = live_portal(neighbours)

    async def is_invited() -> bool:
        if not neighbours.tried:
            await record(app, "43260000001")
        return len(neighbours.messages) == 1

    asyncio.run(serve(app, is_invited))


def test_one_odd_answer_does_not_stop_all_later_messages() -> None:
    """The work goes on after a gateway has answered nonsense, for everybody else."""
    neighbours = Neighbours()
    neighbours.reply = b"<html>"
    app = live_portal(neighbours)
    crimes = iter(range(100_000))

    async def is_another_sent() -> bool:
        await record(app, f"{next(crimes)}")
        if neighbours.tried:
            neighbours.reply = None
        return len(neighbours.messages) > 2

    asyncio.run(serve(app, is_another_sent))


def test_a_live_portal_has_no_clock_to_move() -> None:
    """Nobody can tell it that it is tomorrow."""
    app = live_portal(Neighbours())
    headers = bearer(SECRETS.test_clock)

    assert asyncio.run(status_of(app, "POST", "/test-clock", b"{}", headers)) == 404


def test_a_portal_without_settings_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server that loads it says what is missing, and shows no traceback."""
    monkeypatch.delenv("PORTAL_SETTINGS", raising=False)
    monkeypatch.setattr("reference.operations.logs.configure", check_level)

    with pytest.raises(SystemExit, match=r"^portal: PORTAL_SETTINGS is not set"):
        create_app_from_environment()


def test_what_a_server_accepted_survives_a_loss_of_power(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By URL every commit waits for the disk: the crime system does not send it again."""
    file = tmp_path / "portal.toml"
    settings = {**SETTINGS, "database": str(tmp_path / "portal.db")}
    file.write_text(tomli_w.dumps(settings), encoding="utf-8")
    environ = {**ENVIRON, "PORTAL_SETTINGS": str(file), "PORTAL_EVENTS_SECRET": EVENTS_SECRET}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PORTAL_DATABASE_URL", raising=False)
    monkeypatch.setattr("reference.operations.logs.configure", check_level)
    opened: list[Database] = []

    def noted(path: str, url: str, *, synchronous: Synchronous) -> Database:
        opened.append(open_database(path, url, synchronous=synchronous))
        return opened[0]

    monkeypatch.setattr("reference.portal.app.open_database", noted)
    app = create_app_from_environment()

    async def ask() -> object:
        async with app.router.lifespan_context(app):
            return await opened[0].one("PRAGMA synchronous")

    assert asyncio.run(ask()) == (2,)
