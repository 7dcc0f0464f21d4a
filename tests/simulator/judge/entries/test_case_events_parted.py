"""Mergers that are taken back: each crime is its own victims' again, and nobody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story, either_way

WORDS = "Has anybody looked at the cameras?"


def merged(
    *, correlates: bool = True, phase: int = 1
) -> tuple[Story, Person, Person, Happened, Happened]:
    """Two victims of one crime each, which have been one crime for two hours."""
    story = Story(correlates=correlates, phase=phase)
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    crime, other = story.crime(alex), story.crime(sam)
    for person, happened in ((alex, crime), (sam, other)):
        story.invite(person, happened)
    story.wait(hours=1)
    story.merged(crime, other)
    story.wait(hours=2)
    return story, alex, sam, crime, other


def parted(*, correlates: bool = True) -> tuple[Story, Person, Person, Happened, Happened]:
    """Two victims of one crime each, which were one crime for two hours."""
    story, alex, sam, crime, other = merged(correlates=correlates)
    story.unmerged(crime)
    return story, alex, sam, crime, other


def test_the_other_crime_is_not_theirs_any_more() -> None:
    """What they could read in the time of the merger they may not read after it."""
    story, alex, sam, crime, other = parted()
    story.sees(alex, crime, "We have recorded it.")
    story.sees(sam, other, "We have recorded it.")

    assert story.harms() == []

    story.sees(alex, other, "We have recorded it.")

    assert story.harms() == [fail("disclosed", "CASE-21")]


@either_way
def test_news_of_each_crime_is_owed_to_its_own_victim(*, correlates: bool) -> None:
    """Both are told of theirs, and a message about the other is a harm."""
    story, alex, sam, crime, other = parted(correlates=correlates)
    story.tell(sam, story.deployed(other))
    story.tell(alex, story.deployed(crime))
    story.wait(hours=1)

    assert story.harms() == []


def test_a_message_about_the_other_crime_is_a_harm() -> None:
    """It names an event of a crime that its reader follows no longer."""
    story, alex, sam, _crime, other = parted()
    deployed = story.deployed(other)
    story.tell(sam, deployed)
    story.tell(alex, deployed)

    assert [harm for _kind, harm, *_rest in story.harms()] == ["misdirected"]


@pytest.mark.parametrize("first", [Story.merged, Story.unmerged])
def test_a_merger_that_was_taken_back_already_does_nothing(first: Callable[..., Happened]) -> None:
    """The newer fact stands, in whatever order the two come."""
    story = Story(correlates=True)
    alex, sam = story.person(channels=("text",)), story.person("Sam", channels=("text",))
    crime, other = story.crime(alex), story.crime(sam)
    for person, happened in ((alex, crime), (sam, other)):
        story.invite(person, happened)
    merged = story.merged(crime, other, deliver=False)
    story.wait(hours=1)
    unmerged = story.unmerged(crime, deliver=False)
    both = (merged, unmerged) if first is Story.merged else (unmerged, merged)
    for each in both:
        story.deliver(each)
    story.tell(alex, story.deployed(crime))
    story.sees(alex, other, "We have recorded it.")

    requirement = "CASE-21" if first is Story.merged else "PRIV-03"
    assert story.harms() == [fail("disclosed", requirement)]


def test_the_last_of_two_mergers_parts_all_that_came_by_it() -> None:
    """Of three crimes that became one, those that were one before stay one."""
    story = Story(correlates=True)
    people = [story.person(each, channels=("text",)) for each in ("Alex", "Sam", "Robin")]
    first, second, third = (story.crime(each) for each in people)
    for person, happened in zip(people, (first, second, third), strict=True):
        story.invite(person, happened)
    story.merged(first, second)
    story.wait(hours=1)
    story.merged(second, third)
    story.wait(hours=1)
    story.unmerged(second)
    story.sees(people[0], second, "We have recorded it.")

    assert story.harms() == []

    story.sees(people[0], third, "We have recorded it.")

    assert story.harms() == [fail("disclosed", "CASE-21")]


@pytest.mark.parametrize("is_asked_again", [True, False])
def test_a_question_without_an_answer_is_asked_again(*, is_asked_again: bool) -> None:
    """It is stamped once more, on its writer's own crime, with a task: that is no duplicate."""
    story, alex, _sam, crime, other = merged(phase=3)
    story.asks(alex, other, WORDS)
    story.stamped(alex, other, WORDS)
    story.task(alex, other, kind="victim_question")
    story.wait(hours=1)
    story.unmerged(crime)
    if is_asked_again:
        story.stamped(alex, crime, WORDS, written_at=story.now - timedelta(hours=1))
        story.task(alex, crime, kind="victim_question")
    story.wait(hours=1)

    assert story.harms() == ([] if is_asked_again else [fail("lost", "CASE-22")])


def test_a_question_that_was_answered_is_asked_of_nobody() -> None:
    """Its writer has what they asked for."""
    story, alex, _sam, crime, other = merged(phase=3)
    story.asks(alex, other, WORDS)
    story.stamped(alex, other, WORDS)
    story.task(alex, other, kind="victim_question")
    story.wait(minutes=5)
    story.tell(alex, story.replied(other, alex, "Not yet."))
    story.wait(hours=1)
    story.unmerged(crime)
    story.wait(hours=1)

    assert story.harms() == []


@pytest.mark.parametrize("is_parted", [True, False])
def test_news_of_a_crime_that_went_on_as_a_cancelled_one_may_be_told_once_parted(
    *, is_parted: bool
) -> None:
    """It is of their own crime again. Until then an officer tells them first."""
    story = Story(correlates=False)
    alex = story.person(channels=("text",))
    crime, other = story.crime(alex), story.crime(alex)
    story.invite(alex, crime)
    story.invite(alex, other)
    story.wait(hours=1)
    story.merged(crime, other)
    appointed = story.appointed(crime, alex)
    story.cancelled(other)
    story.task(alex, other, kind="sensitive_contact")
    if is_parted:
        story.unmerged(crime)
    story.tell(alex, appointed)

    assert [each for each in story.harms() if each[1] == "disclosed"] == (
        [] if is_parted else [fail("disclosed", "SENS-01")]
    )
