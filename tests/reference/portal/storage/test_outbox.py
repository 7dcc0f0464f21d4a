"""Several workers and one outbox: each message goes once, and none is left behind by a death."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.reference.portal.crimes import MOBILE, alex, deployed, enveloped, recorded, sam
from tests.reference.portal.databases import Storage
from tests.reference.portal.neighbours import GATEWAY, LATE, Crash, Neighbours
from tests.reference.portal.reading import News
from tests.reference.portal.scene import SECRETS, Scene, bearer, status_of

VICTIMS_MANY = 120


def two_workers(folder: Path, storage: Storage) -> tuple[Scene, Scene]:
    """Start two portals over one database, with one gateway beside them."""
    first = Scene(folder, storage=storage)
    return first, Scene(folder, storage=storage, neighbours=first.neighbours)


def test_two_workers_send_each_message_once(tmp_path: Path, postgres_storage: Storage) -> None:
    """However they take turns over one outbox, no victim is told twice and none is missed."""
    first, second = two_workers(tmp_path, postgres_storage)
    victims = [
        alex(f"v{n}", mobile_phone="", email=f"v{n}@mail.example") for n in range(VICTIMS_MANY)
    ]
    first.neighbours.answers[GATEWAY] = 500
    for start in range(0, len(victims), 40):
        first.deliver(recorded(*victims[start : start + 40], crime=f"crime {start}"))
    first.neighbours.answers[GATEWAY] = 201

    async def turn(scene: Scene, at: bytes) -> None:
        headers = bearer(SECRETS.test_clock)
        assert await status_of(scene.app, "POST", "/test-clock", at, headers) == 200

    async def both() -> None:
        at = msgspec.json.encode({"now": "2026-06-03T12:00:00Z"})
        await asyncio.gather(turn(first, at), turn(second, at))

    first.neighbours.pauses = True
    first.run(both())
    told = Counter(each.to for each in first.messages)

    assert told == Counter({f"v{n}@mail.example": 1 for n in range(VICTIMS_MANY)})


def test_a_worker_that_dies_leaves_its_messages_to_the_others(
    tmp_path: Path, postgres_storage: Storage
) -> None:
    """What it was sending is asked after at the gateway, and only what never arrived is sent."""
    first, second = two_workers(tmp_path, postgres_storage)
    first.neighbours.answers[GATEWAY] = 500
    first.deliver(recorded(*(alex(f"v{n}", mobile_phone=f"0770090012{n}") for n in range(4))))
    first.neighbours.answers[GATEWAY] = 201
    first.neighbours.crashes_after = 2
    with pytest.raises(Crash):
        first.advance(minutes=4)
    first.die()
    second.advance(to=first.now)
    second.advance(minutes=4)

    assert Counter(each.to for each in second.messages) == Counter(
        f"0770090012{n}" for n in range(4)
    )
    assert second.rows()["outbox"] != []
    assert {row[8] for row in second.rows()["outbox"]} == {"sent"}


def test_nothing_but_a_death_has_to_come_for_the_others_to_look(
    tmp_path: Path, postgres_storage: Storage
) -> None:
    """Messages of a dead worker are due to those that live, though no other work is."""
    first, second = two_workers(tmp_path, postgres_storage)
    body = msgspec.json.encode([enveloped(recorded())])

    assert first.call("POST", "/crime-events", body, first.signed(body)).status == 202

    first.neighbours.crashes_after = 1
    with pytest.raises(Crash):
        first.advance()
    first.die()
    second.advance()
    second.advance(minutes=4)

    assert [each.to for each in second.messages] == [MOBILE]
    assert second.neighbours.asked


def test_night_puts_off_what_waits_and_nothing_that_is_being_sent(
    tmp_path: Path, postgres_storage: Storage
) -> None:
    """A worker that finds it is night leaves to another what that one took by day."""
    evening = datetime(2026, 6, 3, 19, 50, tzinfo=UTC)
    night: dict[str, Any] = {"start": evening, "quiet_from": time(21), "quiet_until": time(8)}
    first = Scene(tmp_path, storage=postgres_storage, **night)
    second = Scene(tmp_path, storage=postgres_storage, neighbours=first.neighbours, **night)
    late = msgspec.json.encode([enveloped(recorded(sam(), crime="4"))])
    at_night = msgspec.json.encode({"now": evening + timedelta(minutes=15)})

    async def meanwhile() -> None:
        headers = second.signed(late)
        assert await status_of(second.app, "POST", "/crime-events", late, headers) == 202
        headers = bearer(SECRETS.test_clock)
        assert await status_of(second.app, "POST", "/test-clock", at_night, headers) == 200

    first.neighbours.meanwhile = meanwhile
    first.post_events([enveloped(recorded())])

    assert first.advance() == datetime(2026, 6, 4, 7, tzinfo=UTC)
    assert [each.to for each in first.messages] == [MOBILE]
    assert Counter(row[8] for row in first.rows()["outbox"]) == {"sent": 1, "waiting": 1}


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """What follows is of one process that is killed and started again."""
    return sqlite_storage


def again(folder: Path, scene: Scene) -> Scene:
    """Start the portal again over the same file, beside the same neighbours."""
    return Scene(folder, neighbours=scene.neighbours, start=scene.now)


@pytest.mark.parametrize("taken", [1, 2, 3])
def test_killed_between_sending_and_saving_nobody_hears_twice(tmp_path: Path, taken: int) -> None:
    """Wherever in a batch it was killed, each victim has one message in the end."""
    scene = Scene(tmp_path)
    scene.neighbours.crashes_after = taken
    victims = [alex(f"v{n}", mobile_phone=f"0770090012{n}") for n in range(3)]
    with pytest.raises(Crash):
        scene.deliver(recorded(*victims))
    scene = again(tmp_path, scene)
    scene.advance()
    scene.advance(minutes=4)

    assert sorted(each.to for each in scene.messages) == [f"0770090012{n}" for n in range(3)]


def test_killed_before_sending_it_is_sent(tmp_path: Path) -> None:
    """What was accepted and not yet sent goes after the restart."""
    scene = Scene(tmp_path)
    body = msgspec.json.encode([enveloped(recorded())])
    scene.call("POST", "/crime-events", body, scene.signed(body))
    scene = again(tmp_path, scene)
    scene.advance()
    scene.advance(minutes=4)

    assert [each.to for each in scene.messages] == [MOBILE]


def test_an_answer_that_came_too_late_is_asked_after(scene: Scene) -> None:
    """The gateway took it: it is found by its reference, and not sent again."""
    scene.neighbours.answers[GATEWAY] = LATE
    scene.deliver(recorded())
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(minutes=1)
    scene.advance(days=2)

    assert len(scene.messages) == 1
    assert len(scene.neighbours.asked) == 1


def test_news_after_an_unknown_end_is_still_told(scene: Scene) -> None:
    """What may have arrived said the older news: the newer goes by a message of its own."""
    scene.deliver(recorded())
    news = News(scene)
    scene.neighbours.answers[GATEWAY] = LATE
    scene.deliver(enveloped(deployed(), id="first"))
    scene.deliver(enveloped(deployed(), id="second"))
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(minutes=10)

    assert [each.body["reference"] for each in news.messages] == ["first", "second"]


@pytest.mark.parametrize("reply", [b"", b"nonsense", b'{"id": 7}', b"[]", b"\xff\xfe"])
def test_garbage_for_an_answer_is_asked_after(tmp_path: Path, reply: bytes) -> None:
    """201 with nonsense in it may be a message that went: nobody is told twice."""
    scene = Scene(tmp_path, neighbours=Neighbours())
    scene.neighbours.reply = reply
    scene.deliver(recorded())
    scene.neighbours.reply = None
    scene.advance(minutes=1)
    scene.advance(minutes=5)

    assert len(scene.messages) == 1
