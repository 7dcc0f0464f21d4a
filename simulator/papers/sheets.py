"""One paper as values: sections of words and tables, for a page and for CSV.

A spreadsheet runs a cell that looks like a formula, and a portal may send anything. So no cell of a
CSV begins like a formula.
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

#: Characters that begin a formula in some spreadsheet, including their full-width forms.
_FORMULA = tuple("=+-@＝＋－＠")


class Mark(Struct, frozen=True, kw_only=True):
    """A word in the colour of a verdict; the colour only repeats the word."""

    word: str
    kind: Kind


class ToFill(Struct, frozen=True):
    """An empty field on paper, with any words printed in it."""

    words: str = ""


Cell: TypeAlias = str | int | date | Mark | ToFill | None


class Table(Struct, frozen=True, kw_only=True):
    """Columns and rows under a caption. Each row has one cell a column; the first names the row."""

    caption: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


class Section(Struct, frozen=True, kw_only=True):
    """A part of a paper. `otherwise` is shown if the table is empty."""

    id: str
    title: str
    words: tuple[str, ...] = ()
    table: Table | None = None
    otherwise: str = ""


class Sheet(Struct, frozen=True, kw_only=True):
    """One paper. `name` is that of its files, and `csv` the table for a spreadsheet."""

    name: str
    title: str
    sections: tuple[Section, ...]
    csv: Table


def as_csv(table: Table) -> bytes:
    """Write a table as CSV for spreadsheets: every cell quoted, none a formula."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(table.columns)
    writer.writerows([without_formula(cell_text(cell)) for cell in row] for row in table.rows)
    # The byte order mark tells spreadsheets that this is UTF-8.
    return file.getvalue().encode("utf-8-sig")


def cell_text(cell: Cell) -> str:
    """Return the text of a cell."""
    if isinstance(cell, Mark):
        return cell.word
    if isinstance(cell, ToFill):
        return cell.words
    if isinstance(cell, date):
        return day(cell)
    return "" if cell is None else str(cell)


def without_formula(words: str) -> str:
    """Make words legible, and prevent a spreadsheet from reading them as a formula."""
    shown = legible(words)
    is_formula = shown.lstrip().startswith(_FORMULA) or shown.startswith(("\t", "\n"))
    return f"'{shown}" if is_formula else shown


def joined(ids: Sequence[str]) -> str:
    """List ids in one cell."""
    return ", ".join(ids)
