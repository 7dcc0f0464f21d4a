"""A release or bail that an officer tells first: neither sent nor shown before, and told after."""

from datetime import timedelta

import msgspec
import pytest

from reference.contract.events import Milestone, MilestoneReached, VictimContacted
from simulator.inputs.order import Order
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import ADVISES_NOBODY as ORDER
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story

DISCLOSED = fail("disclosed", "SENS-06")
NOT_ASKED = fail("lost", "SENS-06")
_SHOWN = ("MilestoneReached",)


def followed(*, enhanced: bool = True, order: Order = ORDER) -> tuple[Story, Person, Happened]:
    """Tell of a victim who was invited to a crime an hour ago."""
    story = Story(phase=2, order=order)
    alex = story.person(channels=("text",), enhanced_rights=enhanced)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    return story, alex, crime


def reached(
    milestone: Milestone = "suspect_on_bail",
    *,
    enhanced: bool = True,
    is_asked: bool = True,
    correlates: bool = True,
    order: Order = ORDER,
) -> tuple[Story, Person, Happened, Happened]:
    """Tell of a suspect who left custody, and of whom the officer was asked to tell."""
    story, alex, crime = followed(enhanced=enhanced, order=order)
    story.correlates = correlates
    event = MilestoneReached(
        crime_reference=crime.crime_reference, milestone=milestone, reached_at=story.now
    )
    happened = story.happens(event)
    if is_asked:
        story.task(alex, crime, kind="sensitive_contact")
    if milestone == "suspect_on_bail":
        story.task(alex, crime, kind="bail_views", due_at=story.now + timedelta(hours=24))
    return story, alex, crime, happened


def spoke(story: Story, alex: Person, crime: Happened, **ago: int) -> Happened:
    """Have an officer speak to the victim, so long ago."""
    return story.happens(
        VictimContacted(
            crime_reference=crime.crime_reference,
            person_id=alex.person_id,
            contacted_at=story.now - timedelta(**ago),
        )
    )


@pytest.mark.parametrize(
    "milestone", ["suspect_released", "suspect_on_bail", "suspect_under_investigation"]
)
def test_nothing_is_sent_or_shown_until_then(milestone: Milestone) -> None:
    """Silence is right, however long; a message about it and a page with it are not."""
    story, alex, crime, _ = reached(milestone)
    story.wait(days=3)
    story.sees(alex, crime, "Your report", kinds=("CrimeRecorded",))

    assert story.harms() == []

    story, alex, crime, happened = reached(milestone)
    story.tell(alex, happened)

    assert story.harms() == [DISCLOSED]

    story, alex, crime, _ = reached(milestone)
    story.sees(alex, crime, "A suspect has left custody", kinds=_SHOWN)

    assert story.harms() == [DISCLOSED]


def test_a_message_that_names_nothing_is_about_it() -> None:
    """A portal that names no event has no other news to tell."""
    story, alex, _, happened = reached(correlates=False)
    story.wait(minutes=5)
    story.tell(alex, happened)

    assert DISCLOSED in story.harms()


def test_the_officer_is_asked() -> None:
    """Without the task the victim may never hear of it."""
    story, *_ = reached(is_asked=False)
    story.wait(hours=1)

    assert story.harms() == [NOT_ASKED]


def test_it_is_told_afterwards() -> None:
    """From then on it is owed as any news is: by the message and on the page."""
    story, alex, crime, _ = reached()
    story.wait(hours=3)
    contact = spoke(story, alex, crime)
    story.wait(minutes=30)
    story.tell(alex, contact)
    story.sees(alex, crime, "A suspect is on bail", kinds=_SHOWN)

    assert story.harms() == []

    story, alex, crime, _ = reached()
    story.wait(hours=3)
    spoke(story, alex, crime)
    story.wait(hours=3)

    assert story.harms() == [fail("lost", "MSG-01")]


def test_a_talk_before_it_does_not_count() -> None:
    """An officer who spoke before could not know of it."""
    story, alex, crime, happened = reached()
    story.wait(hours=3)
    spoke(story, alex, crime, hours=4)
    story.tell(alex, happened)

    assert story.harms() == [DISCLOSED]


@pytest.mark.parametrize("later", [0, 20])
def test_a_talk_that_is_known_before_it_lets_it_be_told(later: int) -> None:
    """It may be told at once, or when they speak again."""
    story, alex, crime = followed()
    spoke(story, alex, crime)
    event = MilestoneReached(
        crime_reference=crime.crime_reference,
        milestone="suspect_released",
        reached_at=story.now - timedelta(hours=1),
    )
    happened = story.happens(event)
    story.wait(minutes=later)
    if later:
        story.tell(alex, happened)
    story.wait(hours=3)

    assert story.harms() == []


def test_it_is_told_at_once_with_standard_rights() -> None:
    """And so is a milestone that the order does not name."""
    for milestone, enhanced in (("suspect_released", False), ("suspect_arrested", True)):
        story, alex, _, happened = reached(milestone, enhanced=enhanced, is_asked=False)  # type: ignore[arg-type]
        story.wait(minutes=30)
        story.tell(alex, happened)
        story.wait(hours=3)

        assert story.harms() == []


def test_rights_that_are_taken_away_let_it_be_told() -> None:
    """Either reading is lawful then: to tell, or to wait for the officer."""
    for tells in (True, False):
        story, alex, crime, happened = reached("suspect_released")
        story.wait(minutes=20)
        story.details_changed(crime, alex.written(enhanced_rights=False))
        if tells:
            story.tell(alex, happened)
        story.wait(hours=3)

        assert story.harms() == []


@pytest.mark.parametrize(("enhanced", "harms"), [(False, []), (True, [DISCLOSED])])
def test_rights_that_a_new_crime_takes_away_let_it_be_told(
    *, enhanced: bool, harms: list[object]
) -> None:
    """The record that comes with another crime is as good as one that comes by itself."""
    story, alex, _crime, happened = reached("suspect_released")
    story.wait(minutes=20)
    another = story.crime(alex.written(enhanced_rights=enhanced))
    story.invite(alex, another)
    story.tell(alex, happened)
    story.wait(hours=3)

    assert story.harms() == harms


def test_it_may_be_told_by_the_talk_that_it_no_longer_had_to_wait_for() -> None:
    """Once: a second message after the talk is too many."""
    for harms, times in (([], 1), ([fail("duplicated", "ONCE-01")], 2)):
        story, alex, crime, _ = reached("suspect_released")
        story.wait(minutes=20)
        story.details_changed(crime, alex.written(enhanced_rights=False))
        contact = spoke(story, alex, crime)
        story.wait(minutes=30)
        for _time in range(times):
            story.tell(alex, contact)

        assert story.harms() == harms


def test_an_order_that_names_none_has_all_told_at_once() -> None:
    """An older order asks for nothing new."""
    order = msgspec.structs.replace(ORDER, sensitive_milestones=type(ORDER.sensitive_milestones)())
    story, alex, _, happened = reached("suspect_released", is_asked=False, order=order)
    story.wait(minutes=30)
    story.tell(alex, happened)
    story.wait(hours=3)

    assert story.harms() == []


def test_the_deadline_counts_from_when_it_happened() -> None:
    """A task that gives the officer until next week is too late."""
    story, alex, crime, _ = reached(is_asked=False)
    story.task(alex, crime, kind="sensitive_contact", due_at=story.now + timedelta(days=7))

    assert story.harms() == [fail("late", "SENS-04")]
