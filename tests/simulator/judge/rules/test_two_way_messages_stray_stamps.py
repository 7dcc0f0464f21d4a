"""Only what a victim wrote is stamped as theirs."""

from tests.simulator.judge.expected import fail
from tests.simulator.judge.rules.test_two_way_messages import WORDS, deal_with
from tests.simulator.judge.story import one_invited


def test_words_that_nobody_wrote_are_found() -> None:
    """Alone, or beside a question that was dealt with; counted once where a question is lost."""
    story, alex, crime = one_invited(phase=3)
    story.stamped(alex, crime, "I withdraw everything.")

    assert story.harms() == [fail("noise", "TWO-01")]

    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, WORDS)
    deal_with(story, alex, crime)
    story.stamped(alex, crime, "I withdraw everything.")

    assert story.harms() == [fail("noise", "TWO-01")]

    story, alex, crime = one_invited(phase=3)
    story.asks(alex, crime, WORDS)
    for words in (WORDS.upper(), "I withdraw everything."):
        story.stamped(alex, crime, words)

    assert sorted(story.harms()) == [fail("lost", "TWO-01"), fail("noise", "TWO-01")]


def test_a_stamp_may_be_seen_before_its_question() -> None:
    """The portal may be faster than the record of the question."""
    story, alex, crime = one_invited(phase=3)
    deal_with(story, alex, crime)
    story.asks(alex, crime, WORDS)

    assert story.harms() == []
