"""Texts have the lengths and the kinds of writing that they are said to have."""

import pytest

from reference.contract.messages import QUESTION_CHARACTERS_MAX
from simulator.explore.words import (
    LENGTHS,
    QUESTIONS,
    REPLIES,
    REPLY_LENGTHS,
    WRITING,
    kinds_of_writing,
    of_length,
)


@pytest.mark.parametrize("count", sorted({*LENGTHS, *REPLY_LENGTHS}))
def test_a_text_of_a_length_has_it(count: int) -> None:
    """To the character, and with nothing at its ends that a portal may trim."""
    assert len(of_length(count)) == count
    assert of_length(count) == of_length(count).strip()


def test_the_limit_of_a_question_is_met_on_both_sides() -> None:
    """One character less, the limit, and one more."""
    limit = QUESTION_CHARACTERS_MAX
    assert {limit - 1, limit, limit + 1} <= set(LENGTHS)


def test_every_kind_of_writing_is_written_by_somebody() -> None:
    """No kind stands in the table that no text has."""
    written = {kind for text in (*QUESTIONS, *REPLIES) for kind in kinds_of_writing(text)}
    assert written == set(WRITING)
    assert kinds_of_writing("Is there any news?") == []
