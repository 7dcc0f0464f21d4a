"""Details that change and addresses that prove wrong: nothing lost, and nobody else told."""

from datetime import timedelta
from typing import Any

import pytest

from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    MOBILE,
    NOON,
    alex,
    deployed,
    details,
    enveloped,
    recorded,
    replied,
)
from tests.reference.portal.neighbours import GATEWAY
from tests.reference.portal.people.test_not_for_me import stop
from tests.reference.portal.scene import Scene, SceneWith

OTHER_MOBILE = "07700900456"


def kinds(scene: Scene) -> list[str]:
    """List the kinds of task that the crime system was given."""
    return [task["kind"] for task in scene.neighbours.tasks]


def test_details_that_cannot_be_used_become_a_task(scene: Scene) -> None:
    """A number in the wrong field is not texted, and the officer is asked about it."""
    scene.deliver(recorded(alex(mobile_phone="", other_phone=MOBILE, preferred_channels=("text",))))

    [task] = scene.neighbours.tasks

    assert scene.messages == []
    assert task["kind"] == "contact_details"
    assert task["crime_reference"] == CRIME
    assert task["person_id"] == "alex"
    assert "other_phone" in task["reason"]


def test_somebody_is_invited_once_their_details_are_mended(scene: Scene) -> None:
    """The invitation that could not go is sent as soon as it can, and once."""
    scene.deliver(recorded(alex(mobile_phone="07700 90012")))
    scene.deliver(details(alex()))
    scene.deliver(details(alex()))

    assert [bool(each.link) for each in scene.messages] == [True]


def test_one_event_raises_one_task(scene: Scene) -> None:
    """Redelivering an event does not ask the officer twice."""
    whole = enveloped(recorded(alex(mobile_phone="N/A", preferred_channels=("text",))))
    scene.deliver(whole)
    scene.deliver(whole)

    assert kinds(scene) == ["contact_details"]


def test_not_safe_to_contact_stops_everything(scene: Scene) -> None:
    """Messages, sessions, steps and links end when a victim is no longer safe to contact."""
    scene.deliver(recorded(alex(email=EMAIL)))
    links = [each.link for each in scene.messages]
    session = scene.session()
    step = scene.begin(MOBILE)
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(deployed())
    scene.neighbours.answers[GATEWAY] = 201
    before = len(scene.messages)
    scene.deliver(details(alex(email=EMAIL, safe_to_contact=False)))

    assert scene.api("GET", "/crimes", session=session).status == 401
    assert [scene.open_invitation(link).status for link in links] == [410, 410]
    assert scene.prove(step).status == 403
    assert scene.prove(scene.begin(MOBILE)).status == 403

    scene.deliver(deployed())
    scene.advance(days=3)

    assert len(scene.messages) == before


def test_not_safe_is_so_for_every_crime_of_a_person(scene: Scene) -> None:
    """What the force learned with a second crime counts for the first."""
    scene.deliver(recorded())
    scene.deliver(recorded(alex(safe_to_contact=False), crime="43260000002"))
    before = len(scene.messages)
    scene.deliver(deployed())

    assert len(scene.messages) == before


def test_older_details_that_come_late_do_not_undo_newer_ones(scene: Scene) -> None:
    """A number, or a consent, that was withdrawn does not come back with a late delivery."""
    scene.deliver(recorded())
    before = len(scene.messages)
    scene.advance(hours=2)
    newer, older = NOON + timedelta(hours=2), NOON + timedelta(hours=1)
    scene.deliver(enveloped(details(alex(safe_to_contact=False)), time=newer))
    scene.deliver(enveloped(details(alex(mobile_phone=OTHER_MOBILE)), time=older))
    scene.deliver(deployed())

    assert len(scene.messages) == before


def test_messages_go_to_the_number_as_it_now_is(scene: Scene) -> None:
    """What still waits when a number is put right goes to the new number."""
    scene.deliver(recorded())
    scene.session()
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(deployed())
    scene.neighbours.answers[GATEWAY] = 201
    scene.deliver(details(alex(mobile_phone=OTHER_MOBILE)))
    scene.advance(minutes=5)

    assert [each.to for each in scene.messages] == [MOBILE, MOBILE, OTHER_MOBILE]


