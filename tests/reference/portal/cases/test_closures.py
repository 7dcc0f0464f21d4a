"""Sensitive closures: not shown or sent anywhere until an officer has told that victim."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reference.operations.office_queries import OverdueClosure, overdue_closures
from reference.portal.timestamps import seconds
from tests.reference.portal.crimes import (
    CRIME,
    MOBILE,
    NOON,
    PHASE_3,
    SAMS_MOBILE,
    SAMS_WORD,
    alex,
    cancelled,
    charged,
    closed,
    contacted,
    deployed,
    details,
    enveloped,
    merged,
    reclassified,
    recorded,
    reopened,
    sam,
)
from tests.reference.portal.databases import Storage
from tests.reference.portal.reading import News, kinds, opened, summary, tasks
from tests.reference.portal.scene import Scene, SceneWith

OTHER = "43260000002"
HOUR = timedelta(hours=1)
SENSITIVE = 5


def overdue(scene: Scene, storage: Storage) -> list[OverdueClosure]:
    """List the closures that no officer has told the victim in time."""
    return scene.run(overdue_closures(storage.open(), seconds(scene.now)))


def everything(scene: Scene, session: str) -> list[bytes]:
    """Read all that a victim can, by API and pages, without the keys that are new on each page."""
    paths = ("/crimes", f"/crimes/{CRIME}/timeline", f"/crimes/{CRIME}/conversation")
    found = [scene.api("GET", path, session=session).body for path in paths]
    cookies = {"session": session, "csrf": "key"}
    for path in ("/crimes", f"/crimes/{CRIME}"):
        page = scene.page(path, cookies=cookies).body
        found.append(b"".join(line for line in page.splitlines() if b'name="key"' not in line))
    return found


def test_a_sensitive_closure_shows_and_sends_nothing(scene_with: SceneWith) -> None:
    """Every page and answer is the same byte for byte, and no message goes, however long it is."""
    scene = scene_with(start=PHASE_3)
    scene.deliver(recorded(recorded_at=PHASE_3 - HOUR), deployed(at=PHASE_3))
    scene.advance(hours=2)
    session, news = scene.session(address=MOBILE), News(scene)
    before = everything(scene, session)
    scene.deliver(closed(outcome=SENSITIVE, at=PHASE_3 + HOUR))
    scene.advance(minutes=5)

    assert everything(scene, session) == before
    assert summary(scene, session) == {**(summary(scene, session) or {}), "status": "open"}

    scene.advance(days=40)

    assert news.messages == []


def test_it_is_told_once_a_person_has(scene: Scene) -> None:
    """With the officer's word the page shows it, the list says so, and the update goes."""
    scene.deliver(recorded())
    scene.deliver(closed(outcome=SENSITIVE, at=NOON + HOUR))
    scene.advance(hours=3)
    session, news = scene.session(address=MOBILE), News(scene)
    known = summary(scene, session)
    scene.advance(minutes=5)
    scene.deliver(contacted(at=NOON + 2 * HOUR))
    told = opened(scene, session)

    assert news.to == [MOBILE]
    assert told["timeline"][-1]["kind"] == "CrimeClosed"
    assert told["timeline"][-1]["at"] == "2026-06-03T12:00:00Z"
    assert told["crime"]["status"] == "closed"
    assert known is not None
    assert told["crime"]["updated_at"] > known["updated_at"]


def test_two_victims_are_told_apart(scene: Scene) -> None:
    """One has been spoken to and the other not: the other's page and list show no trace."""
    scene.deliver(recorded(alex(), sam()))
    sams = scene.session(word=SAMS_WORD, address=SAMS_MOBILE)
    before = everything(scene, sams)
    news = News(scene)
    scene.advance(minutes=5)
    scene.deliver(closed(outcome=SENSITIVE, at=NOON))
    scene.deliver(contacted(person_id="alex", at=NOON + HOUR))

    assert news.to == [MOBILE]
    assert everything(scene, sams) == before
    assert "CrimeClosed" in kinds(scene, scene.session(address=MOBILE))

    scene.deliver(contacted(person_id="sam", at=NOON + HOUR))

    assert kinds(scene, sams)[-1] == "CrimeClosed"


def test_spoken_to_before_the_closure_came_needs_no_second_call(scene: Scene) -> None:
    """The officer rang, and then closed the case: the victim reads it at once."""
    scene.deliver(recorded())
    session, news = scene.session(), News(scene)
    scene.deliver(contacted(at=NOON + 2 * HOUR))
    scene.deliver(closed(outcome=SENSITIVE, at=NOON + HOUR))

    assert news.to == [MOBILE]
    assert kinds(scene, session)[-1] == "CrimeClosed"
    assert tasks(scene, "sensitive_contact") == []


