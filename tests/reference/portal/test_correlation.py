"""One id for all that a request sets off: a caller's own when it is plain, else one we make."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.portal.correlation import correlated, correlation_id, enter, id_of, leave
from tests.reference.portal.crimes import enveloped, recorded
from tests.reference.portal.log_lines import log_lines
from tests.reference.portal.scene import Scene

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
