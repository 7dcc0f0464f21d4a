"""Write the papers: each sheet as a page to print and as CSV, and one summary for machines.

The summary has the digest of the run, so that an evidence pack can match papers to their run.
"""

from datetime import date, datetime
from functools import cache
from pathlib import Path

import msgspec
from jinja2 import Environment
from msgspec import Struct

from simulator.files.whole_files import write_whole
from simulator.papers.contents import Papers, papers_decision
from simulator.papers.criteria import Criterion
from simulator.papers.defect_sheets import daily_summary_sheet, defects_sheet
from simulator.papers.exit_report import exit_report_sheet
from simulator.papers.plan import test_plan_sheet
from simulator.papers.register import Override, Waiver
from simulator.papers.requirement_sheets import red_amber_green_sheet, traceability_sheet
from simulator.papers.sheets import Sheet, ToFill, as_csv, cell_text
from simulator.report.html import environment
from simulator.verdicts import Kind

#: In the order in which they are read.
SHEETS = (
    test_plan_sheet,
    traceability_sheet,
    red_amber_green_sheet,
    defects_sheet,
    daily_summary_sheet,
    exit_report_sheet,
)
SUMMARY = "papers.json"

_FOLDER = Path(__file__).with_name("templates")


class DefectSummary(Struct, frozen=True, kw_only=True):
    """A defect, for machines."""

    id: str
    severity: str
    harm: str
    kind: Kind
    owner: str
    is_open: bool
    requirements: tuple[str, ...]
    found_build: str
    retest: str
    disposition: str
    waiver: Waiver | None
    waiver_holds: bool


class PapersSummary(Struct, frozen=True, kw_only=True):
    """The papers for machines. `judged` is the judge's verdict."""

    results_sha256: str
    portal: str
    portal_version: str
    phase: int
    as_of: date
    run_ended_at: datetime
    judged: Kind
    exit_verdict: Kind
    exit_criteria: list[Criterion]
    overrides: list[Override]
    defects: list[DefectSummary]


def write_papers(papers: Papers, out: Path) -> None:
    """Write every paper into an existing folder."""
    for name, data in paper_files(papers).items():
        write_whole(out / name, data)


def paper_files(papers: Papers) -> dict[str, bytes]:
    """Make the files of every paper by name. The same papers give the same bytes."""
    files: dict[str, bytes] = {}
    for make in SHEETS:
        sheet = make(papers)
        files[f"{sheet.name}.html"] = page_of_sheet(sheet, papers).encode()
        files[f"{sheet.name}.csv"] = as_csv(sheet.csv)
    encoded = msgspec.json.format(msgspec.json.encode(make_summary(papers)), indent=1)
    return {**files, SUMMARY: encoded + b"\n"}


def page_of_sheet(sheet: Sheet, papers: Papers) -> str:
    """Make the page of a sheet, headed by the decision on the phase."""
    template = _environment().get_template("paper.html")
    return template.render(
        sheet=sheet,
        result=papers,
        run=papers.run.result,
        ended_at=papers.run.ended_at,
        as_of=papers.as_of,
        decision=papers_decision(papers),
    )


def make_summary(papers: Papers) -> PapersSummary:
    """Summarise the papers for machines."""
    result = papers.run.result
    return PapersSummary(
        results_sha256=papers.run.sha256,
        portal=result.portal,
        portal_version=result.portal_version,
        phase=result.phase,
        as_of=papers.as_of,
        run_ended_at=papers.run.ended_at,
        judged=result.verdict,
        exit_verdict=papers.verdict,
        exit_criteria=papers.exit,
        overrides=[row.override for row in papers.rows if row.override is not None],
        defects=[
            DefectSummary(
                id=each.id,
                severity=each.severity,
                harm=each.harm,
                kind=each.kind,
                owner=each.owner,
                is_open=each.is_open,
                requirements=each.requirements,
                found_build=each.found_build,
                retest=each.retest,
                disposition=each.disposition,
                waiver=each.waiver,
                waiver_holds=each.waiver_holds,
            )
            for each in papers.defects
        ],
    )


@cache
def _environment() -> Environment:
    made = environment(_FOLDER)
    made.filters["cell_text"] = cell_text
    made.tests["to_fill"] = lambda cell: isinstance(cell, ToFill)
    return made
