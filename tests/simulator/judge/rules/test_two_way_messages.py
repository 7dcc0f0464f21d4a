"""A victim's words reach the crime system once, as they are, with a task; replies stay private."""

from datetime import timedelta

import pytest

from tests.simulator.judge.expected import Harmed, fail
from tests.simulator.judge.force_story import ADVISES_NOBODY, ORDER, Happened, Person
from tests.simulator.judge.story import Story, one_invited, two_invited

WORDS = "Has anybody looked at the cameras on Mill Lane?"
QUARTER = timedelta(minutes=ORDER.messages.minutes_max)
CATCH_UP = timedelta(minutes=ORDER.two_way.catch_up_minutes_max)
SECOND = timedelta(seconds=1)


def deal_with(story: Story, alex: Person, crime: Happened, words: str = WORDS) -> None:
    """Have the portal deal with a question as it should."""
    story.stamped(alex, crime, words)
    story.task(alex, crime, kind="victim_question")


def test_words_stamped_once_with_a_task_are_dealt_with() -> None:
    """Nothing more is required."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, WORDS)
    deal_with(story, alex, crime)

    assert story.harms() == []


def test_what_is_filed_at_once_may_be_seen_before_the_question() -> None:
    """A portal may file while the victim waits for its page; an old task does not count."""
    story, alex, crime = one_invited(phase=3)
    deal_with(story, alex, crime)
    story.asks(alex, crime, WORDS)

    assert story.harms() == []

    story.task(alex, crime, kind="victim_question")
    story.wait(minutes=1)
    story.asks(alex, crime, "And at the one in the shop?")
    story.stamped(alex, crime, "And at the one in the shop?")

    assert story.harms() == [fail("lost", "TWO-03")]


def test_words_not_stamped_are_lost() -> None:
    """A task alone does not carry the words."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, WORDS)

    assert story.harms() == [fail("lost", "TWO-01")]

    story.task(alex, crime, kind="victim_question")

    assert story.harms() == [fail("lost", "TWO-01")]


@pytest.mark.parametrize("words", [WORDS.upper(), f" {WORDS}", WORDS[:-1], "", "&quot;"])
def test_other_words_are_not_the_victims(words: str) -> None:
    """Tidied, cut or escaped, they are not as the victim wrote them."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, WORDS)
    deal_with(story, alex, crime, words)

    assert story.harms() == [fail("lost", "TWO-01")]
    assert story.judged().findings[0].observed == "other words were stamped"


@pytest.mark.parametrize("is_stamped_so", [True, False])
def test_a_line_end_is_one_character_or_two(*, is_stamped_so: bool) -> None:
    """A browser sends each as two, whatever was typed: decision 59."""
    one, two = "Is it\nours?", "Is it\r\nours?"
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, one if is_stamped_so else two)
    deal_with(story, alex, crime, two if is_stamped_so else one)

    assert story.harms() == []


def test_words_that_only_look_the_same_are_told_apart_by_code_point() -> None:
    """Two sentences that print alike would leave a supplier nothing to look for."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, "It's René's car")
    deal_with(story, alex, crime, "It\u2019s Rene\u0301\u2019s car")

    assert story.judged().findings[0].observed == (
        "other words were stamped: it looks the same, with U+2019 \u2019 for U+0027 ', "
        "U+0065 e U+0301 \u0301 for U+00E9 é"
    )


def test_words_stamped_twice_are_duplicated() -> None:
    """A retry must not file the words again."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, WORDS)
    deal_with(story, alex, crime)
    story.stamped(alex, crime, WORDS)

    assert story.harms() == [fail("duplicated", "TWO-02")]


def test_the_same_question_twice_is_two_questions() -> None:
    """A second question is stamped again; a third stamp is one too many."""
    story, alex, crime = one_invited(phase=3)
    for _time in range(2):
        story.asks(alex, crime, WORDS)
        deal_with(story, alex, crime)

    assert story.harms() == []

    story.stamped(alex, crime, WORDS)

    assert story.harms() == [fail("duplicated", "TWO-02")]


def test_words_without_a_task_are_nobodys_to_answer() -> None:
    """A question that is stamped and given to no officer is lost; another kind of task is none."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, WORDS)
    story.stamped(alex, crime, WORDS)

    assert story.harms() == [fail("lost", "TWO-03")]

    story.task(alex, crime, kind="contact_details")

    assert story.harms() == [fail("lost", "TWO-03")]


