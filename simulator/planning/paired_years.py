"""One year of a plan: with today's files and with the plan's, and with each variation, in pairs.

Every number is of the same crimes, people, details, worries and calls.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct, structs

from simulator.planning.answers import full_time_equivalents, handler_hours_a_week
from simulator.planning.calls_in_detail import CallsInDetail, in_detail
from simulator.planning.centre_measures import Measures, centre_measures
from simulator.planning.fewest_handlers import Fewest, fewest_handlers, with_occupancy
from simulator.planning.plan_input import PlanInput
from simulator.planning.scenario import YearFiles, read_year
from simulator.planning.year import Year, YearFigures, YearOfPortal
from simulator.rehearsal.conservation import conserved_callers
from simulator.rehearsal.net_benefit import NET, benefit_of
from simulator.results.conservation import Conserved

_AUTOMATIC = ("advice", "still_with_us")
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
    #: By the same, and by force: waits by hour, and hang-ups by each definition.
    detail: dict[str, dict[str, CallsInDetail]]
    without_messages: dict[str, tuple[float, float]]
    #: By number: the calls saved at low and at high, more than usual, and the pounds.
    swings: list[tuple[float, float, float, float]]
    #: How the planned year's callers, messages and questions ended.
    conserved: list[Conserved]


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
    if _differs_in_costs_alone(planned, today):
        plan_run, centre["planned"] = run, centre["today"]
    else:
        plan_run = other.run(planned)
        centre["planned"] = _desk(plan, other, planned, plan_run)
    fewest = {}
    if not plan.is_brief and number < study.replications_min:
        fewest = _fewest(plan, (year, run), (other, plan_run))
    more = _rostered_hours_more(plan)
    benefit_today = benefit_of(year.use_of_portal(today, run.figures), today.costs)
    messages, swings = {}, []
    if not plan.is_brief:
        for event, files in messages_off(today):
            off = year.run(files).figures
            messages[event] = (run.figures.net - off.net, run.figures.messages - off.messages)
        for each in study.numbers:
            calls, pounds = [], []
            for value in (each.low, each.high):
                files = read_year(study, [each], said_in=plan.scenario.study, values=[value])
                figures = (
                    run if _differs_in_costs_alone(files, today) else year.run(files)
                ).figures
                net = benefit_of(year.use_of_portal(files, figures), files.costs)[NET]
                calls.append(figures.net - run.figures.net)
                pounds.append(net - benefit_today[NET])
            swings.append((calls[0], calls[1], pounds[0], pounds[1]))
    return OneYear(
        today=run.figures,
        planned=plan_run.figures,
        benefit_today=benefit_today,
        benefit_planned=benefit_of(
            other.use_of_portal(planned, plan_run.figures, rostered_hours_more=more), planned.costs
        ),
        desk={plan: each.lines for plan, each in centre.items()},
        centre={plan: each.measures for plan, each in centre.items()},
        detail={plan: each.detail for plan, each in centre.items()},
        fewest=fewest,
        without_messages=messages,
        swings=swings,
        conserved=[*centre["planned"].callers, *plan_run.use.conserved],
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
    is_as_today = _differs_in_costs_alone(planned, today)
    with_today = with_plan if is_as_today else fewest_handlers(year, today, run, targets, with_plan)
    return {
        "without": _equivalents(planned, without),
        "today": _equivalents(today, with_today),
        "planned": _equivalents(planned, with_plan),
    }


def _equivalents(files: YearFiles, places: Mapping[str, Fewest]) -> dict[str, float]:
    centres = with_occupancy(files.centres, places)
    return {each: full_time_equivalents(centres, each, files.costs) for each in places}


def _differs_in_costs_alone(files: YearFiles, today: YearFiles) -> bool:
    """Say whether a year goes as today: what things cost changes nothing that happens."""
    return structs.replace(files, costs=today.costs) == today


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


def messages_off(files: YearFiles) -> Iterator[tuple[str, YearFiles]]:
    """Give the files with each message of the order switched off in turn."""
    order = files.order
    for event in dict.fromkeys(each.event for each in order.triggers):
        left = tuple(each for each in order.triggers if each.event != event)
        yield event, structs.replace(files, order=structs.replace(order, triggers=left))
    for name in _AUTOMATIC:
        journey = (
            structs.replace(order.journey, advice_for={})
            if name == "advice"
            else structs.replace(order.journey, still_with_us_days=_NEVER_DAYS)
        )
        yield name, structs.replace(files, order=structs.replace(order, journey=journey))


_NEVER_DAYS = 36_500


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
                each.answered_in_target_share or 0.0,
            )
    targets = plan.study.targets
    measures = centre_measures(answered, files.centres, targets, year.measured)
    return _Desk(found, measures, in_detail(answered), conserved_callers(answered.values()))
