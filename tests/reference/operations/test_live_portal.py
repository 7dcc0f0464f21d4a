"""The service keeps the time of day: it does the portal's due work by itself."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec
from starlette.applications import Starlette

from reference.contract.signing import sign
from reference.operations.service import create_service
from reference.portal.clock import SystemClock
from reference.portal.settings import settings_from
from tests.reference.portal.crimes import enveloped, recorded
from tests.reference.portal.neighbours import Neighbours
from tests.reference.portal.scene import EVENTS_SECRET, SECRETS, SETTINGS, bearer, status_of

SECONDS_MAX = 3.0


def live_portal(neighbours: Neighbours) -> Starlette:
    """A portal that keeps the time of day, all of whose phases went live yesterday."""
    values = {name: value for name, value in SETTINGS.items() if name != "test_clock_start"}
    live = [SystemClock().now() - timedelta(days=1)] * 3
    settings = settings_from({**values, "go_live": live})
    return create_service(settings, SECRETS, outbound=neighbours)


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
    """An event is enough: the message goes without anyone moving a clock."""
    neighbours = Neighbours()
    app = live_portal(neighbours)

    async def is_invited() -> bool:
        if not neighbours.tried:
            await record(app, "43260000001")
        return len(neighbours.messages) == 1

    asyncio.run(serve(app, is_invited))
    assert len(neighbours.messages) == 1


def test_one_odd_answer_does_not_stop_all_later_messages() -> None:
    """The work goes on after a gateway has answered nonsense, for everyone else."""
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
    assert len(neighbours.messages) > 2


def test_a_live_portal_has_no_clock_to_move() -> None:
    """Nobody can tell it that it is tomorrow."""
    app = live_portal(Neighbours())
    headers = bearer(SECRETS.test_clock)

    assert asyncio.run(status_of(app, "POST", "/test-clock", b"{}", headers)) == 404
