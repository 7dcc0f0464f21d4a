"""The person who is told in the victim's place: their name, phone and access, while it lasts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from reference.contract.events import AnyEvent, AppointmentCancelled, ToldInstead, VictimRecord
from reference.contract.identity import agreed_word_digest
from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    IDENTITY_KEY,
    MOBILE,
    NOON,
    PHASE_2,
    PHASE_3,
    SAMS_MOBILE,
    SAMS_WORD,
    WORD,
    alex,
    appointment,
    closed,
    deployed,
    details,
    enveloped,
    merged,
    recorded,
    replied,
    sam,
)
from tests.reference.portal.neighbours import GATEWAY
from tests.reference.portal.scene import Scene

OTHER = "43260000002"
CHILDS_MOBILE = "07700900777"
BIRTHDAY = date(2008, 6, 5)  # two days after noon
MIDNIGHT = datetime(2026, 6, 4, 23, tzinfo=UTC)
GO_LIVE_2 = datetime(2026, 7, 27, tzinfo=UTC)  # from when on the journey has something to do


def contact(*, word: str = WORD, mobile: str = MOBILE, **changes: Any) -> ToldInstead:
    """A person to be reached by text, unless changes say otherwise."""
    usual: dict[str, Any] = {
        "given_name": "Priya" if mobile == MOBILE else "Jo",
        "family_name": "Nair",
        "mobile_phone": mobile,
        "safe_to_contact": True,
        "agreed_word_digest": agreed_word_digest(IDENTITY_KEY, "alex", word),
    }
    return ToldInstead(**{**usual, **changes})


def child(told: ToldInstead | None = None, **changes: Any) -> VictimRecord:
    """Alex is nearly of age; Priya is told in their place."""
    usual = {"born": BIRTHDAY, "mobile_phone": CHILDS_MOBILE, "who_is_told": "another"}
    return alex(told_instead=told or contact(), **{**usual, **changes})


def shop(told: ToldInstead | None, **changes: Any) -> VictimRecord:
    """An organisation and the contact it named."""
    return VictimRecord(
        person_id="alex",
        kind="organisation",
        organisation_name="Kiln Lane Stores",
        who_is_told="another",
        told_instead=told,
        **changes,
    )


def asked(scene: Scene, kind: str = "who_is_told") -> list[str]:
    """List the reasons of the tasks of a kind."""
    return [each["reason"] for each in scene.neighbours.tasks if each["kind"] == kind]


def test_the_named_one_is_invited_signs_in_and_reads(scene: Scene) -> None:
    """At their own number, by their own word; the victim's number is nobody's to sign in by."""
    scene.deliver(recorded(child()))

    assert [each.to for each in scene.messages] == [MOBILE]

    session = scene.session()
    crimes = scene.api("GET", "/crimes", session=session).json["crimes"]

    assert [each["crime_reference"] for each in crimes] == [CRIME]
    assert scene.prove(scene.begin(CHILDS_MOBILE)).status == 403


def test_a_person_who_is_told_must_be_safe_to_contact_themselves(scene: Scene) -> None:
    """That the victim is says nothing of them."""
    scene.deliver(recorded(child(contact(safe_to_contact=None))))

    assert scene.messages == []


def test_a_decision_ends_when_the_victim_comes_of_age(scene: Scene) -> None:
    """At midnight in London: nothing that waits goes, and nobody comes in; the force is asked."""
    scene.deliver(recorded(child()))
    scene.session()
    sent = len(scene.messages)
    scene.neighbours.answers[GATEWAY] = 500
    scene.advance(to=MIDNIGHT - timedelta(minutes=10))
    scene.deliver(deployed())
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(to=MIDNIGHT)
    scene.advance(days=2)

    assert len(scene.messages) == sent
    assert scene.prove(scene.begin(MOBILE)).status == 403
    assert len(asked(scene)) == 1


def test_the_portal_says_when_the_next_victim_comes_of_age(scene: Scene) -> None:
    """It is work that falls due like any other, once."""
    scene.deliver(recorded(child()))

    assert scene.advance() == MIDNIGHT
    assert scene.advance(to=MIDNIGHT) == GO_LIVE_2


def test_who_came_of_age_is_told_once_that_is_written_down(scene: Scene) -> None:
    """They are invited as anybody, at their own number."""
    scene.deliver(recorded(child()))
    scene.advance(days=3)
    scene.deliver(details(alex(born=BIRTHDAY, mobile_phone=CHILDS_MOBILE, who_is_told="victim")))

    assert scene.messages[-1].to == CHILDS_MOBILE
    assert scene.messages[-1].link


def test_a_person_who_is_told_next_begins_anew(scene: Scene) -> None:
    """The first one's session, link, choice and address end; the next is invited and registers."""
    scene.deliver(recorded(shop(contact())))
    link = scene.messages[0].link
    session = scene.session()
    scene.api("POST", "/contact", {"channels": []}, session=session)
    scene.deliver(details(shop(contact(mobile=SAMS_MOBILE, word=SAMS_WORD))))

    assert scene.api("GET", "/crimes", session=session).status == 401
    assert scene.open_invitation(link).status == 410
    assert scene.prove(scene.begin(MOBILE)).status == 403
    assert scene.messages[-1].to == SAMS_MOBILE

    scene.session(word=SAMS_WORD)
    scene.deliver(deployed())

    assert scene.messages[-1].to == SAMS_MOBILE


