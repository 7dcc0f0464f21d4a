"""The list of defects, and the summary of each day of testing."""

from simulator.papers.contents import Papers
from simulator.papers.defects import Defect
from simulator.papers.sheets import Cell, Mark, Section, Sheet, Table, together
from simulator.report.amounts import day

#: Of a page: what showed a defect is not all told where it is much. The CSV has all of it.
SCENARIOS_TOLD_MAX = 5
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
_CSV_COLUMNS = ("State", "Harm", "What is wrong in general", "Found on", "Seen last in build")


def defect_list(papers: Papers) -> Sheet:
    """Make the list: the portal's open ones, others' harms, and what is mended."""
    every = Table(
        caption="Every defect, open ones first",
        columns=(*_COLUMNS, *_CSV_COLUMNS),
        rows=[(*_line(each, told_max=None), *_csv_cells(each)) for each in papers.defects],
    )
    mine = [each for each in papers.open_defects if each.is_the_portals]
    others = [each for each in papers.open_defects if not each.is_the_portals]
    mended = [each for each in papers.defects if not each.is_open]
    return Sheet(
        name="defects",
        title=f"Defects, phase {papers.run.result.phase}",
        sections=(
            Section(
                id="open",
                title="Open defects of the portal",
                words=(
                    (
                        "Failures that look alike are one defect, whatever the names, numbers and "
                        "channels: its id is the same in every run. The register can say that two "
                        "are one (same_as)."
                    ),
                ),
                table=_table("Open defects of the portal, worst first", mine),
                otherwise="No defect of the portal is open.",
            ),
            Section(
                id="others",
                title="Harms by others",
                table=_table("Harms that are not the portal’s, or past avoiding", others),
                otherwise="There are none.",
            ),
            Section(
                id="mended",
                title="Mended",
                table=_table("Defects that are no longer there", mended),
                otherwise="There are none.",
            ),
        ),
        csv=every,
    )


def daily_summary(papers: Papers) -> Sheet:
    """Make the summary by day."""
    days = Table(
        caption="Each day on which something was run",
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
            "Defects mended",
        ),
        rows=[
            (
                each.day,
                together(each.builds),
                together([str(phase) for phase in each.phases]),
                each.runs,
                each.scenarios,
                each.passed,
                each.failed,
                each.not_judged,
                together(each.found),
                together(each.mended),
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
    """Say how a retest went, and in which build and when."""
    if defect.retest_day is None:
        return defect.retest
    return f"{defect.retest} in {defect.retest_build}, {day(defect.retest_day)}"


def disposition_of(defect: Defect) -> str:
    """Say what was decided on a defect, and by whom."""
    said = f"{defect.disposition} by {defect.disposed_by}" if defect.disposition else "undecided"
    if defect.reason:
        said += f": {defect.reason}"
    waiver = defect.waiver
    if waiver is not None:
        until = "until" if defect.waiver_holds else "ran out on"
        said += f"; waived by {waiver.name}, {waiver.role}, {until} {day(waiver.expires)}"
    return said


def _table(caption: str, defects: list[Defect]) -> Table:
    rows = [_line(each, told_max=SCENARIOS_TOLD_MAX) for each in defects]
    return Table(caption=caption, columns=_COLUMNS, rows=rows)


def _line(defect: Defect, *, told_max: int | None) -> tuple[Cell, ...]:
    told = defect.scenarios[:told_max]
    left = len(defect.scenarios) - len(told)
    return (
        together([defect.id, *defect.also]),
        Mark(word=defect.severity, kind=defect.kind if defect.is_open else "OMIT"),
        defect.owner,
        defect.expected,
        defect.observed,
        together(defect.requirements),
        f"{len(defect.scenarios)}: {'; '.join(told)}{f'; and {left} more' if left else ''}",
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
