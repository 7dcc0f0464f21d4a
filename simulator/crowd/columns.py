"""Columns of words, made from arrays of numbers without a Python string for each row.

A column is an array of Arrow. Most of a crowd's are words from a short list, kept as the place of
each word; the rest are rows of letters of one length, or a few of those put together.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

#: An array of pyarrow, which has no types for mypy.
Column: TypeAlias = Any
Rows: TypeAlias = NDArray[np.intp]
_TEN_THOUSAND = 10_000
#: Four digits, as the four bytes of one whole number.
_FOUR_DIGITS = np.frombuffer("".join(f"{i:04d}" for i in range(_TEN_THOUSAND)).encode(), np.uint32)


def words(values: Sequence[str]) -> Column:
    """Make a column of these words."""
    return pa.array(values, pa.string())


def word_list(column: Column) -> list[str]:
    """Return the words of a column."""
    found: list[str] = column.to_numpy(zero_copy_only=False).tolist()
    return found


def places(numbers: NDArray[Any]) -> Column:
    """Make a column of whole numbers, as places in another."""
    return pa.array(numbers)


def chosen(numbers: NDArray[Any], among: Column) -> Column:
    """Make a column of words, each the place of a word in `among`."""
    return pa.DictionaryArray.from_arrays(places(numbers), among, safe=False)


def days(numbers: NDArray[np.int32], *, missing: NDArray[np.bool_] | None = None) -> Column:
    """Make a column of dates from days counted from 1970; none where they are missing."""
    return pa.array(numbers.astype(np.int32, copy=False), mask=missing).cast(pa.date32())


def digits(numbers: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    """Write whole numbers as rows of `width` digits, with noughts in front."""
    groups = -(-width // 4)
    written = np.empty((len(numbers), groups), np.uint32)
    rest = numbers
    for group in range(groups - 1, 0, -1):
        higher = rest // _TEN_THOUSAND
        written[:, group] = _FOUR_DIGITS[rest - higher * _TEN_THOUSAND]
        rest = higher
    written[:, 0] = _FOUR_DIGITS[rest]
    return written.view(np.uint8)[:, groups * 4 - width :]


def joined(*parts: bytes | NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Put rows of letters side by side; `bytes` are the same letters in every row."""
    count = next(len(each) for each in parts if not isinstance(each, bytes))
    widths = [len(each) if isinstance(each, bytes) else each.shape[1] for each in parts]
    rows = np.empty((count, sum(widths)), np.uint8)
    start = 0
    for each, width in zip(parts, widths, strict=True):
        rows[:, start : start + width] = (
            np.frombuffer(each, np.uint8) if isinstance(each, bytes) else each
        )
        start += width
    return rows


def texts(letters: NDArray[np.uint8], there: NDArray[np.bool_] | None = None) -> Column:
    """Make a column of rows of letters; "" where a row is not there."""
    count, width = letters.shape
    ends = np.zeros(count + 1, np.int32)
    if there is None:
        ends[:] = np.arange(count + 1) * width
    else:
        np.cumsum(there * np.int32(width), out=ends[1:], dtype=np.int32)
        letters = letters[there]
    parts = [None, pa.py_buffer(ends), pa.py_buffer(np.ascontiguousarray(letters))]
    return pa.Array.from_buffers(pa.string(), count, parts)


class Changes:
    """What is written over some rows of a column; nothing where a row is blanked."""

    def __init__(self) -> None:
        self._rows: list[Rows] = []
        self._written: list[Column] = []
        self._blanked: list[Rows] = []

    def add(self, rows: Rows, written: Column) -> None:
        """Write other words in these rows."""
        if len(rows):
            self._rows.append(rows)
            self._written.append(written)

    def blank(self, rows: Rows) -> None:
        """Leave nothing in these rows."""
        self._blanked.append(rows)

    def over(self, column: Column) -> Column:
        """Return the column with what was written over it."""
        count = len(column)
        place = np.arange(count, dtype=np.int32)
        for rows in self._blanked:
            place[rows] = count
        known = count + 1
        for rows in self._rows:
            place[rows] = known + np.arange(len(rows), dtype=np.int32)
            known += len(rows)
        return pa.concat_arrays([column, words([""]), *self._written]).take(places(place))
