"""What the crime system says becomes a case: kept, shown, announced, once."""

from datetime import timedelta
from typing import Any

import pytest

from reference.contract.events import (
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    CrimeAllocated,
    Officer,
    Role,
)
from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    MOBILE,
    NOON,
    PHASE_2,
    PHASE_3,
    alex,
    allocated,
    appointment,
    charged,
    closed,
    deployed,
    details,
    enveloped,
    merged,
    recorded,
    replied,
    sam,
    unavailable,
)
from tests.reference.portal.scene import Scene, SceneWith

AT = NOON + timedelta(days=3)

EVENTS: list[tuple[AnyEvent, str, str]] = [
    (deployed(), "OfficerDeployed", "open"),
    (allocated(), "CrimeAllocated", "open"),
    (allocated(officer=None, team="Burglary Team"), "CrimeAllocated", "open"),
    (appointment(), "AppointmentMade", "open"),
    (
        AppointmentChanged(
            crime_reference=CRIME, appointment_id="1", person_id="alex", starts_at=AT
        ),
        "AppointmentChanged",
        "open",
    ),
    (
        AppointmentCancelled(crime_reference=CRIME, appointment_id="1", person_id="alex"),
        "AppointmentCancelled",
        "open",
    ),
    (charged(), "OutcomeRecorded", "charged"),
    (closed(), "CrimeClosed", "closed"),
    (
        closed(outcome=15, decided_by="police", interviewed_under_caution=True),
        "CrimeClosed",
        "closed",
    ),
]


def timeline(scene: Scene, session: str, crime: str = CRIME) -> dict[str, Any]:
    """Read one crime's page."""
    answer = scene.api("GET", f"/crimes/{crime}/timeline", session=session)

    assert answer.status == 200

    page: dict[str, Any] = answer.json
    return page


@pytest.mark.parametrize(("event", "kind", "status"), EVENTS)
def test_each_step_is_told_and_shown(scene: Scene, event: AnyEvent, kind: str, status: str) -> None:
    """Every kind of event makes one text that says nothing, and one entry that says what it is."""
    scene.deliver(recorded())
    session = scene.session()
    before = len(scene.messages)
    whole = enveloped(event)
    scene.deliver(whole)

    [message] = scene.messages[before:]
    page = timeline(scene, session)

    assert message.to == MOBILE
    assert message.body["reference"] == whole["id"]
    assert [entry["kind"] for entry in page["timeline"]] == ["CrimeRecorded", kind]
    assert page["timeline"][-1]["title"]
    assert page["crime"]["status"] == status


