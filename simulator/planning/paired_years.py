"""One year of a plan: with today's files and with the plan's, and with each variation, in pairs.

Every number is of the same crimes, people, details, worries and calls.
"""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from simulator.planning.answers import full_time_equivalents, handler_hours_a_week
from simulator.planning.calls_in_detail import CallsInDetail, in_detail
from simulator.planning.centre_measures import Measures, centre_measures
from simulator.planning.fewest_handlers import Fewest, fewest_handlers, with_occupancy
from simulator.planning.plan_input import PlanInput
from simulator.planning.scenario import YearFiles
from simulator.planning.variations import (
    AtUptake,
    by_uptake,
    differs_in_costs_alone,
    effects_of_messages,
    swings_of_numbers,
)
from simulator.planning.year import Year, YearFigures, YearOfPortal
from simulator.rehearsal.conservation import conserved_callers
from simulator.rehearsal.net_benefit import benefit_of
from simulator.results.conservation import Conserved
from simulator.results.portal_life import JourneyOfGroup

_LINES_OF_A_CENTRE = ("999", "101")


class OneYear(Struct, frozen=True, kw_only=True):
    """One replication: figures of today and of the plan, the desk, and the variations."""

    today: YearFigures
    planned: YearFigures
    benefit_today: dict[str, float]
    benefit_planned: dict[str, float]
    #: By "without", "today" and "planned": by force and line, offered, abandoned, wait, in target.
    desk: dict[str, dict[str, tuple[float, float, float, float]]]
    #: The same of call-backs and a second desk, where there are any.
    centre: dict[str, Measures]
    #: By the same, and by force: the fewest full-time equivalents that keep the targets; a force in
    #: which even the most that were tried do not is left out. Empty where they were not sought.
    fewest: dict[str, dict[str, float]]
    #: By the same, and by force: waits by hour, and abandoned calls by each definition.
    detail: dict[str, dict[str, CallsInDetail]]
    #: By message: the calls that it saves, net, and how many of it are sent.
    without_messages: dict[str, tuple[float, float]]
    #: By number: the calls saved at low and at high, more than usual, and the pounds.
    swings: list[tuple[float, float, float, float]]
    #: The plan at each share of `UPTAKES`; empty where none was run.
    uptakes: list[AtUptake]
    #: How the planned year's callers, messages and questions ended.
    conserved: list[Conserved]
    #: Of the first year alone: the journey of each offence group, with the plan's files.
    journeys: list[JourneyOfGroup] = []


class _Desk(NamedTuple):
    """What the desks of all forces did in a year; `callers` counts how they ended."""

    lines: dict[str, tuple[float, float, float, float]]
    measures: Measures
    detail: dict[str, CallsInDetail]
    callers: list[Conserved]


def one_year(plan: PlanInput, number: int) -> OneYear:
    """Make one year, and run it with today's files, the plan's, and every variation."""
    study, today, planned = plan.study, plan.today, plan.planned
    seed = plan.seed + number
    year = Year(today, study, seed=seed, fraction=study.fraction)
    other = (
        year
        if _has_the_same_people(today, planned)
        else Year(planned, study, seed=seed, fraction=study.fraction)
    )
    run = year.run(today)
    centre = {"without": _desk(plan, year, today, None), "today": _desk(plan, year, today, run)}
    if differs_in_costs_alone(planned, today):
        plan_run, centre["planned"] = run, centre["today"]
    else:
        plan_run = other.run(planned)
        centre["planned"] = _desk(plan, other, planned, plan_run)
    fewest = {}
    if not plan.is_brief and number < study.replications_min:
        fewest = _fewest(plan, (year, run), (other, plan_run))
    more = _rostered_hours_more(plan)
    messages, swings, uptakes = {}, [], []
    if not plan.is_brief:
        messages = effects_of_messages(year, today, run)
        swings = swings_of_numbers(plan, year, run)
        uptakes = by_uptake(other, planned, plan_run, rostered_hours_more=more)
    return OneYear(
        today=run.figures,
        planned=plan_run.figures,
        benefit_today=benefit_of(year.use_of_portal(today, run.figures), today.costs),
        benefit_planned=benefit_of(
            other.use_of_portal(planned, plan_run.figures, rostered_hours_more=more), planned.costs
        ),
        desk={plan: each.lines for plan, each in centre.items()},
        centre={plan: each.measures for plan, each in centre.items()},
        detail={plan: each.detail for plan, each in centre.items()},
        fewest=fewest,
        without_messages=messages,
        swings=swings,
        uptakes=uptakes,
        conserved=[*centre["planned"].callers, *plan_run.use.conserved],
        journeys=[] if plan.is_brief or number else other.journeys(),
    )


def _fewest(
    plan: PlanInput, now: tuple[Year, YearOfPortal], then: tuple[Year, YearOfPortal]
) -> dict[str, dict[str, float]]:
    """Find the fewest handlers with today's files and with the plan's, and with no portal."""
    (year, run), (other, plan_run) = now, then
    today, planned = plan.today, plan.planned
    targets = plan.study.targets
    without = fewest_handlers(other, planned, None, targets, {})
    with_plan = fewest_handlers(other, planned, plan_run, targets, without)
    is_as_today = differs_in_costs_alone(planned, today)
    with_today = with_plan if is_as_today else fewest_handlers(year, today, run, targets, with_plan)
    return {
        "without": _equivalents(planned, without),
        "today": _equivalents(today, with_today),
        "planned": _equivalents(planned, with_plan),
    }


def _equivalents(files: YearFiles, places: Mapping[str, Fewest]) -> dict[str, float]:
    centres = with_occupancy(files.centres, places)
    return {each: full_time_equivalents(centres, each, files.costs) for each in places}


def _rostered_hours_more(plan: PlanInput) -> float:
    """Give the handlers' hours that the plan rosters in the measured weeks, more than today."""
    planned, today = (
        sum(
            handler_hours_a_week(files.centres, force, files.costs)
            for force in files.centres.forces
        )
        for files in (plan.planned, plan.today)
    )
    return (planned - today) * plan.study.weeks


def _has_the_same_people(today: YearFiles, planned: YearFiles) -> bool:
    """Return whether both files make the same crimes, victims, records and eligibility."""
    rollouts = [today.rollout, planned.rollout]
    return (
        (today.journey, today.faults) == (planned.journey, planned.faults)
        and today.order.eligibility == planned.order.eligibility
        and today.closed_on_monday == planned.closed_on_monday
        and len({each.entry_checks for each in rollouts}) == 1
        and rollouts[0].victims.safe_to_contact == rollouts[1].victims.safe_to_contact
        and rollouts[0].victims.enhanced_rights == rollouts[1].victims.enhanced_rights
        and rollouts[0].officers.named == rollouts[1].officers.named
    )


def _desk(plan: PlanInput, year: Year, files: YearFiles, run: YearOfPortal | None) -> _Desk:
    found = {}
    answered = year.calls(files.centres, files, run, by_hour=True)
    for force, calls in answered.items():
        for line, each in zip(_LINES_OF_A_CENTRE, calls.levels, strict=True):
            found[f"{force} {line}"] = (
                float(each.offered),
                each.abandoned_share or 0.0,
                each.wait_seconds_mean or 0.0,
                each.in_target_share_of_offered or 0.0,
            )
    targets = plan.study.targets
    measures = centre_measures(answered, files.centres, targets, year.measured)
    return _Desk(found, measures, in_detail(answered), conserved_callers(answered.values()))
