"""Nothing is on a page but what happened to its crime, and concerns its reader."""

import pytest

from reference.contract.events import Milestone, MilestoneReached
from simulator.judge.rules.unfounded_steps import UnfoundedSteps
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import Happened
from tests.simulator.judge.pages import converses, found, post, reads
from tests.simulator.judge.story import Story, one_invited, two_invited

SENT = ("OfficerDeployed", "An officer was sent.")
SEEN = ("AppointmentMade", "We will see you on 3 June.")
TOO_EARLY = [fail("noise", "GATE-03")]
REPLY = "We have looked at the pictures of the street."


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, UnfoundedSteps)


def test_a_step_is_shown_as_often_as_it_was_taken() -> None:
    """A second delivery of one event is no second step."""
    story, alex, crime = one_invited()
    sent = story.deployed(crime)
    story.deliver(sent)
    reads(story, alex, crime, ("CrimeRecorded", "We have it."), SENT)

    assert harms(story) == []

    reads(story, alex, crime, ("CrimeRecorded", "We have it."), SENT, SENT)

    assert harms(story) == [fail("duplicated", "CASE-01")]


def test_what_a_portal_adds_itself_is_no_step() -> None:
    """Word that a case goes on, or advice, has a kind that no event has."""
    story, alex, crime = one_invited()
    reads(story, alex, crime, ("still_with_us", "We are on with it."), ("", "Welcome"))

    assert harms(story) == []


def test_what_happened_to_one_crime_is_on_its_own_page() -> None:
    """A person may be the victim of two."""
    story, alex, crime = one_invited()
    other = story.crime(alex)
    story.deployed(other)
    reads(story, alex, other, SENT)

    assert harms(story) == []

    reads(story, alex, crime, SENT)

    assert harms(story) == [fail("lost", "CASE-10")]


def test_another_victims_appointment_is_not_shown() -> None:
    """It is about that victim alone."""
    story, alex, sam, crime = two_invited()
    story.appointed(crime, alex)
    reads(story, alex, crime, SEEN)

    assert harms(story) == []

    reads(story, sam, crime, SEEN)

    assert harms(story) == [fail("disclosed", "PRIV-03")]


def test_the_page_of_a_merged_crime_may_have_the_steps_of_both() -> None:
    """They are one."""
    story, alex, crime = one_invited()
    other = story.crime(alex)
    story.deployed(crime)
    story.deployed(other)
    story.merged(crime, other)
    reads(story, alex, other, SENT, SENT)

    assert harms(story) == []


@pytest.mark.parametrize("phase", [1, 2, 3])
def test_no_conversation_is_there_before_phase_3(phase: int) -> None:
    """None is taken, and none shown."""
    story, alex, crime = one_invited(phase=phase)
    converses(story, alex, crime, [])

    assert harms(story) == []

    story.asks(alex, crime, "Is there news?")

    assert harms(story) == ([] if phase == 3 else TOO_EARLY)

    story.records.pop()
    converses(story, alex, crime, [post("Is there news?", story.now)])

    assert harms(story) == ([] if phase == 3 else TOO_EARLY)


@pytest.mark.parametrize(("phase", "words"), [(2, REPLY), (3, REPLY), (2, "An officer was sent.")])
def test_no_reply_stands_on_the_page_before_phase_3(phase: int, words: str) -> None:
    """Its words are the officer's."""
    story, alex, crime = one_invited(phase=phase)
    story.replied(crime, alex, REPLY)
    reads(story, alex, crime, ("", f"News: {words}"))

    assert harms(story) == (TOO_EARLY if (phase, words) == (2, REPLY) else [])


@pytest.mark.parametrize(
    ("milestone", "expected"),
    [
        ("suspect_arrested", []),
        ("file_with_cps", []),
        ("footage_viewed", [fail("noise", "JOUR-31")]),
        ("suspect_identified", [fail("noise", "JOUR-31")]),
    ],
)
def test_a_milestone_that_is_switched_off_is_not_shown(
    milestone: Milestone, expected: list[Harmed]
) -> None:
    """By the order; one that is on stands there."""
    story, alex, crime = one_invited(phase=2)
    story.happens(_milestone(story, crime, milestone))
    reads(story, alex, crime, ("MilestoneReached", "A step was taken."))

    assert harms(story) == expected


def test_a_statement_is_shown_to_the_person_who_gave_it() -> None:
    """Where nobody knows whose it is, it may be shown or not."""
    story, alex, sam, crime = two_invited()
    story.happens(_milestone(story, crime, "statement_taken", person_id=alex.person_id))
    taken = ("MilestoneReached", "Your statement was taken.")
    reads(story, alex, crime, taken)

    assert harms(story) == []

    reads(story, sam, crime, taken)

    assert harms(story) == [fail("disclosed", "JOUR-32")]

    story, alex, sam, crime = two_invited()
    story.happens(_milestone(story, crime, "statement_taken"))
    reads(story, alex, crime, taken)
    reads(story, sam, crime)

    assert harms(story) == []


def _milestone(
    story: Story, crime: Happened, milestone: Milestone, *, person_id: str | None = None
) -> MilestoneReached:
    return MilestoneReached(
        crime_reference=crime.crime_reference,
        milestone=milestone,
        reached_at=story.now,
        person_id=person_id,
    )


@pytest.mark.parametrize(("reply", "expected"), [("He was fined", TOO_EARLY), ("He was fine", [])])
def test_a_reply_of_a_word_or_two_may_stand_there_by_chance(
    reply: str, expected: list[Harmed]
) -> None:
    """What has fewer than twelve characters may be in any sentence of a page."""
    story, alex, crime = one_invited(phase=2)
    story.replied(crime, alex, reply)
    reads(story, alex, crime, ("", f"News: {reply}"))

    assert harms(story) == expected
