"""The results folder of a run: cleared when the run begins, and listed when it ends.

An earlier run's PASS must not remain if the next run could not judge or was stopped. A mistyped
command has begun nothing, so it removes nothing. Only the suite's own result files are removed, by
name.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from simulator.errors import BadInput
from simulator.results.real_data import REAL_DATA

#: The papers of a phase; each has a page and a table.
PAPER_NAMES = (
    "test-plan",
    "traceability",
    "red-amber-green",
    "defects",
    "daily-summary",
    "exit-report",
)
#: Of an acceptance with made-up stories: all that was explored, and the page made of it.
EXPLORATION_FILE = "exploration.json"
COVERAGE_PAGE = "coverage.html"
#: The result files of each command, in the order in which it lists them.
REPORTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "rehearse": ("report.html", "rehearsal.json", "evidence.ndjson"),
        "plan": (
            "report.html",
            "plan.json",
            "years.csv",
            "waits-by-hour.csv",
            "abandoned-calls.csv",
            "saved-by-week.csv",
            "rota.csv",
        ),
        "check": ("check.json",),
        "check-data": (
            "report.html",
            "readiness.json",
            "worklist.csv",
            "who-can-be-told.csv",
            "notes-to-read.csv",
            "mended-proposal.csv",
            "measured-rates.toml",
        ),
        "scripts": ("test-scripts.csv",),
        "accept": (
            "report.html",
            COVERAGE_PAGE,
            "acceptance.json",
            EXPLORATION_FILE,
            "junit.xml",
            "evidence.ndjson",
            REAL_DATA,
        ),
        "window": ("window.html", "window.json", "window-days.csv", "window-evidence.ndjson"),
        "explore": ("report.html", COVERAGE_PAGE, EXPLORATION_FILE, "junit.xml"),
        "prove": ("report.html", "proof.json", "junit.xml", "kill-matrix.csv"),
        "load": ("report.html", "load.json", "seconds.csv", "evidence.ndjson"),
        "papers": (
            *(f"{name}.html" for name in PAPER_NAMES),
            *(f"{name}.csv" for name in PAPER_NAMES),
            "papers.json",
        ),
        "pack": ("evidence-pack.zip",),
        "judge": ("judgement.json",),
    }
)
#: Files of a run of the features: one line a scenario, the evidence, and pytest's output.
FEATURE_FILES = ("scenarios.ndjson", "evidence.ndjson", "pytest.log", REAL_DATA)
#: Locust's output, page and tables.
LOCUST_FILES = (
    "locust.txt",
    "locust.html",
    "locust_stats.csv",
    "locust_stats_history.csv",
    "locust_failures.csv",
    "locust_exceptions.csv",
)


def create_results_folder(out: Path) -> None:
    """Create a results folder, and keep what is already in it.

    Raises BadInput naming --out if nothing can be written there, before anything runs.
    """
    with _named_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        # Some folders exist but are read-only: find out before an hour's run.
        with tempfile.TemporaryFile(dir=out):
            pass


def clear_results(command: str, out: Path) -> None:
    """Create the results folder of a command, and remove an earlier run's results.

    Call this when all input is checked, just before something runs. Raises BadInput likewise.
    """
    create_results_folder(out)
    with _named_errors(out):
        remove_files(out, (*REPORTS[command], *_WORKINGS.get(command, ())))


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Keep a results folder, which exists, for this process alone.

    Raises BadInput if another run writes there. The lock is on the folder itself, so a run that is
    killed leaves nothing behind.
    """
    with _named_errors(out):
        folder = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(folder)
        raise BadInput(
            f"--out {out}: another run is writing there; wait until it ends, or give another folder"
        ) from None
    try:
        yield
    finally:
        os.close(folder)


@contextmanager
def clear_unless_bad_input(command: str, out: Path) -> Iterator[None]:
    """Clear the folder if the body raises, unless the tester's input was wrong."""
    try:
        yield
    except BadInput:
        raise
    except BaseException:
        clear_results(command, out)
        raise


@contextmanager
def _named_errors(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadInput(
            f"--out {out}: {error.strerror or error}; give a folder that can be written to"
        ) from None


def remove_files(folder: Path, names: Iterable[str]) -> None:
    """Remove the named files from a folder, and nothing else; raises OSError."""
    for name in names:
        (folder / name).unlink(missing_ok=True)


def result_files(command: str, out: Path) -> list[Path]:
    """List the result files of a command that exist."""
    return [path for name in REPORTS[command] if (path := out / name).is_file()]


#: Other files to clear. A run without --window must not keep an earlier run's test weeks.
_WORKINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"accept": (*FEATURE_FILES, *REPORTS["window"]), "load": LOCUST_FILES}
)