def test_a_number_that_is_put_right_is_invited_and_the_old_link_is_dead(scene: Scene) -> None:
    """A stranger who got the first invitation cannot use it; the victim gets their own.

    When they say so later, it is looked into as a breach.
    """
    scene.deliver(recorded())
    [wrong] = scene.messages
    scene.deliver(details(alex(mobile_phone=OTHER_MOBILE)))
    right = scene.messages[-1]
    stop(scene, MOBILE)

    assert right.to == OTHER_MOBILE
    assert scene.open_invitation(wrong.link).status == 410
    assert scene.open_invitation(right.link).status == 200
    assert "breach" in kinds(scene)


ONE_GOES = [({"mobile_phone": ""}, EMAIL), ({"preferred_channels": ("email",)}, EMAIL)]
ONE_GOES += [({"preferred_channels": ("text",)}, MOBILE)]


@pytest.mark.parametrize(("changes", "stays"), ONE_GOES)
def test_a_channel_that_goes_is_no_reason_to_invite_again_by_the_other(
    scene: Scene, changes: dict[str, Any], stays: str
) -> None:
    """The invitation in the other place stands, and its link works."""
    before: dict[str, Any] = {"email": EMAIL, "preferred_channels": ("text", "email")}
    scene.deliver(recorded(alex(**before)))
    scene.deliver(details(alex(**(before | changes))))
    link = next(each.link for each in scene.messages if each.to == stays)

    assert [each.to for each in scene.messages] == [MOBILE, EMAIL]
    assert scene.open_invitation(link).status == 200


def test_a_number_that_is_put_right_is_no_reason_to_invite_again_by_email(scene: Scene) -> None:
    """One wrong address of two: only the link that went there ends, and only it is sent anew."""
    both: dict[str, Any] = {"email": EMAIL, "preferred_channels": ("text", "email")}
    scene.deliver(recorded(alex(**both)))
    wrong, by_email = scene.messages
    scene.deliver(details(alex(mobile_phone=OTHER_MOBILE, **both)))

    assert [each.to for each in scene.messages[2:]] == [OTHER_MOBILE]
    assert scene.open_invitation(wrong.link).status == 410
    assert scene.open_invitation(by_email.link).status == 200


def test_somebody_found_later_is_a_victim_too(scene: Scene) -> None:
    """A crime that is recorded once more with another victim invites that one, and no other."""
    scene.deliver(recorded())
    scene.deliver(recorded(alex(), alex("bo", mobile_phone=OTHER_MOBILE, family_name="Reed")))

    assert [each.to for each in scene.messages] == [MOBILE, OTHER_MOBILE]


def test_the_order_of_channels_asks_for_nothing_anew(scene: Scene) -> None:
    """Who stopped texts gets none when the force writes the same two channels the other way."""
    scene.deliver(recorded(alex(email=EMAIL, preferred_channels=("text", "email"))))
    session = scene.session()
    scene.api("PUT", "/contact", {"channels": ["email"]}, session=session)
    scene.deliver(details(alex(email=EMAIL, preferred_channels=("email", "text"))))
    sent = len(scene.messages)
    scene.deliver(deployed())

    assert [each.to for each in scene.messages[sent:]] == [EMAIL]


def test_a_bounce_stops_an_address_and_asks_somebody(scene: Scene) -> None:
    """After a permanent failure nothing more goes there, the other channel still works."""
    scene.deliver(recorded(alex(email=EMAIL)))
    bounced = next(each for each in scene.messages if each.to == MOBILE)

    assert scene.receipt(bounced, "permanent-failure").status == 204

    scene.deliver(deployed())

    assert [each.to for each in scene.messages[2:]] == [EMAIL]
    assert kinds(scene) == ["contact_details"]


def test_somebody_whose_invitation_bounced_is_invited_when_mended(scene: Scene) -> None:
    """They cannot have followed it, so the new number gets a link of its own."""
    scene.deliver(recorded())
    scene.receipt(scene.messages[0], "permanent-failure")
    scene.deliver(details(alex(mobile_phone=OTHER_MOBILE)))
    invited = scene.messages[-1]

    assert invited.to == OTHER_MOBILE
    assert scene.open_invitation(invited.link).status == 200


@pytest.mark.parametrize(
    ("status", "asked"),
    [("delivered", []), ("temporary-failure", ["not_sent"]), ("technical-failure", ["not_sent"])],
)
def test_other_receipts_stop_nothing(scene: Scene, status: str, asked: list[str]) -> None:
    """A phone that was switched off is not a wrong number; who was not told is told by a person."""
    scene.deliver(recorded())
    scene.receipt(scene.messages[0], status)
    scene.deliver(deployed())

    assert len(scene.messages) == 2
    assert kinds(scene) == asked


