"""The folder a run writes to: cleared as it begins, and what of it is there when it is over.

An earlier run's PASS must not stand where the next one was begun and could not judge, or was
stopped half way. A command that was mistyped has begun nothing, and takes nobody's results away.
Only the suite's own result files are ever removed, by name.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from simulator.errors import BadInput

#: The papers of a phase, each a page and a table.
PAPERS = (
    "test-plan",
    "traceability",
    "red-amber-green",
    "defects",
    "daily-summary",
    "exit-report",
)
#: What each command leaves for people and machines to read, in the order in which it names them.
REPORTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rehearse": ("report.html", "rehearsal.json", "evidence.ndjson"),
        "check": ("check.json",),
        "scripts": ("test-scripts.csv",),
        "accept": ("report.html", "acceptance.json", "junit.xml", "evidence.ndjson"),
        "window": ("window.html", "window.json", "window-days.csv", "window-evidence.ndjson"),
        "prove": ("report.html", "proof.json", "junit.xml", "kill-matrix.csv"),
        "load": ("report.html", "load.json", "evidence.ndjson"),
        "papers": (
            *(f"{name}.html" for name in PAPERS),
            *(f"{name}.csv" for name in PAPERS),
            "papers.json",
        ),
        "pack": ("evidence-pack.zip",),
    }
)
#: What a run of the features leaves: one line a scenario, what was observed, what pytest said.
FEATURES = ("scenarios.ndjson", "evidence.ndjson", "pytest.log")
#: What Locust said.
LOCUST = ("locust.txt",)


def made(out: Path) -> None:
    """Make a results folder, with whatever is in it.

    Raises BadInput naming --out where nothing can be written, before anything runs.
    """
    with _told(out):
        out.mkdir(parents=True, exist_ok=True)
        # Some folders are there and take nothing: it is better to know before an hour's run.
        with tempfile.TemporaryFile(dir=out):
            pass


def cleared_for(command: str, out: Path) -> None:
    """Make the results folder of a command, without an earlier run's results in it.

    It is for when everything was checked, and just before something runs. Raises BadInput likewise.
    """
    made(out)
    with _told(out):
        remove(out, (*REPORTS[command], *_WORKINGS.get(command, ())))


@contextmanager
def cleared_unless_misused(command: str, out: Path) -> Iterator[None]:
    """Clear the folder where what is tried goes wrong, but not by a mistake of the tester's."""
    try:
        yield
    except BadInput:
        raise
    except BaseException:
        cleared_for(command, out)
        raise


@contextmanager
def _told(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadInput(
            f"--out {out}: {error.strerror or error}; give a folder that can be written to"
        ) from None


def remove(folder: Path, names: Iterable[str]) -> None:
    """Remove these files of the suite's from a folder, and nothing else; raises OSError."""
    for name in names:
        (folder / name).unlink(missing_ok=True)


def written(command: str, out: Path) -> list[Path]:
    """List what a command left to read: only what is there."""
    return [path for name in REPORTS[command] if (path := out / name).is_file()]


#: A run without --window has no test weeks: those of an earlier one are not its own.
_WORKINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"accept": (*FEATURES, *REPORTS["window"]), "load": LOCUST}
)
