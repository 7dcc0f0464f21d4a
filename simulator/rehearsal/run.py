"""`rehearse`: the stages in order, on one clock, from the build to a quarter live.

Each test period has a portal of its own; the live one runs from the day phase 1 goes live.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.clock import LONDON, WorldClock
from simulator.contact_centre import ContactCentreParameters, read_parameters
from simulator.errors import BadInput
from simulator.evidence import Record
from simulator.figures import load_figures
from simulator.judge.fold import Judgement, judge
from simulator.order import Order, read_order
from simulator.rehearsal.call_run import CallRun, ForceCalls
from simulator.rehearsal.population import Population, make_population
from simulator.rehearsal.portal_run import PortalRun
from simulator.rehearsal.report import RunParts, result_of
from simulator.rehearsal.rollout import Rollout, Span, read_rollout, spans
from simulator.rehearsal.suited import check_drivable, for_a_crowd
from simulator.rehearsal.testers import FollowedCrimes, pick_crimes
from simulator.rehearsal.worry import Worries, make_worries
from simulator.results import RehearsalResult
from simulator.streams import Streams
from simulator.target import SecretValues, Target, read_target, rehearsal_secrets
from simulator.vocabulary import check_vocabulary
from simulator.world import advance_together

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal gives: the result, and each portal's evidence by name."""

    result: RehearsalResult
    evidence: dict[str, list[Record]]
    judgements: dict[str, Judgement]


@dataclass
class _Plan:
    """Everything that is known before the clock starts."""

    rollout: Rollout
    order: Order
    target: Target
    secrets: SecretValues
    streams: Streams
    periods: list[Span]
    population: Population
    centres: ContactCentreParameters
    worries: Worries
    tested: dict[str, FollowedCrimes]
    judged: dict[str, tuple[list[Record], Judgement]] = field(default_factory=dict)


def rehearse(
    path: Path,
    *,
    seed: int | None = None,
    fraction: float | None = None,
    on_day: Callable[[date, float], None] = lambda _day, _share: None,
) -> Rehearsed:
    """Rehearse the rollout a file describes; `on_day` hears the day and the share that is done.

    Raises BadInput, before anything runs, for what the tester can mend.
    """
    rollout = read_rollout(path)
    fraction = rollout.fraction if fraction is None else fraction
    seed = rollout.seed if seed is None else seed
    if not 0 < fraction <= 1:
        raise BadInput(f"fraction is {fraction}; give a share above 0, up to 1")
    plan = _plan(rollout, path, seed=seed, fraction=fraction)
    clock = WorldClock(plan.population.crimes.start)
    with ExitStack() as stack:
        live = _run_calendar(plan, clock, stack, on_day)
    rang = live.crowd.rang
    prompted = np.array(live.crowd.prompted, dtype=np.int64).reshape(-1, 2)
    calls = _answer_calls(plan, clock, rang=rang, prompted=prompted, copies=1 / fraction)
    result = result_of(
        RunParts(
            rollout=rollout,
            order=plan.order,
            target=plan.target,
            seed=seed,
            fraction=fraction,
            periods=plan.periods,
            population=plan.population,
            test_rows={name: crimes.rows for name, crimes in plan.tested.items()},
            judged=plan.judged,
            calls=calls,
            weeks=_weeks(plan.periods),
        )
    )
    return Rehearsed(
        result=result,
        evidence={name: records for name, (records, _judgement) in plan.judged.items()},
        judgements={name: judgement for name, (_records, judgement) in plan.judged.items()},
    )


def _plan(rollout: Rollout, path: Path, *, seed: int, fraction: float) -> _Plan:
    order = for_a_crowd(read_order(ROOT / rollout.order))
    check_vocabulary(order, rollout.order, journey=ROOT / rollout.journey)
    target = read_target(ROOT / rollout.target)
    check_drivable(target, rollout.target)
    periods = spans(rollout, order, path)
    streams = Streams(seed)
    secrets = rehearsal_secrets()
    centres = read_parameters(ROOT / rollout.contact_centre)
    for force in load_figures().forces:
        centres.centre(force)
        if force not in order.forces:
            raise BadInput(
                f"{rollout.order}: forces: {force} is missing; crimes are recorded there"
            )
    population = make_population(
        rollout,
        order,
        root=ROOT,
        start=periods[0].starts - timedelta(weeks=rollout.calendar.warm_up_weeks),
        end=periods[-1].ends,
        fraction=fraction,
        identity_key=secrets.identity,
        streams=streams,
    )
    population.sources["contact centre"] = centres
    rows = np.flatnonzero(population.followed)
    recorded = population.crimes.seconds["CrimeRecorded"]
    return _Plan(
        rollout=rollout,
        order=order,
        target=target,
        secrets=secrets,
        streams=streams,
        periods=periods,
        population=population,
        centres=centres,
        worries=make_worries(rows, recorded[rows], rollout.worry, streams),
        tested={
            span.name: _testers_crimes(span, population, rollout, streams)
            for span in periods
            if span.is_test
        },
    )


