"""Crimes that become another, go on elsewhere or never were: access follows, nobody is misled."""

from datetime import time, timedelta

import pytest

from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    NOON,
    PHASE_3,
    alex,
    allocated,
    cancelled,
    closed,
    contacted,
    deployed,
    details,
    enveloped,
    milestone,
    reclassified,
    recorded,
    reopened,
    replied,
    transferred,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.neighbours import GATEWAY
from tests.reference.portal.reading import News, kinds, opened, status_of_page, tasks
from tests.reference.portal.scene import Scene, SceneWith

OTHER = "43260000002"
HOUR = timedelta(hours=1)


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


def test_reclassified_out_the_victim_is_shut_out_and_told_in_person(scene: Scene) -> None:
    """Page, session and waiting news of what is not in the portal end; a person says it."""
    scene.deliver(recorded())
    session = scene.session()
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(deployed())
    scene.neighbours.answers[GATEWAY] = 201
    news = News(scene)
    scene.deliver(reclassified())
    scene.deliver(deployed())
    scene.advance(days=3)
    [task] = tasks(scene, "sensitive_contact")

    assert news.messages == []
    assert scene.api("GET", "/crimes", session=session).status == 401
    assert scene.prove(scene.begin(MOBILE)).status == 403
    assert task["person_id"] == "alex"


def test_reclassified_out_leaves_the_other_crimes_open(scene: Scene) -> None:
    """Who has another crime in the portal stays signed in, and sees that one alone."""
    scene.deliver(recorded(), recorded(crime=OTHER))
    session = scene.session()
    scene.deliver(reclassified())

    assert status_of_page(scene, session) == 404
    assert kinds(scene, session, OTHER) == ["CrimeRecorded"]


def test_a_safeguarding_marker_shuts_out_too(scene: Scene) -> None:
    """The same offence with a marker that the order excludes is not in the portal any more."""
    scene.deliver(recorded())
    links = [each.link for each in scene.messages]
    scene.deliver(reclassified(subgroup="Bicycle theft", safeguarding=("domestic_abuse",)))

    assert [scene.open_invitation(link).status for link in links] == [410]
    assert scene.prove(scene.begin(MOBILE)).status == 403


def test_reclassified_in_the_victim_is_invited_and_reads_all_of_it(scene: Scene) -> None:
    """Access follows eligibility, and what was before is not hidden."""
    scene.deliver(recorded(offence_subgroup="Residential burglary"), deployed(), allocated())

    assert scene.messages == []

    scene.deliver(reclassified(subgroup="Bicycle theft", at=NOON + HOUR))
    session = scene.session()

    assert [bool(each.link) for each in scene.messages] == [True, False]
    assert kinds(scene, session) == [
        "CrimeRecorded",
        "OfficerDeployed",
        "CrimeAllocated",
        "CrimeReclassified",
    ]
    assert tasks(scene, "sensitive_contact") == []


def test_who_was_out_before_their_invitation_went_is_invited_when_in(scene_with: SceneWith) -> None:
    """An invitation that waited for the morning and was taken back was none."""
    night = NOON + timedelta(hours=11)
    scene = scene_with(start=night, quiet_from=time(21), quiet_until=time(8))
    scene.deliver(recorded(recorded_at=night))
    scene.deliver(reclassified(at=night))
    scene.advance(hours=12)

    assert scene.messages == []

    scene.deliver(reclassified(subgroup="Bicycle theft", at=night + HOUR))

    assert [bool(each.link) for each in scene.messages] == [True]


def test_who_is_invited_to_another_crime_meanwhile_is_invited_to_that_which_comes_back(
    scene_with: SceneWith,
) -> None:
    """The invitation that waited for the morning goes for the other crime, and its own has one."""
    night = NOON + timedelta(hours=11)
    scene = scene_with(start=night, quiet_from=time(21), quiet_until=time(8))
    scene.deliver(recorded(recorded_at=night), recorded(crime=OTHER, recorded_at=night))
    scene.deliver(reclassified(at=night + HOUR))
    scene.advance(hours=12)

    assert [bool(each.link) for each in scene.messages] == [True]

    scene.deliver(reclassified(subgroup="Bicycle theft", at=night + 2 * HOUR))

    assert [bool(each.link) for each in scene.messages] == [True, True]


