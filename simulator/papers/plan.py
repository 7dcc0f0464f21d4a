"""The test plan: what is tested in a phase and what is not, and when testing may begin and end."""

from simulator.papers.contents import Papers
from simulator.papers.criteria import Criterion, State
from simulator.papers.defects import SEVERITY
from simulator.papers.sheets import Mark, Section, Sheet, Table
from simulator.report.harms import WHY_IT_MATTERS

_MARK: dict[State, Mark] = {
    "met": Mark(word="met", kind="PASS"),
    "met by waiver or override": Mark(word="met by waiver or override", kind="WARNING"),
    "not met": Mark(word="not met", kind="FAIL"),
    "not judged": Mark(word="not judged", kind="INCONCLUSIVE"),
    "confirm": Mark(word="for a person to confirm", kind="REVIEW"),
}

_HOW = (
    (
        "Scenarios prove every requirement. They put made-up victims, crimes and officers around "
        "the portal, over its own interfaces. The judge reads the order and the evidence, never "
        "the portal’s code."
    ),
    (
        "Each run tests one build. To retest a defect, run the scenarios that showed it again in "
        "a later build. The retest passes when all of them pass."
    ),
    (
        "Testing stops automatically if the portal cannot be reached three times in a row. Start "
        "again with a whole run. Stop all testing if a message may have reached a real person, and "
        "tell data protection and the safeguarding lead first."
    ),
)


def test_plan_sheet(papers: Papers) -> Sheet:
    """Make the test plan."""
    result = papers.run.result
    entry = criteria_table("Entry criteria", papers.entry)
    leaving = criteria_table("Exit criteria", papers.exit)
    return Sheet(
        name="test-plan",
        title=f"Test plan, phase {result.phase}",
        sections=(
            Section(id="how", title="How the portal is tested", words=_HOW),
            Section(id="entry", title="Before testing begins", table=entry),
            Section(
                id="scope",
                title="What is tested",
                table=Table(
                    caption="Requirements in scope",
                    columns=("Requirement", "What the portal does", "Level", "Phase", "Scenarios"),
                    rows=[
                        (
                            row.requirement.id,
                            row.requirement.sentence,
                            row.requirement.level,
                            row.requirement.phase,
                            len(row.scenarios),
                        )
                        for row in papers.rows
                        if row.judged != "OMIT"
                    ],
                ),
                otherwise="Nothing is in scope.",
            ),
            Section(
                id="not-tested",
                title="What is not tested",
                table=Table(
                    caption="Requirements out of scope",
                    columns=("Requirement", "What the portal does", "Why it is not tested"),
                    rows=[
                        (row.requirement.id, row.requirement.sentence, row.requirement.reason)
                        for row in papers.rows
                        if row.judged == "OMIT"
                    ],
                ),
                otherwise="Every requirement is in scope.",
            ),
            _severities(),
            Section(id="exit", title="Before testing may end", table=leaving),
        ),
        csv=criteria_table("Criteria", [*papers.entry, *papers.exit], len(papers.entry)),
    )


def criteria_table(caption: str, criteria: list[Criterion], entry: int | None = None) -> Table:
    """Make a table of criteria.

    With `entry`, the first so many are entry criteria, the rest exit.
    """
    columns = ("Criterion", "State", "Shown by")
    rows = [(each.sentence, _MARK[each.state], each.shown_by) for each in criteria]
    if entry is None:
        return Table(caption=caption, columns=columns, rows=list(rows))
    return Table(
        caption=caption,
        columns=("Part", *columns),
        rows=[("entry" if index < entry else "exit", *row) for index, row in enumerate(rows)],
    )


def _severities() -> Section:
    return Section(
        id="severity",
        title="Severity of defects",
        words=("Severity depends only on the harm to a victim.",),
        table=Table(
            caption="Severity by harm, worst first",
            columns=("Harm", "Severity", "Why it matters"),
            rows=[(harm, SEVERITY[harm], WHY_IT_MATTERS[harm]) for harm in SEVERITY],
        ),
    )
