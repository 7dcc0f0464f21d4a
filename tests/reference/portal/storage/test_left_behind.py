"""What a worker sent just before it died may still be on its way: no victim is told twice."""

from pathlib import Path

import msgspec
import pytest

from reference.operations.http_outbound import _TIMEOUT_SECONDS
from reference.portal.storage.outbox import LISTED_SECONDS_MAX
from tests.reference.portal.crimes import MOBILE, alex, deployed, details, enveloped, recorded
from tests.reference.portal.databases import Storage
from tests.reference.portal.neighbours import Crash
from tests.reference.portal.scene import Scene, status_of


def next_portal(folder: Path, storage: Storage, scene: Scene) -> Scene:
    """Let the portal be gone, and start it again beside the same neighbours."""
    if storage.is_postgres:
        scene.die()
    return Scene(folder, storage=storage, neighbours=scene.neighbours, start=scene.now)


def die_while_sending(scene: Scene) -> None:
    """End the portal after its request has left, and before the gateway has taken it."""

    async def dies() -> None:
        raise Crash

    scene.neighbours.meanwhile = dies
    with pytest.raises(Crash):
        scene.deliver(recorded())


def test_it_is_asked_after_only_when_it_must_have_arrived(tmp_path: Path, storage: Storage) -> None:
    """The gateway takes it after the death: a worker that asked at once would send it again."""
    scene = Scene(tmp_path, storage=storage)
    die_while_sending(scene)
    following = next_portal(tmp_path, storage, scene)
    following.advance()

    assert following.neighbours.asked == []

    following.neighbours.taken.append(following.neighbours.tried[-1])
    following.advance(seconds=LISTED_SECONDS_MAX)

    assert [each.to for each in following.messages] == [MOBILE]
    assert len(following.neighbours.asked) == 1


def test_what_never_arrived_is_sent(tmp_path: Path, storage: Storage) -> None:
    """Once it cannot be on its way any more, and the gateway knows nothing of it, it goes."""
    scene = Scene(tmp_path, storage=storage)
    die_while_sending(scene)
    following = next_portal(tmp_path, storage, scene)
    following.advance()
    following.advance(seconds=LISTED_SECONDS_MAX)

    assert [each.to for each in following.messages] == [MOBILE]


def test_one_death_after_another_loses_nothing(tmp_path: Path, storage: Storage) -> None:
    """However often a portal dies before it could ask, the message goes, once."""
    scene = Scene(tmp_path, storage=storage)
    die_while_sending(scene)
    for _ in range(40):
        scene = next_portal(tmp_path, storage, scene)
        scene.advance(seconds=1)
    last = next_portal(tmp_path, storage, scene)
    for _ in range(3):
        last.advance(minutes=4)

    assert [each.to for each in last.messages] == [MOBILE]
    assert last.neighbours.tasks == []


def test_a_portal_waits_longer_than_any_request_takes() -> None:
    """The worker that was sending would have given up the request by then."""
    assert LISTED_SECONDS_MAX > _TIMEOUT_SECONDS


def test_what_was_stopped_while_news_joined_it_goes_no_more(scene: Scene) -> None:
    """A flag that comes while a message is on its way stops the newer news that joined it, too."""
    scene.deliver(recorded())
    told = len(scene.messages)
    unsafe = enveloped(details(alex(safe_to_contact=False)))
    bodies = [msgspec.json.encode([each]) for each in (enveloped(deployed(), id="newer"), unsafe)]

    async def meanwhile() -> None:
        for body in bodies:
            headers = scene.signed(body)
            assert await status_of(scene.app, "POST", "/crime-events", body, headers) == 202

    scene.neighbours.meanwhile = meanwhile
    scene.deliver(enveloped(deployed(), id="older"))
    scene.advance(days=1)

    assert [each.body["reference"] for each in scene.messages[told:]] == ["older"]
