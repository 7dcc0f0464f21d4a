"""A supervisor is told once of a question without an answer, by any fair count of the days."""

from datetime import UTC, datetime

import pytest

from reference.contract.events import OfficerReplied, ToldInstead
from tests.simulator.judge.expected import fail
from tests.simulator.judge.force_story import Happened, Person
from tests.simulator.judge.story import Story, one_invited

TOO_SOON = ANSWERED = fail("noise", "TWO-08")
SUPERVISORS = "Thames Valley Victim Contact Supervisors"
TWICE = fail("duplicated", "TWO-08")
NOBODY_TOLD = fail("late", "TWO-08")
#: Asked on a Monday at eleven in London. The week after has no bank holiday.
LATEST = datetime(2026, 10, 27, 12, tzinfo=UTC)


def asked(*, rights: bool = False) -> tuple[Story, Person, Happened]:
    """Tell of a question that the force has, with a task for the officer."""
    story = Story(phase=3)
    alex = story.person(channels=("text",), enhanced_rights=rights)
    crime = story.crime(alex)
    story.invite(alex, crime)
    story.wait(hours=1)
    ask(story, alex, crime)
    return story, alex, crime


def ask(story: Story, alex: Person, crime: Happened, words: str = "Any news?") -> None:
    """Ask, and have the portal pass it on."""
    story.asks(alex, crime, words)
    story.stamped(alex, crime, words)
    story.task(alex, crime, kind="victim_question")


def told(story: Story, alex: Person, crime: Happened, *at: datetime) -> None:
    """Have the portal tell a supervisor at some times."""
    for each in at:
        story.until(each)
        story.task(alex, crime, kind="late_answer", assignee=SUPERVISORS)


def harms(story: Story) -> list[object]:
    """List the harms that are of late answers."""
    return [each for each in story.harms() if each[3] == "TWO-08"]


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (23, 9, [TOO_SOON]),
        (23, 10, []),
        (24, 0, []),
        (26, 10, []),
        (27, 0, []),
        (27, 12, []),
        (27, 13, [NOBODY_TOLD]),
    ],
    ids=[
        "too soon by any reading",
        "the day of asking counts, at the time of day",
        "the day of asking counts, at its end",
        "at the time of day",
        "at the end of the last working day",
        "by a look every morning",
        "too late by any reading",
    ],
)
def test_the_working_days_to_answer_are_read_in_any_fair_way(
    day: int, hour: int, expected: list[object]
) -> None:
    """Asked on Monday 19 October at eleven in London, with five working days to answer.

    The clocks go back on the Sunday.
    """
    story, alex, crime = asked()
    told(story, alex, crime, datetime(2026, 10, day, hour, tzinfo=UTC))
    story.until(max(story.now, LATEST))

    assert harms(story) == expected


def test_a_question_asked_at_the_weekend_counts_from_monday() -> None:
    """The day of asking is no working day: it does not count by any reading."""
    story, alex, crime = one_invited(phase=3)
    story.until(datetime(2026, 10, 24, 9, tzinfo=UTC))
    ask(story, alex, crime)
    told(story, alex, crime, datetime(2026, 10, 30, 9, 59, tzinfo=UTC))

    assert TOO_SOON in harms(story)


def test_no_supervisor_is_told_of_an_answered_question() -> None:
    """The reply came, and the supervisor is told all the same."""
    story, alex, crime = asked()
    story.wait(hours=2)
    story.tell(alex, story.replied(crime, alex))

    assert harms(story) == []

    told(story, alex, crime, datetime(2026, 10, 27, tzinfo=UTC))

    assert harms(story) == [ANSWERED]


def test_a_question_after_the_reply_has_no_answer() -> None:
    """Only what was asked before is answered."""
    story, alex, crime = asked()
    story.wait(hours=2)
    story.tell(alex, story.replied(crime, alex))
    story.wait(hours=2)
    ask(story, alex, crime, "And the shop?")
    story.until(LATEST)

    assert harms(story) == [NOBODY_TOLD]

    story, alex, crime = asked()
    story.tell(alex, story.replied(crime, alex))
    story.wait(hours=2)
    ask(story, alex, crime, "And the shop?")
    told(story, alex, crime, datetime(2026, 10, 27, tzinfo=UTC))

    assert harms(story) == []


