"""Notes about contact that officers may have written, with what they truly mean.

"" is for no note; the others say that the victim must never be contacted, may be within limits that
a message does not keep, or nothing against contact.
"""

import csv
from functools import cache

from simulator.files.paths import ROOT

TRUTHS = ("", "harmless", "limited", "never")


@cache
def made_notes() -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the notes, "" first and then by their truth, and where each truth begins and ends."""
    path = ROOT / "fixtures" / "contacts" / "strangers_notes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    notes, ends = [""], [0, 1]
    for truth in TRUTHS[1:]:
        notes += [row["note"] for row in rows if row["truth"] == truth]
        ends.append(len(notes))
    return tuple(notes), tuple(ends)