def _testers_crimes(
    span: Span, population: Population, rollout: Rollout, streams: Streams
) -> FollowedCrimes:
    crimes = population.crimes
    start, end = (_seconds(day, crimes.start) for day in (span.starts, span.ends))
    recorded = crimes.seconds["CrimeRecorded"]
    there = (recorded >= start) & (recorded < end) & crimes.has_individual_victim
    weeks = (span.ends - span.starts).days / 7
    shared = population.casework.shares_an_address
    return pick_crimes(span.name, there, weeks, rollout.testers, streams, shared)


def _run_calendar(
    plan: _Plan, clock: WorldClock, stack: ExitStack, on_day: Callable[[date, float], None]
) -> PortalRun:
    """Let the days pass: portals start and stop on theirs, everything else is due by itself."""
    live: PortalRun | None = None
    testing: dict[str, PortalRun] = {}
    go_live = plan.order.go_live.phase_1
    first, last = plan.population.crimes.start, _midnight(plan.periods[-1].ends)
    day = first.astimezone(LONDON).date()
    while clock.now < last:
        for span in plan.periods:
            if span.name in testing and span.ends == day:
                over = testing.pop(span.name)
                _close(plan, over, clock.now)
                over.stop()
            if span.is_test and span.starts == day:
                order = plan.order.tested_in(span.phase, span.starts)
                tested = plan.tested[span.name]
                testing[span.name] = _start(plan, span.name, order, tested, clock, stack)
        if day == go_live:
            population = plan.population
            rows = np.flatnonzero(population.followed & population.crimes.has_individual_victim)
            followed = FollowedCrimes(rows)
            live = _start(plan, "live", plan.order, followed, clock, stack, plan.worries)
        day += timedelta(days=1)
        worlds = [run.world for run in (*testing.values(), *([live] if live else []))]
        if worlds:
            advance_together(worlds, _midnight(day))
        else:
            clock.run_to(_midnight(day))
        on_day(day, (clock.now - first) / (last - first))
    assert live is not None
    _close(plan, live, clock.now)
    return live


def _start(
    plan: _Plan,
    name: str,
    order: Order,
    followed: FollowedCrimes,
    clock: WorldClock,
    stack: ExitStack,
    worries: Worries | None = None,
) -> PortalRun:
    return PortalRun(
        stack,
        name=name,
        target=plan.target,
        order=order,
        rollout=plan.rollout,
        casework=plan.population.casework,
        rows=followed.rows,
        beside=followed.beside,
        worries=worries,
        is_test=worries is None,
        registers=plan.population.registers,
        clock=clock,
        secrets=plan.secrets,
        streams=plan.streams,
    )


def _close(plan: _Plan, run: PortalRun, now: datetime) -> None:
    """Judge what a portal did up to now."""
    records = list(run.world.evidence.records)
    judgement = judge(run.order, records, correlates=True, end=now)
    plan.judged[run.name] = (records, judgement)


def _answer_calls(
    plan: _Plan,
    clock: WorldClock,
    *,
    rang: NDArray[np.bool_],
    prompted: NDArray[np.int64],
    copies: float,
) -> dict[str, tuple[ForceCalls, ForceCalls]]:
    """Give each force's calls by week, without the portal and with it."""
    crimes, worries = plan.population.crimes, plan.worries
    parameters = plan.centres
    edges = [float(_seconds(day, crimes.start)) for day in _weeks(plan.periods)]
    found = {}
    for number, force in enumerate(crimes.figures.forces):
        mine = crimes.force[worries.row] == number
        run = CallRun(
            parameters,
            force,
            start=crimes.start,
            end=clock.now,
            moments=worries.at_seconds[mine],
            copies=copies,
            streams=plan.streams,
        )
        there = np.sort(prompted[crimes.force[prompted[:, 1]] == number, 0])
        found[force] = (run.without_portal(edges), run.with_portal(rang[mine], there, edges))
    return found


def _weeks(periods: Sequence[Span]) -> list[date]:
    """Every first day of a week from the first period to the last, and the day after them."""
    first, last = periods[0].starts, periods[-1].ends
    return [first + timedelta(days=days) for days in range(0, (last - first).days + 1, 7)]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def _seconds(day: date, start: datetime) -> int:
    return int((_midnight(day) - start).total_seconds())
