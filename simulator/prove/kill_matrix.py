"""Which scenarios each broken portal fails: a proof writes it, and compares it with the one kept.

Each stands in the phase in which the proof met it; what else it would fail in a later one does not.

A suite may go on catching a broken portal and see less of it than before, or fail it where nothing
is wrong; the list kept in `fixtures/golden` makes either a change that somebody must mean.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from simulator.errors import BadInput
from simulator.files.paths import ROOT
from simulator.results.values import ProofRow

KEPT = ROOT / "fixtures" / "golden" / "kill-matrix.csv"
NAME = "kill-matrix.csv"
_HEAD = ["broken_portal", "failed_scenario"]


def matrix_csv(rows: Iterable[ProofRow]) -> str:
    """Write the matrix, a line for each scenario that a broken portal fails."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    for row in sorted(rows, key=lambda each: each.name):
        writer.writerows([row.name, scenario] for scenario in row.failed)
    return text.getvalue()


def read_matrix(path: Path = KEPT) -> dict[str, set[str]]:
    """Read the matrix kept, if there is one; raises BadInput naming the line."""
    found: dict[str, set[str]] = {}
    if not path.exists():
        return found
    try:
        lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path}: cannot be read: {error}; `make matrix` writes it") from None
    for number, line in enumerate(lines, start=1):
        if len(line) != len(_HEAD) or (number == 1 and line != _HEAD):
            raise BadInput(f"{path}: line {number}: {line}; give {','.join(_HEAD)}")
        if number > 1:
            found.setdefault(line[0], set()).add(line[1])
    return found


def changes(kept: Mapping[str, set[str]], rows: Iterable[ProofRow]) -> list[str]:
    """Say in sentences what broken portals fail now and did not, and the other way round."""
    said = []
    for row in rows:
        before, now = kept.get(row.name, set()), set(row.failed)
        said += [f"{row.name} now fails {each!r}" for each in sorted(now - before)]
        said += [f"{row.name} no longer fails {each!r}" for each in sorted(before - now)]
    return said


def gone(kept: Mapping[str, set[str]], rows: Iterable[ProofRow]) -> list[str]:
    """Say which broken portals are kept in the matrix and are no more."""
    here = {each.name for each in rows}
    return [f"{each} is kept in {NAME}, and there is no such portal" for each in kept.keys() - here]
