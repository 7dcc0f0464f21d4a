"""`rehearse`: the stages in order, on one clock, from the build to a quarter live.

Each test period has its own portal. The live portal runs from the day phase 1 goes live.
"""

import gc
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from simulator.clock import LONDON, WorldClock
from simulator.errors import BadInput
from simulator.evidence.records import Record
from simulator.files.paths import ROOT
from simulator.judge.fold import Judgement
from simulator.rehearsal.call_comparison import CallComparison, ForceCalls
from simulator.rehearsal.full_volume import prompted_calls
from simulator.rehearsal.plan import Plan, london_midnight, make_plan, seconds_until
from simulator.rehearsal.portal_run import PortalRun, judge_portal, start_portal
from simulator.rehearsal.portal_use import PortalUse, portal_use
from simulator.rehearsal.published_figures import (
    Published,
    read_published,
    update_calls_elsewhere,
)
from simulator.rehearsal.published_years import compare_years
from simulator.rehearsal.readiness import plan_when_ready
from simulator.rehearsal.result import RehearsalParts, make_result
from simulator.rehearsal.rollout import Span, read_rollout
from simulator.rehearsal.simulated_victims import WhatVictimsDid
from simulator.rehearsal.task_ledger import TaskLedger
from simulator.rehearsal.tester_crimes import FollowedCrimes
from simulator.results.values import RehearsalResult, UpdateCallsElsewhere
from simulator.world.world import advance_together


@dataclass(frozen=True)
class CompletedRehearsal:
    """The result of a rehearsal, with each portal's evidence, judgement and tasks by name."""

    result: RehearsalResult
    evidence: dict[str, Sequence[Record]]
    judgements: dict[str, Judgement]
    ledgers: dict[str, TaskLedger]


@dataclass(frozen=True)
class _LivePortal:
    """What is kept of the live portal: what victims did, its evidence, its end, its requests."""

    victims_did: WhatVictimsDid
    records: Sequence[Record]
    ended: datetime
    requests: Counter[int]


def rehearse(
    path: Path,
    *,
    seed: int | None = None,
    fraction: float | None = None,
    compares_years: bool = False,
    begins: Callable[[], None] = lambda: None,
    on_day: Callable[[date, float], None] = lambda _day, _share: None,
) -> CompletedRehearsal:
    """Rehearse the rollout in a file; `on_day` is called with each day and the share done.

    With `compares_years`, the two years of the rollout's published figures are run as well.

    Raises BadInput for what the tester can correct, before anything runs. `begins` is called when
    all input is checked.
    """
    rollout = read_rollout(path)
    fraction = rollout.fraction if fraction is None else fraction
    seed = rollout.seed if seed is None else seed
    if not 0 < fraction <= 1:
        raise BadInput(f"fraction is {fraction}; give a share above 0, up to 1")
    plan, delays = plan_when_ready(
        lambda go_live: make_plan(rollout, path, seed=seed, fraction=fraction, go_live=go_live)
    )
    published = None
    if compares_years and rollout.published:
        forces = plan.population.crimes.figures.forces
        published = read_published(ROOT / rollout.published, forces)
        plan.population.sources["published"] = published
    if plan.costs is not None:
        plan.population.sources["costs"] = plan.costs
    begins()
    live = _run_calendar(plan, on_day)
    judge_portal(plan, "live", plan.order, live.records, live.ended)
    use = portal_use(plan, live.victims_did, fraction)
    calls = _answer_calls(plan, live.ended, use)
    result = make_result(
        RehearsalParts(
            plan=plan,
            fraction=fraction,
            use=use,
            calls=calls,
            years=compare_years(plan, use, published) if published else [],
            elsewhere=_elsewhere(published, plan),
            weeks=_weeks(plan.periods),
            costs=plan.costs,
            delays=delays,
            requests=live.requests,
        )
    )
    return CompletedRehearsal(
        result=result,
        evidence={name: records for name, (records, _judgement) in plan.judged.items()},
        judgements={name: judgement for name, (_records, judgement) in plan.judged.items()},
        ledgers=plan.ledgers,
    )


