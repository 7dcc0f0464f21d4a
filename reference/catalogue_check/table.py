"""Prints the catalogue as a communications lead reads it: `portal-suite catalogue`.

Every template, what they cover (trigger by channel by audience), what is wrong, and which words are
due to be read again. Exit code 1 when something is wrong or not covered.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import date

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from reference.catalogue_check import check
from reference.catalogue_check.coverage import Cell, channels_of, coverage
from reference.catalogue_check.reading_age import age_of_message, age_of_template, faults_of_age
from reference.catalogue_check.triggers import SENT_AND_SHOWN, UNTOLD
from reference.catalogue_check.wording_rules import longest_text, text_characters, text_parts
from reference.portal.clock import SystemClock
from reference.portal.timestamps import LONDON
from reference.portal.words import catalogue
from reference.portal.words.wording import AUDIENCES, CatalogueWords, described

_WIDTH_MIN = 170  # a narrower table breaks ids in two


def main() -> None:
    """Print the portal's own catalogue; exit with 1 when something is wrong."""
    parser = argparse.ArgumentParser(description="Print the catalogue and what it covers.")
    parser.add_argument("--full", action="store_true", help="print every wording too")
    is_full = parser.parse_args().full
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, _WIDTH_MIN)
    today = SystemClock().now().astimezone(LONDON).date()
    text = catalogue.FILE.read_text(encoding="utf-8")
    sys.exit(show(text, console=console, today=today, is_full=is_full))


def show(toml: str, *, console: Console, today: date, is_full: bool = False) -> int:
    """Print a catalogue; return 1 when something is wrong with it or is not covered, else 0."""
    try:
        words = check.read(toml)
    except ValueError as error:
        console.print(Text(f"{catalogue.FILE.name}: {error}"))
        return 1
    found = list(check.faults(words))
    if not found:  # a brace that does not match leaves nothing to read
        found = list(faults_of_age(words))
        console.print(_templates(words))
        console.print(_messages(words))
        for wording_shown in _wordings(words) if is_full else ():
            console.print(wording_shown)
    console.print(_coverage(words))
    for line in _remarks(words, today, found):
        console.print(Text(line))
    return 1 if found or _gaps(words) else 0


def _remarks(words: CatalogueWords, today: date, found: list[str]) -> Iterator[str]:
    """List what stands under the tables: what is not said, what is overdue, what is wrong."""
    for trigger, why in UNTOLD.items():
        yield f"Not said automatically: {trigger}, since {why}"
    reviewed = [
        *(("message", each.id, each.review_date) for each in words.message),
        *(("template", each.id, each.review_date) for each in words.template),
    ]
    for kind, name, review_date in reviewed:
        if review_date < today:
            yield f"Overdue: {kind} {name!r} was to be read again by {review_date}"
    for fault in found:
        yield f"Wrong: {fault}"
    yield (
        f"{len(words.template)} templates, {len(words.message)} messages:"
        f" {len(found)} wrong, {_gaps(words)} gaps."
    )


def _gaps(words: CatalogueWords) -> int:
    cells = (cell for row in coverage(words).values() for cell in row.values())
    return sum(cell.covered < cell.needed for cell in cells)


def _templates(words: CatalogueWords) -> Table:
    table = _table(f"{len(words.template)} templates")
    for heading in ("id", "trigger", "phase", "for", "channels", "message", "age", "review"):
        table.add_column(heading, overflow="fold")
    messages = {name: each for each in words.message for name in each.ids}
    for each in words.template:
        details = ", ".join(map(str, each.details))
        table.add_row(
            each.id,
            " / ".join(filter(None, (each.trigger, details, each.variant))),
            str(each.phase),
            each.audience if isinstance(each.audience, str) else "\n".join(each.audience),
            " ".join(channels_of(each, messages)),
            each.message or "–",
            str(age_of_template(each, words)),
            each.review_date.isoformat(),
        )
    return table


def _messages(words: CatalogueWords) -> Table:
    table = _table(f"{len(words.message)} messages: all that ever goes out")
    for heading in ("id", "channels", "parts", "characters at most", "age", "review"):
        table.add_column(heading)
    for each in words.message:
        text = longest_text(each, words.checks.longest)
        table.add_row(
            ", ".join(each.ids),
            "text email" if each.email_body else "text",
            str(text_parts(text)),
            str(text_characters(text)),
            str(age_of_message(each)),
            each.review_date.isoformat(),
        )
    return table


def _coverage(words: CatalogueWords) -> Table:
    table = _table("Coverage: cases with words, of cases there are")
    table.add_column("trigger")
    for channel in SENT_AND_SHOWN:
        for audience in AUDIENCES:
            table.add_column(f"{channel}\n{audience}", justify="right")
    for trigger, cells in coverage(words).items():
        row = [
            _shown(cells.get((channel, audience)))
            for channel in SENT_AND_SHOWN
            for audience in AUDIENCES
        ]
        table.add_row(described(trigger), *row)
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)


def _shown(cell: Cell | None) -> Text:
    """Show a cell; one that a trigger is not meant for says nothing."""
    if cell is None:
        return Text("–", style="dim")
    if cell.covered < cell.needed:
        return Text(f"{cell.covered} of {cell.needed} GAP", style="bold red")
    return Text(f"{cell.covered} of {cell.needed}")


def _wordings(words: CatalogueWords) -> Iterator[Text]:
    """Return every wording with its reason, as it stands in the file."""
    for message in words.message:
        yield _headed(f"message {', '.join(message.ids)}", message.why)
        yield Text(f"Text:\n{message.text.strip()}\n")
        if message.email_body:
            yield Text(f"Email: {message.email_subject}\n\n{message.email_body.strip()}\n")
    for template in words.template:
        yield _headed(f"template {template.id}", template.why)
        sent = f"Sent: {template.message}" if template.message else "Only shown"
        yield Text(f"{sent}\n{template.title.strip()}\n{template.text.strip()}".strip() + "\n")


def _headed(heading: str, why: str) -> Text:
    return Text.assemble((heading, "bold"), f"\nWhy: {why.strip()}")


if __name__ == "__main__":
    main()
