"""Run the features with a tester at the keyboard, and continue a run that was stopped.

pytest captures its own input and output, so the tester's are handed to it separately.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec import structs

from simulator.by_hand.journal import NAME, Finished, Journal
from simulator.errors import BadInput
from simulator.files.paths import ROOT
from simulator.processes.child_process import run_to_end
from simulator.processes.features_process import Run
from simulator.results.values import AcceptanceResult, ScenarioResult
from simulator.verdicts import worst

_INPUT, _OUTPUT = 0, 1


def check_journal(out: Path, *, resume: bool) -> None:
    """Refuse to resume without a journal, or to overwrite one; raises BadInput naming --out."""
    path = out / NAME
    if resume and not path.is_file():
        raise BadInput(f"--resume: there is no {path}; give the --out of the run to continue")
    if not resume and path.is_file():
        raise BadInput(
            f"--out {out}: it has the {NAME} of an earlier run; continue that run with --resume, "
            "or give another folder"
        )


def mark_unfinished(result: AcceptanceResult, out: Path) -> AcceptanceResult:
    """Add a SKIP if the tester stopped: the rest is not verified, whatever passed."""
    entries = Journal(out / NAME).read()
    if entries and isinstance(entries[-1], Finished):
        return result
    stopped = ScenarioResult(
        name="Scenarios left when the tester stopped",
        feature="By hand",
        phase=result.phase,
        requirements=(),
        verdict="SKIP",
        reason="the run was stopped; --resume continues it",
    )
    return structs.replace(
        result,
        verdict=worst([result.verdict, stopped.verdict]),
        scenarios=[*result.scenarios, stopped],
    )


def run_with_tester(*, resume: bool) -> Run:
    """Return a function that runs pytest with this process's own input and output."""

    def run(arguments: Sequence[str], log: Path) -> int:
        sys.stdout.flush()
        reads, writes = os.dup(_INPUT), os.dup(_OUTPUT)
        command = [sys.executable, "-m", "pytest", *arguments, "--tester", f"{reads},{writes}"]
        try:
            with log.open("wb") as words:
                return run_to_end(
                    [*command, "--resume"] if resume else command,
                    folder=ROOT,
                    stdout=words,
                    stderr=words,
                    handed_over=(reads, writes),
                    foreground=True,
                )
        finally:
            os.close(reads)
            os.close(writes)

    return run
