"""All due work in one place: each answer says when the next is due, and none is left undone."""

from datetime import UTC, datetime, time, timedelta

import msgspec
import pytest

from reference.portal import clock
from tests.reference.portal.crimes import (
    MOBILE,
    PHASE_2,
    alex,
    deployed,
    enveloped,
    recorded,
    sam,
)
from tests.reference.portal.scene import SECRETS, Scene, SceneWith, bearer, status_of


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
    """A victim whose regular update was due in phase 1 gets it when phase 2 begins, not before."""
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


def test_many_messages_go_side_by_side(scene: Scene) -> None:
    """With several connections each message still has a fate of its own, in order."""
    scene.neighbours.connections = 3
    victims = [alex(f"p{n}", mobile_phone=f"0770090010{n}") for n in range(7)]

    assert scene.post_events([enveloped(recorded(*victims))]).status == 202

    body = msgspec.json.encode({"now": scene.now})
    headers = bearer(SECRETS.test_clock)

    assert scene.run(status_of(scene.app, "POST", "/test-clock", body, headers)) == 200
    assert [each.to for each in scene.messages] == [each.mobile_phone for each in victims]


def test_each_round_asks_what_the_time_is(
    scene_with: SceneWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work that began by day may go on into the night: what is next then waits for the morning."""
    evening = datetime(2026, 6, 3, 19, 59, tzinfo=UTC)
    scene = scene_with(start=evening, quiet_from=time(21), quiet_until=time(8))
    late = msgspec.json.encode([enveloped(recorded(sam(), crime="4"))])

    async def meanwhile() -> None:
        headers = scene.signed(late)
        assert await status_of(scene.app, "POST", "/crime-events", late, headers) == 202
        monkeypatch.setattr(clock.TestClock, "now", lambda _clock: evening + timedelta(minutes=2))

    scene.neighbours.meanwhile = meanwhile
    scene.post_events([enveloped(recorded())])

    assert scene.advance() == datetime(2026, 6, 4, 7, tzinfo=UTC)
    assert [each.to for each in scene.messages] == [MOBILE]
