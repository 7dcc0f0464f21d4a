"""Reports that are no crime yet: acknowledged once, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from reference.contract.events import IncidentClosed
from tests.reference.portal.crimes import (
    CRIME,
    EMAIL,
    MOBILE,
    NOON,
    alex,
    allocated,
    enveloped,
    incident,
    recorded,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.reading import News, kinds, summary
from tests.reference.portal.scene import Scene, SceneWith

HOUR = timedelta(hours=1)


@pytest.fixture
def storage(sqlite_storage: Storage) -> Storage:
    """These are rules of the portal and not of its storage: one kind will do."""
    return sqlite_storage


def test_a_report_is_acknowledged_once(scene: Scene) -> None:
    """It says that the police have it, has no link, and comes once for each report."""
    news = News(scene)
    scene.deliver(incident(alex()))
    scene.deliver(incident(alex()))

    assert news.to == sorted([MOBILE]) or news.to == sorted([EMAIL, MOBILE])
    assert all("what we were told is on record" in each.words.lower() for each in news.messages)
    assert not any(each.link for each in news.messages)


@pytest.mark.parametrize(
    "changes", [{"safe_to_contact": False}, {"safe_to_contact": None}, {"who_is_told": "nobody"}]
)
def test_a_person_who_may_not_be_told_gets_nothing(scene: Scene, changes: dict[str, Any]) -> None:
    """What holds for a crime holds for a report."""
    news = News(scene)
    scene.deliver(incident(alex(**changes)))
    scene.deliver(incident(alex("other"), "43260000009", safeguarding=("domestic_abuse",)))

    assert news.messages == []


def test_a_crime_that_is_recorded_from_it_is_announced_as_ever(scene: Scene) -> None:
    """Its victim is invited, and the report is not acknowledged again, however late it comes."""
    scene.deliver(incident(alex()))
    news = News(scene)
    scene.deliver(recorded(), allocated())
    scene.deliver(enveloped(incident(alex()), id="late"))

    assert [bool(each.link) for each in news.messages if each.to == MOBILE] == [True, False]

    session = scene.session(address=MOBILE)

    assert kinds(scene, session) == ["CrimeRecorded", "CrimeAllocated"]


def test_what_comes_before_the_crime_waits_for_it(scene: Scene) -> None:
    """An event of a crime that is not recorded yet shows nothing of the report."""
    scene.deliver(incident(alex()))
    news = News(scene)
    scene.deliver(allocated())

    assert news.messages == []

    scene.deliver(recorded())

    assert kinds(scene, scene.session(address=MOBILE)) == ["CrimeRecorded", "CrimeAllocated"]


def test_a_report_that_becomes_no_crime_has_no_page(scene: Scene) -> None:
    """A victim of another crime does not find it in their list."""
    scene.deliver(recorded(crime="43260000009"), incident(alex()))
    session = scene.session(address=MOBILE)
    news = News(scene)
    scene.deliver(IncidentClosed(crime_reference=CRIME, closed_at=NOON + HOUR))

    assert summary(scene, session) is None
    assert news.messages == []


def test_what_waits_for_the_morning_is_not_told_when_the_crime_is(scene_with: SceneWith) -> None:
    """At night both wait: the invitation says all there is to say."""
    scene = scene_with(start=NOON + 10 * HOUR)
    news = News(scene)
    scene.deliver(incident(alex()), recorded(recorded_at=NOON + 10 * HOUR))
    scene.advance(hours=12)

    assert [bool(each.link) for each in news.messages if each.to == MOBILE] == [True]
