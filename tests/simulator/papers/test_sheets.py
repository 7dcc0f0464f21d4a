"""A paper as CSV: every cell is there, and no spreadsheet runs one as a formula."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.papers.sheets import Mark, Table, ToFill, as_csv, without_formula

FORMULAS = (
    '=HYPERLINK("https://example.test","here")',
    "+44",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\n=1",
    "  =1",
    "＝1",
    "\r=1",
)


def read_back(table: Table) -> list[list[str]]:
    """Read a CSV as a spreadsheet does."""
    return list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"), newline="")))


def test_a_table_comes_back_as_it_was() -> None:
    """The columns come first, then each row; a mark is its word, and a day is written out."""
    table = Table(
        caption="Not in a CSV",
        columns=("A", "B", "C", "D", "E"),
        rows=[('x, "y"', 3, Mark(word="red", kind="FAIL"), date(2026, 11, 2), None)],
    )

    assert read_back(table) == [
        ["A", "B", "C", "D", "E"],
        ['x, "y"', "3", "red", "2 November 2026", ""],
    ]


def test_spreadsheets_are_told_that_it_is_utf_8() -> None:
    """The file begins with a byte order mark, because spreadsheets guess without it."""
    table = Table(caption="", columns=("Name",), rows=[(ToFill("☐"),)])

    assert as_csv(table).startswith(b"\xef\xbb\xbf")
    assert read_back(table)[1] == ["☐"]


@pytest.mark.parametrize("words", FORMULAS)
def test_what_looks_like_a_formula_is_words(words: str) -> None:
    """A spreadsheet does not run what a portal sent."""
    assert without_formula(words).startswith(("'", "\\"))


@pytest.mark.parametrize("words", ["D-0123456789", "2 of 3", "a=b", "’tis", "–", ""])
def test_what_is_no_formula_is_left_alone(words: str) -> None:
    """Ids and ordinary words stay as they are."""
    assert without_formula(words) == words


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
def test_no_cell_ever_begins_as_a_formula(words: list[str]) -> None:
    """Every row has all its cells, and none begins like a formula."""
    columns = tuple(map(str, range(len(words))))
    _, row = read_back(Table(caption="", columns=columns, rows=[tuple(words)]))

    assert len(row) == len(words)
    assert not [cell for cell in row if cell.lstrip().startswith(tuple("=+-@＝＋－＠"))]
    assert not [cell for cell in row if "\x00" in cell or "\r" in cell]
