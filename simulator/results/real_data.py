"""The table of real data: every value that scenarios can have, who met it, and why nobody did."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from simulator.files.whole_files import write_whole

#: Its name in a results folder.
REAL_DATA = "real-data.csv"
_COLUMNS = ("edge", "value", "scenarios that met it", "can be met", "why not met")


class DataMet(Struct, frozen=True):
    """One value of an edge: the scenarios that met it, or why none did."""

    edge: str
    value: str
    scenarios: tuple[str, ...]
    can_be_met: bool
    why_not: str = ""


class DataShare(Struct, frozen=True, kw_only=True):
    """How many values of names, numbers, records and words the scenarios met, of how many."""

    met: int
    every: int


def write_real_data(folder: Path, rows: Iterable[DataMet]) -> None:
    """Write the table into a results folder."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        can_be_met = "yes" if row.can_be_met else "no"
        writer.writerow((row.edge, row.value, " ".join(row.scenarios), can_be_met, row.why_not))
    write_whole(folder / REAL_DATA, text.getvalue())


def data_share(folder: Path) -> DataShare | None:
    """Count what a run's table says can be met, and was; None where the data were plain."""
    path = folder / REAL_DATA
    if not path.exists():
        return None
    with path.open(encoding="utf-8", newline="") as file:
        rows = [each for each in csv.DictReader(file) if each["can be met"] == "yes"]
    return DataShare(met=sum(bool(each[_COLUMNS[2]]) for each in rows), every=len(rows))
