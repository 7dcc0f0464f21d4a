"""What belongs in a pack: the results of whole runs, read and worked out again from the start.

A folder that holds part of a run, one of another version, or what somebody edited, is refused.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from simulator.accept.roll_up import roll_up
from simulator.accept.run import messages_reached
from simulator.accept.tester_files import laid_beside
from simulator.by_hand.journal import NAME as JOURNAL
from simulator.errors import BadInput, SuiteError
from simulator.evidence.clock_log import ClockSpan, read_clock_log
from simulator.inputs.permanent_ids import read_names
from simulator.inputs.requirements import read_requirements
from simulator.inputs.target import Target
from simulator.legible import on_one_line
from simulator.pack.judged import (
    refuse_other_evidence,
    refuse_other_findings,
    refuse_other_journal,
)
from simulator.pack.manifest import PackedRun
from simulator.pack.rendered import (
    refuse_altered,
    refuse_other_reports,
    refuse_other_window,
)
from simulator.papers.contents import make_papers
from simulator.papers.register import Register, read_register
from simulator.papers.runs import read_run, read_runs
from simulator.papers.written import SUMMARY, Summary, rendered
from simulator.prove.run import read_broken_portals
from simulator.results.folder import REPORTS
from simulator.results.values import LoadResult, ProofResult, RehearsalResult
from simulator.verdicts import Kind

RESULT_BYTES_MAX = 200_000_000
#: What no roll-up gives.
_BESIDE = ("judged_at", "rests_on")
_NOT_THESE_PAPERS = (
    "is not what the results come to: it was altered, or made with a register or earlier runs that "
    "were not given here; write the papers again, and give pack the same --register and --earlier"
)
#: What says which command a results folder is of.
_RESULT_OF = {
    "accept": "acceptance.json",
    "rehearse": "rehearsal.json",
    "prove": "proof.json",
    "load": "load.json",
}


class Gathered(Struct, frozen=True, kw_only=True):
    """A run with its files, by the name each has in the pack."""

    run: PackedRun
    files: dict[str, Path]
    source: Path
    sha256: str = ""


_Result: TypeAlias = RehearsalResult | ProofResult | LoadResult
_OTHER: dict[str, msgspec.json.Decoder[Any]] = {
    "rehearse": msgspec.json.Decoder(RehearsalResult),
    "prove": msgspec.json.Decoder(ProofResult),
    "load": msgspec.json.Decoder(LoadResult),
}


def gather(folder: Path, target: Target, *, number: int) -> Gathered:
    """Gather a results folder; raises BadInput, or SuiteError where the run could not judge."""
    command = next((each for each, name in _RESULT_OF.items() if (folder / name).is_file()), None)
    if command is None:
        raise BadInput(
            f"--results {folder}: no result of a run is in it; give the folder that accept, "
            "rehearse, prove or load wrote, after it has ended"
        )
    names = [*REPORTS[command], *(["scenarios.ndjson"] if command == "accept" else [])]
    if command == "accept" and (folder / "window.json").is_file():
        names += REPORTS["window"]
    if command == "accept" and target.access.by_hand:
        # Who saw what, and when, stands nowhere else.
        names.append(JOURNAL)
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise BadInput(f"--results {folder}: {', '.join(missing)} missing; run {command} again")
    inside = f"{command}-{number}"
    files = {f"{inside}/{name}": folder / name for name in names}
    if command == "accept":
        return _acceptance(folder, inside, files, target)
    result = _read(folder, command)
    _refuse_unjudged(folder, result.verdict)
    refuse_other_reports(folder, result)
    clock: list[ClockSpan] = []
    if (folder / "evidence.ndjson").is_file():
        clock = read_clock_log(folder / "evidence.ndjson")
    portal = getattr(result, "portal", "the reference portal and the broken ones")
    run = PackedRun(
        folder=inside,
        command=command,
        portal=portal,
        phase=None,
        verdict=result.verdict,
        seed=result.seed if isinstance(result, RehearsalResult) else None,
        clock=clock,
    )
    return Gathered(run=run, files=files, source=folder)


def gather_papers(
    folder: Path, runs: Sequence[Gathered], *, earlier: Sequence[Path], register: Path | None
) -> tuple[Summary, dict[str, Path]]:
    """Gather the papers; raises BadInput where they are not what one of these runs comes to."""
    missing = [name for name in REPORTS["papers"] if not (folder / name).is_file()]
    if missing:
        raise BadInput(
            f"--papers {folder}: {', '.join(missing)} missing; write them with portal-suite papers"
        )
    try:
        summary = msgspec.json.decode((folder / SUMMARY).read_bytes(), type=Summary)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(
            f"--papers {folder}: {SUMMARY} is not readable: {on_one_line(str(error))}; write the "
            "papers again"
        ) from None
    source = next((each for each in runs if each.sha256 == summary.results_sha256), None)
    if source is None or source.run.phase is None:
        raise BadInput(
            f"--papers {folder}: they are of another run than --results; write them again"
        )
    again = make_papers(
        read_runs(source.source, earlier, phase=source.run.phase),
        read_register(register) if register else Register(),
        read_requirements(),
        today=summary.as_of,
        register_path=register,
    )
    refuse_altered("--papers", folder, rendered(again), why=_NOT_THESE_PAPERS)
    return summary, {f"papers/{name}": folder / name for name in REPORTS["papers"]}


def _acceptance(folder: Path, inside: str, files: dict[str, Path], target: Target) -> Gathered:
    """Work the result out again from scenarios, evidence, claims and requirements."""
    run = read_run(folder)
    stored = run.result
    log = folder / "pytest.log"
    if not log.is_file() or any(line.startswith(b"!!!") for line in log.read_bytes().splitlines()):
        raise BadInput(f"--results {folder}: this run was stopped before its end; run accept again")
    again = roll_up(
        target,
        read_requirements(),
        stored.scenarios,
        phase=stored.phase,
        messages=messages_reached(folder),
    )
    again = laid_beside(again, stored)
    refuse_other_evidence(folder, stored, target)
    for field in stored.__struct_fields__:
        if field not in _BESIDE and getattr(again, field) != getattr(stored, field):
            raise BadInput(
                f"--results {folder}: {field} of acceptance.json is not what this version, "
                "--target and the scenarios come to: it was run with --only, another target or "
                "another version, or was altered; run accept again"
            )
    refuse_other_reports(folder, stored)
    refuse_other_window(folder, stored)
    refuse_other_findings(folder, stored, target)
    if target.access.by_hand:
        refuse_other_journal(folder, stored)
    for each in stored.scenarios:
        if each.verdict in ("ERROR", "INCONCLUSIVE"):
            raise SuiteError(
                f"--results {folder}: {each.name!r:.100} came to {each.verdict}, so this run is "
                "not whole; mend what stopped it, and run accept again"
            )
    _refuse_unjudged(folder, stored.verdict)
    packed = PackedRun(
        folder=inside,
        command="accept",
        portal=f"{stored.portal} {stored.portal_version}",
        phase=stored.phase,
        verdict=stored.verdict,
        seed=stored.seed,
        clock=read_clock_log(folder / "evidence.ndjson"),
    )
    return Gathered(run=packed, files=files, source=folder, sha256=run.sha256)


def _read(folder: Path, command: str) -> _Result:
    path = folder / _RESULT_OF[command]
    if path.stat().st_size > RESULT_BYTES_MAX:
        raise BadInput(f"{path}: larger than {RESULT_BYTES_MAX:,} bytes; is it the right file?")
    try:
        result: _Result = _OTHER[command].decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"{path}: not the result of a run: {on_one_line(str(error))}") from None
    if isinstance(result, ProofResult):
        met = {each.id or read_names().portal_id(each.name) for each in result.rows}
        left = [each.name for each in read_broken_portals() if each.id not in met]
        if left:
            raise BadInput(
                f"--results {folder}: {len(left)} broken portals were not met; run prove without "
                "--only"
            )
    return result


def _refuse_unjudged(folder: Path, verdict: Kind) -> None:
    if verdict in ("ERROR", "INCONCLUSIVE"):
        raise SuiteError(
            f"--results {folder}: this run came to {verdict}: it could not judge; mend what "
            "stopped it, and run it again"
        )