def test_a_supervisor_is_told_once_of_each_question() -> None:
    """Two questions may make one task or two, and not three."""
    story, alex, crime = asked()
    ask(story, alex, crime, "And the shop?")
    late = datetime(2026, 10, 27, tzinfo=UTC)
    told(story, alex, crime, late)

    assert harms(story) == []

    told(story, alex, crime, late)

    assert harms(story) == []

    told(story, alex, crime, late)

    assert harms(story) == [TWICE]


@pytest.mark.parametrize(("rights", "expected"), [(True, []), (False, [TOO_SOON])])
def test_enhanced_rights_may_make_it_late_sooner(*, rights: bool, expected: list[object]) -> None:
    """A victim with enhanced rights is informed within a working day; the order's days are enough.

    For any other victim it is too soon.
    """
    story, alex, crime = asked(rights=rights)
    told(story, alex, crime, datetime(2026, 10, 20, 23, tzinfo=UTC))

    assert harms(story) == expected


def test_rights_that_ended_since_may_still_make_it_late_sooner() -> None:
    """The portal may have named the day when the victim asked."""
    story, alex, crime = asked(rights=True)
    story.wait(minutes=1)
    story.details_changed(crime, alex.written(enhanced_rights=False))
    told(story, alex, crime, datetime(2026, 10, 20, 23, tzinfo=UTC))

    assert harms(story) == []


def test_nothing_is_said_of_what_the_force_never_had() -> None:
    """A question that was lost is another harm, and one that was excluded later is none."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, "Any news?")
    story.until(LATEST)

    assert harms(story) == []

    story, alex, crime = asked()
    story.wait(days=1)
    story.details_changed(crime, alex.written(safe_to_contact=False))
    story.until(LATEST)

    assert harms(story) == []


def test_nothing_is_owed_for_what_another_person_asked() -> None:
    """An officer decided that somebody else is told: the portal may drop the question or not."""
    for is_told in (True, False):
        story, alex, crime = asked()
        story.wait(days=1)
        sam = ToldInstead(given_name="Sam", mobile_phone="07700900399", safe_to_contact=True)
        story.details_changed(crime, alex.written(who_is_told="another", told_instead=sam))
        if is_told:
            told(story, alex, crime, datetime(2026, 10, 27, tzinfo=UTC))
        story.until(LATEST)

        assert harms(story) == []


def test_one_of_two_questions_is_late_sooner() -> None:
    """A task for the first says nothing of the second, which was asked days later."""
    story, alex, crime = asked()
    story.wait(days=3)
    ask(story, alex, crime, "And the shop?")
    told(story, alex, crime, datetime(2026, 10, 27, tzinfo=UTC))
    story.until(datetime(2026, 10, 30, 12, tzinfo=UTC))

    assert harms(story) == [NOBODY_TOLD]

    story.records.pop()
    told(story, alex, crime, datetime(2026, 10, 30, 12, tzinfo=UTC))

    assert harms(story) == [NOBODY_TOLD]


def test_an_outage_of_the_crime_system_excuses_the_time_it_took() -> None:
    """No task can be raised while it is down."""
    story, alex, crime = asked()
    story.until(datetime(2026, 10, 26, 12, tzinfo=UTC))
    story.crime_system_goes_down()
    story.until(datetime(2026, 10, 28, 12, tzinfo=UTC))
    story.crime_system_comes_back()
    told(story, alex, crime, datetime(2026, 10, 28, 13, tzinfo=UTC))

    assert harms(story) == []


@pytest.mark.parametrize(
    ("named", "expected"),
    [("", [ANSWERED]), ("key-1", [ANSWERED]), ("key-2", [ANSWERED]), ("key-3", [])],
    ids=["no question", "its stamp", "its task", "another question's stamp"],
)
def test_a_reply_that_names_another_question_may_be_no_answer(
    *, named: str, expected: list[object]
) -> None:
    """A supervisor may be told, and need not be."""
    story, alex, crime = asked()
    other = story.crime(alex)
    ask(story, alex, other, "And the other one?")
    story.wait(hours=2)
    reply = OfficerReplied(
        crime_reference=crime.crime_reference,
        person_id=alex.person_id,
        reply_id="reply-1",
        in_reply_to=named,
        text="We have.",
        replied_at=story.now,
    )
    story.tell(alex, story.happens(reply))
    told(story, alex, other, datetime(2026, 10, 27, tzinfo=UTC))

    assert harms(story) == []

    told(story, alex, crime, story.now)

    assert harms(story) == expected
