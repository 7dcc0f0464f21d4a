"""All that the papers of a phase say, worked out once from runs and register; nothing is written.

The papers depend on the runs, the register, and the day they are made on, by which waivers run out.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from simulator.errors import BadInput
from simulator.inputs.requirements import Requirement
from simulator.papers.colours import Row, colour_rows
from simulator.papers.criteria import (
    Criterion,
    entry_criteria,
    exit_criteria,
    exit_verdict,
)
from simulator.papers.days import Day, daily_summary
from simulator.papers.defects import Defect, find_defects, ids_known
from simulator.papers.register import Register
from simulator.papers.runs import Run
from simulator.report.amounts import several
from simulator.verdicts import Kind


class Papers(Struct, frozen=True, kw_only=True):
    """The contents of every paper; `run` is the one reported on and the last of `runs`."""

    as_of: date
    run: Run
    runs: list[Run]
    rows: list[Row]
    defects: list[Defect]
    days: list[Day]
    entry: list[Criterion]
    exit: list[Criterion]
    without_effect: list[str]

    @property
    def verdict(self) -> Kind:
        """Whether the exit criteria are met, as a verdict."""
        return exit_verdict(self.exit)

    @property
    def open_defects(self) -> list[Defect]:
        """Those still there, worst first."""
        return [each for each in self.defects if each.is_open]


def make_papers(
    runs: Sequence[Run],
    register: Register,
    requirements: Sequence[Requirement],
    *,
    today: date,
    register_path: Path | None = None,
) -> Papers:
    """Work out the papers of the last of `runs`.

    Raises BadInput where an override names a requirement that there is not.
    """
    run = runs[-1]
    known = {each.id for each in requirements}
    for index, each in enumerate(register.override):
        if each.requirement not in known:
            raise BadInput(
                f"{register_path}: override[{index}].requirement: it is {each.requirement!r:.80}; "
                "give an id of features/requirements.toml"
            )
    defects = find_defects(runs, register, requirements, today=today)
    rows = colour_rows(run, register, defects, requirements)
    return Papers(
        as_of=today,
        run=run,
        runs=list(runs),
        rows=rows,
        defects=defects,
        days=daily_summary(runs, defects),
        entry=entry_criteria(run, runs),
        exit=exit_criteria(run, rows, defects, known),
        without_effect=_without_effect(register, rows, defects, today=today),
    )


def decision(papers: Papers) -> str:
    """Say in one sentence whether the phase may leave its test period."""
    result = papers.run.result
    mine = [each for each in papers.open_defects if each.is_the_portals]
    left = any(each.state == "confirm" for each in papers.exit)
    but = ", but for what people must confirm" if left else ""
    says = {
        "PASS": f"the exit criteria are met{but}; it is for those below to sign",
        "WARNING": f"the exit criteria are met only by waivers or overrides, each with a name{but}",
        "FAIL": "the exit criteria are not met",
    }.get(papers.verdict, "it cannot be said whether the exit criteria are met")
    return (
        f"{papers.verdict}: of {result.portal} {result.portal_version} in phase {result.phase}, "
        f"{says}. {several(len(mine), 'open defect')} of the portal; the judge’s own verdict is "
        f"{result.verdict}."
    )


def _without_effect(
    register: Register, rows: Sequence[Row], defects: Sequence[Defect], *, today: date
) -> list[str]:
    """List what the register decides that changes nothing here, so that nobody relies on it."""
    known = ids_known(defects)
    open_ids = {each.id for each in defects if each.is_open}
    applied = {each.requirement.id for each in rows if each.override}
    judged = {each.requirement.id: each.judged for each in rows}
    found = [
        f"{each.id}: no run given here showed it"
        for each in register.defect
        if each.id not in known
    ]
    for waiver in register.waiver:
        if waiver.defect not in open_ids:
            found.append(f"waiver of {waiver.defect}: no such defect is open")
        elif waiver.expires < today:
            found.append(f"waiver of {waiver.defect} by {waiver.name}: ran out")
    found += [
        f"override of {each.requirement} by {each.name}: it was made for {each.original}, and this "
        f"run came to {judged.get(each.requirement, 'nothing')}"
        for each in register.override
        if each.requirement not in applied
    ]
    return found
