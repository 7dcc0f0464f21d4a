"""Two papers: the traceability matrix, and red, amber or green by requirement."""

from collections.abc import Iterable

from simulator.papers.contents import Papers
from simulator.papers.defects import Defect
from simulator.papers.requirement_status import Colour, RequirementStatus
from simulator.papers.sheets import Cell, Mark, Section, Sheet, Table, joined
from simulator.verdicts import Kind

_KIND: dict[Colour, Kind] = {
    "red": "FAIL",
    "amber": "WARNING",
    "green": "PASS",
    "not asked": "OMIT",
}


def traceability_sheet(papers: Papers) -> Sheet:
    """Make the matrix: from requirement to scenarios and defects, and from scenario back."""
    forwards = Table(
        caption="From requirement to scenarios",
        columns=(
            "Requirement",
            "Basis and source",
            "Scenario",
            "Feature",
            "Verdict",
            "Open defects",
        ),
        rows=[line for row in papers.rows for line in _lines(row)],
    )
    return Sheet(
        name="traceability",
        title=f"Traceability matrix, phase {papers.run.result.phase}",
        sections=(
            Section(id="forwards", title="Every requirement", table=forwards),
            Section(
                id="backwards",
                title="Every scenario",
                table=Table(
                    caption="From scenario to requirements",
                    columns=("Scenario", "Feature", "Requirements", "Verdict"),
                    rows=[
                        (
                            each.name,
                            each.feature,
                            joined(each.requirements),
                            Mark(word=each.verdict, kind=each.verdict),
                        )
                        for each in papers.run.result.scenarios
                    ],
                ),
                otherwise="No scenario was run.",
            ),
        ),
        csv=forwards,
    )


def red_amber_green_sheet(papers: Papers) -> Sheet:
    """Make the sheet of colours, with the judge's verdict beside each override."""
    counted = [(colour, sum(row.colour == colour for row in papers.rows)) for colour in _KIND]
    rows = Table(
        caption="Every requirement and its colour",
        columns=(
            "Requirement",
            "What the portal does",
            "Level",
            "Phase",
            "Colour",
            "Judge’s verdict",
            "Overridden by",
            "Why",
            "Open defects",
        ),
        rows=[_colour_line(row) for row in papers.rows],
    )
    return Sheet(
        name="red-amber-green",
        title=f"Red, amber or green by requirement, phase {papers.run.result.phase}",
        sections=(
            Section(
                id="counted",
                title="Totals",
                words=(
                    (
                        "Green is met. Red is not met. Amber could not be verified, waits for a "
                        "person or a browser, or is met with a warning. A requirement that this "
                        "phase does not ask for has no colour."
                    ),
                ),
                table=Table(
                    caption="Requirements by colour",
                    columns=("Colour", "Requirements"),
                    rows=[(_colour(colour), number) for colour, number in counted],
                ),
            ),
            Section(id="requirements", title="Requirement by requirement", table=rows),
        ),
        csv=rows,
    )


def _lines(row: RequirementStatus) -> Iterable[tuple[Cell, ...]]:
    requirement = row.requirement
    start = requirement.id, f"{requirement.basis}: {requirement.source}"
    for each in row.scenarios:
        mark = Mark(word=each.verdict, kind=each.verdict)
        shown_by = [one.id for one in row.defects if each.name in one.scenarios]
        yield (*start, each.name, each.feature, mark, joined(shown_by))
    if not row.scenarios:
        mark = Mark(word=row.judged, kind=row.judged)
        yield (*start, f"none: {requirement.reason or 'no reason was given'}", "", mark, "")


def _colour_line(row: RequirementStatus) -> tuple[Cell, ...]:
    requirement, override = row.requirement, row.override
    return (
        requirement.id,
        requirement.sentence,
        requirement.level,
        requirement.phase,
        _colour(row.colour),
        Mark(word=row.judged, kind=row.judged),
        f"{override.name}, {override.role}: {override.verdict}" if override else "",
        override.reason if override else requirement.reason,
        joined([_briefly(each) for each in row.defects]),
    )


def _colour(colour: Colour) -> Mark:
    return Mark(word=colour, kind=_KIND[colour])


def _briefly(defect: Defect) -> str:
    return f"{defect.id} ({defect.severity}{', waived' if defect.waiver_holds else ''})"
