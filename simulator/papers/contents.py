"""The contents of a phase's papers, worked out once from the runs and the register.

They depend on the runs, the register, and the day they are made, because waivers run out.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from simulator.errors import BadInput
from simulator.inputs.requirements import Requirement
from simulator.papers.criteria import (
    Criterion,
    entry_criteria,
    exit_criteria,
    exit_verdict,
)
from simulator.papers.daily_summary import Day, summarise_days
from simulator.papers.defects import Defect, find_defects, fingerprints
from simulator.papers.register import Register
from simulator.papers.requirement_status import RequirementStatus, requirement_statuses
from simulator.papers.runs import Run
from simulator.report.amounts import several
from simulator.verdicts import Kind


class Papers(Struct, frozen=True, kw_only=True):
    """The contents of every paper. `run` is the run reported on, the last of `runs`."""

    as_of: date
    run: Run
    runs: list[Run]
    rows: list[RequirementStatus]
    defects: list[Defect]
    days: list[Day]
    entry: list[Criterion]
    exit: list[Criterion]
    without_effect: list[str]

    @property
    def verdict(self) -> Kind:
        """The verdict on the exit criteria."""
        return exit_verdict(self.exit)

    @property
    def open_defects(self) -> list[Defect]:
        """The defects that are still open, worst first."""
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

    Raises BadInput if an override names an unknown requirement.
    """
    run = runs[-1]
    known = {each.id for each in requirements}
    for index, each in enumerate(register.override):
        if each.requirement not in known:
            raise BadInput(
                f"{register_path}: override[{index}].requirement: {each.requirement!r:.80} is not "
                "a requirement; give an id of features/requirements.toml"
            )
    defects = find_defects(runs, register, requirements, today=today)
    rows = requirement_statuses(run, register, defects, requirements)
    return Papers(
        as_of=today,
        run=run,
        runs=list(runs),
        rows=rows,
        defects=defects,
        days=summarise_days(runs, defects),
        entry=entry_criteria(run, runs),
        exit=exit_criteria(run, rows, defects, known),
        without_effect=_without_effect(register, rows, defects, today=today),
    )


def papers_decision(papers: Papers) -> str:
    """State whether the phase may leave its test period."""
    result = papers.run.result
    mine = [each for each in papers.open_defects if each.is_the_portals]
    left = any(each.state == "confirm" for each in papers.exit)
    but = ", except those that people must confirm" if left else ""
    criteria = f"the exit criteria of phase {result.phase}"
    sentence = {
        "PASS": f"meets {criteria}{but}; the signatories decide",
        "WARNING": f"meets {criteria} only with waivers or overrides, each signed{but}",
        "FAIL": f"does not meet {criteria}",
    }.get(papers.verdict, f"could not be judged against {criteria}: {_not_judged(papers.exit)}")
    return (
        f"{papers.verdict}: {result.portal} {result.portal_version} {sentence}. "
        f"The portal has {several(len(mine), 'open defect')}. The judge’s verdict is "
        f"{result.verdict}."
    )


def _not_judged(criteria: Sequence[Criterion]) -> str:
    """Say what kept the criteria from being judged, in the words of those that were not."""
    return "; ".join(each.shown_by for each in criteria if each.state == "not judged")


def _without_effect(
    register: Register, rows: Sequence[RequirementStatus], defects: Sequence[Defect], *, today: date
) -> list[str]:
    """List the register's entries that have no effect here, so that nobody relies on them."""
    known = fingerprints(defects)
    open_ids = {each.id for each in defects if each.is_open}
    applied = {each.requirement.id for each in rows if each.override}
    judged = {each.requirement.id: each.judged for each in rows}
    found = [
        f"{each.id}: none of these runs showed it"
        for each in register.defect
        if each.id not in known
    ]
    for waiver in register.waiver:
        if waiver.defect not in open_ids:
            found.append(f"waiver of {waiver.defect}: this defect is not open")
        elif waiver.expires < today:
            found.append(f"waiver of {waiver.defect} by {waiver.name}: expired")
    found += [
        f"override of {each.requirement} by {each.name}: made for {each.original}, but the "
        f"verdict of this run is {judged.get(each.requirement, 'missing')}"
        for each in register.override
        if each.requirement not in applied
    ]
    return found
