"""One paper as values: sections of words and tables, written alike as a page and as CSV.

A spreadsheet runs what looks like a formula, and what a portal sends may look like anything: no
cell of a CSV begins as one.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

from msgspec import Struct

from simulator.legible import legible
from simulator.report.amounts import day
from simulator.verdicts import Kind

#: What begins a formula in one spreadsheet or another, the wide forms of it included.
_FORMULA = tuple("=+-@＝＋－＠")


class Mark(Struct, frozen=True, kw_only=True):
    """A word with the colour of a verdict, which only repeats it."""

    word: str
    kind: Kind


class ToFill(Struct, frozen=True):
    """An empty place on paper, with what is printed in it."""

    words: str = ""


Cell: TypeAlias = str | int | date | Mark | ToFill | None


class Table(Struct, frozen=True, kw_only=True):
    """Columns and rows under a caption; each row has a cell a column, and the first names it."""

    caption: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


class Section(Struct, frozen=True, kw_only=True):
    """A part of a paper; `otherwise` is said where the table is empty."""

    id: str
    title: str
    words: tuple[str, ...] = ()
    table: Table | None = None
    otherwise: str = ""


class Sheet(Struct, frozen=True, kw_only=True):
    """One paper; `name` is that of its files, and `csv` the table that a spreadsheet gets."""

    name: str
    title: str
    sections: tuple[Section, ...]
    csv: Table


def as_csv(table: Table) -> bytes:
    """Write a table as CSV that spreadsheets open as it is: every cell quoted, none a formula."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(table.columns)
    writer.writerows([inert(said(cell)) for cell in row] for row in table.rows)
    # The mark at the start tells spreadsheets that this is UTF-8.
    return file.getvalue().encode("utf-8-sig")


def said(cell: Cell) -> str:
    """Give a cell as words."""
    if isinstance(cell, Mark):
        return cell.word
    if isinstance(cell, ToFill):
        return cell.words
    if isinstance(cell, date):
        return day(cell)
    return "" if cell is None else str(cell)


def inert(words: str) -> str:
    """Make words legible, and such that no spreadsheet takes them for a formula."""
    shown = legible(words)
    is_formula = shown.lstrip().startswith(_FORMULA) or shown.startswith(("\t", "\n"))
    return f"'{shown}" if is_formula else shown


def together(ids: Sequence[str]) -> str:
    """List names in one cell."""
    return ", ".join(ids)
