"""A reply that may hold another person's data: not shown, given back, shown once it is checked."""

from reference.contract.events import OfficerReplied
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story

WORDS = "Ring the shop on 01632 960456."
SHOWN = fail("disclosed", "TWO-17")
NOT_ASKED = fail("lost", "TWO-17")


def replied(*, checked: bool = False, text: str = WORDS) -> tuple[Story, Person, Happened]:
    """Tell of a reply that the portal has."""
    story = Story(phase=3)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.happens(reply(story, alex, crime, checked=checked, text=text))
    return story, alex, crime


def reply(
    story: Story, alex: Person, crime: Happened, *, checked: bool, text: str = WORDS
) -> OfficerReplied:
    """Make a reply."""
    return OfficerReplied(
        crime_reference=crime.crime_reference,
        person_id=alex.person_id,
        reply_id=f"r-{checked}",
        text=text,
        checked=checked,
        replied_at=story.now,
    )


def harms(story: Story) -> list[object]:
    """List the harms that are of such replies."""
    return [each for each in story.harms() if each[3] == "TWO-17"]


def test_a_reply_that_is_held_and_given_back() -> None:
    """The victim gets no message and owes none; the officer has a task."""
    story, alex, crime = replied()
    story.task(alex, crime, kind="reply_check")
    story.wait(hours=1)

    assert story.harms() == []


def test_a_reply_that_nobody_is_asked_to_check() -> None:
    """The victim would wait for ever."""
    story, _, _ = replied()
    story.wait(hours=1)

    assert harms(story) == [NOT_ASKED]


def test_a_reply_that_is_shown_unchecked() -> None:
    """Another person's number is disclosed; one that holds none is not."""
    for text, expected in ((WORDS, [SHOWN]), ("Nothing yet.", [])):
        story, alex, crime = replied(text=text)
        story.task(alex, crime, kind="reply_check")
        story.sees(alex, crime, text, where="conversation")
        story.wait(hours=1)

        assert harms(story) == expected


def test_a_reply_that_was_checked_is_a_reply() -> None:
    """It is owed, and may be shown."""
    story, alex, crime = replied(checked=True)
    story.sees(alex, crime, WORDS, where="conversation")
    story.wait(hours=1)

    assert harms(story) == []


def test_a_reply_is_held_where_its_crime_goes_on_as_one_that_is_not_known_yet() -> None:
    """It is about a crime that the portal has: nobody need read it before it is checked."""
    story = Story(phase=3)
    alex = story.person(channels=("text",))
    crime, beside = story.crime(alex), story.crime(alex)
    for each in (crime, beside):
        story.invite(alex, each)
    story.merged(crime, beside)
    into = story.crime(alex, deliver=False)
    story.merged(beside, into)
    story.happens(reply(story, alex, crime, checked=False))
    story.deliver(into)
    story.wait(hours=1)
    story.sees(alex, into, "Nothing.", where="conversation")

    assert [each for each in story.harms() if each[3] in {"TWO-04", "TWO-17"}] == []

    story.sees(alex, into, WORDS, where="conversation")

    assert harms(story) == [SHOWN]
