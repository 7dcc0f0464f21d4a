"""Merged crimes: each victim finds the right page, and reads no more than was theirs."""

from datetime import datetime, timedelta

import pytest

from reference.contract.events import AnyEvent, ToldInstead
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    NOON,
    PHASE_2,
    PHASE_3,
    SAMS_MOBILE,
    SAMS_WORD,
    alex,
    allocated,
    appointment,
    cancelled,
    closed,
    deployed,
    details,
    enveloped,
    merged,
    milestone,
    reclassified,
    recorded,
    reopened,
    replied,
    sam,
    unmerged,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.neighbours import GATEWAY
from tests.reference.portal.reading import News, kinds, opened, status_of_page, summary, tasks
from tests.reference.portal.scene import Scene, SceneWith

OTHER, THIRD = "43260000002", "43260000003"
HOUR = timedelta(hours=1)


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


def sams_session(scene: Scene) -> str:
    """Sign in as Sam."""
    return scene.session(word=SAMS_WORD, address=SAMS_MOBILE)


def test_merged_leads_the_victim_to_the_page_it_went_on(scene: Scene) -> None:
    """Both references open the one that goes on, with what stood on the other; nothing is sent."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER))
    scene.deliver(deployed(), appointment())
    session = scene.session(address=MOBILE)
    news = News(scene)
    scene.deliver(merged(at=NOON + HOUR))
    page = opened(scene, session)

    assert page["crime"]["crime_reference"] == OTHER
    assert opened(scene, session, OTHER) == page
    assert kinds(scene, session) == [
        *("CrimeRecorded", "OfficerDeployed", "AppointmentMade", "CrimeMerged")
    ]
    assert summary(scene, session) is None
    assert news.messages == []
    assert scene.page(f"/crimes/{CRIME}", cookies={"session": session}).headers["location"] == (
        f"/crimes/{OTHER}"
    )


def test_that_a_crime_was_recorded_is_read_once_where_both_say_the_same(scene: Scene) -> None:
    """The victim reads it as of when it was first; what is said otherwise of each stays."""
    later = NOON + HOUR
    scene.deliver(recorded(grade=4), recorded(crime=OTHER, grade=4, recorded_at=later))
    scene.deliver(recorded(crime=THIRD, grade=1, recorded_at=later))
    scene.deliver(merged(at=later), merged(THIRD, at=later))
    page = opened(scene, scene.session(address=MOBILE), OTHER)["timeline"]
    begun = [each for each in page if each["kind"] == "CrimeRecorded"]

    assert [datetime.fromisoformat(each["at"]) for each in begun] == [NOON, later]
    assert len({each["text"] for each in begun}) == 2


def test_history_moves_for_its_own_victim_alone(scene_with: SceneWith) -> None:
    """Who was a victim of the other all along never sees what was written of the first."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3), recorded(sam(), crime=OTHER, recorded_at=PHASE_3))
    scene.deliver(deployed(), appointment(), replied())
    scene.deliver(merged(at=PHASE_3 + HOUR))
    session, sams = scene.session(address=MOBILE), sams_session(scene)
    mine, theirs = (
        scene.api("GET", f"/crimes/{OTHER}/conversation", session=each).json["conversation"]
        for each in (session, sams)
    )

    assert kinds(scene, sams, OTHER) == ["CrimeRecorded"]
    assert status_of_page(scene, sams) == 404  # its reference would tell of the merger
    assert [len(mine), len(theirs)] == [1, 0]


def test_what_waited_goes_about_the_crime_it_went_into(scene: Scene) -> None:
    """News that was on its way when the crime was merged still goes, once."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER))
    news = News(scene)
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(deployed())
    scene.deliver(merged(at=NOON + HOUR))
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(hours=2)

    assert news.to == [MOBILE]


@pytest.mark.parametrize("event", [replied(replied_at=PHASE_3), appointment()])
def test_what_comes_by_the_old_reference_arrives(scene_with: SceneWith, event: AnyEvent) -> None:
    """An officer who answers or comes about the old reference reaches the victim and no other."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3), recorded(sam(), crime=OTHER, recorded_at=PHASE_3))
    scene.deliver(merged(at=PHASE_3))
    news = News(scene)
    scene.deliver(event)
    scene.advance(hours=2)

    assert news.to == [MOBILE]

    session = scene.session(address=MOBILE)
    page = scene.page(f"/crimes/{OTHER}", cookies={"session": session}).body.decode()

    assert "We are looking at the cameras." in page or "Oxford police station" in page