def test_a_call_of_before_the_closure_does_not_count(scene: Scene) -> None:
    """That an officer rang last week is no word of how the case ended."""
    scene.deliver(recorded())
    session = scene.session()
    scene.deliver(closed(outcome=SENSITIVE, at=NOON + 2 * HOUR))
    scene.deliver(contacted(at=NOON + HOUR))

    assert kinds(scene, session) == ["CrimeRecorded"]


def test_an_older_call_that_comes_late_undoes_no_newer_one(scene: Scene) -> None:
    """Two calls, written down the wrong way round: the newer counts."""
    scene.deliver(recorded(), contacted(at=NOON + 3 * HOUR), contacted(at=NOON + HOUR))
    session = scene.session()
    scene.deliver(closed(outcome=SENSITIVE, at=NOON + 2 * HOUR))

    assert kinds(scene, session)[-1] == "CrimeClosed"


def test_reopened_meanwhile_it_is_never_told(scene: Scene) -> None:
    """A closure that was undone before anybody said it is no news any more, nor is its undoing."""
    scene.deliver(recorded())
    session = scene.session()
    news = News(scene)
    scene.deliver(closed(outcome=SENSITIVE, at=NOON + HOUR), reopened(at=NOON + 2 * HOUR))
    scene.deliver(contacted(at=NOON + 3 * HOUR))

    assert kinds(scene, session) == ["CrimeRecorded"]
    assert opened(scene, session)["crime"]["status"] == "open"
    assert news.messages == []


def test_what_was_told_before_stays_as_it_was(scene: Scene) -> None:
    """A charge that the victim knows of still stands on their page while the end is held back."""
    scene.deliver(recorded(), charged(at=NOON))
    session = scene.session()
    before = opened(scene, session)
    scene.deliver(closed(outcome=SENSITIVE, at=NOON + HOUR))

    assert opened(scene, session) == before
    assert before["crime"]["status"] == "charged"


@pytest.mark.parametrize("older", [reopened(at=NOON), charged(at=NOON), closed(at=NOON)])
def test_an_older_fact_that_comes_late_gives_nothing_away(scene: Scene, older: Any) -> None:
    """What happened before the closure and arrives after it does not end the waiting."""
    scene.deliver(recorded())
    session = scene.session()
    scene.deliver(closed(outcome=SENSITIVE, at=NOON + HOUR))
    scene.deliver(older)
    page = opened(scene, session)

    kind = type(older).__name__
    stands = {"CrimeReopened": "open", "OutcomeRecorded": "charged", "CrimeClosed": "closed"}
    assert page["crime"]["status"] == stands[kind]
    assert [entry["kind"] for entry in page["timeline"]] == ["CrimeRecorded", kind]


def test_a_closure_that_was_undone_before_it_came_asks_for_nobody(scene: Scene) -> None:
    """Late, after the reopening that undid it, it is neither shown nor held nor a task."""
    scene.deliver(recorded(), reopened(at=NOON + 2 * HOUR))
    scene.deliver(closed(outcome=SENSITIVE, at=NOON + HOUR))
    session = scene.session()

    assert kinds(scene, session) == ["CrimeRecorded", "CrimeReopened"]
    assert tasks(scene, "sensitive_contact") == []
    assert scene.rows()["closure_held"] == []


def test_a_closure_that_came_while_the_crime_was_out_is_held_when_it_is_back(scene: Scene) -> None:
    """Cancelled, closed, and only then known to be reopened before: nobody has spoken to them."""
    scene.deliver(recorded(), cancelled(at=NOON + HOUR))
    scene.deliver(closed(outcome=SENSITIVE, at=NOON + 3 * HOUR), reopened(at=NOON + 2 * HOUR))
    session = scene.session(address=MOBILE)

    assert opened(scene, session)["crime"]["status"] == "open"
    assert kinds(scene, session) == ["CrimeRecorded", "CrimeReopened"]


def test_a_charge_after_it_is_told_as_a_charge(scene: Scene) -> None:
    """A newer decision stands in its place, and is no secret."""
    scene.deliver(recorded(), closed(outcome=SENSITIVE, at=NOON + HOUR))
    session = scene.session()
    scene.deliver(charged(at=NOON + 2 * HOUR))

    assert opened(scene, session)["crime"]["status"] == "charged"


