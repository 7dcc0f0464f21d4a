"""Two papers: the list of defects, and the daily summary."""

from simulator.papers.contents import Papers
from simulator.papers.defects import Defect
from simulator.papers.sheets import Cell, Mark, Section, Sheet, Table, joined
from simulator.report.amounts import day

#: A page names only the first scenarios that showed a defect. The CSV names them all.
SCENARIOS_SHOWN_MAX = 5
_COLUMNS = (
    "Defect",
    "Severity",
    "Owner",
    "Expected",
    "Observed",
    "Requirements",
    "Scenarios that showed it",
    "Found in build",
    "Retest",
    "Disposition",
)
_CSV_COLUMNS = ("State", "Harm", "What is wrong, in general", "Found on", "Last seen in build")


def defects_sheet(papers: Papers) -> Sheet:
    """Make the list: the portal's open defects, harms by others, and what is fixed."""
    every = Table(
        caption="Every defect, open ones first",
        columns=(*_COLUMNS, *_CSV_COLUMNS),
        rows=[(*_line(each, shown_max=None), *_csv_cells(each)) for each in papers.defects],
    )
    mine = [each for each in papers.open_defects if each.is_the_portals]
    others = [each for each in papers.open_defects if not each.is_the_portals]
    fixed = [each for each in papers.defects if not each.is_open]
    return Sheet(
        name="defects",
        title=f"Defects, phase {papers.run.result.phase}",
        sections=(
            Section(
                id="open",
                title="Open defects of the portal",
                words=(
                    (
                        "Failures that differ only in names, numbers and channels are one defect. "
                        "Its id is the same in every run. The register can say that two defects "
                        "are one (same_as)."
                    ),
                ),
                table=_table("Open defects of the portal, worst first", mine),
                otherwise="The portal has no open defect.",
            ),
            Section(
                id="others",
                title="Harms by others",
                table=_table("Harms that the portal did not cause or could not avoid", others),
                otherwise="None.",
            ),
            Section(
                id="fixed",
                title="Fixed",
                table=_table("Defects that are no longer there", fixed),
                otherwise="None.",
            ),
        ),
        csv=every,
    )


def daily_summary_sheet(papers: Papers) -> Sheet:
    """Make the summary by day."""
    days = Table(
        caption="Each day with a run",
        columns=(
            "Day",
            "Builds",
            "Phases",
            "Runs",
            "Scenarios",
            "Passed",
            "Failed",
            "Not judged",
            "Defects found",
            "Defects fixed",
        ),
        rows=[
            (
                each.day,
                joined(each.builds),
                joined([str(phase) for phase in each.phases]),
                each.runs,
                each.scenarios,
                each.passed,
                each.failed,
                each.not_judged,
                joined(each.found),
                joined(each.fixed),
            )
            for each in papers.days
        ],
    )
    return Sheet(
        name="daily-summary",
        title=f"Daily summary, phase {papers.run.result.phase}",
        sections=(Section(id="days", title="Day by day", table=days),),
        csv=days,
    )


def retest_of(defect: Defect) -> str:
    """Give the result of a retest, with its build and day."""
    if defect.retest_day is None:
        return defect.retest
    return f"{defect.retest} in {defect.retest_build}, {day(defect.retest_day)}"


def disposition_of(defect: Defect) -> str:
    """Give the decision on a defect, and who made it."""
    decided = f"{defect.disposition} by {defect.disposed_by}" if defect.disposition else "undecided"
    if defect.reason:
        decided += f": {defect.reason}"
    waiver = defect.waiver
    if waiver is not None:
        until = "until" if defect.waiver_holds else "expired on"
        decided += f"; waived by {waiver.name}, {waiver.role}, {until} {day(waiver.expires)}"
    return decided


def _table(caption: str, defects: list[Defect]) -> Table:
    rows = [_line(each, shown_max=SCENARIOS_SHOWN_MAX) for each in defects]
    return Table(caption=caption, columns=_COLUMNS, rows=rows)


def _line(defect: Defect, *, shown_max: int | None) -> tuple[Cell, ...]:
    shown = defect.scenarios[:shown_max]
    left = len(defect.scenarios) - len(shown)
    return (
        joined([defect.id, *defect.also]),
        Mark(word=defect.severity, kind=defect.kind if defect.is_open else "OMIT"),
        defect.owner,
        defect.expected,
        defect.observed,
        joined(defect.requirements),
        f"{len(defect.scenarios)}: {'; '.join(shown)}{f'; and {left} more' if left else ''}",
        defect.found_build,
        retest_of(defect),
        disposition_of(defect),
    )


def _csv_cells(defect: Defect) -> tuple[Cell, ...]:
    return (
        "open" if defect.is_open else "closed",
        defect.harm,
        defect.fault,
        defect.found_day,
        defect.seen_build,
    )
