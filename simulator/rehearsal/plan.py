"""The plan of a rehearsal: everything that is known before the clock starts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from simulator.clock import LONDON
from simulator.contact_centre.centre import check_centres
from simulator.contact_centre.staffing import ContactCentreParameters, read_parameters
from simulator.errors import BadInput
from simulator.evidence.records import Record
from simulator.files.paths import ROOT
from simulator.force.figures import load_figures
from simulator.inputs.order import GoLive, Order, read_order
from simulator.inputs.target import SecretValues, Target, read_target, secret_values
from simulator.inputs.vocabulary import check_vocabulary
from simulator.judge.fold import Judgement
from simulator.population.faults.rates import FaultRates
from simulator.rehearsal.net_benefit import Costs, read_costs
from simulator.rehearsal.population import Population, make_population
from simulator.rehearsal.preconditions import (
    check_addresses,
    check_numbers,
    check_starts_portals,
    check_target,
    check_update_calls,
    order_for_shared_numbers,
)
from simulator.rehearsal.rollout import Rollout, Span, spans
from simulator.rehearsal.task_ledger import TaskLedger
from simulator.rehearsal.tester_crimes import FollowedCrimes, pick_crimes
from simulator.rehearsal.worries import Worries, crime_courses, make_worries
from simulator.streams import Streams


@dataclass
class Plan:
    """Everything that is known before the clock starts.

    `worries` are those of all crimes; `followed_worries` are the indices of those of followed ones.
    """

    rollout: Rollout
    order: Order
    target: Target
    secrets: SecretValues
    streams: Streams
    periods: list[Span]
    population: Population
    centres: ContactCentreParameters
    worries: Worries
    followed_worries: NDArray[np.intp]
    tested: dict[str, FollowedCrimes]
    #: None where the rollout names no file of costs.
    costs: Costs | None = None
    judged: dict[str, tuple[Sequence[Record], Judgement]] = field(default_factory=dict)
    #: What the officers of each portal did with their tasks.
    ledgers: dict[str, TaskLedger] = field(default_factory=dict)


def make_plan(
    rollout: Rollout,
    path: Path,
    *,
    seed: int,
    fraction: float,
    faults: FaultRates | None = None,
    go_live: GoLive | None = None,
) -> Plan:
    """Read the files that the rollout names, and make its population, with `faults` if given.

    `go_live` has other days than the order's. Raises BadInput for what the tester can correct.
    """
    order = _order_of(rollout, path, go_live)
    check_vocabulary(order, rollout.order, journey=ROOT / rollout.journey)
    target = read_target(ROOT / rollout.target)
    check_target(target, rollout.target)
    check_numbers(rollout.numbers, target, path)
    if rollout.go_live_gates is not None:
        check_starts_portals(target, rollout.target, "go_live_gates")
    periods = _periods(rollout, order, target, path)
    streams = Streams(seed)
    secrets = secret_values(target, Path(rollout.target))
    centres = read_parameters(ROOT / rollout.contact_centre)
    _check_forces(rollout, order, centres, path)
    population = make_population(
        rollout,
        order,
        root=ROOT,
        start=periods[0].starts - timedelta(weeks=rollout.calendar.warm_up_weeks),
        end=periods[-1].ends,
        fraction=fraction,
        identity_key=secrets.identity,
        streams=streams,
        faults=faults,
    )
    population.sources["contact centre"] = centres.as_listed()
    rows = np.flatnonzero(population.followed)
    check_addresses(target, population.casework, rows.tolist())
    courses = crime_courses(population.crimes, rollout.worry)
    ended = seconds_until(periods[-1].ends, population.crimes.start)
    worries = make_worries(courses, rollout.worry, streams).before(ended)
    return Plan(
        rollout=rollout,
        order=order,
        target=target,
        secrets=secrets,
        streams=streams,
        periods=periods,
        population=population,
        centres=centres,
        worries=worries,
        followed_worries=np.flatnonzero(population.followed[worries.row]),
        tested={
            span.name: _testers_crimes(span, population, rollout, streams)
            for span in periods
            if span.is_test
        },
        costs=read_costs(ROOT / rollout.costs) if rollout.costs else None,
    )


def _periods(rollout: Rollout, order: Order, target: Target, path: Path) -> list[Span]:
    """Give the periods of the calendar; a portal that runs already has none that tests another."""
    found = spans(rollout, order, path)
    return [each for each in found if target.access.lives_with_the_run or not each.is_test]


def _check_forces(
    rollout: Rollout, order: Order, centres: ContactCentreParameters, path: Path
) -> None:
    """Raise BadInput if a force has no contact centre or no order, or too few update calls."""
    for force in load_figures().forces:
        centres.centre(force)
        if force not in order.forces:
            raise BadInput(
                f"{rollout.order}: forces: {force} is missing; crimes are recorded there"
            )
    check_centres(centres, str(path))
    moments_mean = rollout.worry.moments_mean.value
    check_update_calls(load_figures(), centres, moments_mean, str(path))


def _order_of(rollout: Rollout, path: Path, go_live: GoLive | None) -> Order:
    """Read the order; raises BadInput, which names the rollout if there is no such file."""
    written = ROOT / rollout.order
    if not written.exists():
        raise BadInput(f"{path}: order: {rollout.order}: there is no such file; check the path")
    order = read_order(written)
    if go_live is not None:
        order = structs.replace(order, go_live=go_live)
    return order_for_shared_numbers(order) if rollout.numbers == "drama" else order


def _testers_crimes(
    span: Span, population: Population, rollout: Rollout, streams: Streams
) -> FollowedCrimes:
    crimes = population.crimes
    start, end = (seconds_until(day, crimes.start) for day in (span.starts, span.ends))
    recorded = crimes.seconds["CrimeRecorded"]
    there = (recorded >= start) & (recorded < end) & crimes.has_individual_victim
    # Testers put crimes in themselves, and write down their victims once and as victims.
    there &= population.casework.is_one_victim()
    weeks = (span.ends - span.starts).days / 7
    shared = population.casework.shares_an_address
    return pick_crimes(span.name, there, weeks, rollout.testers, streams, shared)


def london_midnight(day: date) -> datetime:
    """Give the moment a London day begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def seconds_until(day: date, start: datetime) -> int:
    """Count the seconds from `start` to the moment a London day begins."""
    return int((london_midnight(day) - start).total_seconds())