def _elsewhere(published: Published | None, plan: Plan) -> list[UpdateCallsElsewhere]:
    """Check the update calls of each crime with a force that nothing is fitted to."""
    calls_each = plan.rollout.worry.moments_mean.value
    return update_calls_elsewhere(published, calls_each, plan.streams) if published else []


def _run_calendar(plan: Plan, on_day: Callable[[date, float], None]) -> _LivePortal:
    """Run all periods; keep what is needed of the live portal.

    All else of its world is gone then: there is no room for it beside the judge.
    """
    clock = WorldClock(plan.population.crimes.start)
    with ExitStack() as stack:
        live = _advance(plan, clock, stack, on_day)
        kept = _LivePortal(live.victims.what_they_did, live.records, clock.now, live.requests)
    del live, stack, clock
    gc.collect()
    return kept


def _advance(
    plan: Plan, clock: WorldClock, stack: ExitStack, on_day: Callable[[date, float], None]
) -> PortalRun:
    """Advance day by day. Portals start and stop on their days; the clock does the rest."""
    live: PortalRun | None = None
    testing: dict[str, PortalRun] = {}
    go_live = plan.order.go_live.phase_1
    first, last = plan.population.crimes.start, london_midnight(plan.periods[-1].ends)
    day = first.astimezone(LONDON).date()
    while clock.now < last:
        for span in plan.periods:
            if span.name in testing and span.ends == day:
                over = testing.pop(span.name)
                judge_portal(plan, over.name, over.order, over.records, clock.now)
                over.stop()
            if span.is_test and span.starts == day:
                order = plan.order.tested_in(span.phase, span.starts)
                tested = plan.tested[span.name]
                testing[span.name] = start_portal(plan, span.name, order, tested, clock, stack)
        if day == go_live:
            population = plan.population
            rows = np.flatnonzero(population.followed & population.crimes.has_individual_victim)
            followed = FollowedCrimes(rows)
            worries = plan.worries[plan.followed_worries]
            live = start_portal(plan, "live", plan.order, followed, clock, stack, worries)
        day += timedelta(days=1)
        worlds = [run.world for run in (*testing.values(), *([live] if live else []))]
        if worlds:
            advance_together(worlds, london_midnight(day))
        else:
            clock.run_to(london_midnight(day))
        on_day(day, (clock.now - first) / (last - first))
    assert live is not None
    return live


def _answer_calls(
    plan: Plan, ended: datetime, use: PortalUse
) -> dict[str, tuple[ForceCalls, ForceCalls]]:
    """Give each force's calls by week, without the portal and with it."""
    crimes, worries = plan.population.crimes, plan.worries
    edges = [float(seconds_until(day, crimes.start)) for day in _weeks(plan.periods)]
    last = plan.periods[-1]
    found = {}
    for number, force in enumerate(crimes.figures.forces):
        mine = crimes.force[worries.row] == number
        run = CallComparison(
            plan.centres,
            force,
            start=crimes.start,
            end=ended,
            moments=worries.at_seconds[mine],
            arises=worries.arises[mine],
            streams=plan.streams,
            hours_between=(
                float(seconds_until(last.starts, crimes.start)),
                float(seconds_until(last.ends, crimes.start)),
            ),
        )
        prompted = prompted_calls(
            use.told.of_rows(crimes.force[use.told.row] == number),
            plan.rollout.worry,
            use.fraction,
            plan.streams,
            name=force,
        )
        found[force] = (
            run.without_portal(edges),
            run.with_portal(use.rings[mine], prompted, edges),
        )
    return found


def _weeks(periods: Sequence[Span]) -> list[date]:
    """List the first day of each week of all periods, and the day after the last week."""
    first, last = periods[0].starts, periods[-1].ends
    return [first + timedelta(days=days) for days in range(0, (last - first).days + 1, 7)]
