"""Every way in that takes a body: too large, endless or too slow is a refusal, and nothing is kept.

What `requests.body_of` does is in `test_requests.py`; here, that no route reads one without it.
"""

import asyncio
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from reference.portal.web import forms, requests
from tests.reference.portal.crimes import CRIME, MOBILE, PHASE_3, enveloped, recorded
from tests.reference.portal.scene import TOKENS, Scene, bearer
from tests.reference.portal.served import ENDLESS, ask

HERE, THERE = "203.0.113.7", "198.51.100.9"
TAKES_NONE = {"/api/sign-out"}
MUCH = b" " * 7_000_000  # more than a hundred of the largest events


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A portal in phase 3 that knows Alex's crime."""
    scene = Scene(tmp_path, start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3))
    return scene


def ways_in(scene: Scene) -> list[tuple[str, str]]:
    """List method and path of every route that takes a body."""
    return [
        (method, route.path.replace("{reference:path}", CRIME))
        for route in scene.routes
        if isinstance(route, Route) and route.path not in TAKES_NONE
        for method in sorted((route.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"})
    ]


def check(scene: Scene, pieces: list[bytes | None], status: int, **more: str) -> None:
    """Send a body in pieces to every way in; each says no, and keeps nothing."""
    session = scene.session(address=MOBILE)
    before = scene.rows()
    found = ways_in(scene)

    assert len(found) >= 18
    for method, path in found:
        cookie = f"__Host-session={session}; __Host-csrf=key"
        headers = {**bearer(TOKENS.get(path, session)), "cookie": cookie, **more}
        if path == "/crime-events":
            headers |= scene.signed(b"")
        answer = asyncio.run(ask(scene.app, method, path, pieces=pieces, headers=headers))

        assert answer.status == status, (method, path)

    assert scene.rows() == before


def test_a_body_that_says_it_is_too_large_is_not_read(scene: Scene) -> None:
    """It is refused by its length alone."""
    check(scene, [b"{}"], 413, **{"content-length": str(len(MUCH))})


def test_a_body_that_is_too_large_is_cut(scene: Scene) -> None:
    """Without a length, or with one that is no number or a lie, it is read to the limit."""
    check(scene, [MUCH], 413)
    check(scene, [MUCH[:5_000_000], MUCH], 413, **{"content-length": "2"})
    check(scene, [b"{}"], 413, **{"content-length": "-1"})


def test_a_body_that_does_not_come_is_not_waited_for(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody holds the portal by sending nothing."""
    monkeypatch.setattr(requests, "BODY_SECONDS_MAX", 0.01)
    check(scene, [b"{", ENDLESS], 408)


def test_a_delivery_without_its_headers_is_not_read(scene: Scene) -> None:
    """A stranger holds no memory by it: what is cheap is checked before the body."""
    for headers in ({}, scene.signed(b"", at=scene.now - timedelta(hours=1))):
        answer = asyncio.run(
            ask(scene.app, "POST", "/crime-events", pieces=[b"[", ENDLESS], headers=headers)
        )

        assert answer.status == 401


def test_a_few_large_deliveries_are_read_at_once(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fifth is to come again; a small one is taken beside them."""
    monkeypatch.setattr(requests, "BODY_SECONDS_MAX", 0.5)
    length = {"content-length": "6553600"}

    async def together() -> list[int]:
        large = [
            ask(
                scene.app, "POST", "/crime-events", pieces=[b"[", ENDLESS],
                headers={**scene.signed(b""), **length},
            )
            for _ in range(5)
        ]  # fmt: skip
        small = ask(
            scene.app,
            "POST",
            "/crime-events",
            headers={**scene.signed(b"[]"), "content-length": "2"},
            pieces=[b"[]"],
        )
        return sorted(answer.status for answer in await asyncio.gather(*large, small))

    assert asyncio.run(together()) == [400, 408, 408, 408, 408, 503]


@pytest.mark.parametrize(
    ("host", "forged", "status"), [(HERE, False, 202), (THERE, False, 503), (HERE, True, 503)]
)
def test_strangers_large_deliveries_do_not_hold_up_the_forces(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, host: str, status: int, *, forged: bool
) -> None:
    """Where a delivery came from that was rightly signed, those of strangers do not count."""
    monkeypatch.setattr(requests, "BODY_SECONDS_MAX", 0.5)
    event = enveloped(recorded(crime="43260000099"), time=scene.now)
    body = msgspec.json.encode([event]) + b" " * requests.BODY_BYTES_MAX

    async def deliver(host: str, body: bytes, *pieces: bytes | None, by: bytes = b"") -> int:
        async def located(scope: Scope, receive: Receive, send: Send) -> None:
            await scene.app({**scope, "client": (host, 50000)}, receive, send)

        length = {"content-length": "6553600" if pieces else str(len(body))}
        headers = {**scene.signed(by or body), **length}
        sent = pieces or (body,)
        answer = await ask(located, "POST", "/crime-events", pieces=sent, headers=headers)
        return answer.status

    async def together() -> int:
        await deliver(HERE, b"[]", by=b"forged" if forged else b"")
        held = [deliver(THERE, b"", b"[", ENDLESS) for _ in range(4)]

        async def late() -> int:
            await asyncio.sleep(0.1)
            return await deliver(host, body)

        return (await asyncio.gather(late(), *held))[0]

    assert asyncio.run(together()) == status


def test_a_route_that_reads_all_there_is_is_found(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A portal whose forms have no limit."""

    async def all_of(request: Request) -> bytes:
        return await request.body()

    monkeypatch.setattr(forms, "body_of", all_of)

    with pytest.raises(AssertionError):
        check(scene, [MUCH], 413)
