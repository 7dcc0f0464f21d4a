"""Two records of one person are merged, and taken apart where they were of two people."""

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec import structs

from reference.contract.events import (
    AnyEvent,
    CrimeCancelled,
    CrimeClosed,
    ToldInstead,
    VictimRecord,
)
from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    MOBILE,
    NOON,
    PHASE_3,
    SAMS_MOBILE,
    SAMS_WORD,
    alex,
    deployed,
    details,
    enveloped,
    persons_merged,
    persons_unmerged,
    recorded,
    sam,
)
from tests.reference.portal.neighbours import GATEWAY
from tests.reference.portal.reading import News, status_of_page, tasks
from tests.reference.portal.scene import Scene, SceneWith

OTHER = "43260000002"
HOUR = timedelta(hours=1)
#: A second record of Alex, with another number and word; and a person whose name differs.
SECOND = sam(family_name="Marsh")
DIFFERS = sam()


@pytest.fixture
def scene(scene: Scene) -> Scene:
    """A portal that has a crime of each of two records with one name and date of birth."""
    scene.deliver(recorded(), recorded(SECOND, crime=OTHER))
    return scene


def later(event: AnyEvent, hours: int = 1) -> dict[str, Any]:
    """Record an event that many hours after noon."""
    return enveloped(event, time=NOON + hours * HOUR)


def listed(scene: Scene, session: str) -> list[str]:
    """List the crimes that a victim sees."""
    found = scene.api("GET", "/crimes", session=session).json["crimes"]
    return sorted(each["crime_reference"] for each in found)


def sams_session(scene: Scene) -> str:
    """Sign in by the second record."""
    return scene.session(word=SAMS_WORD, address=SAMS_MOBILE)


def test_the_crimes_of_both_are_read_by_the_record_that_survives(scene: Scene) -> None:
    """Nothing is sent, the other record's session ends, and its number signs nobody in."""
    old, news = sams_session(scene), News(scene)
    scene.deliver(persons_merged(at=NOON))
    session = scene.session(address=MOBILE)

    assert [each.to for each in news.messages] == [MOBILE]
    assert listed(scene, session) == [CRIME, OTHER]
    assert status_of_page(scene, session, OTHER) == 200
    assert scene.api("GET", "/crimes", session=old).status == 401
    assert scene.prove(scene.begin(SAMS_MOBILE), SAMS_WORD).status == 403


def test_news_of_either_goes_to_the_record_that_survives(scene: Scene) -> None:
    """So does news that waited when they were merged, and after that record has changed."""
    scene.neighbours.answers[GATEWAY] = 500
    scene.deliver(enveloped(deployed(OTHER), id="waited"))
    scene.deliver(persons_merged())
    news = News(scene)
    scene.neighbours.answers[GATEWAY] = 201
    scene.advance(hours=2)
    scene.deliver(later(details(alex(mobile_phone="07700900789"))))
    scene.deliver(deployed(OTHER, at=NOON + 2 * HOUR))

    assert (news.messages[0].to, news.messages[0].body["reference"]) == (MOBILE, "waited")
    assert {each.to for each in news.messages} == {MOBILE, "07700900789"}


def test_of_a_crime_that_has_both_records_news_is_told_once(scene_with: SceneWith) -> None:
    """The record that survives is told, and reads the page."""
    scene = scene_with()
    scene.deliver(recorded(alex(), SECOND))
    scene.deliver(persons_merged(crime=CRIME))
    news = News(scene)
    scene.deliver(deployed(at=NOON + HOUR))

    assert news.to == [MOBILE]
    assert listed(scene, scene.session(address=MOBILE)) == [CRIME]


@pytest.mark.parametrize("unsafe", ["alex", "sam"])
def test_what_is_unsafe_in_either_is_told_by_neither(scene: Scene, unsafe: str) -> None:
    """Whether the flag came before the merger, or comes after it."""
    records = {"alex": alex(safe_to_contact=False), "sam": alex("sam", safe_to_contact=False)}
    scene.deliver(details(records[unsafe], crime=CRIME if unsafe == "alex" else OTHER))
    scene.deliver(persons_merged())
    news = News(scene)
    scene.deliver(deployed(at=NOON + HOUR), deployed(OTHER, at=NOON + HOUR))

    assert news.to == []
    assert len(tasks(scene, "sensitive_contact")) > 0


