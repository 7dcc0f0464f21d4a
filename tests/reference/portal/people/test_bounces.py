"""Messages that bounced go by another channel if allowed, and the force is asked."""

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    MOBILE,
    PHASE_2,
    SAMS_MOBILE,
    alex,
    deployed,
    details,
    enveloped,
    recorded,
    sam,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.neighbours import Sent
from tests.reference.portal.reading import News, tasks
from tests.reference.portal.scene import SECRETS, Scene, SceneWith, bearer, status_of

RECEIPTS = bearer(SECRETS.receipts)
RECEIPT = {"id": "not known", "status": "permanent-failure", "notification_type": "sms"}


def early(sent: Sent, status: str = "permanent-failure") -> bytes:
    """Tell what became of a message by its reference and address: its id is not known here."""
    told = {"to": sent.to, "reference": sent.body["reference"], "status": status}
    return msgspec.json.encode({**RECEIPT, **told})


def tells_at_once(scene: Scene, status: str) -> Callable[[], Awaitable[None]]:
    """Have the gateway tell what became of the newest message before it says that it took it."""

    async def tells() -> None:
        raw = early(scene.messages[-1], status)
        raw = raw.replace(b"not known", b"message-%d" % len(scene.neighbours.taken))
        assert await status_of(scene.app, "POST", "/delivery-receipts", raw, RECEIPTS) == 204

    return tells


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


def test_what_bounced_goes_by_the_other_channel_only_where_the_order_says(
    scene_with: SceneWith,
) -> None:
    """A victim whom no text can reach gets an email instead, with a working link."""
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


def test_what_a_victim_ended_is_no_way_round_though_a_newer_record_leaves_it_out(
    scene_with: SceneWith,
) -> None:
    """Who ended texts, and is recorded with an email alone, gets no text when that fails."""
    scene = scene_with(falls_back=True)
    scene.deliver(recorded(alex(email=EMAIL)))
    session = scene.session()
    scene.api("PUT", "/contact", {"channels": ["email"]}, session=session)
    scene.deliver(details(alex(email=EMAIL, preferred_channels=("email",))), deployed())
    sent = scene.messages[-1]
    news = News(scene)
    scene.receipt(sent, "permanent-failure")
    scene.deliver(deployed())

    assert sent.to == EMAIL
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


def test_a_code_that_bounced_stops_the_address_too(scene: Scene) -> None:
    """A number is dead whatever was sent to it: the next news would be lost, and nobody know."""
    scene.deliver(recorded(alex(email=EMAIL, preferred_channels=("text",))))
    scene.session()
    code = scene.messages[-1]

    assert scene.call("POST", "/delivery-receipts", early(code), RECEIPTS).status == 204

    news = News(scene)
    scene.deliver(deployed())

    assert news.messages == []
    assert len(tasks(scene, "contact_details")) == 1


@pytest.mark.parametrize("status", ["delivered", "temporary-failure", "technical-failure"])
def test_a_code_that_came_late_stops_nothing(scene: Scene, status: str) -> None:
    """It is typed within minutes or not at all: nobody is owed it, and the number may be right."""
    scene.deliver(recorded())
    scene.session()
    scene.call("POST", "/delivery-receipts", early(scene.messages[-1], status), RECEIPTS)
    news = News(scene)
    scene.deliver(deployed())

    assert news.to == [MOBILE]
    assert scene.neighbours.tasks == []


def test_a_bounce_of_what_is_nobody_s_here_changes_nothing(scene: Scene) -> None:
    """Others may send by the same service: those messages are not this portal's business."""
    scene.deliver(recorded())
    before = scene.rows()
    body = msgspec.json.encode({**RECEIPT, "to": SAMS_MOBILE})

    assert scene.call("POST", "/delivery-receipts", body, RECEIPTS).status == 204
    assert scene.rows() == before


def test_a_bounce_that_is_told_before_the_send_is_written_down_counts(
    scene_with: SceneWith,
) -> None:
    """Many go before any is written down, and a dead number is known at once."""
    scene = scene_with(falls_back=True)
    scene.neighbours.afterwards = tells_at_once(scene, "permanent-failure")
    scene.deliver(recorded(alex(email=EMAIL, preferred_channels=("text",))))
    lost, instead = scene.messages

    assert (lost.to, instead.to) == (MOBILE, EMAIL)
    assert scene.open_invitation(instead.link).status == 200
    assert len(tasks(scene, "contact_details")) == 1

    news = News(scene)
    scene.deliver(deployed())

    assert news.to == [EMAIL]


def test_who_was_not_invited_after_all_is_when_mended(scene: Scene) -> None:
    """An invitation that bounced before it was written down is no invitation."""
    scene.neighbours.afterwards = tells_at_once(scene, "permanent-failure")
    scene.deliver(recorded())
    scene.deliver(details(alex(mobile_phone=SAMS_MOBILE)))

    assert scene.open_invitation(scene.messages[-1].link).status == 200
    assert scene.messages[-1].to == SAMS_MOBILE


def test_a_failure_that_is_told_before_the_send_is_written_down_is_a_task(scene: Scene) -> None:
    """The address may be right: an officer tells the victim of that crime what did not arrive."""
    scene.deliver(recorded())
    scene.neighbours.afterwards = tells_at_once(scene, "technical-failure")
    scene.deliver(deployed())
    [task] = tasks(scene, "not_sent")
    scene.receipt(scene.messages[-1], "technical-failure")
    scene.advance()

    assert tasks(scene, "not_sent") == [task]
    assert (task["crime_reference"], task["person_id"]) == (CRIME, "alex")
    assert scene.rows()["address_stopped"] == []


def test_what_waits_for_a_number_that_bounced_goes_otherwise_too(scene_with: SceneWith) -> None:
    """The next news was queued already, for the number that turned out to be dead."""
    scene = scene_with(falls_back=True, start=PHASE_2)
    victim = alex(email=EMAIL, preferred_channels=("text",))
    scene.deliver(enveloped(recorded(victim, recorded_at=PHASE_2)))
    invitation = scene.messages[-1]
    scene.deliver(enveloped(deployed(at=PHASE_2), id="waits an hour"))
    scene.receipt(invitation, "permanent-failure")
    news = News(scene)
    scene.advance(hours=3)

    assert news.to == [EMAIL, EMAIL]
    assert "waits an hour" in [each.body["reference"] for each in news.messages]


def test_what_waits_for_both_goes_once_where_one_bounced(scene_with: SceneWith) -> None:
    """A victim who asked for both is told on the other anyway."""
    scene = scene_with(falls_back=True, start=PHASE_2)
    scene.deliver(enveloped(recorded(alex(email=EMAIL), recorded_at=PHASE_2)))
    invitation = next(each for each in scene.messages if each.to == MOBILE)
    scene.deliver(deployed(at=PHASE_2))
    scene.receipt(invitation, "permanent-failure")
    news = News(scene)
    scene.advance(hours=3)

    assert news.to == [EMAIL]
