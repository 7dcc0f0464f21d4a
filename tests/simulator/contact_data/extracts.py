"""Small extracts for the tests: rows of our own fields, checked in a folder of the test."""

import csv
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from simulator.contact_data import plots
from simulator.contact_data.check import Asked, Checked, check_extract
from simulator.contact_data.columns import ColumnMap, read_column_map
from simulator.contact_data.cost import Rehearse

ON = date(2026, 11, 28)
#: A record with nothing wrong; a test says what differs.
SOUND = {
    "Crime No": "43260000001",
    "Nominal": "N1",
    "Role": "victim",
    "Forename": "Asha",
    "Surname": "Okafor",
    "DOB": "07/03/1984",
    "Mobile": "07700900123",
    "Home Tel": "01184960123",
    "Email": "asha.okafor@example.com",
    "Notes": "",
    "Safe to contact": "yes",
    "Safe how": "",
    "Station": "Oxford",
    "Sgt": "Sgt Blake",
    "Date recorded": "01/11/2026",
    "Status": "open",
}


def rows_of(*changes: Mapping[str, str]) -> list[dict[str, str]]:
    """Make a sound row for each change, each of another crime and person, changed so."""
    return [
        {
            **SOUND,
            "Crime No": f"4326{number:07d}",
            "Nominal": f"N{number}",
            "DOB": f"{1 + number % 28:02d}/03/{1950 + number % 50}",
            "Mobile": f"07700900{number + 10:03d}",
            "Email": f"asha.okafor{number}@example.com",
            **change,
        }
        for number, change in enumerate(changes, 1)
    ]


def write(path: Path, rows: Sequence[Mapping[str, str]], *, encoding: str = "utf-8") -> Path:
    """Write rows as CSV."""
    with path.open("w", encoding=encoding, newline="") as file:
        written = csv.DictWriter(file, fieldnames=list(rows[0]))
        written.writeheader()
        written.writerows(rows)
    return path


def check(
    folder: Path,
    *files: Path,
    rehearse: Rehearse | None = None,
    with_plots: bool = False,
    cores: int = 1,
    **asked: Any,
) -> Checked:
    """Check files into the folder `out` beside them.

    Drawing the pages' plots takes a third of a check: they are left out unless a test looks at one.
    A second core costs a handful of records a fifth more, and changes nothing: see
    `test_the_same_extract_gives_the_same_files`.
    """
    out = folder / "out"
    out.mkdir(exist_ok=True)
    without = mock.patch.object(plots, "_drawn", return_value="")
    with nullcontext() if with_plots else without:
        return check_extract(
            Asked(files=files, out=out, on=ON, cores=cores, **asked),
            on_step=lambda _what: None,
            rehearse=rehearse,
        )


class _MappedError(Exception):
    """Ends a check once its map is written."""


def mapped(folder: Path, *files: Path) -> ColumnMap:
    """Check files until their map is written, and give it: all that follows takes half a second."""

    def on_step(what: str) -> None:
        if what == "joining the tables":
            raise _MappedError

    out = folder / "out"
    out.mkdir(exist_ok=True)
    with suppress(_MappedError):
        check_extract(Asked(files=files, out=out, on=ON, cores=1), on_step=on_step)
    return read_column_map(out / "columns.toml", files)


def read(path: Path) -> list[dict[str, str]]:
    """Read a CSV file that the check wrote."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def found(folder: Path, *changes: Mapping[str, str], **asked: Any) -> list[dict[str, str]]:
    """Check sound rows with changes; return the worklist."""
    check(folder, write(folder / "extract.csv", rows_of(*changes)), **asked)
    return read(folder / "out" / "worklist.csv")