def test_stop_in_either_holds_for_both(scene: Scene) -> None:
    """A channel that the second record ended has ended, and is not opened by the merger."""
    session = sams_session(scene)
    scene.api("PUT", "/contact", {"channels": []}, session=session)
    scene.deliver(persons_merged())
    news = News(scene)
    scene.deliver(deployed(at=NOON + HOUR), deployed(OTHER, at=NOON + HOUR))

    assert news.to == []


@pytest.mark.parametrize("differs", [DIFFERS, sam(family_name="Marsh", born=date(1999, 1, 1))])
def test_records_that_differ_wait_for_the_force(
    scene_with: SceneWith, differs: VictimRecord
) -> None:
    """Until it writes the surviving record down again each is told by their own details."""
    scene = scene_with()
    scene.deliver(recorded(), recorded(differs, crime=OTHER), persons_merged())
    news = News(scene)
    scene.deliver(deployed(OTHER, at=NOON + HOUR))

    assert news.to == [SAMS_MOBILE]
    assert [each["person_id"] for each in tasks(scene, "same_person_check")] == ["sam"]
    assert listed(scene, scene.session(address=MOBILE)) == [CRIME]
    assert listed(scene, sams_session(scene)) == [OTHER]

    scene.deliver(later(details(alex())))
    news = News(scene)
    scene.deliver(deployed(OTHER, at=NOON + 2 * HOUR))

    assert news.to == [MOBILE]
    assert listed(scene, scene.session(address=MOBILE)) == [CRIME, OTHER]


def test_taken_back_each_reads_their_own_crimes_alone(scene: Scene) -> None:
    """Sessions end; the other is told by their own details; the force looks into what was sent."""
    scene.deliver(persons_merged())
    session = scene.session(address=MOBILE)
    scene.deliver(deployed(OTHER, at=NOON + HOUR))
    news = News(scene)
    scene.deliver(later(persons_unmerged()))

    assert scene.api("GET", "/crimes", session=session).status == 401
    assert news.to == [SAMS_MOBILE]
    assert news.messages[0].link
    assert [each["crime_reference"] for each in tasks(scene, "breach")] == [OTHER]

    news = News(scene)
    scene.deliver(deployed(OTHER, at=NOON + 2 * HOUR))

    assert news.to == [SAMS_MOBILE]
    assert listed(scene, scene.session(address=MOBILE)) == [CRIME]
    assert listed(scene, sams_session(scene)) == [OTHER]


def test_taken_back_in_time_nobody_was_told_of_another(scene: Scene) -> None:
    """No breach, and a registered victim is not invited again."""
    sams_session(scene)
    scene.deliver(persons_merged())
    news = News(scene)
    scene.deliver(later(persons_unmerged()))

    assert news.to == []
    assert tasks(scene, "breach") == []


def test_a_merger_that_comes_after_it_was_taken_back_changes_nothing(scene: Scene) -> None:
    """Events may overtake each other: the newer fact stands."""
    late = enveloped(persons_merged())
    scene.deliver(later(persons_unmerged()), late)

    assert listed(scene, scene.session(address=MOBILE)) == [CRIME]
    assert listed(scene, sams_session(scene)) == [OTHER]


def test_a_link_of_the_merged_record_leads_to_the_one_that_survives(scene: Scene) -> None:
    """Sent before the merger it opens nothing."""
    token = next(each.link for each in scene.messages if each.to == SAMS_MOBILE)
    scene.deliver(persons_merged())

    assert scene.open_invitation(token).status == 410


def test_the_record_that_survives_may_come_last(scene_with: SceneWith) -> None:
    """The merger waits until both are known."""
    scene = scene_with()
    scene.deliver(recorded(SECOND, crime=OTHER), persons_merged(), recorded())

    assert listed(scene, scene.session(address=MOBILE)) == [CRIME, OTHER]


def test_retention_keeps_the_record_by_which_a_person_signs_in(scene: Scene) -> None:
    """Its own crime ended long ago and is gone; that of the merged record is still open."""
    scene.deliver(persons_merged())
    scene.deliver(later(CrimeClosed(crime_reference=CRIME, outcome=18, closed_at=NOON + HOUR)))
    scene.advance(days=400)

    assert [each[0] for each in scene.rows()["crime"]] == [OTHER]
    assert listed(scene, scene.session(address=MOBILE)) == [OTHER]


