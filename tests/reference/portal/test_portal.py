"""All due work in one place: done by the test clock, or by itself as it falls due."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from freezegun import freeze_time
from starlette.applications import Starlette
from starlette.types import Message

from reference.portal.app import create_app, create_app_from_environment
from reference.portal.clock import SystemClock, TestClock
from reference.portal.errors import NeighbourDown
from reference.portal.outbound import HttpOutbound
from reference.portal.settings import settings_from
from tests.reference.portal.crimes import NOON, PHASE_2, alex, deployed, enveloped, recorded
from tests.reference.portal.neighbours import GATEWAY, Neighbours
from tests.reference.portal.scene import EVENTS_SECRET, SECRETS, SETTINGS, Scene, bearer, sign

SceneWith = Callable[..., Scene]
REAL_TIME = {name: value for name, value in SETTINGS.items() if name != "test_clock_start"}


def test_next_due_is_after_now_and_nothing_is_due_before_it(scene_with: SceneWith) -> None:
    """Going from one due time to the next does all there is, and always gets on."""
    scene = scene_with(start=PHASE_2)
    scene.deliver(recorded(recorded_at=PHASE_2))
    scene.deliver(deployed())
    for _ in range(20):
        due = scene.advance()
        assert due is not None
        assert due > scene.now
        sent = len(scene.messages)
        scene.advance(to=due - timedelta(seconds=1))

        assert len(scene.messages) == sent

        scene.advance(to=due)


def test_with_nothing_to_do_nothing_is_due(scene: Scene) -> None:
    """A portal that knows of no crime waits for nothing."""
    assert scene.advance() is None


def test_what_waits_for_phase_2_is_due_when_it_goes_live(scene: Scene) -> None:
    """Somebody whose regular update was due in phase 1 hears when phase 2 begins, not before."""
    scene.deliver(recorded(alex(update_frequency_days=7)))
    due = scene.advance()

    assert due == datetime(2026, 7, 27, tzinfo=UTC)

    scene.advance(to=due - timedelta(seconds=1))

    assert len(scene.messages) == 1

    scene.advance(to=due)
    scene.advance(hours=1)

    assert len(scene.messages) == 2


def test_going_by_small_steps_or_one_leap_sends_the_same(scene_with: SceneWith) -> None:
    """A tester who moves the clock a day at a time sees each message on its day."""
    scene = scene_with(start=PHASE_2)
    scene.deliver(recorded(alex(update_frequency_days=5), recorded_at=PHASE_2))
    before = len(scene.messages)
    for _ in range(21 * 24):
        scene.advance(hours=1)

    # Advice on day 2, and every five days since the last news: 7, 12 and 17, an hour later each.
    assert len(scene.messages) - before == 4


async def run(
    app: Starlette, act: Callable[[], Awaitable[bool]], *, seconds_max: float = 5
) -> None:
    """Serve an application as a server does, until an act says that it is done."""
    async with app.router.lifespan_context(app):
        async with asyncio.timeout(seconds_max):
            while not await act():
                await asyncio.sleep(0.01)


async def post(app: Starlette, path: str, body: bytes, headers: dict[str, str]) -> int:
    """Send one request inside the server's loop; answers the status."""
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        statuses.append(message.get("status", 0))

    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, send)
    return statuses[0]


def test_in_real_time_due_work_is_done_by_itself() -> None:
    """Without a test clock an event is enough: the message goes without anybody asking."""
    neighbours = Neighbours()
    app = create_app(settings_from(REAL_TIME), SECRETS, outbound=neighbours)
    now = SystemClock().now()
    body = b"[%s]" % _json(enveloped(recorded(recorded_at=now)))
    headers = sign(EVENTS_SECRET, delivery_id="1", at=now, body=body)

    async def deliver_and_wait() -> bool:
        if not neighbours.tried:
            assert await post(app, "/crime-events", body, headers) == 202
            await asyncio.sleep(0)
        return len(neighbours.messages) == 1

    live = [now - timedelta(days=1)] * 3
    app = create_app(settings_from({**REAL_TIME, "go_live": live}), SECRETS, outbound=neighbours)
    asyncio.run(run(app, deliver_and_wait))


