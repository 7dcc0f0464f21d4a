"""Runs the features with a tester at the keyboard, and goes on where an earlier run was stopped.

pytest takes its own input and output away: the tester's are handed to it beside them.
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
    """Refuse to go on from no journal, or to write over one; raises BadInput naming --out."""
    path = out / NAME
    if resume and not path.is_file():
        raise BadInput(f"--resume: there is no {path} to go on from; give the --out of that run")
    if not resume and path.is_file():
        raise BadInput(
            f"--out {out}: {NAME} of an earlier run is there; go on from it with --resume, or give "
            "another folder"
        )


def as_far_as_it_got(result: AcceptanceResult, out: Path) -> AcceptanceResult:
    """Say where a tester stopped: what was not done then is not verified, whatever passed."""
    entries = Journal(out / NAME).read()
    if entries and isinstance(entries[-1], Finished):
        return result
    stopped = ScenarioResult(
        name="What was left when the tester stopped",
        feature="By hand",
        phase=result.phase,
        requirements=(),
        verdict="SKIP",
        reason="the run was stopped; --resume goes on with it",
    )
    return structs.replace(
        result,
        verdict=worst([result.verdict, stopped.verdict]),
        scenarios=[*result.scenarios, stopped],
    )


def with_tester(*, resume: bool) -> Run:
    """Give a way to run pytest that hands it this process's own input and output."""

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