def test_a_new_crime_of_the_survivor_is_no_look_at_two_records(scene_with: SceneWith) -> None:
    """A merger of records that differ stays held: only new details say that the force looked."""
    scene = scene_with()
    scene.deliver(recorded(), recorded(DIFFERS, crime=OTHER), persons_merged())
    scene.deliver(later(recorded(crime="43260000003")))
    news = News(scene)
    scene.deliver(deployed(OTHER, at=NOON + 2 * HOUR))

    assert news.to == [SAMS_MOBILE]


def test_choices_are_given_back(scene: Scene) -> None:
    """STOP in the second record holds while they are one, and after; texts to the first go on."""
    session = sams_session(scene)
    scene.api("PUT", "/contact", {"channels": []}, session=session)
    scene.deliver(persons_merged(at=NOON))
    scene.deliver(later(persons_unmerged()))
    news = News(scene)
    scene.deliver(deployed(OTHER, at=NOON + 2 * HOUR))

    assert news.to == []


def test_a_survivor_whose_own_crime_was_cancelled_reads_the_other(scene: Scene) -> None:
    """They sign in by their own details, and the code is sent in the name of the other's force."""
    scene.deliver(persons_merged(at=NOON))
    scene.deliver(later(CrimeCancelled(crime_reference=CRIME, cancelled_at=NOON + HOUR)))

    assert listed(scene, scene.session(address=MOBILE)) == [OTHER]


def test_who_is_told_for_a_survivor_does_not_read_what_the_merged_record_asked(
    scene_with: SceneWith,
) -> None:
    """The victim wrote it for the officer, and not for the person who is told instead of them."""
    scene = scene_with(start=PHASE_3)
    contact = ToldInstead(
        given_name="Priya",
        family_name="Nair",
        mobile_phone=MOBILE,
        preferred_channels=("text",),
        safe_to_contact=True,
        agreed_word_digest=alex().agreed_word_digest,
    )
    told = alex(who_is_told="another", told_instead=contact)
    scene.deliver(recorded(told, recorded_at=PHASE_3), recorded(SECOND, crime=OTHER))
    asked = {"text": "May I tell you alone?"}
    scene.api("POST", f"/crimes/{OTHER}/questions", asked, session=sams_session(scene))
    scene.advance(hours=1)
    scene.deliver(persons_merged(at=scene.now))
    session = scene.session(address=MOBILE)

    assert listed(scene, session) == [CRIME, OTHER]
    read = scene.api("GET", f"/crimes/{OTHER}/conversation", session=session)
    assert read.json["conversation"] == []


def test_what_was_ended_holds_down_a_chain_while_the_force_is_asked(scene_with: SceneWith) -> None:
    """A record that goes by another's details goes by what its new survivor ended, too."""
    scene, third = scene_with(), "43260000003"
    both = alex(email=EMAIL, preferred_channels=("text", "email"))
    scene.deliver(recorded(both), recorded(DIFFERS, crime=OTHER))
    like_sam = structs.replace(DIFFERS, person_id="robin", mobile_phone="07700900555")
    scene.deliver(recorded(like_sam, crime=third))
    scene.api("PUT", "/contact", {"channels": ["email"]}, session=scene.session(address=MOBILE))
    scene.deliver(persons_merged("robin", "sam", third), persons_merged())
    news = News(scene)
    scene.deliver(deployed(third, at=NOON + HOUR))

    assert news.to == []


def test_who_was_merged_themselves_is_written_down_again_by_that_record(
    scene_with: SceneWith,
) -> None:
    """Their survivor then speaks for the record that waited too: unsafe is silence."""
    scene, third = scene_with(), "43260000003"
    like_sam = structs.replace(DIFFERS, person_id="robin", mobile_phone="07700900555")
    unsafe = structs.replace(alex(), safe_to_contact=None)
    scene.deliver(recorded(unsafe), recorded(SECOND, crime=OTHER), recorded(like_sam, crime=third))
    scene.deliver(persons_merged("robin", "sam", third), persons_merged())
    while_held = News(scene)
    scene.deliver(deployed(third, at=NOON + HOUR))
    scene.deliver(later(details(SECOND)))

    assert while_held.to == ["07700900555"]

    joined = News(scene)
    scene.deliver(enveloped(deployed(third, at=NOON + 2 * HOUR), time=NOON + 2 * HOUR))

    assert joined.to == []