def test_one_task_is_for_one_question() -> None:
    """Two questions and one task leave one question that no officer was given."""
    story, alex, crime = one_invited(phase=3)
    for words in ("Where?", "When?"):
        story.asks(alex, crime, words)
        story.stamped(alex, crime, words)
    story.task(alex, crime, kind="victim_question")

    assert story.harms() == [fail("lost", "TWO-03")]


def test_a_task_for_one_victim_is_not_for_the_other() -> None:
    """Two victims of one crime asked: each question needs its own task."""
    story, alex, sam, crime = two_invited(phase=3)
    for person in (alex, sam):
        story.asks(person, crime, WORDS)
        story.stamped(person, crime, WORDS)
    story.task(alex, crime, kind="victim_question")
    story.task(sam, crime, kind="victim_question")

    assert story.harms() == []

    story.records.pop()
    story.task(alex, crime, kind="victim_question")

    assert story.harms() == [fail("lost", "TWO-03")]


def test_words_stamped_for_somebody_else_are_lost() -> None:
    """On the same crime, but as the other victim's, they are not this victim's words."""
    story, alex, sam, crime = two_invited(phase=3)
    story.asks(alex, crime, WORDS)
    deal_with(story, sam, crime)

    assert fail("lost", "TWO-01") in story.harms()


def test_words_stamped_on_anothers_crime_are_a_harm() -> None:
    """Filed where they belong and on a stranger's crime as well, they were given to others."""
    story, alex, crime = one_invited(phase=3)
    sam = story.person("Sam", channels=("text",))
    other = story.crime(sam)
    story.invite(sam, other)
    story.asks(alex, crime, WORDS)
    deal_with(story, alex, crime)
    story.stamped(alex, other, WORDS)

    assert [kind for kind, *_rest in story.harms()] == ["FAIL"]


def test_a_stamp_is_late_after_a_quarter_of_an_hour() -> None:
    """The deadline itself is in time; quiet hours do not delay a stamp."""
    story, alex, crime = one_invited(phase=3)
    story.until(story.now.replace(hour=22))
    story.asks(alex, crime, WORDS)
    story.until(story.now + QUARTER)
    in_time = len(story.records)
    deal_with(story, alex, crime)

    assert story.harms() == []

    del story.records[in_time:]
    story.wait(seconds=1)
    deal_with(story, alex, crime)

    assert story.harms() == [fail("late", "TWO-01")]


def test_a_question_not_yet_due_is_left_open() -> None:
    """At the end of a run it is lost only if it was due."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, WORDS)

    assert story.harms(end=story.now + QUARTER - SECOND) == []
    assert story.harms(end=story.now + QUARTER) == [fail("lost", "TWO-01")]


def test_while_the_crime_system_is_down_nothing_is_due() -> None:
    """No stamp can be filed then; after its return there is time to catch up."""
    story, alex, crime = one_invited(phase=3)
    story.crime_system_goes_down()
    story.asks(alex, crime, WORDS)
    story.wait(hours=6)

    assert story.harms() == []

    story.crime_system_comes_back()
    back = story.now

    assert story.harms(end=back + CATCH_UP - SECOND) == []
    assert story.harms(end=back + CATCH_UP) == [fail("lost", "TWO-01")]

    story.until(back + CATCH_UP)
    deal_with(story, alex, crime)

    assert story.harms() == []

    del story.records[-2:]
    story.wait(seconds=1)
    deal_with(story, alex, crime)

    assert story.harms() == [fail("late", "TWO-01")]


def test_an_outage_excuses_only_what_it_touched() -> None:
    """A question due before it, or asked after it, is due as ever."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, "Before?")
    story.wait(minutes=16)
    story.crime_system_goes_down()
    story.wait(hours=1)
    story.crime_system_comes_back()
    story.wait(seconds=1)
    story.asks(alex, crime, "After?")

    assert story.harms(end=story.now + QUARTER) == [fail("lost", "TWO-01")] * 2