def test_a_second_number_that_bounces_is_asked_about_too(scene: Scene) -> None:
    """The officer who put one number right is told when the next one fails."""
    scene.deliver(recorded(alex(preferred_channels=("text",))))
    scene.receipt(scene.messages[-1], "permanent-failure")
    scene.deliver(details(alex(mobile_phone=OTHER_MOBILE, preferred_channels=("text",))))
    scene.deliver(deployed())
    scene.receipt(scene.messages[-1], "permanent-failure")
    scene.advance()

    assert scene.messages[-1].to == OTHER_MOBILE
    assert kinds(scene) == ["contact_details"] * 2


def test_an_address_that_the_gateway_refuses_is_asked_about(scene: Scene) -> None:
    """A message that cannot be sent is not silently lost: the force is told."""
    scene.neighbours.refused = {MOBILE}
    scene.deliver(recorded(alex(preferred_channels=("text",))))
    scene.advance(days=1)

    assert scene.messages == []
    assert kinds(scene) == ["contact_details"]


def test_not_for_me_stops_an_address_and_is_looked_into(scene: Scene) -> None:
    """A stranger who says so gets no more messages, and each crime of the person is a breach."""
    scene.deliver(recorded(), recorded(crime="43260000002"))
    before = len(scene.messages)

    stop(scene, MOBILE)
    scene.deliver(deployed())

    assert len(scene.messages) == before
    assert kinds(scene) == ["breach", "breach"]
    assert {task["crime_reference"] for task in scene.neighbours.tasks} == {CRIME, "43260000002"}


def test_not_for_me_holds_though_the_same_number_is_written_again(scene: Scene) -> None:
    """The force cannot by mistake send to a person who said no."""
    scene.deliver(recorded())
    stop(scene, MOBILE)
    scene.deliver(details(alex()))
    scene.deliver(deployed())

    assert len(scene.messages) == 1


def test_a_second_wrong_number_is_a_second_breach(scene: Scene) -> None:
    """Two strangers who were told of one crime are two breaches."""
    scene.deliver(recorded())
    stop(scene, MOBILE)
    scene.deliver(details(alex(mobile_phone=OTHER_MOBILE)))
    scene.deliver(deployed())
    stop(scene, OTHER_MOBILE)

    assert kinds(scene).count("breach") == 2


def test_long_references_do_not_make_two_breaches_one(scene: Scene) -> None:
    """However long the references are, every victim at an address is looked into."""
    crime = "4" * 64
    victims = [alex(f"{'a' * 60}{n}") for n in range(3)]
    scene.deliver(recorded(*victims, crime=crime))
    stop(scene, MOBILE)

    assert kinds(scene) == ["breach"] * 3


def test_nobody_known_at_an_address_is_thanked_all_the_same(scene: Scene) -> None:
    """A stranger cannot find out whether the force has an address."""
    scene.deliver(recorded())
    known = scene.form("/not-for-me", address=MOBILE)
    unknown = scene.form("/not-for-me", address=OTHER_MOBILE)

    assert known.body == unknown.body


def test_a_reply_meant_for_another_victim_is_not_told(scene_with: SceneWith) -> None:
    """Words for one victim of a crime are announced to that one alone."""
    scene = scene_with(start=NOON + timedelta(days=150))
    sam = alex("sam", mobile_phone=OTHER_MOBILE)
    scene.deliver(recorded(alex(), sam, recorded_at=scene.now))
    before = len(scene.messages)
    scene.deliver(replied(person_id="sam"))

    assert [each.to for each in scene.messages[before:]] == [OTHER_MOBILE]


def test_receipts_that_cross_do_not_hide_a_lost_invitation(scene: Scene) -> None:
    """News that bounces before the invitation does leaves the invitation to be sent again."""
    scene.deliver(recorded(alex(preferred_channels=("text",))), deployed())
    invitation, news = scene.messages
    scene.receipt(news, "permanent-failure")
    scene.receipt(invitation, "permanent-failure")
    scene.deliver(details(alex(mobile_phone=OTHER_MOBILE, preferred_channels=("text",))))
    scene.advance()

    assert scene.messages[-1].to == OTHER_MOBILE
    assert scene.messages[-1].link
