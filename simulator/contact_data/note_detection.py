"""How well notes are read: measured on notes written by hand, of which a third were kept aside.

The list of words was made from the others. A note that warns and is read as one that says nothing
is silent: its victim would be told.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from simulator.contact_data.columns import Words
from simulator.contact_data.note_meanings import TO_READ, read_noted
from simulator.files.paths import ROOT

WRITTEN_NOTES = ROOT / "fixtures" / "contacts" / "notes.csv"


class NotesRead(Struct, frozen=True, kw_only=True):
    """Of notes that warn, and of harmless ones: how many were read as what."""

    warning: int
    warned: int
    held_to_read: int
    silent: int
    harmless: int
    harmless_warned: int
    harmless_held: int


def read_notes(notes: Sequence[str], words: Words | None = None) -> list[str]:
    """Read notes as a column of them is read: the kind of each, "" for one that says nothing."""
    import duckdb

    with duckdb.connect() as database:
        database.execute("CREATE TABLE written (notes VARCHAR, n INTEGER)")
        database.executemany(
            "INSERT INTO written VALUES (?, ?)", [(note, n) for n, note in enumerate(notes)]
        )
        read_noted(database, "written", words or Words())
        query = "SELECT coalesce(kind, '') FROM written LEFT JOIN note_reading USING (n) ORDER BY n"
        return [str(found) for (found,) in database.execute(query).fetchall()]


def measure_notes(*, held_out: bool, path: Path = WRITTEN_NOTES) -> NotesRead:
    """Compare what notes are read as with what their author says that they warn of."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [each for each in csv.DictReader(file) if (each["held_out"] == "yes") is held_out]
    said = list(zip(rows, read_notes([each["note"] for each in rows]), strict=True))
    warning = [meaning for each, meaning in said if each["warns_of"]]
    harmless = [meaning for each, meaning in said if not each["warns_of"]]
    return NotesRead(
        warning=len(warning),
        warned=sum(each not in ("", TO_READ) for each in warning),
        held_to_read=warning.count(TO_READ),
        silent=warning.count(""),
        harmless=len(harmless),
        harmless_warned=sum(each not in ("", TO_READ) for each in harmless),
        harmless_held=harmless.count(TO_READ),
    )
