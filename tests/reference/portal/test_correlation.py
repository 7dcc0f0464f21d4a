"""One id for all that a request sets off: a caller's own when it is plain, else one we make."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.portal.correlation import (
    as_set_off_by,
    correlated,
    correlation_id,
    enter,
    id_of,
    leave,
)
from tests.reference.portal.crimes import alex, deployed, enveloped, milestone, recorded
from tests.reference.portal.log_lines import log_lines
from tests.reference.portal.neighbours import CRIME_SYSTEM, DOWN, GATEWAY, Sent
from tests.reference.portal.scene import Scene, SceneWith

PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"


@given(st.text(PLAIN, min_size=1, max_size=64))
def test_a_plain_id_is_kept(given_id: str) -> None:
    """A force can follow its own delivery by the name it gave it."""
    assert id_of([(b"host", b"portal.example"), (b"x-correlation-id", given_id.encode())]) == (
        given_id.encode()
    )


@given(st.binary(max_size=80))
def test_whatever_comes_the_id_is_plain(given_id: bytes) -> None:
    """Nothing that could break a header, a line or a page is ever taken for an id."""
    chosen = id_of([(b"x-correlation-id", given_id)]).decode()

    assert set(chosen) <= set(PLAIN)
    assert 1 <= len(chosen) <= 64


@pytest.mark.parametrize("odd", ["", "a b", "a" * 65, "a\u00e9", "a;b", "a\r\nset-cookie: x=y"])
def test_an_odd_id_is_replaced(scene: Scene, odd: str) -> None:
    """A caller that sends nonsense gets an id of ours, and none of it comes back."""
    answer = scene.call("GET", "/health", headers={"x-correlation-id": odd})

    assert len(answer.headers["x-correlation-id"]) == 32
    assert "set-cookie" not in answer.headers


def test_each_request_without_one_gets_another() -> None:
    """Two requests are not taken for one."""
    assert len({id_of([]) for _ in range(100)}) == 100


def test_the_answer_the_lines_and_what_is_sent_bear_it(scene: Scene) -> None:
    """One id leads from the answer to the log, and on to the gateway's and crime system's."""
    with log_lines() as lines:
        answer = scene.call(
            "POST", "/crime-events", b"[]", {**scene.signed(b"[]"), "x-correlation-id": "d-1"}
        )
        scene.deliver(recorded())

    assert answer.headers["x-correlation-id"] == "d-1"
    assert {line["correlation_id"] for line in lines.events("delivery_refused")} == {"d-1"}
    assert [sent.headers["x-correlation-id"] for sent in scene.neighbours.tried] == ["scene"]


def test_a_batch_has_one(scene: Scene) -> None:
    """A delivery is one thing that was done, however many events it brought."""
    with log_lines() as lines:
        scene.post_events([enveloped(recorded(crime=f"4326000000{n}")) for n in range(3)])

    [line] = lines.events("events_received")

    assert (line["count"], line["correlation_id"]) == (3, "scene")


def test_nothing_is_left_of_it_afterwards(scene: Scene) -> None:
    """What is done next is not taken for part of it, also after a refusal."""
    scene.call("POST", "/crime-events", b"[]", {"x-correlation-id": "d-1"})

    assert correlation_id() == ""


def test_requests_under_way_together_keep_their_own() -> None:
    """One that waits does not take on another's."""

    async def one(name: bytes) -> str:
        token = enter(name)
        await asyncio.sleep(0)
        found = correlation_id()
        leave(token)
        return found

    async def both() -> tuple[str, str]:
        first, second = await asyncio.gather(one(b"first"), one(b"second"))
        return first, second

    assert asyncio.run(both()) == ("first", "second")


def test_due_work_has_one_a_round() -> None:
    """What no request set off has an id too."""
    with correlated():
        first = correlation_id()
    with correlated():
        second = correlation_id()

    assert len({first, second, ""}) == 3


def deliver(scene: Scene, name: str, event: Any) -> None:
    """Have the crime system deliver something under an id, and no time pass."""
    body = msgspec.json.encode([enveloped(event)])
    answer = scene.call(
        "POST", "/crime-events", body, {**scene.signed(body), "x-correlation-id": name}
    )

    assert answer.status == 202


def ids(sent: list[Sent]) -> list[str]:
    """List under which ids something went."""
    return [each.headers["x-correlation-id"] for each in sent]


def test_what_waits_for_the_gateway_goes_out_under_the_id_it_came_with(scene: Scene) -> None:
    """Hours later, and in a round of due work that was set off by nobody."""
    scene.neighbours.answers[GATEWAY] = DOWN
    deliver(scene, "d-1", recorded())
    scene.advance(hours=1)
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(hours=1)

    assert set(ids(scene.messages)) == {"d-1"}


def test_a_message_about_two_deliveries_bears_the_id_of_the_later(scene_with: SceneWith) -> None:
    """As it names the later event: following that finds the message."""
    scene = scene_with(start=datetime(2026, 8, 3, 12, tzinfo=UTC))
    deliver(scene, "d-1", recorded(recorded_at=scene.now))
    scene.advance(minutes=1)
    before = len(scene.messages)
    deliver(scene, "d-2", deployed(at=scene.now))
    scene.advance(minutes=1)
    deliver(scene, "d-3", milestone("scene_examined", at=scene.now))
    scene.advance(hours=2)

    assert set(ids(scene.messages[before:])) == {"d-3"}


def test_a_task_that_waits_for_the_crime_system_bears_the_id_it_came_with(scene: Scene) -> None:
    """The officer who has it asks which delivery it was about."""
    scene.neighbours.answers[CRIME_SYSTEM] = DOWN
    deliver(scene, "d-1", recorded(alex(mobile_phone="07700 90012", email="")))
    scene.advance(hours=1)
    scene.neighbours.answers[CRIME_SYSTEM] = 201
    scene.advance(hours=2)

    assert set(ids(scene.neighbours.taken)) == {"d-1"}


def test_what_was_kept_without_an_id_goes_under_that_of_the_round() -> None:
    """So it is with what an earlier version kept."""
    with correlated():
        of_the_round = correlation_id()
        with as_set_off_by(""):
            assert correlation_id() == of_the_round
        with as_set_off_by("d-1"):
            assert correlation_id() == "d-1"
        assert correlation_id() == of_the_round
