"""Messages seen through: what bounced goes otherwise if it may, and somebody is asked."""

from collections.abc import Callable

import msgspec
import pytest

from tests.reference.portal.crimes import (
    EMAIL,
    MOBILE,
    alex,
    deployed,
    recorded,
    sam,
)
from tests.reference.portal.reading import News, tasks
from tests.reference.portal.scene import SECRETS, Scene, bearer
from tests.reference.portal.storage import Storage

SceneWith = Callable[..., Scene]


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


def test_what_bounced_goes_by_the_other_channel_only_where_the_order_says(
    scene_with: SceneWith,
) -> None:
    """Who asked for texts and cannot be reached by one hears by email, with a working link."""
    scene = scene_with(falls_back=True)
    scene.deliver(recorded(alex(email=EMAIL, preferred_channels=("text",))))
    scene.receipt(scene.messages[0], "permanent-failure")
    scene.advance()
    lost, instead = scene.messages

    assert (lost.to, instead.to) == (MOBILE, EMAIL)
    assert instead.body["reference"] == lost.body["reference"]
    assert scene.open_invitation(instead.link).status == 200
    assert len(tasks(scene, "contact_details")) == 1


def test_what_somebody_asked_for_is_kept_to_unless_the_order_says_else(scene: Scene) -> None:
    """By default an email goes to nobody who asked for texts alone: the officer is asked."""
    scene.deliver(recorded(alex(email=EMAIL, preferred_channels=("text",))))
    scene.receipt(scene.messages[0], "permanent-failure")
    scene.deliver(deployed())

    assert [each.to for each in scene.messages] == [MOBILE]
    assert len(tasks(scene, "contact_details")) == 1


def test_a_choice_of_the_victim_is_never_fallen_back_from(scene_with: SceneWith) -> None:
    """Who chose texts on the portal, and no email, is not emailed when texts fail."""
    scene = scene_with(falls_back=True)
    scene.deliver(recorded(alex(email=EMAIL)))
    session = scene.session()
    scene.api("PUT", "/contact", {"channels": ["text"]}, session=session)
    scene.deliver(deployed())
    sent = scene.messages[-1]
    news = News(scene)
    scene.receipt(sent, "permanent-failure")
    scene.deliver(deployed())

    assert sent.to == MOBILE
    assert news.messages == []


def test_one_bounce_is_one_task_however_often_it_is_told(scene: Scene) -> None:
    """The gateway may call back twice, and about every message to the same number."""
    scene.deliver(recorded(alex(preferred_channels=("text",))), deployed())
    for sent in [*scene.messages, *scene.messages]:
        scene.receipt(sent, "permanent-failure")
    scene.advance()

    assert len(tasks(scene, "contact_details")) == 1


def test_everybody_at_an_address_is_asked_about(scene: Scene) -> None:
    """A number that two people gave and that does not work is a question to both officers."""
    scene.deliver(recorded(alex(), sam(mobile_phone=MOBILE)))
    scene.receipt(scene.messages[0], "permanent-failure")
    scene.advance()

    assert {each["person_id"] for each in tasks(scene, "contact_details")} == {"alex", "sam"}


def test_a_code_that_bounced_stops_nothing(scene: Scene) -> None:
    """Only what the outbox sent has receipts that count: a code is typed within minutes or not."""
    scene.deliver(recorded())
    scene.session()
    code = scene.messages[-1]
    body = {"id": "no such", "to": code.to, "status": "permanent-failure"}
    raw = msgspec.json.encode({**body, "notification_type": "sms"})

    assert scene.call("POST", "/delivery-receipts", raw, bearer(SECRETS.receipts)).status == 204

    news = News(scene)
    scene.deliver(deployed())

    assert news.to == [MOBILE]
