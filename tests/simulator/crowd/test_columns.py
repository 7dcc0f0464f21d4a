"""Columns made from numbers: the same words as Python would write one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.crowd.columns import Changes, chosen, days, digits, joined, texts, word_list, words

NUMBERS = st.lists(st.integers(0, 99_999_999_999), min_size=1, max_size=30)


@given(numbers=NUMBERS, width=st.integers(11, 13), there=st.data())
def test_digits_are_written_with_noughts_in_front(
    numbers: list[int], width: int, there: st.DataObject
) -> None:
    """As many digits in each row; "" where a row is not there."""
    shown = there.draw(st.lists(st.booleans(), min_size=len(numbers), max_size=len(numbers)))
    rows = digits(np.array(numbers), width)

    assert word_list(texts(rows)) == [f"{each:0{width}d}" for each in numbers]
    assert word_list(texts(rows, np.array(shown))) == [
        f"{each:0{width}d}" if is_shown else ""
        for each, is_shown in zip(numbers, shown, strict=True)
    ]


@given(numbers=st.lists(st.integers(0, 9_999), min_size=1, max_size=10))
def test_parts_stand_side_by_side(numbers: list[int]) -> None:
    """The same letters in every row, and digits that differ."""
    four = digits(np.array(numbers), 4)
    column = texts(joined(b"+44 ", four[:, 1:], b"x"))

    assert word_list(column) == [f"+44 {each % 1000:03d}x" for each in numbers]


def test_words_are_chosen_by_their_place() -> None:
    """A column of places reads as one of words."""
    column = chosen(np.array([2, 0, 2], np.int8), words(["a", "b", "c"]))

    assert column.to_pylist() == ["c", "a", "c"]


def test_days_are_dates() -> None:
    """Counted from 1970; none where it is missing."""
    column = days(np.array([0, -1], np.int32), missing=np.array([False, True]))

    assert [str(each) for each in column.to_pylist()] == ["1970-01-01", "None"]


@pytest.mark.parametrize("rows", [[], [1], [3, 0]])
def test_changes_are_written_over_a_column(rows: list[int]) -> None:
    """What was written last stands, also where the row was blanked before."""
    changes = Changes()
    changes.blank(np.array([0, 2]))
    changes.add(np.array(rows, np.intp), words([f"new {each}" for each in rows]))
    expected = ["", "b", "", "d"]
    for each in rows:
        expected[each] = f"new {each}"

    assert word_list(changes.over(words(["a", "b", "c", "d"]))) == expected
