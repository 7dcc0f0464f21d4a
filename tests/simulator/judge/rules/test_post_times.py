"""A post of a conversation has the time at which it was written, and a key of its own."""

from datetime import datetime, time, timedelta

import pytest
from msgspec import structs

from reference.contract.events import OfficerReplied
from simulator.clock import LONDON
from simulator.judge.rules.post_times import PostTimes
from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.pages import OKAFOR, converses, found, post, shown
from tests.simulator.judge.story import Story, one_invited

WORDS = "Has anybody seen it?"
WRONG = [fail("lost", "TWO-01")]


def harms(story: Story) -> list[Harmed]:
    """Ask the rule alone."""
    return found(story, PostTimes)


@pytest.mark.parametrize(
    ("apart", "expected"),
    [
        (timedelta(0), []),
        (timedelta(minutes=5), []),
        (timedelta(minutes=6), WRONG),
        (timedelta(minutes=-6), WRONG),
        (timedelta(hours=1), WRONG),
    ],
)
def test_a_question_has_the_time_at_which_it_was_asked(
    apart: timedelta, expected: list[Harmed]
) -> None:
    """Which is told once, however often it is read."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, WORDS)
    asked_at = story.now
    story.wait(hours=30)
    for _time in range(2):
        converses(story, alex, crime, [post(WORDS, asked_at + apart)])

    assert harms(story) == expected


def test_words_asked_twice_have_either_time() -> None:
    """Nobody can tell which post is which."""
    story, alex, crime = one_invited(phase=3)
    times = []
    for _time in range(2):
        story.asks(alex, crime, WORDS)
        times.append(story.now)
        story.wait(hours=3)
    posts = [
        structs.replace(post(WORDS, at), key=f"key {place}")
        for place, at in enumerate(reversed(times))
    ]
    converses(story, alex, crime, posts)

    assert harms(story) == []


def test_a_page_may_show_the_day_alone() -> None:
    """Midnight of London stands for it, and not midnight of another day."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, WORDS)
    midnight = datetime.combine(story.now.astimezone(LONDON).date(), time(), LONDON)
    story.wait(hours=30)
    converses(story, alex, crime, [post(WORDS, midnight)])
    assert harms(story) == []

    converses(story, alex, crime, [post(WORDS, midnight - timedelta(days=1))])
    assert harms(story) == WRONG


def test_an_answer_was_not_written_later_than_now() -> None:
    """It may be of any time before: it comes late, or is held back."""
    story, alex, crime = one_invited(phase=3)
    story.happens(
        OfficerReplied(
            crime_reference=crime.crime_reference,
            person_id=alex.person_id,
            reply_id="1",
            text="Not yet.",
            officer=OKAFOR,
            replied_at=story.now,
        )
    )
    for apart in (timedelta(days=-3), timedelta(minutes=5)):
        converses(story, alex, crime, [post("Not yet.", story.now + apart, author="officer")])
    assert harms(story) == []

    later = story.now + timedelta(minutes=6)
    converses(story, alex, crime, [post("Not yet.", later, author="officer")])
    assert harms(story) == WRONG


def test_no_two_posts_have_one_key() -> None:
    """And a page that only a tester read has none that could be known."""
    story, alex, crime = one_invited(phase=3)
    posts = [post(WORDS, story.now), post(WORDS, story.now)]
    shown(
        story, alex, "conversation", crime.crime_reference, posts=tuple(posts), how="by the tester"
    )
    assert harms(story) == []

    converses(story, alex, crime, posts)
    assert harms(story) == WRONG