def test_what_happened_before_the_merger_is_told_though_it_comes_late(scene: Scene) -> None:
    """An older fact stands on its victim's page; a newer one is about a record."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER), merged(at=NOON + 2 * HOUR))
    session, sams = scene.session(address=MOBILE), sams_session(scene)
    news = News(scene)
    scene.deliver(deployed(at=NOON + HOUR), closed(at=NOON + 3 * HOUR))

    assert kinds(scene, session) == ["CrimeRecorded", "OfficerDeployed", "CrimeMerged"]
    assert kinds(scene, sams, OTHER) == ["CrimeRecorded"]
    assert news.to == [MOBILE]


def test_merged_before_the_other_is_recorded_waits_for_it(scene: Scene) -> None:
    """Until the other crime is known, the victim reads and is told about theirs as before."""
    scene.deliver(recorded(), merged(at=NOON))
    session = scene.session()
    scene.deliver(deployed())

    assert kinds(scene, session) == ["CrimeRecorded", "OfficerDeployed"]

    scene.deliver(recorded(sam(), crime=OTHER))

    assert opened(scene, session)["crime"]["crime_reference"] == OTHER


@pytest.mark.parametrize("is_second_first", [False, True])
def test_a_chain_of_mergers_leads_to_its_end(scene: Scene, *, is_second_first: bool) -> None:
    """Of three crimes that became one every reference leads to it, whichever merged first."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER), recorded(crime=THIRD))
    chain = [merged(into=OTHER, at=NOON + HOUR), merged(OTHER, into=THIRD, at=NOON + 2 * HOUR)]
    scene.deliver(*(reversed(chain) if is_second_first else chain))
    sessions = scene.session(address=MOBILE), sams_session(scene)

    for session, own in zip(sessions, (CRIME, OTHER), strict=True):
        for crime in (own, THIRD):
            assert opened(scene, session, crime)["crime"]["crime_reference"] == THIRD


def test_mergers_in_a_circle_lead_nowhere_else(scene: Scene) -> None:
    """A crime that is part of itself, or of its own part, stays where it is."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER))
    scene.deliver(merged(into=CRIME), merged(into=OTHER), merged(OTHER, into=CRIME, at=NOON + HOUR))
    session = scene.session(address=MOBILE)

    assert opened(scene, session)["crime"]["crime_reference"] == OTHER
    assert opened(scene, session, OTHER)["crime"]["status"] == "open"


def test_the_victim_of_both_loses_nothing_and_hears_once(scene_with: SceneWith) -> None:
    """Both histories stand on one page, with what was written about either."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3), recorded(crime=OTHER, recorded_at=PHASE_3))
    session = scene.session()
    scene.api("POST", f"/crimes/{CRIME}/questions", {"text": "Any news?"}, session=session)
    scene.deliver(replied(replied_at=PHASE_3 + HOUR), deployed(at=PHASE_3))
    scene.deliver(merged(at=PHASE_3 + HOUR))
    news = News(scene)
    scene.deliver(milestone(crime=OTHER, at=PHASE_3 + 2 * HOUR))
    scene.advance(hours=2)

    assert news.to == [MOBILE]

    session = scene.session(address=MOBILE)
    posts = scene.api("GET", f"/crimes/{CRIME}/conversation", session=session).json["conversation"]

    assert [each["author"] for each in posts] == ["victim", "officer"]
    assert "OfficerDeployed" in kinds(scene, session, OTHER)


