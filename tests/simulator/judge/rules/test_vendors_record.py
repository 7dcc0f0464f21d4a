"""The vendor's own record shows what was sent to whom, and never that nobody else was told."""

from simulator.evidence.records import How, MessagesSeen
from simulator.judge.fold import judge
from simulator.verdicts import Kind
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.story import Story

REVIEW: Harmed = ("REVIEW", "misdirected", "portal", "SAFE-01", True)


def seen(story: Story, how: How) -> None:
    """Record how the messages of this run come to be known."""
    story.records.insert(0, MessagesSeen(at=story.now, how=how))


def all_is_well(*, also_to: str = "") -> Story:
    """Invite and tell a victim as they should be; and tell another person too, if asked."""
    story = Story()
    alex = story.person()
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.tell(alex, story.deployed(crime))
    if also_to:
        story.stranger(mobile_phone=also_to)
        story.message(alex, "text", to=also_to)
    return story


def kind_of(story: Story) -> Kind:
    """Give the judge's verdict on the whole."""
    return judge(story.order, story.records, correlates=story.correlates, end=story.now).kind


def test_nobody_else_was_told_by_the_vendors_word_is_for_a_person() -> None:
    """All is well in the record; the judge cannot see what is not in it."""
    story = all_is_well()
    seen(story, "vendor's own record")

    assert story.harms() == [REVIEW]
    assert kind_of(story) == "REVIEW"


def test_what_was_intercepted_is_proof() -> None:
    """The same messages, taken by our own gateway: nobody else was told."""
    story = all_is_well()
    assert story.harms() == []

    seen(story, "intercepted")
    assert story.harms() == []
    assert kind_of(story) == "PASS"


def test_a_record_that_shows_a_harm_is_believed() -> None:
    """A vendor whose own record shows a misdirection is believed."""
    story = all_is_well(also_to="07700900555")
    seen(story, "vendor's own record")

    assert fail("misdirected", "SAFE-01") in story.harms()
    assert kind_of(story) == "FAIL"


def test_silence_in_it_is_for_a_person_too() -> None:
    """A vendor's own record is the weakest proof that nothing was sent."""
    story = Story()
    story.person()
    seen(story, "vendor's own record")

    assert story.harms() == [REVIEW]
