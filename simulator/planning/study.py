"""A plan, many times over: each year with today's files and with the plan's, in pairs.

Years are made in processes of their own. How many there are is decided by how exact the result is,
in the order of their seeds, so the number of processes changes nothing.
"""

from collections.abc import Callable
from functools import partial

from simulator.planning.breaking_points import (
    YEARS_SEARCHED,
    Broken,
    breaking_points,
    where_it_breaks,
)
from simulator.planning.paired_years import OneYear, one_year
from simulator.planning.plan_input import PlanInput
from simulator.planning.plan_notes import half_width
from simulator.planning.plan_result import plan_result
from simulator.planning.workers import MakeYears
from simulator.results.planning import PlanResult

#: Years are added so many at a time, whatever the number of processes.
BATCH_YEARS = 4


def run_plan(
    plan: PlanInput,
    make_years: MakeYears,
    *,
    on_year: Callable[[int, int], None] = lambda _n, _of: None,
    on_search: Callable[[int, int], None] = lambda _n, _of: None,
) -> PlanResult:
    """Run a plan; `on_year` is called with the years done and the most there will be.

    So is `on_search`, with the years that were searched for where the plan breaks.
    """
    years: list[OneYear] = []
    study = plan.study
    while len(years) < study.replications_max:
        wanted = study.replications_min if not years else len(years) + BATCH_YEARS
        numbers = range(len(years), min(wanted, study.replications_max))
        for each in make_years(partial(one_year, plan), numbers):
            years.append(each)
            on_year(len(years), study.replications_max)
        if half_width(years) <= study.half_width.value:
            break
    searched: list[list[Broken]] = []
    wanted = 0 if plan.is_brief else min(YEARS_SEARCHED, len(years))
    for found in make_years(partial(breaking_points, plan), range(wanted)):
        searched.append(found)
        on_search(len(searched), wanted)
    return plan_result(plan, years, where_it_breaks(plan, searched))