def test_in_real_time_one_odd_answer_does_not_stop_all_later_messages() -> None:
    """The worker outlives a gateway that answers nonsense."""
    neighbours = Neighbours()
    neighbours.reply = b"<html>"
    now = SystemClock().now()
    live = [now - timedelta(days=1)] * 3
    app = create_app(settings_from({**REAL_TIME, "go_live": live}), SECRETS, outbound=neighbours)
    crimes = iter(range(1, 1000))

    async def deliver_and_wait() -> bool:
        crime = f"{next(crimes)}"
        body = _json(enveloped(recorded(crime=crime, recorded_at=now)))
        headers = sign(EVENTS_SECRET, delivery_id=crime, at=SystemClock().now(), body=body)
        assert await post(app, "/crime-events", body, headers) == 202
        if neighbours.tried:
            neighbours.reply = None
        return any(neighbours.reply is None for _ in neighbours.messages[1:])

    asyncio.run(run(app, deliver_and_wait, seconds_max=2))


def test_without_a_test_clock_there_is_none_to_move() -> None:
    """A live portal cannot be told that it is tomorrow."""
    app = create_app(settings_from(REAL_TIME), SECRETS, outbound=Neighbours())

    async def move() -> int:
        return await post(app, "/test-clock", b"{}", bearer(SECRETS.test_clock))

    assert asyncio.run(move()) == 404


@freeze_time(NOON)
def test_the_system_clock_is_the_time_of_day_in_utc() -> None:
    """Nothing but this tells a live portal the time."""
    assert SystemClock().now() == NOON
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_test_clock_goes_forward_only() -> None:
    """It may stand still, and never goes back."""
    clock = TestClock(NOON)
    clock.move(NOON)
    clock.move(NOON + timedelta(seconds=1))

    with pytest.raises(ValueError, match="already"):
        clock.move(NOON)

    assert clock.now() == NOON + timedelta(seconds=1)


def test_a_portal_without_settings_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server that loads it says what is missing."""
    monkeypatch.delenv("PORTAL_SETTINGS", raising=False)

    with pytest.raises(ValueError, match="PORTAL_SETTINGS"):
        create_app_from_environment()


def test_a_neighbour_that_cannot_be_reached_is_down() -> None:
    """Nobody listening is a trouble of today's, to be tried again, whatever the network calls it."""

    async def send(url: str) -> None:
        outbound = HttpOutbound(connections=1)
        try:
            await outbound.send("POST", url, {}, b"")
        finally:
            await outbound.close()

    for url in ("http://127.0.0.1:9", "http://gateway.invalid:80"):
        with pytest.raises(NeighbourDown):
            asyncio.run(send(url))


def test_closing_what_was_never_used_is_no_error() -> None:
    """A portal that sent nothing has nothing to let go of."""
    asyncio.run(HttpOutbound().close())


def test_many_messages_go_side_by_side(scene: Scene) -> None:
    """With several connections each message still has its own fate, in order."""
    scene.neighbours.connections = 3
    victims = [alex(f"p{n}", mobile_phone=f"0770090010{n}") for n in range(7)]
    body = [enveloped(recorded(*victims))]

    assert scene.post_events(body).status == 202

    async def advance() -> int:
        return await post(
            scene.app,  # type: ignore[arg-type]
            "/test-clock",
            _json({"now": scene.now}),
            bearer(SECRETS.test_clock),
        )

    assert asyncio.run(advance()) == 200
    assert [each.to for each in scene.messages] == [each.mobile_phone for each in victims]
    assert {each.url.startswith(GATEWAY) for each in scene.messages} == {True}


def _json(value: Any) -> bytes:
    import msgspec

    return msgspec.json.encode(value)
