"""Shows a check in a terminal: the map, the headline, the colours, and what is wrong most."""

from typing import TYPE_CHECKING

from simulator.contact_data.check import Checked
from simulator.contact_data.columns import FIELDS
from simulator.contact_data.meanings_of_words import PLACES
from simulator.contact_data.note_meanings import TO_READ
from simulator.contact_data.readiness import Readiness
from simulator.legible import on_one_line
from simulator.report.amounts import several, share

if TYPE_CHECKING:
    from rich.console import Console

_KINDS_SHOWN = 10
_UNUSED_SHOWN = 30
_UNKNOWN_SHOWN = 20
_WIDTH_MAX = 80


def _not_used(columns: list[str]) -> str:
    """Name the columns of which nothing was guessed: one may be what is missed below."""
    if not columns:
        return "Every column is used."
    shown = [on_one_line(repr(each)) for each in columns[:_UNUSED_SHOWN]]
    more = len(columns) - len(shown)
    return f"Not used: {', '.join(shown)}{f' and {more} more' if more else ''}."


def show_data_check(checked: Checked, console: "Console") -> None:
    """Print what a person reads first; the tables fit 80 columns."""
    from rich.table import Table

    if checked.guessed:
        _show_guess(checked, console)
    result = checked.readiness
    if result.unknown_words:
        _show_unknown(result, console)
    table = Table(title="Victims' records without a fault", width=_WIDTH_MAX, title_justify="left")
    table.add_column("Dimension")
    table.add_column("Colour")
    table.add_column("Without a fault", justify="right")
    for one in result.dimensions:
        is_measured = one.colour != "not measured"
        table.add_row(one.dimension, one.colour, share(one.share) if is_measured else "–")
    console.print(table)
    if result.call_backs:
        console.print(
            "Accuracy: at least so many numbers are the victims' own, by the worse end of the "
            "interval that the call-backs give."
        )
    table = Table(title="What is wrong most", width=_WIDTH_MAX, title_justify="left")
    table.add_column("What", overflow="fold")
    table.add_column("Field")
    table.add_column("Records", justify="right")
    for kind in result.kinds[:_KINDS_SHOWN]:
        table.add_row(kind.what, kind.field, f"{kind.count:,}")
    console.print(table)
    if result.would_tell_another:
        console.print(
            f"In {result.would_tell_another:,} records a number or an address may be somebody "
            "else's. It is not used; they are first in the worklist."
        )
    unread = sum(each.count for each in result.kinds if each.kind == TO_READ)
    if unread:
        console.print(
            f"The notes of {several(unread, 'record')} have words that no list explains, and wait "
            "to be read: each different note is in notes-to-read.csv once."
        )
    for words in result.not_in_extract:
        console.print(f"Not in the extract: {words}.", soft_wrap=False)


def _show_unknown(result: Readiness, console: "Console") -> None:
    """Print each word that the map does not know, and how many records have it."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Words that the map does not know", width=_WIDTH_MAX, title_justify="left")
    table.add_column("Field")
    table.add_column("Word", overflow="fold")
    table.add_column("Records", justify="right")
    table.add_column("Counts as")
    table.add_column("Add it to", overflow="fold")
    for each in result.unknown_words[:_UNKNOWN_SHOWN]:
        word, place = Text(on_one_line(each.word)), PLACES[each.field]
        table.add_row(each.field, word, f"{each.records:,}", each.counts_as, place)
    console.print(table)
    more = len(result.unknown_words) - _UNKNOWN_SHOWN
    if more > 0:
        console.print(f"{more:,} more are in numbers/unknown_words.csv.")


def _show_guess(checked: Checked, console: "Console") -> None:
    """Print which column is what, what is not used, and what may be missed by that."""
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Guessed columns: check them", width=_WIDTH_MAX, title_justify="left")
    for heading in ("Column", "holds", "by"):
        table.add_column(heading, overflow="fold")
    order = {name: place for place, name in enumerate(FIELDS)}
    used = [each for each in checked.guessed if each.field]
    for each in sorted(used, key=lambda one: (one.file, order.get(one.field, 99))):
        column = Text(on_one_line(f"{each.file}: {each.column}"))
        table.add_row(column, each.field, each.why)
    console.print(table)
    left = [each.column for each in checked.guessed if not each.field]
    console.print(_not_used(left), markup=False, highlight=False)
    for field in sorted({each.perhaps for each in checked.guessed} - {""}):
        either = [
            on_one_line(repr(each.column)) for each in checked.guessed if each.perhaps == field
        ]
        told = f"{' and '.join(either)} may be {field} ({FIELDS[field]}): name one in the map."
        console.print(told, markup=False, highlight=False)
    for each in checked.guessed:
        if each.warnings:
            rows = several(each.warnings, "row")
            told = (
                f"says not to contact in {rows}, and is not used: nobody is told there until the "
                "map names it, as notes perhaps, or lists it in ignored"
            )
            console.print(
                f"{on_one_line(repr(each.column))} {told}.", markup=False, highlight=False
            )
    console.print(f"Saved, to be corrected and given with --map: {checked.map_path}\n")