def test_a_reply_is_told_and_shown_in_the_conversation(scene_with: SceneWith) -> None:
    """In phase 3 what the officer marked as a reply is a message, and no step of the case."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3))
    session = scene.session()
    before = len(scene.messages)
    scene.deliver(replied())
    conversation = scene.api("GET", f"/crimes/{CRIME}/conversation", session=session).json

    assert len(scene.messages) == before + 1
    assert [post["text"] for post in conversation["conversation"]] == [replied().text]
    assert [entry["kind"] for entry in timeline(scene, session)["timeline"]] == ["CrimeRecorded"]


def test_every_victim_is_told_and_a_meeting_is_its_own_victims(scene: Scene) -> None:
    """Two victims of one crime share its steps; an appointment is between one and the officer."""
    sam = alex("sam", mobile_phone="07700900456", word="heron")
    scene.deliver(recorded(alex(), sam))
    token = next(each.link for each in scene.messages if each.to == "07700900456")
    step = scene.open_invitation(token).json["step"]
    scene.prove(step, "heron")
    session = scene.enter_code(step, scene.last_code()).json["session"]
    before = len(scene.messages)
    scene.deliver(deployed())
    scene.deliver(appointment())

    assert sorted(each.to for each in scene.messages[before:]) == [MOBILE, MOBILE, "07700900456"]
    assert [entry["kind"] for entry in timeline(scene, session)["timeline"]] == [
        "CrimeRecorded",
        "OfficerDeployed",
    ]


def test_told_by_every_channel_that_was_asked_for(scene: Scene) -> None:
    """A victim who gave both a number and an address is told on both."""
    scene.deliver(recorded(alex(email=EMAIL)))

    assert sorted(each.to for each in scene.messages) == [MOBILE, EMAIL]


def test_a_redelivery_has_no_effect(scene: Scene) -> None:
    """The same event, signed afresh, is taken and changes nothing."""
    whole, news = enveloped(recorded()), enveloped(deployed())
    scene.deliver(whole, news)
    before, sent = scene.rows(), len(scene.messages)
    scene.advance(minutes=10)
    scene.deliver(whole, news, news)

    assert len(scene.messages) == sent
    assert scene.rows() == before


def test_an_event_is_named_by_its_source_and_id(scene: Scene) -> None:
    """Two crime systems may use one id for two events."""
    scene.deliver(recorded())
    scene.deliver(enveloped(deployed(), id="1"), enveloped(allocated(), id="1", source="other"))

    assert len(scene.rows()["entry"]) == 3


def test_what_comes_before_its_crime_waits_for_it(scene: Scene) -> None:
    """Events of a crime nobody recorded yet are kept, and shown in order once it is."""
    scene.deliver(allocated(at=NOON - timedelta(hours=1)), closed())

    assert scene.messages == []

    scene.deliver(recorded(recorded_at=NOON - timedelta(hours=2)))
    page = timeline(scene, scene.session())

    assert [entry["kind"] for entry in page["timeline"]] == [
        "CrimeRecorded",
        "CrimeAllocated",
        "CrimeClosed",
    ]
    assert page["crime"]["status"] == "closed"
    assert scene.rows()["event_waiting"] == []


def test_tasks_of_what_waited_are_for_nobody_who_has_left(scene_with: SceneWith) -> None:
    """When the crime comes at last, its officer has left: the team is asked to tell its victim."""
    scene = scene_with(through_a_person=["domestic_abuse"])
    scene.deliver(recorded(), allocated("2", team="CID"), merged(into="2"))
    scene.deliver(unavailable("left", crime="2"))
    scene.deliver(recorded(sam(), crime="2", safeguarding=("domestic_abuse",)))
    asked = [each for each in scene.neighbours.tasks if each["person_id"] == "alex"]
    of_the_other = [each for each in asked if each["crime_reference"] == "2"]

    assert [(each["for_officer"], each["for_team"]) for each in of_the_other] == [("", "CID")]


def test_a_crime_is_recorded_once(scene: Scene) -> None:
    """A second recording of a crime under another id is the crime system repeating itself."""
    scene.deliver(recorded())
    scene.deliver(recorded())

    assert len(scene.messages) == 1
    assert len(scene.rows()["entry"]) == 1


def test_an_older_fact_that_comes_late_does_not_undo_a_newer_one(scene: Scene) -> None:
    """At least once means sometimes late: the officer is who was named last, and closed stays."""
    scene.deliver(recorded())
    new, old = NOON + timedelta(hours=2), NOON + timedelta(hours=1)
    scene.advance(hours=3)
    scene.deliver(
        enveloped(allocated(at=new), time=new),
        enveloped(closed(at=new), time=new),
    )
    scene.deliver(
        enveloped(allocated(officer=Officer("PC Early", "1"), at=old), time=old),
        enveloped(charged(at=old), time=old),
    )
    page = timeline(scene, scene.session())

    assert page["crime"]["officer_in_charge"] == "PC Okafor, 4271"
    assert page["crime"]["status"] == "closed"
    assert "PC Early" in page["timeline"][1]["text"]


def test_a_crime_that_is_not_invited_is_never_told(scene: Scene) -> None:
    """An excluded crime is kept, so that its victim may be told should that change."""
    scene.deliver(recorded(safeguarding=("domestic_abuse",)))
    scene.deliver(deployed())
    scene.advance(days=40)

    assert scene.messages == []
    assert scene.neighbours.tasks == []


@pytest.mark.parametrize("roles", [("reporter", "victim"), ("victim", "reporter")])
def test_who_reported_what_happened_to_them_is_its_victim(
    scene: Scene, roles: tuple[Role, Role]
) -> None:
    """They stand in it twice, in any order, and are invited once."""
    scene.deliver(recorded(*(alex(role=role) for role in roles)))

    assert len(scene.messages) == 1


def test_a_crime_of_before_the_portal_stays_silent(scene: Scene) -> None:
    """A victim who was never invited gets no message."""
    scene.deliver(recorded(recorded_at=NOON - timedelta(days=60)))
    scene.deliver(deployed())

    assert scene.messages == []


def test_a_registered_victim_of_another_crime_is_not_invited_again(scene: Scene) -> None:
    """A victim who signed in once is told that there is news, without another link."""
    scene.deliver(recorded())
    scene.session()
    scene.deliver(recorded(crime="43260000002"))

    assert scene.messages[-1].link == ""
    assert len([each for each in scene.messages if each.link]) == 1


def test_advice_comes_in_phase_2_once(scene_with: SceneWith) -> None:
    """The victim of a bicycle theft gets advice on bicycles once, however long the case takes."""
    scene = scene_with(start=PHASE_2, still_with_us_days=300)
    scene.deliver(recorded(recorded_at=PHASE_2))
    before = len(scene.messages)
    for _ in range(20):
        scene.advance(days=5)

    assert len(scene.messages[before:]) == 1


def test_what_comes_by_itself_names_the_event_that_was_told_last(scene_with: SceneWith) -> None:
    """The gateway's reference joins every message to an event, also where nothing has happened.

    It is the victim's own: what another victim of the crime was told since is not named to them.
    """
    scene = scene_with(start=PHASE_2, still_with_us_days=10)
    told, others = enveloped(deployed(at=PHASE_2)), enveloped(appointment(person_id="sam"))
    invited = enveloped(recorded(alex(), sam(), recorded_at=PHASE_2))
    scene.deliver(invited)
    scene.advance(days=3)
    scene.deliver(told)
    scene.advance(days=3)
    scene.deliver(others)
    scene.advance(days=8)
    scene.advance(hours=1)
    named = [each.body["reference"] for each in scene.messages if each.to == MOBILE]

    assert named == [invited["id"], invited["id"], told["id"], told["id"]]


def test_still_with_us_is_told_as_often_as_was_agreed(scene_with: SceneWith) -> None:
    """While a case is open its victim is told at the agreed frequency, from the last news."""
    scene = scene_with(start=PHASE_2)
    victim = alex(update_frequency_days=10)
    scene.deliver(recorded(victim, offence_subgroup="Public order offences", recorded_at=PHASE_2))
    before = len(scene.messages)
    scene.advance(days=9)
    scene.deliver(deployed(at=scene.now))
    scene.advance(days=9)

    assert len(scene.messages) == before + 1

    scene.advance(days=1)
    scene.advance(hours=1)

    assert len(scene.messages) == before + 2


@pytest.mark.parametrize("end", [closed(), charged()])
def test_nobody_is_told_still_with_us_when_it_is_not(scene_with: SceneWith, end: AnyEvent) -> None:
    """What waited to be sent is not sent once the case is closed, or is with the court."""
    scene = scene_with(start=PHASE_2)
    scene.deliver(recorded(offence_subgroup="Public order offences", recorded_at=PHASE_2))
    before = len(scene.messages)
    scene.advance(days=28)
    ended = enveloped(end)
    scene.deliver(ended)
    scene.advance(days=90)

    assert [each.body["reference"] for each in scene.messages[before:]] == [ended["id"]]


def test_a_team_stands_where_no_officer_is_named(scene: Scene) -> None:
    """When an officer hands a case to a team, the officer is no longer shown."""
    scene.deliver(recorded())
    scene.deliver(allocated())
    scene.deliver(
        CrimeAllocated(crime_reference=CRIME, allocated_at=scene.now, team="Burglary Team")
    )
    page = timeline(scene, scene.session())

    assert page["crime"]["officer_in_charge"] == ""
    assert "Burglary Team" in page["timeline"][-1]["text"]


def test_changed_details_are_shown_to_nobody(scene: Scene) -> None:
    """That a number was put right is no step of the case."""
    scene.deliver(recorded())
    scene.deliver(details(alex(email=EMAIL)))

    assert len(scene.rows()["entry"]) == 1