def test_what_waits_is_not_for_the_person_who_is_told_next(scene: Scene) -> None:
    """The next contact gets one message: an invitation."""
    scene.deliver(recorded(shop(contact())))
    scene.session()
    sent = len(scene.messages)
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(deployed())
    scene.neighbours.answers[GATEWAY] = 201
    scene.deliver(details(shop(contact(mobile=SAMS_MOBILE))))
    scene.advance(hours=2)

    assert [(each.to, bool(each.link)) for each in scene.messages[sent:]] == [(SAMS_MOBILE, True)]


def test_a_name_that_is_spelt_the_same_is_the_same_contact(scene: Scene) -> None:
    """Another channel is news of details, and invites nobody again."""
    scene.deliver(recorded(shop(contact())))
    session = scene.session()
    scene.deliver(details(shop(contact(email=EMAIL))))

    assert scene.api("GET", "/crimes", session=session).status == 200
    assert sum(bool(each.link) for each in scene.messages) == 1


@pytest.mark.parametrize(
    ("first", "then", "is_read"),
    [
        (shop(contact()), shop(contact(mobile=SAMS_MOBILE, word=SAMS_WORD)), True),
        (child(), child(contact(mobile=SAMS_MOBILE, word=SAMS_WORD)), False),
    ],
)
def test_what_was_said_to_one_is_read_by_the_next_of_an_organisation_alone(
    scene_with: Any, first: VictimRecord, then: VictimRecord, *, is_read: bool
) -> None:
    """A shop's conversation is the shop's; what a parent wrote is theirs."""
    scene: Scene = scene_with(start=PHASE_3)
    born = date(2015, 1, 1)
    first, then = (each if each.born is None else _born(each, born) for each in (first, then))
    scene.deliver(recorded(first, recorded_at=PHASE_3))
    scene.session()
    scene.deliver(replied())
    scene.deliver(details(then))
    session = scene.session(word=SAMS_WORD)
    posts = scene.api("GET", f"/crimes/{CRIME}/conversation", session=session).json["conversation"]

    assert bool(posts) == is_read


