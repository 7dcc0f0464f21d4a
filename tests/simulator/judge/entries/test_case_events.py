"""Crimes that are transferred, cancelled or reopened, and milestones: what is said, and not."""

from datetime import timedelta

import pytest

from reference.contract.events import MilestoneReached
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened
from tests.simulator.judge.story import Story, either_way, followed

OUT = "Rape"
LOST, AFTER = fail("lost", "MSG-01"), fail("noise", "CASE-05")


def test_a_transfer_is_told_and_then_nothing() -> None:
    """The update is owed; what comes after it is another force's to say."""
    story, alex, crime = followed()
    transfer = story.transferred(crime)

    assert story.harms() == [LOST]

    story.tell(alex, transfer)
    story.wait(hours=1)
    deployed = story.deployed(crime)

    assert story.harms() == []

    story.tell(alex, deployed)

    assert story.harms() == [AFTER]


def test_a_transferred_crime_may_still_be_read() -> None:
    """Whose it is now stands there."""
    story, alex, crime = followed()
    story.tell(alex, story.transferred(crime))
    story.sees(alex, crime, "Kent Police is looking into it now.", kinds=("CrimeTransferred",))

    assert story.harms() == []


@either_way
def test_a_cancelled_record_is_told_by_a_person(*, correlates: bool) -> None:
    """Somebody is asked to; nothing is sent, and nothing of it shown, before they have."""
    story, alex, crime = followed(correlates=correlates)
    cancelled = story.cancelled(crime)

    assert story.harms() == [fail("lost", "SENS-02")]

    story.task(alex, crime, kind="sensitive_contact")
    story.sees(alex, crime, "We have recorded it.", kinds=("CrimeRecorded",))

    assert story.harms() == []

    story.tell(alex, cancelled)

    assert story.harms() == [fail("disclosed", "SENS-01")]


def test_a_page_that_shows_the_cancellation_first_is_disclosed() -> None:
    """By its entry; after an officer has spoken it may stand there."""
    story, alex, crime = followed()
    story.cancelled(crime)
    story.task(alex, crime, kind="sensitive_contact")
    story.sees(alex, crime, kinds=("CrimeRecorded", "CrimeCancelled"))

    assert story.harms() == [fail("disclosed", "SENS-01")]

    after, alex, crime = followed()
    after.cancelled(crime)
    after.task(alex, crime, kind="sensitive_contact")
    after.contacted(crime, alex)
    after.sees(alex, crime, kinds=("CrimeRecorded", "CrimeCancelled"))

    assert after.harms() == []


def test_of_a_cancelled_record_nothing_more_is_sent() -> None:
    """Not what waited, and not what comes after an officer has spoken."""
    story, alex, crime = followed()
    deployed = story.deployed(crime)
    story.wait(minutes=5)
    story.cancelled(crime)
    story.task(alex, crime, kind="sensitive_contact")

    assert story.harms() == []

    story.tell(alex, deployed)

    assert story.harms() == [AFTER]

    story.contacted(crime, alex)
    story.tell(alex, story.deployed(crime))

    assert story.harms() == [AFTER, AFTER]


def test_nobody_speaks_of_a_cancelled_record_to_whoever_never_heard_of_it() -> None:
    """A crime that was never in the portal needs nobody to tell of its going."""
    story = Story()
    crime = story.crime(story.person(channels=("text",)), offence_subgroup=OUT)
    story.cancelled(crime)

    assert story.harms() == []


def test_other_crimes_go_on_when_one_is_cancelled() -> None:
    """News of another crime of the same victim is owed as before."""
    story, alex, crime = followed()
    other = story.crime(alex, crime_reference="43260000099")
    story.invite(alex, other)
    story.cancelled(crime)
    story.task(alex, crime, kind="sensitive_contact")
    deployed = story.deployed(other)

    assert story.harms() == [LOST]

    story.tell(alex, deployed)

    assert story.harms() == []


def test_a_reopened_case_is_news() -> None:
    """The order announces it: owed as any update is."""
    story, alex, crime = followed()
    story.tell(alex, story.closed(crime))
    story.wait(days=3)
    reopened = story.reopened(crime)

    assert story.harms() == [LOST]

    story.tell(alex, reopened)

    assert story.harms() == []


@pytest.mark.parametrize("is_reopened", [False, True])
def test_a_reopened_case_is_live_again(*, is_reopened: bool) -> None:
    """Word that it is still looked into comes while it is; after the end it would be too many."""
    story, alex, crime = followed(phase=2)
    story.wait(hours=2)
    story.tell(alex, story.closed(crime))
    story.wait(days=1)
    if is_reopened:
        story.tell(alex, story.reopened(crime))
    story.wait(days=28)
    story.tell(alex, Happened(crime.crime_reference, crime.crime_reference))

    assert story.harms() == ([] if is_reopened else [fail("noise", "ONCE-01")])


def test_an_old_end_that_comes_late_ends_nothing() -> None:
    """Said before the reopening and received after it: no news, and the case stays live."""
    story, alex, crime = followed(phase=2)
    closed = story.closed(crime, deliver=False)
    story.wait(hours=2)
    story.tell(alex, story.reopened(crime))
    story.wait(hours=2)
    story.deliver(closed)
    story.wait(days=28)
    story.tell(alex, Happened(crime.crime_reference, crime.crime_reference))

    assert story.harms() == []


@pytest.mark.parametrize("phase", [1, 2])
def test_a_milestone_is_told_from_phase_2_on(phase: int) -> None:
    """The order announces it from the enhanced journey on, and not before."""
    story, alex, crime = followed(phase=phase)
    reached = story.happens(
        MilestoneReached(
            crime_reference=crime.crime_reference,
            milestone="scene_examined",
            reached_at=story.now,
        )
    )
    expected = {1: [], 2: [LOST]}[phase]

    assert story.harms(end=story.now + timedelta(days=1)) == expected

    story.wait(hours=1)
    story.tell(alex, reached)

    assert story.harms() == ([fail("noise", "ONCE-01")] if phase == 1 else [])