def test_an_older_reclassification_that_comes_late_undoes_nothing(scene: Scene) -> None:
    """What the crime is now is what was written last: a late delivery lets nobody in or out."""
    scene.deliver(recorded())
    session = scene.session()
    scene.deliver(reclassified(subgroup="Public order offences", at=NOON + 2 * HOUR))
    scene.deliver(reclassified(at=NOON + HOUR))

    assert opened(scene, session)["crime"]["offence"] == "Public order offences, reclassified"
    assert tasks(scene, "sensitive_contact") == []


def test_cancelled_nothing_is_said_but_by_a_person(scene: Scene) -> None:
    """No message, no page, no session; an officer has a task with the deadline of the Code."""
    scene.deliver(recorded(alex(enhanced_rights=True)))
    session, news = scene.session(), News(scene)
    scene.deliver(cancelled(), deployed(), closed())
    scene.advance(days=60)
    [task] = tasks(scene, "sensitive_contact")

    assert news.messages == []
    assert scene.api("GET", "/crimes", session=session).status == 401
    assert task["due_at"] == "2026-06-04T23:00:00Z"  # the end of Thursday in London


def test_cancelled_before_anybody_was_invited_is_no_task(scene: Scene) -> None:
    """Who never heard of the portal has nothing of it to be told."""
    scene.deliver(recorded(offence_subgroup="Rape"), cancelled())

    assert scene.neighbours.tasks == []


def test_cancelled_and_reopened_the_page_is_back_with_all_of_it(scene: Scene) -> None:
    """A record that was cancelled by mistake loses nothing of what came meanwhile."""
    scene.deliver(recorded(), cancelled(at=NOON + HOUR))
    scene.deliver(deployed(at=NOON + 2 * HOUR))
    news = News(scene)
    scene.deliver(reopened(at=NOON + 3 * HOUR))
    session = scene.session(address=MOBILE)

    assert kinds(scene, session) == ["CrimeRecorded", "OfficerDeployed", "CrimeReopened"]
    assert news.messages[0].to == MOBILE


def test_transferred_is_told_once_and_then_nothing(scene_with: SceneWith) -> None:
    """The victim is told that another force has it, may read it, and gets no more news here."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3))
    session, news = scene.session(), News(scene)
    scene.deliver(transferred(at=PHASE_3 + HOUR))
    scene.advance(hours=2)

    assert news.to == [MOBILE]

    scene.deliver(deployed(at=PHASE_3 + 2 * HOUR), closed(at=PHASE_3 + 3 * HOUR), replied())
    scene.deliver(details(alex(email="alex@mail.example")))
    scene.advance(days=60)
    page = opened(scene, session := scene.session(address=MOBILE))

    assert news.to == [MOBILE, MOBILE]  # the update, and now the code
    assert page["crime"]["status"] == "transferred"
    assert "Wessex Constabulary" in page["timeline"][1]["text"]
    question = {"text": "Hello?"}
    assert scene.api("POST", f"/crimes/{CRIME}/questions", question, session=session).status == 409


def test_bail_that_comes_after_a_transfer_is_told_in_person(scene_with: SceneWith) -> None:
    """With enhanced rights an officer tells it first, whoever has the crime: no page shows it."""
    scene = scene_with(start=PHASE_3, sensitive_if_enhanced=["suspect_on_bail"])
    scene.deliver(recorded(alex(enhanced_rights=True), recorded_at=PHASE_3))
    session = scene.session()
    scene.deliver(transferred(at=PHASE_3 + HOUR), milestone("suspect_on_bail", at=PHASE_3))

    assert kinds(scene, session) == ["CrimeRecorded", "CrimeTransferred"]
    assert len(tasks(scene, "sensitive_contact")) == 1

    scene.deliver(contacted(at=PHASE_3 + 2 * HOUR))

    assert "MilestoneReached" in kinds(scene, session)


def test_mended_details_do_not_invite_to_what_another_force_has(scene: Scene) -> None:
    """Nothing more is sent of a crime that was transferred, not even an invitation."""
    scene.deliver(recorded(alex(mobile_phone="N/A")), transferred())
    scene.deliver(details(alex()))

    assert scene.messages == []


def test_reopened_is_told_and_news_goes_on(scene: Scene) -> None:
    """A case that was reopened is open, and its victim is told."""
    scene.deliver(recorded(), closed(at=NOON + HOUR))
    session, news = scene.session(), News(scene)
    scene.deliver(reopened(at=NOON + 2 * HOUR))
    scene.deliver(enveloped(deployed(at=NOON + 3 * HOUR)))

    assert news.to == [MOBILE, MOBILE]
    assert opened(scene, session)["crime"]["status"] == "open"
