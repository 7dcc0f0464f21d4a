"""Which scenarios each broken portal fails: a proof writes it, and compares it with the one kept.

Each is listed under the phase in which it was tested; what it would fail in a later phase is not
here. Both are told apart by their permanent ids; the names beside them are for a reader.

A suite may still catch a broken portal and see less of it than before, or fail it where nothing is
wrong. The list kept in `fixtures/golden` shows either, and it changes only on purpose.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from simulator.errors import BadInput
from simulator.files.paths import ROOT
from simulator.inputs.permanent_ids import Names, read_names
from simulator.results.values import ProofRow

KEPT = ROOT / "fixtures" / "golden" / "kill-matrix.csv"
NAME = "kill-matrix.csv"
_HEAD = ["broken_portal_id", "scenario_id", "broken_portal", "failed_scenario"]
#: How it was written before there were ids: both by the names they had then.
_HEAD_OF_NAMES = ["broken_portal", "failed_scenario"]


def matrix_csv(rows: Iterable[ProofRow]) -> str:
    """Write the matrix, a line for each scenario that a broken portal fails."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    for row in sorted(rows, key=lambda each: each.id):
        failed = sorted(zip(row.failed_ids, row.failed, strict=True), key=_in_order)
        writer.writerows([row.id, id, row.name, name] for id, name in failed)
    return text.getvalue()


def read_matrix(path: Path = KEPT, names: Names | None = None) -> dict[str, set[str]]:
    """Read the matrix kept, if there is one: the ids of the scenarios failed by a portal's id.

    One written before there were ids is read through the names. Raises BadInput naming the line.
    """
    found: dict[str, set[str]] = {}
    if not path.exists():
        return found
    try:
        lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path}: cannot be read: {error}; `make matrix` writes it") from None
    head = lines[0] if lines else []
    for number, line in enumerate(lines, start=1):
        if head not in (_HEAD, _HEAD_OF_NAMES) or len(line) != len(head):
            raise BadInput(f"{path}: line {number}: {line}; give {','.join(_HEAD)}")
        if number > 1:
            portal, scenario = line[:2]
            if head == _HEAD_OF_NAMES:
                portal, scenario = _ids(portal, scenario, names or read_names())
            if not portal or not scenario:
                raise BadInput(f"{path}: line {number}: {line}: not in features/names.toml")
            found.setdefault(portal, set()).add(scenario)
    return found


def changes(
    kept: Mapping[str, set[str]], rows: Iterable[ProofRow], names: Names | None = None
) -> list[str]:
    """Say in sentences what broken portals fail now and did not, and the other way round."""
    known = names or read_names()
    said = []
    for row in rows:
        called = dict(zip(row.failed_ids, row.failed, strict=True))
        before, now = kept.get(row.id, set()), set(called)
        said += [f"{row.label} now fails {each} {called[each]!r}" for each in sorted(now - before)]
        said += [
            f"{row.label} no longer fails {each} {known.scenario_name(each)!r}"
            for each in sorted(before - now)
        ]
    return said


def gone(
    kept: Mapping[str, set[str]], rows: Iterable[ProofRow], names: Names | None = None
) -> list[str]:
    """Say which broken portals are kept in the matrix and no longer exist."""
    here, known = {each.id for each in rows}, names or read_names()
    return [
        f"{each} {known.portal_name(each)} is kept in {NAME}, and there is no such portal"
        for each in sorted(kept.keys() - here)
    ]


def _ids(portal: str, scenario: str, names: Names) -> tuple[str, str]:
    return names.portal_id(portal), names.scenario_id(scenario)


def _in_order(failed: tuple[str, str]) -> tuple[str, int, str]:
    """Order by scenario, then by the number of the example."""
    id, name = failed
    base, _, row = id.partition(".")
    return base, int(row or 0), name
