"""The contents of a pack: the results of whole runs, read and worked out again from the start.

A folder with part of a run, a run of another version, or an edited file is refused.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct, structs

from simulator.accept.driver_between import pages_sampled
from simulator.accept.requirement_verdicts import acceptance_result
from simulator.accept.run import evidence_of, messages_reached, words_of
from simulator.accept.tester_files import with_stored_decisions
from simulator.by_hand.journal import NAME as JOURNAL
from simulator.errors import BadInput, DamagedFile, SuiteError
from simulator.evidence.clock_log import ClockSpan, read_clock_log
from simulator.inputs.permanent_ids import read_names
from simulator.inputs.requirements import read_requirements
from simulator.inputs.target import Target
from simulator.legible import on_one_line
from simulator.pack.evidence_check import (
    refuse_other_evidence,
    refuse_other_findings,
    refuse_other_journal,
)
from simulator.pack.manifest import PackedRun
from simulator.pack.report_check import (
    refuse_altered_files,
    refuse_other_reports,
    refuse_other_stories,
    refuse_other_window,
)
from simulator.papers.contents import make_papers
from simulator.papers.paper_files import SUMMARY, PapersSummary, paper_files
from simulator.papers.register import Register, read_register
from simulator.papers.runs import read_run, read_runs
from simulator.prove.run import read_broken_portals
from simulator.results.folder import COVERAGE_PAGE, EXPLORATION_FILE, REPORTS
from simulator.results.load import LoadResult
from simulator.results.real_data import REAL_DATA
from simulator.results.values import AcceptanceResult, ProofResult, RehearsalResult
from simulator.verdicts import Kind

RESULT_BYTES_MAX = 200_000_000
#: Fields that cannot be worked out again: the evidence of made-up stories is not kept.
_NOT_WORKED_OUT = ("judged_at", "rests_on", "edges", "edges_not_tried", "real_data")
#: Files of an acceptance with the world's people, or with made-up stories, alone.
_NOT_ALWAYS = (REAL_DATA, COVERAGE_PAGE, EXPLORATION_FILE)
_OTHER_PAPERS = (
    "does not follow from the results: it was altered, or made with another register or other "
    "earlier runs; write the papers again, and give pack the same --register and --earlier"
)
#: The file that shows which command wrote a results folder.
_RESULT_OF = {
    "accept": "acceptance.json",
    "rehearse": "rehearsal.json",
    "prove": "proof.json",
    "load": "load.json",
}


class GatheredRun(Struct, frozen=True, kw_only=True):
    """A run with its files, by their names in the pack."""

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


def gather_run(folder: Path, target: Target, *, number: int) -> GatheredRun:
    """Gather a results folder; raises BadInput, or SuiteError if the run could not judge."""
    command = next((each for each, name in _RESULT_OF.items() if (folder / name).is_file()), None)
    if command is None:
        raise BadInput(
            f"--results {folder}: it has no result of a run; give the folder of a finished accept, "
            "rehearse, prove or load"
        )
    names = [*REPORTS[command], *(["scenarios.ndjson"] if command == "accept" else [])]
    if command == "accept" and (folder / "window.json").is_file():
        names += REPORTS["window"]
    if command == "accept" and target.access.by_hand:
        # Only the journal says who saw what, and when.
        names.append(JOURNAL)
    names = [name for name in names if name not in _NOT_ALWAYS or (folder / name).is_file()]
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
    return GatheredRun(run=run, files=files, source=folder)


def gather_papers(
    folder: Path, runs: Sequence[GatheredRun], *, earlier: Sequence[Path], register: Path | None
) -> tuple[PapersSummary, dict[str, Path]]:
    """Gather the papers; raises BadInput if they do not follow from one of these runs."""
    missing = [name for name in REPORTS["papers"] if not (folder / name).is_file()]
    if missing:
        raise BadInput(
            f"--papers {folder}: {', '.join(missing)} missing; write them with portal-suite papers"
        )
    try:
        summary = msgspec.json.decode((folder / SUMMARY).read_bytes(), type=PapersSummary)
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
    refuse_altered_files("--papers", folder, paper_files(again), why=_OTHER_PAPERS)
    return summary, {f"papers/{name}": folder / name for name in REPORTS["papers"]}


def _acceptance(folder: Path, inside: str, files: dict[str, Path], target: Target) -> GatheredRun:
    """Work the result out again from scenarios, evidence, claims and requirements."""
    run = read_run(folder)
    stored = run.result
    log = folder / "pytest.log"
    if not log.is_file() or any(line.startswith(b"!!!") for line in log.read_bytes().splitlines()):
        raise BadInput(f"--results {folder}: this run was stopped before its end; run accept again")
    again = acceptance_result(
        target,
        read_requirements(),
        stored.scenarios,
        phase=stored.phase,
        messages=messages_reached(folder),
    )
    again = structs.replace(
        with_stored_decisions(again, stored),
        words=words_of(folder),
        sampled=pages_sampled(
            target, evidence_of(folder), phase=stored.phase, review=stored.sampled.review
        ),
    )
    refuse_other_evidence(folder, stored, target)
    _refuse_waiting(folder, stored)
    for field in stored.__struct_fields__:
        if field not in _NOT_WORKED_OUT and getattr(again, field) != getattr(stored, field):
            raise BadInput(
                f"--results {folder}: {field} of acceptance.json does not follow from this "
                "version, --target and the scenarios: the run was with --only, another target or "
                "another version, or the file was altered; run accept again"
            )
    refuse_other_reports(folder, stored)
    refuse_other_window(folder, stored)
    refuse_other_stories(folder, stored)
    refuse_other_findings(folder, stored, target)
    if target.access.by_hand:
        refuse_other_journal(folder, stored)
    for each in stored.scenarios:
        if each.verdict in ("ERROR", "INCONCLUSIVE"):
            raise SuiteError(
                f"--results {folder}: the verdict on {each.name!r:.100} is {each.verdict}, so this "
                "run is not complete; fix the cause, and run accept again"
            )
    _refuse_unjudged(folder, stored.verdict)
    if stored.is_by_drivers_word:
        raise SuiteError(
            f"--results {folder}: this run is by its driver's word: {stored.sampled.left}; show "
            "that without the driver, or have a person look at the portal and sign it as DRIVER in "
            "the file of accept --reviews"
        )
    packed = PackedRun(
        folder=inside,
        command="accept",
        portal=f"{stored.portal} {stored.portal_version}",
        phase=stored.phase,
        verdict=stored.verdict,
        seed=stored.seed,
        clock=read_clock_log(folder / "evidence.ndjson"),
    )
    return GatheredRun(run=packed, files=files, source=folder, sha256=run.sha256)


def _refuse_waiting(folder: Path, stored: AcceptanceResult) -> None:
    """Refuse a run with a must that nobody has shown; raises SuiteError."""
    if stored.waiting:
        named = ", ".join(f"{each.id} ({each.awaits})" for each in stored.waiting)
        raise SuiteError(
            f"--results {folder}: {len(stored.waiting)} musts wait for a person or a browser: "
            f"{named}; show them, or have a named person waive each in the file of accept --reviews"
        )


def _read(folder: Path, command: str) -> _Result:
    path = folder / _RESULT_OF[command]
    if path.stat().st_size > RESULT_BYTES_MAX:
        raise BadInput(f"{path}: larger than {RESULT_BYTES_MAX:,} bytes; is it the right file?")
    try:
        result: _Result = _OTHER[command].decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DamagedFile(f"{path}: not the result of a run: {on_one_line(str(error))}") from None
    if isinstance(result, ProofResult):
        met = {each.id or read_names().portal_id(each.name) for each in result.rows}
        left = [each.name for each in read_broken_portals() if each.id not in met]
        if left:
            raise BadInput(
                f"--results {folder}: {len(left)} broken portals are missing; run prove without "
                "--only"
            )
    return result


def _refuse_unjudged(folder: Path, verdict: Kind) -> None:
    if verdict in ("ERROR", "INCONCLUSIVE"):
        raise SuiteError(
            f"--results {folder}: the verdict of this run is {verdict}: it could not judge; fix "
            "the cause, and run it again"
        )