def test_merged_into_one_that_is_not_in_the_portal_a_person_says_so(scene: Scene) -> None:
    """The victim who was invited loses the page: nobody may find that out by a dead link."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER, offence_subgroup="Rape"))
    session = scene.session()
    scene.deliver(merged())

    assert scene.api("GET", "/crimes", session=session).status == 401
    assert [each["person_id"] for each in tasks(scene, "sensitive_contact")] == ["alex"]


def test_a_marker_that_comes_after_the_merger_is_about_the_person(scene: Scene) -> None:
    """It was recorded of the crime before it was merged: no page of its victim opens any more."""
    scene.deliver(recorded(), recorded(alex(), crime=OTHER), merged(at=NOON + HOUR))
    session = scene.session()
    marked = reclassified(subgroup="Bicycle theft", safeguarding=("domestic_abuse",))
    scene.deliver(marked)

    assert scene.api("GET", "/crimes", session=session).status == 401


def test_their_own_words_stay_where_a_merged_crime_leaves_the_portal(
    scene_with: SceneWith,
) -> None:
    """What the officer wrote about it does not: nobody may be told of that offence."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3), recorded(sam(), crime=OTHER, recorded_at=PHASE_3))
    session = scene.session(address=MOBILE)
    scene.api("POST", f"/crimes/{CRIME}/questions", {"text": "Any news?"}, session=session)
    scene.deliver(replied(replied_at=PHASE_3), merged(at=PHASE_3 + HOUR))
    scene.deliver(reclassified(at=PHASE_3))
    posts = scene.api("GET", f"/crimes/{OTHER}/conversation", session=session).json["conversation"]

    assert [each["text"] for each in posts] == ["Any news?"]


def test_merged_into_one_in_the_portal_invites_who_was_not(scene: Scene) -> None:
    """What goes on as an offence of the portal is told to its victims."""
    scene.deliver(recorded(offence_subgroup="Rape"), recorded(sam(), crime=OTHER))
    news = News(scene)
    scene.deliver(merged())

    assert news.to == [MOBILE]
    assert news.messages[0].link


def test_still_with_us_goes_on_after_a_merger(scene_with: SceneWith) -> None:
    """What comes by itself while nothing happens comes about the crime that goes on."""
    scene = scene_with(start=PHASE_3, advice_for={})
    scene.deliver(recorded(recorded_at=PHASE_3), recorded(sam(), crime=OTHER, recorded_at=PHASE_3))
    scene.deliver(merged(at=PHASE_3))
    news = News(scene)
    scene.advance(days=28)
    scene.advance(hours=2)

    assert news.to == sorted([MOBILE, SAMS_MOBILE])


def test_merged_then_cancelled_as_a_double_stays_merged(scene: Scene) -> None:
    """Forces cancel the record that was recorded twice: its victim is still led on."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER), merged(at=NOON + HOUR))
    session = scene.session(address=MOBILE)
    scene.deliver(cancelled(at=NOON + 2 * HOUR))

    assert opened(scene, session)["crime"]["crime_reference"] == OTHER
    assert tasks(scene, "sensitive_contact") == []


def test_a_merger_that_is_undone_gives_the_page_back(scene: Scene) -> None:
    """Reopened under its own reference, that reference is the crime's own again."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER), merged(at=NOON + HOUR))
    session = scene.session(address=MOBILE)
    scene.deliver(reopened(at=NOON + 2 * HOUR))

    assert opened(scene, session)["crime"]["crime_reference"] == CRIME


def test_what_was_not_told_of_a_merged_crime_is_not_shown_on_the_other(scene: Scene) -> None:
    """An offence outside the portal stays outside it: its officer is named on no page."""
    scene.deliver(recorded(alex(), crime=CRIME, offence_subgroup="Rape offences"), allocated())
    scene.deliver(recorded(alex(), crime=OTHER), merged(at=NOON + HOUR))
    session = scene.session(address=MOBILE)

    assert kinds(scene, session, OTHER) == ["CrimeRecorded", "CrimeMerged"]


def test_news_of_two_crimes_that_are_one_is_not_told_twice(scene_with: SceneWith) -> None:
    """What waits of each goes once; newer news joins one of the two."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3), recorded(crime=OTHER, recorded_at=PHASE_3))
    before = len(scene.messages)
    scene.deliver(deployed(at=PHASE_3), deployed(OTHER, at=PHASE_3))
    scene.deliver(merged(at=PHASE_3 + HOUR), enveloped(closed(OTHER, at=PHASE_3), id="closure"))
    scene.advance(days=1)
    told = [each.body["reference"] for each in scene.messages[before:] if not each.link]

    assert told.count("closure") == 1


def test_a_merger_taken_back_gives_each_victim_their_own_crime(scene: Scene) -> None:
    """The first sees what was theirs and what came for it meanwhile; nothing of the other."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER), deployed(at=NOON))
    scene.deliver(merged(at=NOON + HOUR), allocated(OTHER, at=NOON + 2 * HOUR))
    scene.deliver(appointment())
    session, sams = scene.session(address=MOBILE), sams_session(scene)
    news = News(scene)
    scene.deliver(unmerged(at=NOON + 3 * HOUR))
    scene.deliver(deployed(OTHER, at=NOON + 4 * HOUR))

    assert news.to == [SAMS_MOBILE]
    assert kinds(scene, session) == [
        *("CrimeRecorded", "OfficerDeployed", "AppointmentMade", "CrimeUnmerged")
    ]
    assert opened(scene, session)["crime"]["crime_reference"] == CRIME
    assert status_of_page(scene, session, OTHER) == 404
    assert kinds(scene, sams, OTHER) == ["CrimeRecorded", "CrimeAllocated", "OfficerDeployed"]
    assert status_of_page(scene, sams) == 404


