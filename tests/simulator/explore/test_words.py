"""Texts have the lengths and the kinds of writing that they are said to have."""

from random import Random

import pytest

from reference.contract.messages import QUESTION_CHARACTERS_MAX
from simulator.explore.words import (
    LENGTHS,
    QUESTIONS,
    REPLIES,
    REPLY_LENGTHS,
    WRITING,
    is_wide,
    kinds_of_writing,
    of_length,
)


@pytest.mark.parametrize("count", sorted({*LENGTHS, *REPLY_LENGTHS}))
def test_a_text_of_a_length_has_it(count: int) -> None:
    """To the character, and with nothing at its ends that a portal may trim."""
    for seed in range(12):
        text = of_length(count, Random(seed))  # noqa: S311  it is no secret
        assert len(text) == count
        assert text == text.strip()


def test_a_text_of_a_length_is_in_one_of_several_scripts() -> None:
    """Those of letters with several bytes are told from the others, which are as many."""
    texts = {of_length(255, Random(seed)) for seed in range(40)}  # noqa: S311  as above
    bytes_of = {len(each.encode()) for each in texts}

    assert len(texts) == 5
    assert len([each for each in texts if is_wide(each)]) == 4
    assert not is_wide("Any news? Tŷ fy mam")
    assert min(bytes_of) == 255
    assert max(bytes_of) > 3 * 255


def test_the_limit_of_a_question_is_met_on_both_sides() -> None:
    """One character less, the limit, and one more."""
    limit = QUESTION_CHARACTERS_MAX
    assert {limit - 1, limit, limit + 1} <= set(LENGTHS)


def test_every_kind_of_writing_is_written_by_somebody() -> None:
    """No kind stands in the table that no text has."""
    written = {kind for text in (*QUESTIONS, *REPLIES) for kind in kinds_of_writing(text)}
    assert written == set(WRITING)
    assert kinds_of_writing("Is there any news?") == []
