"""An officer tells the victim of an end and a charge that it is not safe to send."""

from datetime import timedelta
from typing import Any

import pytest

from reference.contract.events import OutcomeRecorded
from reference.contract.messages import TaskKind
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story

NOBODY = fail("lost", "SAFE-07")


def unsafe(**changes: Any) -> tuple[Story, Person, Happened]:
    """Tell of a crime of a victim whom it is not safe to write to."""
    story = Story()
    alex = story.person(channels=("text",), safe_to_contact=False)
    crime = story.crime(alex, **changes)
    story.wait(hours=1)
    return story, alex, crime


def charged(story: Story, crime: Happened) -> Happened:
    """Charge a suspect."""
    event = OutcomeRecorded(crime_reference=crime.crime_reference, outcome=1, decided_at=story.now)
    return story.happens(event)


@pytest.mark.parametrize("kind", ["sensitive_contact", "not_sent", "contact_ended"])
def test_an_officer_is_asked_to_tell_an_end_and_a_charge(kind: TaskKind) -> None:
    """By any name that a force has for it; without a task the victim never learns of it."""
    for is_charge in (True, False):
        story, alex, crime = unsafe()
        charged(story, crime) if is_charge else story.closed(crime)

        assert story.harms() == [NOBODY]

        story.task(alex, crime, kind=kind)

        assert story.harms() == []


def test_a_task_from_before_does_not_do() -> None:
    """It was about something else."""
    story, alex, crime = unsafe()
    story.task(alex, crime, kind="sensitive_contact")
    story.wait(hours=1)
    charged(story, crime)

    assert story.harms() == [NOBODY]


def test_an_end_that_an_officer_tells_every_victim_first() -> None:
    """A robbery's: the task is owed for the same reason."""
    story, alex, crime = unsafe(offence_subgroup="Robbery of personal property")
    story.closed(crime)

    assert story.harms() == [NOBODY]

    story.task(alex, crime, kind="sensitive_contact")

    assert story.harms() == []


def test_an_officer_who_has_told_them_need_not_be_asked() -> None:
    """They spoke after the case ended, and the outcome came later."""
    story, alex, crime = unsafe()
    closure = story.closed(crime, deliver=False)
    story.wait(minutes=10)
    story.contacted(crime, alex)
    story.wait(minutes=10)
    story.deliver(closure)

    assert story.harms() == []


def test_what_need_not_be_told_by_an_officer() -> None:
    """A step of the case, and news for a victim whom it is safe to write to."""
    story, alex, crime = unsafe()
    story.deployed(crime)

    assert story.harms() == []

    story = Story()
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.tell(alex, charged(story, crime))

    assert story.harms() == []


def test_a_child_of_whom_nobody_decided_is_another_matter() -> None:
    """The force is asked who is told in their place, whether or not it is safe."""
    story = Story()
    born = (story.now - timedelta(days=3000)).date()
    alex = story.person(channels=("text",), safe_to_contact=None, born=born)
    crime = story.crime(alex)
    for kind in ("who_is_told", "rights_check", "contact_details"):
        story.task(alex, crime, kind=kind)
    story.wait(hours=1)
    charged(story, crime)

    assert story.harms() == []


def test_a_channel_that_is_approved_no_longer() -> None:
    """An officer is asked already whether contact is safe, and may find that it is."""
    story = Story()
    until = story.now + timedelta(days=2)
    alex = story.person(safe_to_contact=False, safe_channel="text", safe_until=until)
    crime = story.crime(alex)
    story.invite(alex, crime, by=["text"])
    story.wait(days=2)
    story.task(alex, crime, kind="safe_contact_review")
    story.wait(hours=1)
    charged(story, crime)

    assert story.harms() == []