def test_what_waited_when_a_merger_is_taken_back_is_of_its_own_crime(scene: Scene) -> None:
    """News of the victim's own crime goes; that of the other does not."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER))
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(enveloped(deployed(), id="own"))
    scene.deliver(merged(at=NOON + HOUR))
    scene.deliver(enveloped(deployed(OTHER, at=NOON + HOUR), id="other"))
    scene.deliver(unmerged(at=NOON + 2 * HOUR))
    before = len(scene.messages)
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(hours=2)
    told = sorted((each.to, each.body["reference"]) for each in scene.messages[before:])

    assert (MOBILE, "own") in told
    assert (SAMS_MOBILE, "other") in told
    assert (MOBILE, "other") not in told


def test_a_question_asked_in_a_merger_goes_to_the_officer_of_its_victim(
    scene_with: SceneWith,
) -> None:
    """Once the merger is taken back, the words are stamped on their own crime, with a task."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3), recorded(sam(), crime=OTHER, recorded_at=PHASE_3))
    scene.deliver(allocated(at=PHASE_3), merged(at=PHASE_3 + HOUR))
    session = scene.session(address=MOBILE)
    scene.api("POST", f"/crimes/{OTHER}/questions", {"text": "Any news?"}, session=session)
    scene.advance(minutes=1)
    scene.deliver(unmerged(at=PHASE_3 + 2 * HOUR))
    scene.advance(minutes=1)
    posts = scene.api("GET", f"/crimes/{CRIME}/conversation", session=session).json["conversation"]

    assert [each["text"] for each in posts] == ["Any news?"]
    assert [each["crime_reference"] for each in tasks(scene, "victim_question")] == [OTHER, CRIME]
    assert tasks(scene, "victim_question")[-1]["for_officer"] == "4271"


def test_a_victim_of_both_crimes_keeps_both_when_a_merger_is_taken_back(scene: Scene) -> None:
    """Each page has its own history again; a witness of the other is its witness again."""
    scene.deliver(recorded(alex(), sam(role="witness"), crime=OTHER), recorded(alex(), sam()))
    scene.deliver(deployed(at=NOON), merged(at=NOON + HOUR), unmerged(at=NOON + 2 * HOUR))
    session, sams = scene.session(address=MOBILE), sams_session(scene)

    assert kinds(scene, session) == ["CrimeRecorded", "OfficerDeployed", "CrimeUnmerged"]
    assert kinds(scene, session, OTHER) == ["CrimeRecorded"]
    assert status_of_page(scene, sams) == 200
    assert status_of_page(scene, sams, OTHER) == 404


def test_the_last_of_two_mergers_is_taken_back_first(scene: Scene) -> None:
    """What came by both goes back step by step, to each its own."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER), recorded(sam(), crime=THIRD))
    scene.deliver(deployed(at=NOON), merged(at=NOON + HOUR))
    scene.deliver(merged(OTHER, into=THIRD, at=NOON + 2 * HOUR))
    session = scene.session(address=MOBILE)
    scene.deliver(unmerged(OTHER, at=NOON + 3 * HOUR))

    assert opened(scene, session)["crime"]["crime_reference"] == OTHER
    assert status_of_page(scene, session, THIRD) == 404

    scene.deliver(unmerged(at=NOON + 4 * HOUR))

    assert opened(scene, session)["crime"]["crime_reference"] == CRIME
    assert kinds(scene, session) == ["CrimeRecorded", "OfficerDeployed", "CrimeUnmerged"]
    assert status_of_page(scene, session, OTHER) == 404


def test_a_merger_that_comes_after_it_was_taken_back_changes_nothing(scene: Scene) -> None:
    """Events may overtake each other: the newer fact stands."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER), unmerged(at=NOON + 2 * HOUR))
    scene.deliver(merged(at=NOON + HOUR))
    session = scene.session(address=MOBILE)

    assert opened(scene, session)["crime"]["crime_reference"] == CRIME
    assert status_of_page(scene, session, OTHER) == 404


