"""An officer's reply stands in the conversation when the victim reads it."""

from datetime import timedelta

import pytest

from reference.contract.events import OfficerReplied
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ORDER, Happened, Person
from tests.simulator.judge.story import Story, one_invited, two_invited

REPLY = "We have looked at the cameras.\nNothing was found."
GONE = fail("lost", "TWO-04")


def answered() -> tuple[Story, Person, Happened]:
    """Tell of a victim to whom an officer replied a quarter of an hour ago, and who was told."""
    story, alex, crime = one_invited(phase=3)
    story.tell(alex, story.replied(crime, alex, REPLY))
    story.wait(minutes=ORDER.messages.minutes_max)
    return story, alex, crime


def reads(story: Story, alex: Person, crime: Happened, *texts: str) -> None:
    """Show a victim their conversation."""
    story.sees(alex, crime, *texts, where="conversation")


def test_a_reply_that_is_not_there_is_lost() -> None:
    """When they look, and once; a victim who does not look has missed nothing yet."""
    story, alex, crime = answered()

    assert story.harms() == []

    for _time in range(2):
        reads(story, alex, crime)

    assert story.harms() == [GONE]


@pytest.mark.parametrize("shown", [REPLY, REPLY.replace("\n", " "), f" {REPLY} "])
def test_a_reply_that_is_there_is_not(shown: str) -> None:
    """However its lines are broken."""
    story, alex, crime = answered()
    reads(story, alex, crime, "Is there news?", shown)

    assert story.harms() == []


@pytest.mark.parametrize("shown", [REPLY[:-10], REPLY.replace("We", "We &amp; others")])
def test_a_reply_in_other_words_is_lost(shown: str) -> None:
    """Cut short or changed, it is not what the officer wrote."""
    story, alex, crime = answered()
    reads(story, alex, crime, shown)

    assert story.harms() == [GONE]


def test_a_reply_may_take_as_long_as_its_message() -> None:
    """It need not stand there a second before the quarter of an hour is over."""
    story, alex, crime = one_invited(phase=3)
    story.tell(alex, story.replied(crime, alex, REPLY))
    story.until(story.now + timedelta(minutes=ORDER.messages.minutes_max, seconds=-1))
    reads(story, alex, crime)

    assert story.harms() == []


def test_a_reply_to_one_victim_is_not_missed_by_the_other() -> None:
    """Each has a conversation of their own."""
    story, alex, sam, crime = two_invited(phase=3)
    story.tell(alex, story.replied(crime, alex, REPLY))
    story.wait(hours=1)
    reads(story, sam, crime)

    assert story.harms() == []

    reads(story, alex, crime)

    assert story.harms() == [GONE]


def test_after_a_merger_it_is_read_where_the_crime_goes_on() -> None:
    """It may be gone under the old reference; it is there under the new one."""
    story, alex, crime = answered()
    other = story.crime(story.person("Sam", channels=("text",), safe_to_contact=None))
    story.merged(crime, other)
    reads(story, alex, crime)
    reads(story, alex, other, REPLY)

    assert story.harms() == []

    reads(story, alex, other)

    assert story.harms() == [GONE]


@pytest.mark.parametrize(("minutes_before", "harmed"), [(1, []), (-1, [GONE])])
def test_a_reply_written_before_another_was_told_may_be_kept_from_them(
    minutes_before: int, harmed: list[Harmed]
) -> None:
    """It was for the person before them; what is written after that is theirs to read."""
    story = Story(phase=3)
    alex = story.person().told_through("Alex", "07700900111")
    crime = story.crime(alex)
    story.wait(hours=1)
    sam = alex.told_through("Sam", "07700900222")
    story.details_changed(crime, sam)
    written_at = story.now - timedelta(minutes=minutes_before)
    story.wait(hours=1)
    reply = story.happens(
        OfficerReplied(
            crime_reference=crime.crime_reference,
            person_id=sam.person_id,
            reply_id="reply-1",
            text="We have.",
            replied_at=written_at,
        )
    )
    story.message(sam, "text", reply, to="07700900222")
    story.wait(hours=1)
    reads(story, sam, crime)

    assert [each for each in story.harms() if each == GONE] == harmed
