"""What stands on a crime's page: plain words, at their own time, for those they concern."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from reference.contract.events import Officer, VictimContacted
from reference.contract.messages import TimelineEntry
from reference.contract.outcomes import CHARGED, OUTCOMES
from tests.reference.portal.crimes import (
    CRIME,
    NOON,
    PHASE_2,
    alex,
    allocated,
    appointment,
    charged,
    closed,
    deployed,
    details,
    milestone,
    recorded,
    sam,
    statement,
)
from tests.reference.portal.scene import Scene, SceneWith


def entries(scene: Scene) -> list[TimelineEntry]:
    """Sign in again and read the crime's page through the API."""
    session = scene.session(address="07700900123")
    found = scene.api("GET", f"/crimes/{CRIME}/timeline", session=session).json["timeline"]
    return msgspec.convert(found, list[TimelineEntry])


def test_entries_stand_at_the_time_things_happened(scene: Scene) -> None:
    """What was recorded late stands where it belongs, not where it arrived."""
    scene.deliver(recorded(recorded_at=NOON - timedelta(hours=5)))
    scene.deliver(allocated(at=NOON - timedelta(hours=1)))
    scene.deliver(deployed(at=NOON - timedelta(hours=2)))

    assert [(entry.kind, entry.at) for entry in entries(scene)] == [
        ("CrimeRecorded", NOON - timedelta(hours=5)),
        ("OfficerDeployed", NOON - timedelta(hours=2)),
        ("CrimeAllocated", NOON - timedelta(hours=1)),
    ]


def test_an_appointment_is_said_in_london_time_and_shown_when_it_was_made(scene: Scene) -> None:
    """The page says when the officer comes, as the clock on the victim's wall has it."""
    scene.deliver(recorded())
    scene.deliver(appointment(starts_at=datetime(2026, 6, 5, 13, 15, tzinfo=UTC)))
    made = entries(scene)[-1]

    assert "5 June 2026 at 2:15pm" in made.text
    assert "Oxford police station" in made.text
    assert made.at == scene.now


def test_what_the_crime_system_left_blank_is_said_kindly(scene: Scene) -> None:
    """An officer without a number, or no place, leaves no hole in a sentence."""
    scene.deliver(recorded())
    scene.deliver(allocated(officer=Officer("", "")), appointment(place=""))

    assert all(entry.title and "  " not in entry.text for entry in entries(scene))
    assert "()" not in entries(scene)[-1].text


@pytest.mark.parametrize("outcome", [each for each in OUTCOMES if each != CHARGED])
def test_every_closure_can_be_read(scene: Scene, outcome: int) -> None:
    """Whatever the outcome, its victim reads that the case is closed, in words and not a code."""
    scene.deliver(recorded())
    scene.deliver(closed(outcome=outcome, decided_by="police", interviewed_under_caution=True))
    # What a person says first is there once they have.
    scene.deliver(VictimContacted(crime_reference=CRIME, person_id="alex", contacted_at=NOON))
    shown = entries(scene)[-1]

    assert "closed" in shown.title.casefold()
    assert not any(each.isdigit() for each in shown.title)


def test_a_charge_never_reads_as_an_end(scene: Scene) -> None:
    """The case is live with the court."""
    scene.deliver(recorded())
    scene.deliver(charged())

    assert "closed" not in f"{entries(scene)[-1].title} {entries(scene)[-1].text}".casefold()


def test_review_is_offered_where_it_may_be_and_nowhere_else(scene: Scene) -> None:
    """The police review a police decision about someone interviewed, the CPS its own."""
    crime: dict[str, Any] = {"outcome": 15, "interviewed_under_caution": True}
    scene.deliver(recorded(), recorded(crime="4"))
    scene.deliver(closed(decided_by="police", **crime), closed("4", decided_by="CPS", **crime))
    session = scene.session()
    ours, theirs = (
        scene.api("GET", f"/crimes/{each}/timeline", session=session).json["timeline"][-1]["text"]
        for each in (CRIME, "4")
    )

    assert "You have the right to ask us to look again" in ours
    assert "You can ask the Crown Prosecution Service for its reasons, and to review" in theirs
    assert "ask us" not in theirs


