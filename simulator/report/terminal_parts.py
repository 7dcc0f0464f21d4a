"""What the output of commands is made of: headings, tables, facts, a verdict, what happened.

A verdict is always its word, never a colour alone. If the output is not a terminal, rich prints
plain text.
"""

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simulator.legible import legible
from simulator.verdicts import Kind

_STYLES: dict[Kind, str] = {"PASS": "green", "FAIL": "bold red", "ERROR": "bold red"}
#: The terminal shows only the last lines of a failed scenario's timeline.
TIMELINE_LINES_MAX = 6
#: How the retelling tells that a message arrived, which it seldom is about.
_ARRIVED = "receipt to the portal: delivered"


def print_command(console: Console, command: str) -> None:
    """Print the command that runs one scenario alone, if there is one."""
    if command:
        print_line(console, "  To run only this one:")
        # Not wrapped, so that it can be copied.
        console.print(Text(f"    {legible(command)}"), soft_wrap=True)


def print_timeline(console: Console, lines: Sequence[str]) -> None:
    """Print the last lines of what happened."""
    if lines:
        print_line(
            console, "  What happened, in London time (last lines; report.html has them all):"
        )
        grid = Table.grid(padding=(0, 2))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        for line in [line for line in lines if _ARRIVED not in line][-TIMELINE_LINES_MAX:]:
            at, apart, words = line.partition("  ")
            add_row(grid, f"    {at if apart else ''}", words if apart else line)
        console.print(grid)


def print_facts(console: Console, *facts: tuple[str, str]) -> None:
    """Print each name with its words beside it, and leave out names without words."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(overflow="fold")
    grid.add_column(overflow="fold")
    for name, words in facts:
        if words:
            add_row(grid, f"  {name}", words)
    console.print(grid)


def new_table(title: str, columns: Iterable[str]) -> Table:
    """Make a table whose cells are folded and never cut."""
    table = Table(
        title=Text(title, style="bold"), title_justify="left", box=SIMPLE_HEAD, padding=(0, 0)
    )
    for each in columns:
        table.add_column(each, overflow="fold")
    return table


def add_row(table: Table, *cells: str | Text) -> None:
    """Add a row. None of its text is taken for markup."""
    table.add_row(*(Text(legible(each)) if isinstance(each, str) else each for each in cells))


def verdict_word(kind: Kind) -> Text:
    """Give a verdict as its word."""
    return Text(kind, style=_STYLES.get(kind, "yellow"))


def print_heading(console: Console, words: str) -> None:
    """Print what the output is about."""
    console.print(Text(legible(words), style="bold underline"))


def print_decision(console: Console, words: str, kind: Kind) -> None:
    """Print the decision apart from the rest."""
    console.print()
    console.print(Text(legible(words), style=f"bold {_STYLES.get(kind, 'yellow')}"))
    console.print()


def print_line(console: Console, words: str) -> None:
    """Print words, none of which are taken for markup."""
    console.print(Text(legible(words)))


def print_list(console: Console, heading: str, entries: Iterable[str]) -> None:
    """Print entries under a heading; nothing without any."""
    lines = [f"- {legible(each)}" for each in entries]
    if lines:
        console.print(Text(heading, style="bold"))
        console.print(Text("\n".join(lines)))
