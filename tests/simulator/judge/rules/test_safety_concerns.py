"""Words that speak of danger: an urgent task at once, where somebody looks, due within the hour."""

from datetime import timedelta

import pytest

from simulator.judge.text.danger_sentences import danger_sentences
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story

DANGER = danger_sentences().certain[0]
SUPERVISORS = "Thames Valley Victim Contact Supervisors"
CONTROL_ROOM = "Thames Valley Contact Management"
NOBODY = fail("lost", "TWO-16")
LATE = fail("late", "TWO-16")
MISPLACED = fail("lost", "TWO-16")


def asked(words: str = DANGER) -> tuple[Story, Person, Happened]:
    """Tell of a question that the force has, with a task for the officer."""
    story = Story(phase=3)
    alex = story.person(channels=("text",))
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    story.asks(alex, crime, words)
    story.stamped(alex, crime, words)
    story.task(alex, crime, kind="victim_question")
    return story, alex, crime


def harms(story: Story) -> list[object]:
    """List the harms that are of danger."""
    return [each for each in story.harms() if each[3] in {"TWO-16", "TWO-18"}]


def test_danger_becomes_an_urgent_task() -> None:
    """The control room or the supervisors may have it, at once."""
    for room in (CONTROL_ROOM, SUPERVISORS):
        story, alex, crime = asked()
        story.task(alex, crime, kind="safety_concern", assignee=room)
        story.wait(hours=1)

        assert harms(story) == []


def test_danger_that_nobody_is_told_of() -> None:
    """The task for the question is not enough: it waits for days."""
    story, _, _ = asked()
    story.wait(hours=1)

    assert harms(story) == [NOBODY]


@pytest.mark.parametrize("apostrophe", ["'", "’", ""])
def test_a_phone_puts_apostrophes_in_and_curls_them(apostrophe: str) -> None:
    """The words are as dangerous; others that begin alike are not certainly so."""
    words = f"I don{apostrophe}t want to be alive any more. "
    story, _, _ = asked(f"{words}I{apostrophe}ve written the letters to my family.")
    other, _, _ = asked(words)
    for each in (story, other):
        each.wait(hours=1)

    assert (harms(story), harms(other)) == ([NOBODY], [])


def test_danger_that_is_told_later() -> None:
    """Half an hour is not at once."""
    story, alex, crime = asked()
    story.wait(minutes=30)
    story.task(alex, crime, kind="safety_concern", assignee=SUPERVISORS)
    story.wait(hours=1)

    assert harms(story) == [LATE]


def test_an_urgent_task_still_stands_for_the_next_words() -> None:
    """Somebody reads both within the hour; a day later it is another one."""
    story, alex, crime = asked()
    story.task(alex, crime, kind="safety_concern", assignee=SUPERVISORS)
    story.wait(minutes=20)
    story.asks(alex, crime, danger_sentences().certain[1])
    story.wait(hours=1)

    assert harms(story) == []

    story.wait(hours=24)
    story.asks(alex, crime, danger_sentences().certain[2])
    story.wait(hours=1)

    assert harms(story) == [NOBODY]


def test_an_urgent_task_is_due_within_the_orders_minutes() -> None:
    """An hour is in time, a day is not; one that names no time is urgent by its kind."""
    for minutes, expected in ((None, []), (60, []), (1440, [LATE])):
        story, alex, crime = asked()
        due_at = None if minutes is None else story.now + timedelta(minutes=minutes)
        story.task(alex, crime, kind="safety_concern", assignee=SUPERVISORS, due_at=due_at)
        story.wait(hours=1)

        assert harms(story) == expected


def test_a_team_or_nobody_does_not_look_at_once() -> None:
    """A queue that is read in office hours is not for danger."""
    for assignee in ("Burglary Team", ""):
        story, alex, crime = asked()
        story.task(alex, crime, kind="safety_concern", assignee=assignee)
        story.wait(hours=1)

        assert harms(story) == [MISPLACED]


def test_an_alarm_about_nothing_is_for_review() -> None:
    """Each officer has time for so many; of one sentence a person judges."""
    story, alex, crime = asked(danger_sentences().harmless[0])
    story.task(alex, crime, kind="safety_concern", assignee=SUPERVISORS)
    story.wait(hours=1)
    findings = [each for each in story.judged().findings if each.requirement == "TWO-18"]

    assert [each.kind for each in findings] == ["REVIEW"]


def test_what_readers_may_differ_about_is_not_judged() -> None:
    """Other words may raise an urgent task, or none."""
    for raised in (True, False):
        story, alex, crime = asked("He keeps looking at me when I pass")
        if raised:
            story.task(alex, crime, kind="safety_concern", assignee=SUPERVISORS)
        story.wait(hours=1)

        assert harms(story) == []


def test_alarms_about_two_sentences_of_the_case_fail_the_portal() -> None:
    """It does not tell danger from the case; the same words twice are one sentence."""
    first, other = danger_sentences().harmless[:2]
    for words, expected in ((first, []), (other, [fail("noise", "TWO-18")])):
        story, alex, crime = asked(first)
        story.task(alex, crime, kind="safety_concern", assignee=SUPERVISORS)
        story.wait(hours=5)
        story.asks(alex, crime, words)
        story.task(alex, crime, kind="safety_concern", assignee=SUPERVISORS)
        story.wait(hours=1)

        failed = [each for each in story.harms() if each[0] == "FAIL" and each[3] == "TWO-18"]
        assert failed == expected


def test_an_alarm_may_be_about_what_was_asked_just_before() -> None:
    """Of two questions in one moment the other may have raised it."""
    story, alex, crime = asked("He keeps looking at me when I pass")
    story.asks(alex, crime, danger_sentences().harmless[0])
    story.task(alex, crime, kind="safety_concern", assignee=SUPERVISORS)
    story.wait(hours=1)

    assert harms(story) == []
