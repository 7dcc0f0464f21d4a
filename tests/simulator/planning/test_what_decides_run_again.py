"""What a rehearsal reckons of one number low and high is near what comes of runs with it."""

from math import hypot

import numpy as np
import pytest
from msgspec import structs

from simulator.planning.scenario import read_scenario, read_year
from simulator.planning.year import Year
from simulator.rehearsal.what_decides import QuarterAsRun, read_numbers, swings
from tests.simulator.planning.test_uptake_run_again import FRACTION, PLAN, quarter_of

SEEDS = 3
# What follows later is left out: news that was not looked at still answers the next worry, and the
# reply to a question is news. So a run's calls move less, by a third where few looks are answered.
Z_MAX, OFF_MAX = 3.5, 0.5
#: Another number of worries is another draw of every worry: the runs would differ by chance.
DRAWN_ANEW = {"worry.moments_mean"}


@pytest.mark.proof
def test_what_is_reckoned_of_a_number_is_near_what_runs_with_it_come_to() -> None:
    """Over three seeds the calls saved, low and high: half off at most, or |z| 3.5 at most."""
    _scenario, study = read_scenario(PLAN)
    study = structs.replace(study, warm_up_weeks=4, weeks=12)
    files = read_year(study, said_in=str(PLAN))
    numbers = [
        each
        for each in read_numbers("scenarios/planning.toml")
        if each.field.startswith(("worry.", "victims.")) and each.field not in DRAWN_ANEW
    ]
    apart: dict[str, list[tuple[float, float]]] = {}
    for seed in range(1, SEEDS + 1):
        year = Year(files, study, seed=seed, fraction=FRACTION)
        run = year.run(files)
        quarter = QuarterAsRun(
            use=quarter_of(year, files, run),
            whole=year.use_of_portal(files, run.figures),
            rollout=files.rollout,
            costs=files.costs,
        )
        for number, found in zip(
            numbers, (swings(quarter, [each])[0] for each in numbers), strict=True
        ):
            for value, reckoned in (
                (number.low, found.calls_at_low),
                (number.high, found.calls_at_high),
            ):
                changed = read_year(study, [number], said_in=str(PLAN), values=[value])
                again = year.run(changed).figures.net - run.figures.net
                apart.setdefault(f"{number.name}: {value}", []).append((reckoned, again))
    for name, pairs in apart.items():
        off = np.array([one - other for one, other in pairs])
        middle = float(np.mean([other for _one, other in pairs]))
        error = float(off.std(ddof=1)) / SEEDS**0.5
        assert abs(off.mean()) <= hypot(Z_MAX * error, OFF_MAX * middle), (name, pairs)
