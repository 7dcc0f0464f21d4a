"""A run of `accept`, read from its results folder, with its day and its SHA-256.

Every paper begins here. A folder whose files do not belong together is refused.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from simulator.clock import LONDON
from simulator.errors import BadInput, DamagedFile
from simulator.evidence.clock_log import read_clock_log
from simulator.legible import on_one_line
from simulator.papers.run_check import refuse_unfounded
from simulator.results.renamed import with_names_of_today
from simulator.results.values import AcceptanceResult, ScenarioResult

#: A whole run of every feature is about a megabyte.
RESULT_BYTES_MAX = 200_000_000

_RESULT = msgspec.json.Decoder(AcceptanceResult)
_SCENARIO = msgspec.json.Decoder(ScenarioResult)


class Run(Struct, frozen=True, kw_only=True):
    """One run: its result, its end by the wall clock, and the SHA-256 that identifies its files."""

    result: AcceptanceResult
    ended_at: datetime
    sha256: str

    @property
    def build(self) -> str:
        """The version of the portal that was tested."""
        return self.result.portal_version

    @property
    def day(self) -> date:
        """The London day on which it ended."""
        return self.ended_at.astimezone(LONDON).date()


def read_run(folder: Path) -> Run:
    """Read a results folder; raises BadInput naming a file that is missing, cut or changed."""
    raw = _bytes_of(folder, "acceptance.json")
    try:
        result = _RESULT.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedFile(
            f"{folder / 'acceptance.json'}: not the result of a run: {_why(error)}"
        ) from None
    if _scenarios(folder) != result.scenarios:
        raise DamagedFile(
            f"{folder}: scenarios.ndjson and acceptance.json are from different runs; run accept "
            "again"
        )
    evidence = folder / "evidence.ndjson"
    if not evidence.is_file():
        raise BadInput(
            f"{evidence}: the file is missing, so the time of the run is unknown; run accept again"
        )
    spans = read_clock_log(evidence)
    refuse_unfounded(folder, result)
    return Run(
        result=result,
        ended_at=max(each.wall_last for each in spans),
        sha256=results_sha256(folder),
    )


def read_runs(results: Path, earlier: Sequence[Path], *, phase: int) -> list[Run]:
    """Read the run to report on and the earlier ones, in the order in which they were made.

    Scenarios have the names of today, so that a run of an earlier version can be compared. Raises
    BadInput if they are of different portals, or if the run to report on is of another phase, is
    not whole, or is not the last.
    """
    reported = read_run(results)
    if reported.result.phase != phase:
        raise BadInput(
            f"--phase {phase}: the run in {results} is of phase {reported.result.phase}; give that "
            f"phase, or --results of a run with accept --phase {phase}"
        )
    if part := _part_of_a_run(reported.result):
        raise BadInput(
            f"--results {results}: a run with {part}, which is no verdict on the phase; run accept "
            "without it"
        )
    runs: list[Run] = []
    for folder in earlier:
        run = read_run(folder)
        if run.result.portal != reported.result.portal:
            raise BadInput(
                f"--earlier {folder}: this run is of {run.result.portal!r:.80}, but --results is "
                f"of {reported.result.portal!r:.80}; give runs of one portal"
            )
        if run.sha256 in {each.sha256 for each in (*runs, reported)}:
            raise BadInput(f"--earlier {folder}: this run is given twice; leave one out")
        if run.ended_at >= reported.ended_at:
            raise BadInput(
                f"--earlier {folder}: this run is later than --results; give the last run as "
                "--results"
            )
        runs.append(run)
    found = [*sorted(runs, key=lambda each: (each.ended_at, each.sha256)), reported]
    return [structs.replace(each, result=with_names_of_today(each.result)) for each in found]


def results_sha256(folder: Path) -> str:
    """Return the digest of a run's result and evidence, which identifies the run."""
    digest = hashlib.sha256()
    for name in ("acceptance.json", "evidence.ndjson"):
        with (folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _part_of_a_run(result: AcceptanceResult) -> str:
    """Name the option that left most of a run out; "" for a whole run."""
    return "--only" if result.only else "--quick" if result.left_out else ""


def _scenarios(folder: Path) -> list[ScenarioResult]:
    lines = _bytes_of(folder, "scenarios.ndjson").splitlines()
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(_SCENARIO.decode(line))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise DamagedFile(
                f"{folder / 'scenarios.ndjson'}:{number}: not a scenario's result: {_why(error)}"
            ) from None
    return found


def _bytes_of(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise BadInput(f"{path}: there is no such file; give a results folder of accept")
    if path.stat().st_size > RESULT_BYTES_MAX:
        raise BadInput(f"{path}: larger than {RESULT_BYTES_MAX:,} bytes; is it the right file?")
    return path.read_bytes()


def _why(error: Exception) -> str:
    return on_one_line(str(error)) or "too deeply nested"
