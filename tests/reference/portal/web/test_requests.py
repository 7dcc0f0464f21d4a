"""Bodies within limits: not too large, not for ever, and not without their end."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from starlette.types import ASGIApp

from reference.contract.signing import sign
from reference.portal.app import create_app
from reference.portal.settings import settings_from
from reference.portal.web import requests
from tests.reference.portal.neighbours import Neighbours
from tests.reference.portal.scene import SECRETS, SETTINGS, bearer, problem
from tests.reference.portal.served import ENDLESS, ask

SIGN_IN = msgspec.json.encode({"address": "07700900123"})
WAYS_IN = ["/api/sign-in", "/sign-in", "/crime-events", "/delivery-receipts", "/test-clock"]
TOKENS = {"/delivery-receipts": SECRETS.receipts, "/test-clock": SECRETS.test_clock}


def headers_of(path: str) -> dict[str, str]:
    """Give what lets a body be read at all."""
    signed = sign(SECRETS.events, delivery_id="1", at=datetime.now(UTC), body=b"")
    return {**bearer(TOKENS.get(path, "")), **(signed if path == "/crime-events" else {})}


@pytest.fixture
def app(tmp_path: Path) -> ASGIApp:
    """A portal to be asked inside an event loop."""
    values = {**SETTINGS, "database": str(tmp_path / "portal.db")}
    return create_app(settings_from(values), SECRETS, outbound=Neighbours())


@pytest.mark.parametrize("path", WAYS_IN)
def test_a_body_that_never_ends_is_not_waited_for(
    app: ASGIApp, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow client holds a connection, not the portal, and loses that too."""
    monkeypatch.setattr(requests, "BODY_SECONDS_MAX", 0.05)
    headers = headers_of(path)
    for pieces in ([ENDLESS], [b"{", ENDLESS], [b"x"] * 10_000):
        answer = asyncio.run(
            ask(app, "POST", path, pieces=pieces, headers=headers, pause_seconds=0.001)
        )

        assert answer.status == 408
        assert answer.headers["connection"] == "close"


def test_a_slow_body_that_comes_in_time_is_taken(app: ASGIApp) -> None:
    """A phone on a train is slow too."""
    pieces = [SIGN_IN[n : n + 1] for n in range(len(SIGN_IN))]
    answer = asyncio.run(ask(app, "POST", "/api/sign-in", pieces=pieces, pause_seconds=0.001))

    assert answer.status == 200


def test_a_body_that_breaks_off_is_a_problem(app: ASGIApp) -> None:
    """A caller who hangs up half way has told nothing; it is no fault of the portal's."""
    answer = asyncio.run(ask(app, "POST", "/api/sign-in", pieces=[]))

    assert problem(answer)["status"] == 400


@pytest.mark.parametrize("path", WAYS_IN)
def test_an_endless_body_is_cut_at_its_limit(app: ASGIApp, path: str) -> None:
    """What comes without a length is read no further than it may be long."""
    pieces = [b" " * 60_000] * 1000
    headers = headers_of(path)
    answer = asyncio.run(ask(app, "POST", path, pieces=pieces, headers=headers))

    assert answer.status == 413


def test_the_test_of_a_limit_leaves_none_behind(app: ASGIApp) -> None:
    """A request in time is not ended later by its own limit."""

    async def twice() -> list[int]:
        first = await ask(app, "POST", "/api/sign-in", pieces=[SIGN_IN])
        await asyncio.sleep(0)
        second = await ask(app, "POST", "/api/sign-in", pieces=[SIGN_IN])
        return [first.status, second.status]

    assert asyncio.run(twice()) == [200, 200]
