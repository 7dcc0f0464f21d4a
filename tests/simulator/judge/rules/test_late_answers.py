"""A supervisor is told once of what nobody answered in time: five working days, by the order."""

from datetime import UTC, datetime, timedelta

from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story

SUPERVISORS = "Thames Valley Victim Contact Supervisors"
WORDS = "Has anybody looked at the cameras?"
#: The story begins on Monday 19 October: the fifth working day after it ends here, in London.
OVER = datetime(2026, 10, 27, tzinfo=UTC)
#: The same of one working day, for enhanced rights.
OVER_ENHANCED = datetime(2026, 10, 20, 23, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def asked(*, enhanced: bool = False) -> tuple[Story, Person, Happened]:
    """Tell of a victim who asked on Monday, and of the task for it."""
    story = Story(phase=3)
    alex = story.person(channels=("text",), enhanced_rights=enhanced)
    crime = story.crime(alex)
    story.invite(alex, crime)
    asks(story, alex, crime)
    return story, alex, crime


def asks(story: Story, alex: Person, crime: Happened) -> None:
    """Have a victim ask, and the portal do what it must."""
    story.asks(alex, crime, WORDS)
    story.stamped(alex, crime, WORDS)
    story.task(alex, crime, kind="victim_question")


def is_late(story: Story, alex: Person, crime: Happened, queue: str = SUPERVISORS) -> None:
    """Have the portal tell a supervisor."""
    story.task(alex, crime, kind="late_answer", assignee=queue)


def harms(story: Story) -> list[object]:
    """Judge two hours from now, by what is about answers."""
    found = story.harms(end=story.now + timedelta(hours=2))
    return [each for each in found if each[3] in ("TWO-08", "DUE-02")]


def test_a_supervisor_is_told_once_the_days_are_over() -> None:
    """At the midnight that ends the last of them, and within the quarter hour."""
    story, alex, crime = asked()
    story.until(OVER)

    assert harms(story) == [fail("lost", "TWO-08")]

    is_late(story, alex, crime)

    assert harms(story) == []


def test_a_supervisor_who_is_told_too_late_is_told_late() -> None:
    """The portal may take as long as over a message."""
    story, alex, crime = asked()
    story.until(OVER + 16 * MINUTE)
    is_late(story, alex, crime)

    assert harms(story) == [fail("late", "TWO-08")]


def test_a_supervisor_is_not_told_before_the_days_are_over() -> None:
    """A second before midnight the officer still has time; the weekend does not count."""
    story, alex, crime = asked()
    story.until(OVER - timedelta(seconds=1))
    is_late(story, alex, crime)
    story.until(OVER)
    is_late(story, alex, crime)

    assert harms(story) == [fail("noise", "DUE-02")]


def test_calendar_days_are_not_working_days() -> None:
    """Five days later is a Saturday, and two days of it were no working days."""
    story, alex, crime = asked()
    story.until(OVER - timedelta(days=2))
    is_late(story, alex, crime)

    assert harms(story)[:1] == [fail("noise", "DUE-02")]


def test_a_supervisor_is_not_told_the_next_day() -> None:
    """No reading of the order makes that late."""
    story, alex, crime = asked()
    story.wait(days=1)
    is_late(story, alex, crime)

    assert harms(story) == [fail("noise", "TWO-08")]


def test_a_question_that_was_answered_is_not_late() -> None:
    """And one that was not, although the officer had written before, is."""
    story, alex, crime = asked()
    story.wait(days=1)
    story.tell(alex, story.replied(crime, alex))
    story.until(OVER)

    assert harms(story) == []

    is_late(story, alex, crime)

    assert harms(story) == [fail("noise", "TWO-08")]


def test_a_reply_to_another_victim_answers_nothing() -> None:
    """Each victim has a conversation of their own."""
    story, _alex, crime = asked()
    sam = story.person("Sam", channels=("text",))
    story.crime(sam)
    story.wait(days=1)
    story.replied(crime, sam)
    story.until(OVER)

    assert harms(story) == [fail("lost", "TWO-08")]


def test_a_supervisor_is_told_once() -> None:
    """Two questions may make two tasks, and one question makes one."""
    story, alex, crime = asked()
    asks(story, alex, crime)
    story.until(OVER)
    is_late(story, alex, crime)

    assert harms(story) == []

    is_late(story, alex, crime)

    assert harms(story) == []

    is_late(story, alex, crime)

    assert harms(story) == [fail("duplicated", "TWO-08")]


def test_a_victim_with_enhanced_rights_may_be_answered_sooner() -> None:
    """Their one working day or the order's five: the text leaves it open."""
    for over in (OVER_ENHANCED, OVER):
        story, alex, crime = asked(enhanced=True)
        story.until(over)
        is_late(story, alex, crime)
        story.until(OVER)

        assert harms(story) == []


def test_it_is_in_the_queue_of_the_supervisors() -> None:
    """Never in that of the officer or the team who had the question."""
    for queue in ("", "4271", "Hampshire and Isle of Wight Victim Contact Supervisors"):
        story, alex, crime = asked()
        story.until(OVER)
        is_late(story, alex, crime, queue)

        assert harms(story) == [fail("lost", "TWO-08")]


def test_nobody_waits_for_an_answer_about_a_crime_that_is_gone() -> None:
    """Another force has it, and no text says who should still answer."""
    story, alex, crime = asked()
    story.wait(days=1)
    story.tell(alex, story.transferred(crime))
    story.until(OVER)

    assert harms(story) == []
