"""What a rehearsal reckons of other uptakes is what comes of runs at those uptakes."""

from math import hypot

import numpy as np
import pytest
from msgspec import structs

from simulator.files.paths import ROOT
from simulator.planning.scenario import YearFiles, read_scenario, read_year
from simulator.planning.variations import at_uptake
from simulator.planning.year import Year, YearFigures, YearOfPortal
from simulator.rehearsal.full_volume import (
    calls_saved,
    kinds_of_worry,
    settled_error,
    settled_shares,
)
from simulator.rehearsal.uptake import QuarterUse, reckon_uptake

PLAN = ROOT / "scenarios" / "plans" / "as-today.toml"
SHARES = (0.05, 0.10, 0.25, 0.60, 1.0)
SEEDS, FRACTION = 6, 0.1
Z_MAX = 3.5


def quarter_of(year: Year, files: YearFiles, run: YearOfPortal) -> QuarterUse:
    """Take the measured weeks of a run as a rehearsal takes its last quarter."""
    population, worry = year._population, files.rollout.worry
    worries, registers = year._worries(files), files.rollout.victims.registers.value
    may_register, draws = population.would_be_invited, population.registers_draws
    signs_in = (may_register & (draws < registers))[worries.row]
    kinds = kinds_of_worry(worries, may_register[worries.row], signs_in, worry)
    phases = year._phases(files, worries)
    followed = np.flatnonzero(population.followed[worries.row])
    first, ends = year.measured
    here = (worries.at_seconds >= first) & (worries.at_seconds < ends)
    return QuarterUse(
        worries=worries[here],
        phases=phases[here],
        settled=settled_shares(
            kinds[followed], phases[followed], calls_saved(worries[followed], run.use.rang)
        ),
        may_register=may_register,
        draws=draws,
        told=run.use.told.of_rows(run.use.told.at_seconds >= first),
        registers=registers,
        invited=1,
        registered=run.use.registered,
        fraction=FRACTION,
        calls_saved=saved_and_made(run.figures)[0],
        calls_made=saved_and_made(run.figures)[1],
        saved_error=settled_error(
            worries,
            kinds,
            phases,
            followed=followed,
            followed_rang=run.use.rang,
            counted=here,
        ),
        calls_101=100_000,
        parameters=worry,
    )


def saved_and_made(figures: YearFigures) -> tuple[float, float]:
    """Give them as uptake is reckoned: worries that only a portal makes lessen the calls saved."""
    of_new_worries = figures.made_by[-1]
    return figures.calls_saved - of_new_worries, figures.calls_made - of_new_worries


@pytest.mark.proof
def test_what_is_reckoned_is_what_a_run_at_that_share_comes_to() -> None:
    """Over six seeds calls saved and made are those of the runs.

    |z| of the mean difference is 3.5 at most, or it is 2% at most.
    """
    _scenario, study = read_scenario(PLAN)
    study = structs.replace(study, warm_up_weeks=4, weeks=12)
    files = read_year(study, said_in=str(PLAN))
    apart: dict[str, list[tuple[float, float]]] = {}
    for seed in range(1, SEEDS + 1):
        year = Year(files, study, seed=seed, fraction=FRACTION)
        run = year.run(files)
        reckoned = reckon_uptake(quarter_of(year, files, run), SHARES)
        again = [at_uptake(year, files, share, run).figures for share in SHARES]
        for each, figures in zip(reckoned.shares, again, strict=True):
            name = f"{each.registers:.0%}"
            saved, made = saved_and_made(figures)
            apart.setdefault(f"saved {name}", []).append((each.calls_saved, saved))
            apart.setdefault(f"made {name}", []).append((each.calls_made, made))
    for name, pairs in apart.items():
        off = np.array([one - other for one, other in pairs])
        middle = float(np.mean([other for _one, other in pairs]))
        error = float(off.std(ddof=1)) / SEEDS**0.5
        assert abs(off.mean()) <= hypot(Z_MAX * error, 0.02 * middle), (name, pairs)
