"""A closure that a supervisor must confirm: nothing is told of it, and then all."""

from reference.contract.events import CrimeClosed
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story, one_invited

TOLD = fail("disclosed", "SUP-01")


def unconfirmed(outcome: int = 16) -> tuple[Story, Person, Happened, Happened]:
    """Tell of a case that was closed, and nobody confirmed it."""
    story, alex, crime = one_invited()
    event = CrimeClosed(
        crime_reference=crime.crime_reference,
        outcome=outcome,  # type: ignore[arg-type]
        closed_at=story.now,
    )
    return story, alex, crime, story.happens(event)


def harms(story: Story) -> list[object]:
    """List the harms that are of such closures."""
    return [each for each in story.harms() if each[3] == "SUP-01"]


def test_nothing_is_owed_of_it() -> None:
    """No message, and nothing on the page."""
    story, alex, crime, _ = unconfirmed()
    story.wait(hours=24)
    story.sees(alex, crime, statuses=((crime.crime_reference, "open"),), where="crimes")

    assert story.harms() == []


def test_a_message_about_it_is_too_soon() -> None:
    """Also in general words: a victim who signs in then looks for news."""
    story, alex, _, closed = unconfirmed()
    story.tell(alex, closed)

    assert TOLD in harms(story)


def test_it_is_not_shown() -> None:
    """As a status, or as a step of the timeline."""
    story, alex, crime, _ = unconfirmed()
    story.sees(alex, None, statuses=((crime.crime_reference, "closed"),), where="crimes")

    assert harms(story) == [TOLD]

    story, alex, crime, _ = unconfirmed()
    story.sees(alex, crime, "Your case is closed", kinds=("CrimeClosed",))

    assert harms(story) == [TOLD]


def test_it_is_told_when_it_is_confirmed() -> None:
    """From then on it is owed; another outcome needs nobody to confirm it."""
    story, alex, crime, _ = unconfirmed()
    story.wait(hours=24)
    story.tell(alex, story.closed(crime, 16))
    story.sees(alex, None, statuses=((crime.crime_reference, "closed"),), where="crimes")

    assert harms(story) == []

    story, alex, crime, closed = unconfirmed(outcome=18)
    story.tell(alex, closed)

    assert story.harms() == []