@pytest.mark.parametrize("late", [False, True])
def test_where_one_was_to_be_seen_is_not_for_the_next(scene: Scene, *, late: bool) -> None:
    """Also if it comes late, or is cancelled since; an officer tells them what still holds."""
    change = enveloped(
        details(child(contact(mobile=SAMS_MOBILE, word=SAMS_WORD))), time=NOON + timedelta(hours=1)
    )
    before = [
        appointment(place="12 Refuge Street"),
        appointment(appointment_id="2", place="Her sister's"),
    ]
    made = [enveloped(each, time=NOON) for each in before]
    scene.deliver(recorded(child()))
    scene.advance(hours=1)
    scene.deliver(*([change, *made] if late else [*made, change]))
    new: list[AnyEvent] = [
        AppointmentCancelled(crime_reference=CRIME, appointment_id="2", person_id="alex"),
        appointment(appointment_id="3", place="The police station"),
    ]
    scene.deliver(*(enveloped(each, time=NOON + timedelta(hours=2)) for each in new))
    session = scene.session(word=SAMS_WORD, address=SAMS_MOBILE)
    page = scene.api("GET", f"/crimes/{CRIME}/timeline", session=session).body.decode()

    assert "The police station" in page
    assert "Refuge" not in page
    assert "sister" not in page
    assert late or sum("which appointments" in e for e in asked(scene, "sensitive_contact")) == 1


def test_an_organisation_s_next_contact_reads_where_it_is_seen(scene: Scene) -> None:
    """The victim is the organisation: it is seen as was arranged."""
    scene.deliver(recorded(shop(contact())), appointment(place="Kiln Lane"))
    scene.advance(hours=1)
    scene.deliver(details(shop(contact(mobile=SAMS_MOBILE, word=SAMS_WORD))))
    session = scene.session(word=SAMS_WORD, address=SAMS_MOBILE)

    assert (
        "Kiln Lane" in scene.api("GET", f"/crimes/{CRIME}/timeline", session=session).body.decode()
    )


def test_a_role_is_of_one_crime_and_the_newest_counts(scene: Scene) -> None:
    """An older one that comes late undoes nothing; of another crime it says nothing."""
    scene.deliver(recorded(alex(), sam()), recorded(sam(), crime=OTHER))
    newer, older = NOON + timedelta(hours=2), NOON + timedelta(hours=1)
    scene.advance(hours=3)
    scene.deliver(enveloped(details(sam(role="witness")), time=newer))
    scene.deliver(enveloped(details(sam(role="victim")), time=older))
    before = len(scene.messages)
    scene.deliver(deployed(CRIME))

    assert [each.to for each in scene.messages[before:]] == [MOBILE]

    scene.deliver(deployed(OTHER))

    assert scene.messages[-1].to == SAMS_MOBILE


def test_a_role_that_comes_before_its_crime_waits_for_it(scene: Scene) -> None:
    """A person who turned out to be a victim is one, though that was received first."""
    later = NOON + timedelta(hours=1)
    scene.deliver(enveloped(details(sam(role="victim")), time=later))
    scene.deliver(recorded(alex(), sam(role="reporter")))

    assert sorted(each.to for each in scene.messages) == [MOBILE, SAMS_MOBILE]


def test_a_victim_of_either_is_a_victim_of_what_both_are(scene: Scene) -> None:
    """And a witness of both is still a witness where they were merged."""
    witness = alex("kim", given_name="Kim", mobile_phone=CHILDS_MOBILE, role="witness")
    scene.deliver(recorded(sam(role="witness"), alex(), crime=OTHER), recorded(sam(), witness))
    scene.deliver(merged(CRIME, into=OTHER))
    before = len(scene.messages)
    scene.deliver(deployed(OTHER))

    assert sorted(each.to for each in scene.messages[before:]) == [MOBILE, SAMS_MOBILE]


def test_an_organisation_reads_words_of_its_own(scene_with: Any) -> None:
    """Where a person reads about feelings, the contact of a shop reads what to do."""
    scene: Scene = scene_with(start=PHASE_2, sensitive_outcomes=[])
    scene.deliver(recorded(shop(contact()), recorded_at=PHASE_2))
    shops = scene.session()
    scene.deliver(closed(outcome=5, at=PHASE_2))
    [entry] = [
        each
        for each in scene.api("GET", f"/crimes/{CRIME}/timeline", session=shops).json["timeline"]
        if each["kind"] == "CrimeClosed"
    ]

    assert "at work" in entry["text"]


def _born(record: VictimRecord, born: date) -> VictimRecord:
    return VictimRecord(
        **{each: getattr(record, each) for each in record.__struct_fields__} | {"born": born}
    )
