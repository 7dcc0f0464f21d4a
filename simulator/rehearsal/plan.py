"""Everything a rehearsal knows before the clock starts, and how a portal of it is started."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from simulator.clock import LONDON, WorldClock
from simulator.contact_centre.staffing import ContactCentreParameters, read_parameters
from simulator.errors import BadInput
from simulator.evidence.records import Record
from simulator.files.paths import ROOT
from simulator.force.figures import load_figures
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import SecretValues, Target, read_target, rehearsal_secrets
from simulator.inputs.vocabulary import check_vocabulary
from simulator.judge.fold import Judgement, judge
from simulator.rehearsal.population import Population, make_population
from simulator.rehearsal.portal_run import PortalRun
from simulator.rehearsal.rollout import Rollout, Span, spans
from simulator.rehearsal.suited import check_drivable, check_everybody, for_a_crowd
from simulator.rehearsal.testers import FollowedCrimes, pick_crimes
from simulator.rehearsal.worry import Worries, make_worries
from simulator.streams import Streams


@dataclass
class Plan:
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


def make_plan(rollout: Rollout, path: Path, *, seed: int, fraction: float) -> Plan:
    """Read what the rollout names, and make everybody and everything of it.

    Raises BadInput for what the tester can mend.
    """
    order = for_a_crowd(_ordered(rollout, path))
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
    check_everybody(target, population.casework, rows.tolist())
    recorded = population.crimes.seconds["CrimeRecorded"]
    return Plan(
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


def _ordered(rollout: Rollout, path: Path) -> Order:
    """Read the order; raises BadInput, and names the rollout where there is no such order."""
    order = ROOT / rollout.order
    if not order.exists():
        raise BadInput(f"{path}: order: {rollout.order}: there is no such file; check the path")
    return read_order(order)


def _testers_crimes(
    span: Span, population: Population, rollout: Rollout, streams: Streams
) -> FollowedCrimes:
    crimes = population.crimes
    start, end = (seconds(day, crimes.start) for day in (span.starts, span.ends))
    recorded = crimes.seconds["CrimeRecorded"]
    there = (recorded >= start) & (recorded < end) & crimes.has_individual_victim
    weeks = (span.ends - span.starts).days / 7
    shared = population.casework.shares_an_address
    return pick_crimes(span.name, there, weeks, rollout.testers, streams, shared)


def start_portal(
    plan: Plan,
    name: str,
    order: Order,
    followed: FollowedCrimes,
    clock: WorldClock,
    stack: ExitStack,
    worries: Worries | None = None,
) -> PortalRun:
    """Put a world around the portal from now on; without worries it is testers who live there."""
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


def judge_portal(plan: Plan, run: PortalRun, now: datetime) -> None:
    """Judge what a portal did up to now, and keep it in the plan."""
    records = list(run.world.evidence.records)
    judgement = judge(run.order, records, correlates=True, end=now)
    plan.judged[run.name] = (records, judgement)


def midnight(day: date) -> datetime:
    """Give the moment a London day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def seconds(day: date, start: datetime) -> int:
    """Count the seconds from `start` to the moment a London day begins."""
    return int((midnight(day) - start).total_seconds())
