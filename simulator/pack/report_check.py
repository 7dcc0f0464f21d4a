"""Check that the reports of a run follow from its result, by making them again."""

from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import structs

from simulator.errors import BadInput
from simulator.legible import on_one_line
from simulator.prove import kill_matrix
from simulator.report.html import (
    acceptance_html,
    coverage_html,
    load_html,
    proof_html,
    rehearsal_html,
)
from simulator.report.junit import acceptance_junit, proof_junit
from simulator.report.window import window_csv, window_html
from simulator.results.exploration import ExplorationResult
from simulator.results.folder import COVERAGE_PAGE, EXPLORATION_FILE
from simulator.results.load import LoadResult
from simulator.results.values import AcceptanceResult, ProofResult, RehearsalResult
from simulator.results.window import WindowResult

Result = AcceptanceResult | RehearsalResult | ProofResult | LoadResult


def refuse_altered_files(
    option: str, folder: Path, files: Mapping[str, bytes], *, why: str
) -> None:
    """Refuse a folder in which a file differs from the one made again."""
    for name, data in files.items():
        if (folder / name).read_bytes() != data:
            raise BadInput(f"{option} {folder}: {name} {why}")


def refuse_other_reports(folder: Path, result: Result) -> None:
    """Refuse a report that differs from its result."""
    command = "accept" if isinstance(result, AcceptanceResult) else "the command"
    why = f"is of another result; run {command} again"
    refuse_altered_files("--results", folder, _reports(result), why=why)


def refuse_other_window(folder: Path, result: AcceptanceResult) -> None:
    """Refuse test weeks other than those that counted in the verdict."""
    path = folder / "window.json"
    if not path.is_file():
        return
    try:
        window = msgspec.json.decode(path.read_bytes(), type=WindowResult)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(f"{path}: not the result of test weeks: {on_one_line(str(error))}") from None
    if window.verdict != result.window:
        raise BadInput(
            f"--results {folder}: window.json has the verdict {window.verdict}, but "
            f"acceptance.json has {result.window or 'no test weeks'}; run accept again"
        )
    files = {"window.html": window_html(window), "window-days.csv": window_csv(window)}
    encoded = {name: text.encode() for name, text in files.items()}
    refuse_altered_files("--results", folder, encoded, why="is of another result; run accept again")


def refuse_other_stories(folder: Path, result: AcceptanceResult) -> None:
    """Refuse a run whose made-up stories were lost, or whose page of them is of others."""
    if result.edges is None:
        return
    missing = [name for name in (COVERAGE_PAGE, EXPLORATION_FILE) if not (folder / name).is_file()]
    if missing:
        raise BadInput(f"--results {folder}: {', '.join(missing)} missing; run accept again")
    path = folder / EXPLORATION_FILE
    try:
        explored = msgspec.json.decode(path.read_bytes(), type=ExplorationResult)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(
            f"{path}: not the result of made-up stories: {on_one_line(str(error))}; run accept "
            "again"
        ) from None
    page = coverage_html(structs.replace(explored, verdict=result.verdict))
    why = "is of other stories; run accept again"
    refuse_altered_files("--results", folder, {COVERAGE_PAGE: page.encode()}, why=why)


def _reports(result: Result) -> dict[str, bytes]:
    if isinstance(result, AcceptanceResult):
        page = acceptance_html(result)
        return {"report.html": page.encode(), "junit.xml": acceptance_junit(result)}
    if isinstance(result, ProofResult):
        return {
            "report.html": proof_html(result).encode(),
            "junit.xml": proof_junit(result),
            kill_matrix.NAME: kill_matrix.matrix_csv(result.rows).encode(),
        }
    if isinstance(result, RehearsalResult):
        return {"report.html": rehearsal_html(result).encode()}
    return {"report.html": load_html(result).encode()}