def test_nothing_of_a_victim_stands_on_a_page_that_others_share(scene: Scene) -> None:
    """Names, numbers and addresses of one victim are not for the other."""
    scene.deliver(recorded(alex(), alex("sam", mobile_phone="07700900456", family_name="Reed")))
    scene.deliver(details(alex("sam", mobile_phone="07700900789", family_name="Reed")))
    shown = repr(entries(scene))

    assert not any(each in shown for each in ("Reed", "07700900456", "07700900789", "sam"))


def test_a_person_who_is_invited_anew_reads_the_same_advice_once(
    scene_with: Callable[..., Scene],
) -> None:
    """The address was a stranger's: at the right one they are told again of what stands there."""
    scene = scene_with(start=PHASE_2)
    scene.deliver(recorded(alex(mobile_phone="07700900555"), recorded_at=PHASE_2))
    scene.advance(days=3)
    scene.deliver(details(alex()))
    scene.advance(days=3)

    assert [each.kind for each in entries(scene)].count("advice") == 1
    assert [each.to for each in scene.messages].count("07700900123") >= 2


def test_a_crime_that_nobody_ever_had_ends_without_a_claim_of_work(scene: Scene) -> None:
    """Where an officer or a team had it, the lines of enquiry were followed."""
    scene.deliver(recorded(), closed(outcome=18))

    assert "nothing that we could follow up" in entries(scene)[-1].text

    scene.deliver(recorded(crime="43260000099"), allocated("43260000099"))
    scene.deliver(closed("43260000099", outcome=18))
    session = scene.session(address="07700900123")
    path = "/crimes/43260000099/timeline"
    shown = scene.api("GET", path, session=session).json["timeline"]

    assert "We have followed up what we could" in shown[-1]["text"]


@pytest.mark.parametrize(
    ("body", "contact", "said"),
    [
        ("Marlow Harbour Authority", "01632 960321", "Marlow Harbour Authority now deals with"),
        ("", "", "Another organisation now deals with this"),
    ],
)
def test_the_body_that_takes_over_is_named(
    scene: Scene, body: str, contact: str, said: str
) -> None:
    """With how to reach it, or who can say where the crime system does not."""
    ended = msgspec.structs.replace(closed(outcome=20), to_body=body, to_body_contact=contact)
    scene.deliver(recorded(), ended)
    text = entries(scene)[-1].text

    assert said in text
    assert (contact or "your officer or team can tell you") in text


@pytest.mark.parametrize(
    ("reached", "said"),
    [(NOON, "by 10 June 2026"), (NOON - timedelta(days=30), "as soon as they can")],
)
def test_an_officer_tells_of_bail_by_a_day(scene: Scene, reached: datetime, said: str) -> None:
    """Within five working days of when it happened; a day that has passed is not promised."""
    scene.deliver(recorded())
    scene.deliver(milestone("suspect_on_bail", at=reached))

    [text] = [each.text for each in entries(scene) if each.kind == "MilestoneReached"]

    assert f"will tell you {said} which conditions" in text


def test_that_day_is_of_the_victims_code_in_force(scene_with: SceneWith) -> None:
    """A version of the Code may have days of its own."""
    scene = scene_with(code={"2020-01-01": {"working_days": 2, "working_days_enhanced": 1}})
    scene.deliver(recorded())
    scene.deliver(milestone("suspect_on_bail", at=NOON))

    [text] = [each.text for each in entries(scene) if each.kind == "MilestoneReached"]

    assert "will tell you by 5 June 2026 which conditions" in text


def test_only_the_giver_reads_of_a_statement(scene: Scene) -> None:
    """One of a witness is read by no victim."""
    scene.deliver(recorded(alex(), sam()))
    before = len(entries(scene))
    scene.deliver(statement(sam().person_id), statement("a-witness"))

    assert len(entries(scene)) == before

    scene.deliver(statement(alex().person_id))

    assert entries(scene)[-1].title == "Thank you for your statement"
