"""What is handed to the gateway: only what may still go; a person is told of what cannot."""

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from reference.portal.messages.sending import TOGETHER
from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    MOBILE,
    SAMS_MOBILE,
    alex,
    closed,
    deployed,
    details,
    enveloped,
    recorded,
    sam,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.neighbours import DOWN, GATEWAY, Crash
from tests.reference.portal.people.test_not_for_me import stop
from tests.reference.portal.reading import News, tasks
from tests.reference.portal.scene import Scene, SceneWith


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


def number(n: int) -> str:
    """Give one of many numbers."""
    return f"07700900{n:03}"


def test_a_flag_that_comes_while_a_batch_goes_stops_the_rest_of_it(scene: Scene) -> None:
    """A victim may become unsafe, or a stranger object, between the first message and the last."""
    unsafe, last = alex("last", mobile_phone=number(99), safe_to_contact=False), TOGETHER
    victims = [alex(f"a{n:03}", mobile_phone=number(n)) for n in range(last)]
    scene.neighbours.meanwhile = scene.coming(details(unsafe))
    scene.deliver(recorded(*victims, alex("last", mobile_phone=number(99))))

    assert len(scene.messages) == last
    assert number(99) not in {each.to for each in scene.messages}


def test_a_new_number_counts_for_what_waits_behind(scene: Scene) -> None:
    """What is put right while a batch goes is right for the rest of it."""
    victims = [alex(f"a{n:03}", mobile_phone=number(n)) for n in range(TOGETHER)]
    scene.neighbours.meanwhile = scene.coming(details(alex("last", mobile_phone=SAMS_MOBILE)))
    scene.deliver(recorded(*victims, alex("last", mobile_phone=number(99))))
    sent = [each.to for each in scene.messages]

    assert sent.count(SAMS_MOBILE) == 1
    assert number(99) not in sent


def test_whose_invitation_was_refused_is_invited_when_mended(scene: Scene) -> None:
    """A number that the gateway will not take is no number: the next one gets the link."""
    scene.neighbours.refused = {MOBILE}
    scene.deliver(recorded(alex(preferred_channels=("text",))))
    scene.deliver(details(alex(mobile_phone=SAMS_MOBILE, preferred_channels=("text",))))
    [message] = scene.messages

    assert message.to == SAMS_MOBILE
    assert scene.open_invitation(message.link).status == 200


def test_what_was_refused_goes_by_the_other_channel_where_the_order_allows(
    scene_with: SceneWith,
) -> None:
    """A victim who asked for texts alone gets an email when no text can reach them."""
    scene = scene_with(falls_back=True)
    scene.neighbours.refused = {MOBILE}
    scene.deliver(recorded(alex(email=EMAIL, preferred_channels=("text",))))
    [message] = scene.messages

    assert message.to == EMAIL
    assert scene.open_invitation(message.link).status == 200
    assert len(tasks(scene, "contact_details")) == 1


def test_giving_up_names_the_crime_and_the_person(scene: Scene) -> None:
    """After a day an officer is asked to tell them, once for each message."""
    scene.deliver(recorded())
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(closed())
    for _ in range(40):
        scene.advance(hours=1)
    [task] = tasks(scene, "not_sent")

    assert task["crime_reference"] == CRIME
    assert task["person_id"] == "alex"
    assert MOBILE not in task["reason"]


def test_a_number_that_was_stopped_meanwhile_gets_nothing(scene: Scene) -> None:
    """What waits for a stranger's number when they object is not sent there."""
    scene.deliver(recorded())
    news = News(scene)
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(deployed())
    stop(scene, MOBILE)
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(hours=1)

    assert news.messages == []


def test_a_refusal_and_its_task_are_kept_together(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Killed at any moment, a message that cannot go is either tried again or given to a person."""
    folder = tmp_path_factory.mktemp("killed")
    scene = Scene(folder)
    victims = [alex("a", mobile_phone=number(1)), alex("b", mobile_phone=number(2))]
    scene.neighbours.refused = {number(1), number(2)}

    async def dies() -> None:
        raise Crash

    scene.deliver(recorded(victims[0]))
    scene.neighbours.meanwhile = dies
    with pytest.raises(Crash):
        scene.deliver(recorded(victims[1], crime="4"))
    scene = Scene(folder, neighbours=scene.neighbours, start=scene.now)
    for _ in range(3):
        scene.advance(minutes=20)

    assert {each["person_id"] for each in tasks(scene, "contact_details")} == {"a", "b"}


NIGHT: dict[str, Any] = {"quiet_from": time(21), "quiet_until": time(8)}
EVENING = datetime(2026, 6, 3, 19, 50, tzinfo=UTC)
MORNING = datetime(2026, 6, 4, 7, tzinfo=UTC)


def test_what_comes_to_its_turn_at_night_waits_for_the_morning(scene_with: SceneWith) -> None:
    """The portal was down from ten to nine until two: nobody is woken by what it had to say."""
    scene = scene_with(start=EVENING, **NIGHT)
    scene.post_events([enveloped(recorded())])

    assert scene.advance(to=datetime(2026, 6, 4, 1, tzinfo=UTC)) == MORNING
    assert scene.messages == []

    scene.advance(to=MORNING)

    assert [each.to for each in scene.messages] == [MOBILE]


def test_what_is_put_off_for_a_moment_is_not_put_off_into_the_night(tmp_path: Path) -> None:
    """What a process left behind is asked after later; when that is at night, in the morning."""
    scene = Scene(tmp_path, start=EVENING, **NIGHT)
    scene.post_events([enveloped(recorded())])
    late = datetime(2026, 6, 3, 19, 59, 55, tzinfo=UTC)
    scene = Scene(tmp_path, neighbours=scene.neighbours, start=late, **NIGHT)
    in_a_moment = scene.advance()

    assert in_a_moment is not None
    assert scene.advance(to=in_a_moment) == MORNING
    assert scene.messages == []

    scene.advance(to=MORNING)

    assert [each.to for each in scene.messages] == [MOBILE]


def test_a_code_that_somebody_waits_for_goes_at_night(scene_with: SceneWith) -> None:
    """Who signs in at two has asked for it just now: quiet hours are for what nobody asked for."""
    scene = scene_with(start=EVENING, **NIGHT)
    scene.deliver(enveloped(recorded(), time=EVENING))
    scene.advance(to=datetime(2026, 6, 4, 1, tzinfo=UTC))

    assert scene.session()


def test_a_flag_that_comes_while_the_gateway_is_asked_stops_what_follows(scene: Scene) -> None:
    """The gateway is asked about unsure messages first: a victim may become unsafe meanwhile."""
    scene.deliver(recorded(), recorded(sam(), crime="4"))
    news = News(scene)
    scene.neighbours.answers[GATEWAY] = DOWN
    scene.deliver(deployed())
    scene.neighbours.answers[GATEWAY] = 201
    scene.post_events([enveloped(deployed("4"))])
    flags = [details(alex(safe_to_contact=False)), details(sam(safe_to_contact=False), "4")]
    scene.neighbours.while_asked = scene.coming(*flags)
    scene.advance(minutes=4)

    assert scene.neighbours.asked
    assert news.messages == []
