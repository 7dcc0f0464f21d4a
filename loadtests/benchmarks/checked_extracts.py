"""The check of an extract: seconds, memory, whether it grows in line, linkage, and what it finds.

Each is a run of the command on made-up people. Detection and repairs are measured on the same run.
`python -m loadtests.benchmarks.checked_extracts` measures this alone.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from loadtests.benchmarks.spent import spent_by
from simulator.contact_data.note_detection import measure_notes
from simulator.contact_data.readiness import Readiness
from simulator.errors import SuiteError

_NAME = "check_data"
_SUITE = [sys.executable, "-m", "simulator.cli"]


def measure(*, people: int = 1_000_000, times: int = 5, linkage: bool = True) -> Iterator[str]:
    """Check `people`, then `times` as many, then link the first; return one line a number."""
    with tempfile.TemporaryDirectory(prefix="bench-") as inside:
        folder = Path(inside)
        extract = _made(folder, people)
        result, lines, per_row = _checked(folder, extract, "")
        yield from lines
        yield from _detection(result)
        yield from _notes()
        if times > 1:
            _more, lines, of_more = _checked(folder, _made(folder, times * people), "_larger")
            yield from lines
            yield f"ratio {_NAME}_cpu_per_record_{times}_times_as_many {of_more / per_row:.2f}"
        if linkage:
            linked, lines, _per_row = _checked(folder, extract, "_with_linkage", "--linkage")
            yield from lines
            yield f"rate {_NAME}_linkage_alone {linked.linkage_seconds or 0:.1f} s"


def _made(folder: Path, people: int) -> Path:
    """Make an extract of so many people."""
    extract = folder / f"people-{people}.parquet"
    command = [*_SUITE, "generate", "--people", str(people), "--out", str(extract)]
    if spent_by(command, folder / "made.json").code:
        said = (folder / "made.log").read_text(encoding="utf-8")
        raise SuiteError(f"generate failed; not measured: {said[-300:]}")
    return extract


def _checked(
    folder: Path, extract: Path, name: str, *options: str
) -> tuple[Readiness, list[str], float]:
    """Check an extract; return its numbers, lines, and processor seconds a record."""
    out = folder / f"checked{name}"
    command = [*_SUITE, "check-data", str(extract), "--out", str(out), *options]
    spent = spent_by(command, folder / f"spent{name}.json")
    if not (out / "readiness.json").exists():
        said = (folder / f"spent{name}.log").read_text(encoding="utf-8")
        raise SuiteError(f"check-data failed; not measured: {said[-300:]}")
    result = msgspec.json.decode((out / "readiness.json").read_bytes(), type=Readiness)
    lines = [
        f"rate {_NAME}{name}_records {result.records} records",
        f"rate {_NAME}{name}_seconds {spent.seconds:.1f} s",
        f"rate {_NAME}{name}_cpu {spent.cpu_seconds:.1f} s",
        f"rate {_NAME}{name}_memory {spent.memory_mb:.0f} MB",
    ]
    return result, lines, spent.cpu_seconds / result.records


def _notes() -> Iterator[str]:
    """Return how the notes that were kept aside are read: warned of, held to be read, silent."""
    found = measure_notes(held_out=True)
    yield f"ratio {_NAME}_notes_warned {found.warned / found.warning:.4f}"
    yield f"ratio {_NAME}_notes_silent {found.silent / found.warning:.4f}"
    yield f"ratio {_NAME}_notes_harmless_warned {found.harmless_warned / found.harmless:.4f}"
    yield f"ratio {_NAME}_notes_harmless_held {found.harmless_held / found.harmless:.4f}"


def _detection(result: Readiness) -> Iterator[str]:
    """Return recall and precision by group, recall by kind beside its limit, and right repairs."""
    found = result.detection
    if found is None:
        raise SuiteError("the extract does not say what was planted; not measured")
    for group in found.groups:
        name = group.group.replace(" ", "_").replace("'", "")
        if group.planted:
            yield f"ratio {_NAME}_recall_{name} {group.found / group.planted:.4f}"
        if group.said:
            yield f"ratio {_NAME}_precision_{name} {group.right / group.said:.4f}"
    for kind in found.kinds:
        yield f"ratio {_NAME}_recall_of_{kind.kind} {kind.recall:.4f}"
        if kind.limit is not None:
            yield f"ratio {_NAME}_limit_of_{kind.kind} {kind.limit:.4f}"
    if found.names_limit is not None:
        yield f"ratio {_NAME}_limit_of_names {found.names_limit:.4f}"
        yield f"ratio {_NAME}_precision_of_the_limit {found.names_limit_precision or 0:.4f}"
    if found.repairs:
        yield f"ratio {_NAME}_repairs_right {found.repairs_right / found.repairs:.5f}"


if __name__ == "__main__":
    for each in measure():
        sys.stdout.write(f"{each}\n")
        sys.stdout.flush()