@pytest.mark.parametrize("is_older", [False, True])
def test_a_victim_by_details_from_before_the_merger_is_invited(
    scene: Scene, *, is_older: bool
) -> None:
    """A witness who came by the merger is a victim, unless details said otherwise since."""
    witness = alex(role="witness")
    scene.deliver(recorded(witness), recorded(sam(), crime=OTHER))
    before, later, now = (NOON + timedelta(minutes=each) for each in (1, 2, 3))
    scene.advance(minutes=5)
    if is_older:
        scene.deliver(enveloped(details(witness), time=later))
    scene.deliver(enveloped(merged(at=now), time=now))
    news = News(scene)
    scene.deliver(enveloped(details(alex()), time=before))

    assert news.to == ([] if is_older else [MOBILE])


def test_a_merger_taken_back_late_leaves_the_last_of_two_as_well(scene: Scene) -> None:
    """It comes when the other was merged in turn: each victim has their own crime alone."""
    scene.deliver(recorded(), recorded(sam(), crime=OTHER), recorded(sam(), crime=THIRD))
    scene.deliver(deployed(at=NOON), merged(at=NOON + HOUR))
    session = scene.session(address=MOBILE)
    scene.deliver(merged(OTHER, into=THIRD, at=NOON + 3 * HOUR))
    scene.deliver(unmerged(at=NOON + 2 * HOUR))

    assert kinds(scene, session) == ["CrimeRecorded", "OfficerDeployed", "CrimeUnmerged"]
    assert status_of_page(scene, session, THIRD) == 404

    scene.deliver(unmerged(OTHER, at=NOON + 4 * HOUR))

    assert status_of_page(scene, session, OTHER) == 404
    assert kinds(scene, sams_session(scene), OTHER) == ["CrimeRecorded", "CrimeUnmerged"]


def test_a_milestone_waits_for_an_officer_though_nobody_is_told_of_what_the_crime_goes_on_as(
    scene_with: SceneWith,
) -> None:
    """That crime becomes one of the portal, and its page says nothing of it before they spoke."""
    scene = scene_with(start=PHASE_2, sensitive_if_enhanced=["suspect_released"])
    told = alex(enhanced_rights=True)
    scene.deliver(recorded(told, recorded_at=PHASE_2))
    reached = milestone("suspect_released", at=PHASE_2)
    scene.deliver(recorded(sam(), crime=OTHER, offence_subgroup="Rape", recorded_at=PHASE_2))
    scene.deliver(merged(at=PHASE_2 + HOUR))
    scene.deliver(reached)
    scene.deliver(reclassified(crime=OTHER, subgroup="Bicycle theft"))
    session = scene.session(address=MOBILE)

    assert "MilestoneReached" not in kinds(scene, session, OTHER)
    assert len(tasks(scene, "sensitive_contact")) > 1


def test_one_invitation_to_two_crimes_is_left_for_the_other_when_one_is_cancelled(
    scene: Scene,
) -> None:
    """News of the other waits beside it, and has no link."""
    first, next_one = (
        alex(
            kind="organisation",
            who_is_told="another",
            told_instead=ToldInstead(
                given_name=name,
                family_name="Marsh",
                mobile_phone=phone,
                preferred_channels=("text",),
                safe_to_contact=True,
            ),
        )
        for name, phone in (("Priya", MOBILE), ("Jo", SAMS_MOBILE))
    )
    scene.deliver(recorded(first), recorded(first, crime=OTHER))
    scene.advance(hours=1)
    news = News(scene)
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(details(next_one))
    scene.deliver(deployed(crime=OTHER, at=NOON + HOUR))
    scene.deliver(cancelled())
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(hours=1)

    assert [bool(each.link) for each in news.messages if each.to == SAMS_MOBILE].count(True) == 1