@pytest.mark.parametrize(
    "lets_in", [details(alex()), reclassified(subgroup="Bicycle theft", at=NOON + 2 * HOUR)]
)
def test_who_is_let_in_after_it_does_not_read_it_first(scene: Scene, lets_in: Any) -> None:
    """A victim who was excluded when the case ended has not been spoken to either."""
    if lets_in == details(alex()):
        scene.deliver(enveloped(recorded(alex(safe_to_contact=None)), time=NOON - HOUR))
    else:
        scene.deliver(recorded(offence_subgroup="Rape"))
    scene.deliver(closed(outcome=SENSITIVE, at=NOON + HOUR))
    scene.deliver(lets_in)
    session = scene.session()
    page = opened(scene, session)

    assert page["crime"]["status"] == "open"
    assert "CrimeClosed" not in [entry["kind"] for entry in page["timeline"]]

    scene.deliver(contacted(at=NOON + 3 * HOUR))

    assert "CrimeClosed" in kinds(scene, session)


def test_the_officer_has_until_the_code_says(scene: Scene) -> None:
    """Five working days, one with enhanced rights, counted without weekends and bank holidays."""
    friday = datetime(2026, 8, 28, 11, tzinfo=UTC)  # before the bank holiday of 31 August
    scene.advance(to=friday)
    scene.deliver(recorded(alex(), sam(enhanced_rights=True), recorded_at=friday))
    scene.deliver(closed(outcome=SENSITIVE, at=friday))
    due = {each["person_id"]: each["due_at"] for each in tasks(scene, "sensitive_contact")}

    assert due == {"alex": "2026-09-07T23:00:00Z", "sam": "2026-09-01T23:00:00Z"}


def test_what_is_overdue_can_be_listed(scene: Scene, storage: Storage) -> None:
    """A supervisor finds the victims no officer has spoken to in time, the longest wait first."""
    scene.deliver(recorded(alex(), sam(enhanced_rights=True)))
    scene.deliver(recorded(alex("pat", safe_to_contact=None), crime="4"))
    for crime in (CRIME, "4"):
        scene.deliver(closed(crime, outcome=SENSITIVE, at=NOON))

    assert overdue(scene, storage) == []

    scene.advance(days=8)

    assert [each.person_id for each in overdue(scene, storage)] == ["sam", "alex"]

    scene.deliver(contacted(person_id="sam", at=scene.now))

    assert [each.person_id for each in overdue(scene, storage)] == ["alex"]


def test_charged_stays_charged_where_another_crime_was_merged_in_since(scene: Scene) -> None:
    """The charge is of the crime that goes on, though it happened before the merger."""
    scene.deliver(recorded(alex(enhanced_rights=True)))
    scene.deliver(recorded(alex(enhanced_rights=True), crime=OTHER))
    scene.deliver(merged(OTHER, into=CRIME, at=NOON), charged(at=NOON - 3 * HOUR))
    scene.deliver(closed(outcome=SENSITIVE, at=NOON + HOUR))
    session = scene.session(address=MOBILE)

    assert summary(scene, session) == {**(summary(scene, session) or {}), "status": "charged"}


def test_a_charge_of_the_merged_crime_is_none_of_the_other(scene: Scene) -> None:
    """What was decided of it stays with it, also where it is shown on the page of the other."""
    scene.deliver(recorded(), recorded(crime=OTHER), charged(OTHER, at=NOON - 3 * HOUR))
    scene.deliver(merged(OTHER, into=CRIME, at=NOON))
    scene.deliver(closed(outcome=SENSITIVE, at=NOON + HOUR))
    session = scene.session(address=MOBILE)

    assert "OutcomeRecorded" in kinds(scene, session)
    assert summary(scene, session) == {**(summary(scene, session) or {}), "status": "open"}


def test_an_offence_can_make_every_closure_sensitive(scene_with: SceneWith) -> None:
    """Whatever the outcome, of some offences a person speaks first."""
    scene = scene_with(sensitive_subgroups=["Bicycle theft"])
    scene.deliver(recorded(), closed(outcome=18, at=NOON))

    assert kinds(scene, scene.session()) == ["CrimeRecorded"]


def test_one_closure_asks_once(scene: Scene) -> None:
    """Redelivered, it raises no second task; a second closure is another conversation."""
    whole = enveloped(closed(outcome=SENSITIVE, at=NOON))
    scene.deliver(recorded(), whole)
    scene.deliver(whole)

    assert len(tasks(scene, "sensitive_contact")) == 1

    scene.deliver(closed(outcome=13, at=NOON + HOUR))

    assert len(tasks(scene, "sensitive_contact")) == 2
