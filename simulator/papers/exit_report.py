"""The exit report: whether the phase may leave its test period, what is open, and who signs."""

from simulator.papers.contents import Papers
from simulator.papers.defect_sheets import disposition_of, retest_of
from simulator.papers.plan import criteria_table
from simulator.papers.sheets import Cell, Mark, Section, Sheet, Table, ToFill
from simulator.report.amounts import moment

#: They answer for the rollout, for personal data, and for people in danger.
SIGNATORIES = (
    "Senior responsible owner (SRO)",
    "Data protection officer",
    "Safeguarding lead",
)
_CHOICE = "☐ accept  ☐ accept with conditions  ☐ do not accept"


def exit_report_sheet(papers: Papers) -> Sheet:
    """Make the exit report."""
    return Sheet(
        name="exit-report",
        title=f"Exit report, phase {papers.run.result.phase}",
        sections=(
            Section(
                id="criteria",
                title="Exit criteria",
                table=criteria_table("Exit criteria and what shows each", papers.exit),
            ),
            Section(
                id="known",
                title="Known defects",
                table=_known(papers),
                otherwise="No open defect is known.",
            ),
            Section(
                id="waivers",
                title="Waivers",
                table=_waivers(papers),
                otherwise="Nothing was waived.",
            ),
            Section(
                id="overrides",
                title="Overridden verdicts",
                words=("The judge’s verdict is shown beside each override.",),
                table=_overrides(papers),
                otherwise="No verdict was overridden.",
            ),
            Section(
                id="unverified",
                title="What could not be verified",
                table=_unverified(papers),
                otherwise="No requirement of this phase was left without a verdict.",
            ),
            Section(
                id="without-effect",
                title="Decisions without effect",
                table=Table(
                    caption="Entries of the register without effect here",
                    columns=("Entry",),
                    rows=[(each,) for each in papers.without_effect],
                ),
                otherwise="Every entry of the register applies.",
            ),
            Section(id="runs", title="Runs behind this report", table=_runs(papers)),
            _sign_off(),
        ),
        csv=_csv(papers),
    )


def _known(papers: Papers) -> Table:
    return Table(
        caption="Open defects, worst first",
        columns=(
            "Defect",
            "Severity",
            "Owner",
            "What is wrong",
            "Found in",
            "Retest",
            "Disposition",
        ),
        rows=[
            (
                each.id,
                Mark(word=each.severity, kind=each.kind),
                each.owner,
                f"expected {each.expected}; observed {each.observed}",
                each.found_build,
                retest_of(each),
                disposition_of(each),
            )
            for each in papers.open_defects
        ],
    )


def _waivers(papers: Papers) -> Table:
    return Table(
        caption="Open defects with a waiver",
        columns=("Defect", "Severity", "Valid", "Until", "Name", "Role", "Reason"),
        rows=[
            (
                each.id,
                each.severity,
                Mark(word="yes", kind="WARNING")
                if each.waiver_holds
                else Mark(word="expired", kind="FAIL"),
                each.waiver.expires,
                each.waiver.name,
                each.waiver.role,
                each.waiver.reason,
            )
            for each in papers.open_defects
            if each.waiver is not None
        ],
    )


def _overrides(papers: Papers) -> Table:
    return Table(
        caption="The judge’s verdicts and their overrides",
        columns=("Requirement", "Judge’s verdict", "Override", "Name", "Role", "Reason"),
        rows=[
            (
                row.requirement.id,
                Mark(word=row.judged, kind=row.judged),
                Mark(word=row.in_force, kind=row.in_force),
                row.override.name,
                row.override.role,
                row.override.reason,
            )
            for row in papers.rows
            if row.override is not None
        ],
    )


def _unverified(papers: Papers) -> Table:
    return Table(
        caption="Requirements without a verdict on the portal",
        columns=("Requirement", "What the portal does", "Verdict", "Why"),
        rows=[
            (
                row.requirement.id,
                row.requirement.sentence,
                Mark(word=row.judged, kind=row.judged),
                row.requirement.reason or "see the scenarios",
            )
            for row in papers.rows
            if row.judged in ("SKIP", "REVIEW", "INCONCLUSIVE", "ERROR") or row.requirement.awaits
        ],
    )


def _runs(papers: Papers) -> Table:
    return Table(
        caption="Runs, oldest first; this report is on the last",
        columns=("Ended", "Build", "Phase", "Order", "Verdict", "SHA-256 of result and evidence"),
        rows=[
            (
                moment(run.ended_at),
                run.build,
                run.result.phase,
                run.result.order,
                Mark(word=run.result.verdict, kind=run.result.verdict),
                run.sha256,
            )
            for run in papers.runs
        ],
    )


def _sign_off() -> Section:
    return Section(
        id="sign-off",
        title="Sign-off",
        words=(
            (
                "Each signatory has read the known defects, the waivers, the overridden verdicts "
                "and what could not be verified."
            ),
        ),
        table=Table(
            caption="For signature",
            columns=("Role", "Name", "Decision", "Signature", "Date"),
            rows=[(role, ToFill(), ToFill(_CHOICE), ToFill(), ToFill()) for role in SIGNATORIES],
        ),
    )


def _csv(papers: Papers) -> Table:
    """Put everything that the signatories answer for into one table."""
    rows: list[tuple[Cell, ...]] = [
        ("exit criterion", each.sentence, each.state, each.shown_by, "", "", None)
        for each in papers.exit
    ]
    rows += [
        ("known defect", each.id, each.severity, each.fault, each.owner, disposition_of(each), None)
        for each in papers.open_defects
    ]
    rows += [
        ("waiver", id, holds, reason, name, role, until)
        for id, _severity, holds, until, name, role, reason in _waivers(papers).rows
    ]
    rows += [
        (
            "override",
            row.requirement.id,
            f"{row.judged} by the judge, {row.in_force} by override",
            row.override.reason,
            row.override.name,
            row.override.role,
            None,
        )
        for row in papers.rows
        if row.override is not None
    ]
    rows += [("sign-off", role, "", "", "", "", None) for role in SIGNATORIES]
    return Table(
        caption="Exit report",
        columns=("Part", "What", "State", "Words", "Who", "Role or disposition", "Until"),
        rows=rows,
    )