def test_an_outage_within_the_quarter_hour_excuses() -> None:
    """Asked ten minutes before it went down, the words may wait for its return."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, WORDS)
    story.wait(minutes=10)
    story.crime_system_goes_down()
    story.wait(hours=1)
    story.crime_system_comes_back()
    story.wait(minutes=80)
    deal_with(story, alex, crime)

    assert story.harms() == []


def test_an_outage_again_before_the_catch_up_is_over_excuses_again() -> None:
    """Up for ten minutes of ninety and down again, it has not yet given the time to catch up."""
    story, alex, crime = one_invited(phase=3)
    story.crime_system_goes_down()
    story.asks(alex, crime, WORDS)
    story.wait(hours=1)
    story.crime_system_comes_back()
    story.wait(minutes=10)
    story.crime_system_goes_down()
    story.wait(hours=6)

    assert story.harms() == []

    story.crime_system_comes_back()
    story.wait(minutes=5)
    deal_with(story, alex, crime)

    assert story.harms() == []


def test_a_conversation_is_between_two() -> None:
    """The question and the reply are shown to their victim, and to no other."""
    story, alex, sam, crime = two_invited(phase=3)
    story.asks(alex, crime, WORDS)
    deal_with(story, alex, crime)
    reply = story.replied(crime, alex, "We have, and we are speaking to the shop.")
    story.tell(alex, reply)
    story.sees(
        alex, crime, WORDS, "We have, and we are speaking to the shop.", where="conversation"
    )
    story.sees(sam, crime, where="conversation")

    assert story.harms() == []

    story.sees(sam, crime, WORDS, where="conversation")

    assert story.harms() == [fail("disclosed", "PRIV-03")]

    story.records.pop()
    story.sees(sam, crime, "We have, and we are speaking to the shop.", where="conversation")

    assert story.harms() == [fail("disclosed", "PRIV-03")]


def test_words_that_both_wrote_are_each_ones_own() -> None:
    """A thank-you is no secret once both have written it."""
    story, alex, sam, crime = two_invited(phase=3)
    for person in (alex, sam):
        story.asks(person, crime, "Thank you")
        deal_with(story, person, crime, "Thank you")
        story.sees(person, crime, "Thank you", where="conversation")

    assert story.harms() == []


@pytest.mark.parametrize(
    ("off", "harms"),
    [
        (-QUARTER, []),
        (QUARTER, []),
        (-QUARTER - SECOND, [fail("out of order", "TWO-13")]),
        (timedelta(hours=1), [fail("out of order", "TWO-13")]),
    ],
)
def test_a_stamp_says_when_it_was_written(off: timedelta, harms: list[Harmed]) -> None:
    """Clocks may differ a little; an hour is another time."""
    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, WORDS)
    story.stamped(alex, crime, WORDS, written_at=story.now + off)
    story.task(alex, crime, kind="victim_question")

    assert story.harms() == harms


def test_the_same_words_may_be_stamped_in_either_order() -> None:
    """After an outage the last question may arrive first: each stamp has its own time."""
    story, alex, crime = one_invited(phase=3)
    asked_at = []
    for _time in range(2):
        asked_at.append(story.now)
        story.asks(alex, crime, WORDS)
        story.task(alex, crime, kind="victim_question")
        story.wait(minutes=5)
    for written_at in reversed(asked_at):
        story.stamped(alex, crime, WORDS, written_at=written_at)

    assert story.harms() == []


def test_the_same_words_may_be_filed_at_once_each_time() -> None:
    """A stamp at the moment of the second question is its own; one more is one too many."""
    story, alex, crime = one_invited(phase=3, order=ADVISES_NOBODY)
    for _time in range(2):
        deal_with(story, alex, crime)
        story.asks(alex, crime, WORDS)
        story.wait(days=1)

    assert story.harms() == []

    story.stamped(alex, crime, WORDS)

    assert story.harms() == [fail("duplicated", "TWO-02")]


@pytest.mark.parametrize(("on_own", "harms"), [(True, []), (False, [fail("lost", "CASE-22")])])
def test_a_question_that_waited_until_a_merger_was_taken_back_has_one_task(
    *, on_own: bool, harms: list[Harmed]
) -> None:
    """It goes to the officer of the writer's own crime at once: none is owed beside it."""
    story, alex, crime = one_invited(phase=3)
    sam = story.person("Sam", channels=("text",))
    other = story.crime(sam)
    story.invite(sam, other)
    story.wait(hours=2)
    story.merged(crime, other)
    story.wait(hours=1)
    story.asks(alex, other, WORDS)
    if not on_own:
        deal_with(story, alex, other)
    story.unmerged(crime)
    story.wait(minutes=3)
    if on_own:
        deal_with(story, alex, crime)
    else:
        story.stamped(alex, crime, WORDS)
    story.wait(hours=2)

    assert [each for each in story.harms() if each[3] == "CASE-22"] == harms
