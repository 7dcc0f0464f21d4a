"""All that is read for a plan: its scenario, what plans have in common, and the files of a year."""

from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from simulator.files.paths import ROOT
from simulator.inputs.target import read_target
from simulator.planning.idle_changes import check_changes
from simulator.planning.scenario import (
    PlanScenario,
    Study,
    YearFiles,
    amount_at,
    check_outages,
    read_scenario,
    read_year,
)


@dataclass(frozen=True, kw_only=True)
class PlanInput:
    """All that is read for a plan. `fraction` and counts are the study's unless others are asked.

    `years_wanted` is the fewest years that the study's file asks for, however many are asked for
    here. Where it `is_brief`, neither messages nor numbers nor the uptake are varied.
    """

    path: Path
    scenario: PlanScenario
    study: Study
    today: YearFiles
    planned: YearFiles
    seed: int
    years_wanted: int
    is_brief: bool


def read_plan(
    path: Path, *, seed: int, fraction: float | None, replications: int | None, is_brief: bool
) -> PlanInput:
    """Read and check everything that a plan names; raises BadInput naming the field."""
    scenario, study = read_scenario(path)
    years_wanted = study.replications_min
    if fraction is not None:
        study = structs.replace(study, fraction=fraction)
    if replications is not None:
        study = structs.replace(study, replications_min=replications, replications_max=replications)
    check_outages(scenario, study, path)
    both, changes = scenario.both, (*scenario.both, *scenario.changes)
    today = read_year(study, both, said_in=str(path))
    planned = read_year(study, changes, said_in=str(path), scenario=scenario)
    check_changes(both, today, str(path))
    check_changes(changes, planned, str(path))
    check_changes(study.numbers, today, scenario.study)
    for each in study.numbers:
        amount_at(today, each)
        for value in (each.low, each.high):
            read_year(study, [*both, each], said_in=scenario.study, values=[value])
    read_target(ROOT / today.rollout.target)
    return PlanInput(
        path=path,
        scenario=scenario,
        study=study,
        today=today,
        planned=planned,
        seed=seed,
        years_wanted=years_wanted,
        is_brief=is_brief,
    )
