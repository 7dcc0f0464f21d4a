"""A plan, many times over: each year with today's files and with the plan's, in pairs.

Years are made in processes of their own. How many there are is decided by how exact the result is,
in the order of their seeds, so the number of processes changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean
from typing import NamedTuple

from msgspec import Struct, structs

from simulator.files.paths import ROOT
from simulator.inputs.target import read_target
from simulator.planning.answers import (
    full_time_equivalents,
    handler_hours_a_week,
    peak_of,
    rosters,
)
from simulator.planning.centre_measures import Measures, centre_measures
from simulator.planning.scenario import (
    Number,
    PlanScenario,
    Study,
    YearFiles,
    amount_at,
    check_outages,
    described,
    read_scenario,
    read_year,
)
from simulator.planning.workers import MakeYears
from simulator.planning.year import Year, YearFigures, YearOfPortal
from simulator.rehearsal.intervals import estimate, warm_up_needed
from simulator.rehearsal.net_benefit import (
    BREAK_EVEN,
    LINES,
    NET,
    ROSTERED,
    benefit_of,
)
from simulator.results.planning import (
    Measure,
    MessageEffect,
    Peak,
    PlanResult,
    PlanYear,
    Roster,
    Swing,
)
from simulator.results.satisfaction import named_shares
from simulator.results.values import BenefitLine, Parameter

#: Years are added so many at a time, whatever the number of processes.
BATCH_YEARS = 4
_AUTOMATIC = ("advice", "still_with_us")
_LINES_OF_A_CENTRE = ("999", "101")


@dataclass(frozen=True, kw_only=True)
class PlanInput:
    """All that is read for a plan. `fraction` and counts are the study's unless others are asked.

    Where it `is_brief`, neither single messages nor single numbers are varied.
    """

    path: Path
    scenario: PlanScenario
    study: Study
    today: YearFiles
    planned: YearFiles
    seed: int
    is_brief: bool


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
    without_messages: dict[str, tuple[float, float]]
    #: By number: the calls saved at low and at high, more than usual, and the pounds.
    swings: list[tuple[float, float, float, float]]


class _Column(NamedTuple):
    """One measure of every year; `without` a portal is None where there is nothing to measure."""

    name: str
    unit: str
    without: list[float] | None
    today: list[float]
    planned: list[float]


def read_plan(
    path: Path, *, seed: int, fraction: float | None, replications: int | None, is_brief: bool
) -> PlanInput:
    """Read and check everything that a plan names; raises BadInput naming the field."""
    scenario, study = read_scenario(path)
    if fraction is not None:
        study = structs.replace(study, fraction=fraction)
    if replications is not None:
        study = structs.replace(study, replications_min=replications, replications_max=replications)
    check_outages(scenario, study, path)
    today = read_year(study, said_in=str(path))
    planned = read_year(study, scenario.changes, said_in=str(path), scenario=scenario)
    for each in study.numbers:
        amount_at(today, each)
        for value in (each.low, each.high):
            read_year(study, [each], said_in=scenario.study, values=[value])
    read_target(ROOT / today.rollout.target)
    return PlanInput(
        path=path,
        scenario=scenario,
        study=study,
        today=today,
        planned=planned,
        seed=seed,
        is_brief=is_brief,
    )


def run_plan(
    plan: PlanInput,
    make_years: MakeYears,
    *,
    on_year: Callable[[int, int], None] = lambda _n, _of: None,
) -> PlanResult:
    """Run a plan; `on_year` is called with the years done and the most there will be."""
    years: list[OneYear] = []
    study = plan.study
    while len(years) < study.replications_max:
        wanted = study.replications_min if not years else len(years) + BATCH_YEARS
        numbers = range(len(years), min(wanted, study.replications_max))
        for each in make_years(partial(one_year, plan), numbers):
            years.append(each)
            on_year(len(years), study.replications_max)
        if _half_width(years) <= study.half_width.value:
            break
    return _result(plan, years)


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
    centre = {"without": _desk(year, today, None), "today": _desk(year, today, run)}
    if _differs_in_costs_alone(planned, today):
        plan_run, centre["planned"] = run, centre["today"]
    else:
        plan_run = other.run(planned)
        centre["planned"] = _desk(other, planned, plan_run)
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
        desk={plan: lines for plan, (lines, _measures) in centre.items()},
        centre={plan: measures for plan, (_lines, measures) in centre.items()},
        without_messages=messages,
        swings=swings,
    )


def _differs_in_costs_alone(files: YearFiles, today: YearFiles) -> bool:
    """Say whether a year goes as today: what things cost changes nothing that happens."""
    return structs.replace(files, costs=today.costs) == today


def _rostered_hours_more(plan: PlanInput) -> float:
    """Give the handlers' hours that the plan rosters in the measured weeks, more than today."""
    planned, today = (
        sum(handler_hours_a_week(files.centres, force) for force in files.centres.forces)
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


def _desk(
    year: Year, files: YearFiles, run: YearOfPortal | None
) -> tuple[dict[str, tuple[float, float, float, float]], Measures]:
    found = {}
    answered = year.calls(files.centres, files, run)
    for force, calls in answered.items():
        for line, each in zip(_LINES_OF_A_CENTRE, calls.levels, strict=True):
            found[f"{force} {line}"] = (
                float(each.offered),
                each.abandoned_share or 0.0,
                each.wait_seconds_mean or 0.0,
                each.answered_in_target_share or 0.0,
            )
    return found, centre_measures(answered, files.centres)


def _half_width(years: Sequence[OneYear]) -> float:
    """Give half the width of the interval of what the result is to be exact about.

    That is the share of 101 calls that the plan saves beside today's or, where it changes nothing,
    that today's portal saves.
    """
    differences = [each.planned.net - each.today.net for each in years]
    if not any(differences):
        differences = [each.today.net for each in years]
    calls = [_offered_101(each) for each in years]
    return estimate([saved / of for saved, of in zip(differences, calls, strict=True)]).half_width


def _offered_101(year: OneYear) -> float:
    return max(1.0, sum(each[0] for name, each in year.desk["without"].items() if "101" in name))


def _result(plan: PlanInput, years: list[OneYear]) -> PlanResult:
    study, is_as_today, columns = plan.study, not _changes(plan), _columns(years)
    benefit = _benefit(years, "benefit_planned")
    difference = [] if is_as_today else _benefit_difference(years)
    peak, fewest = _answers(plan)
    weekly = [mean(each) for each in zip(*(y.planned.saved_by_week for y in years), strict=True)]
    rostered = sum(
        full_time_equivalents(plan.planned.centres, force, plan.planned.costs)
        for force in plan.planned.centres.forces
    )
    return PlanResult(
        name=plan.scenario.name,
        question=plan.scenario.question,
        seed=plan.seed,
        replications=len(years),
        fraction=study.fraction,
        warm_up_weeks=study.warm_up_weeks,
        warm_up_needed=warm_up_needed(weekly),
        weeks=study.weeks,
        half_width_wanted=study.half_width.value,
        half_width=_half_width(years),
        changes=_changes(plan),
        decision=_decision(benefit, difference),
        full_time_equivalents=rostered,
        measures=[_measure(each, is_as_today=is_as_today) for each in columns],
        years=_years(plan, years, columns),
        benefit=benefit,
        benefit_difference=difference,
        peak=peak,
        rosters=fewest,
        messages=_messages(years),
        swings=_swings(plan, years),
        parameters=_parameters(plan),
        notes=_notes(plan, years),
    )


def _changes(plan: PlanInput) -> list[str]:
    scenario = plan.scenario
    found = [described(each) for each in scenario.changes]
    found += [
        f"the portal is down for {each.hours:g} hours from {each.from_hour}:00 on {each.day}"
        for each in scenario.outages
    ]
    if scenario.closed_on_monday is not None:
        found.append(f"{scenario.closed_on_monday.value:.0%} of closures wait for Monday at nine")
    return found


def _benefit(years: Sequence[OneYear], which: str) -> list[BenefitLine]:
    lines = {**_PLAN_LINES, BREAK_EVEN: "minutes"}
    return [
        BenefitLine(
            name=name, unit=unit, value=estimate([getattr(each, which)[name] for each in years])
        )
        for name, unit in lines.items()
    ]


def _benefit_difference(years: Sequence[OneYear]) -> list[BenefitLine]:
    return [
        BenefitLine(
            name=name,
            unit=unit,
            value=estimate([e.benefit_planned[name] - e.benefit_today[name] for e in years]),
        )
        for name, unit in _PLAN_LINES.items()
    ]


#: The roster stands before the first line in pounds.
_PLAN_LINES = {
    **{name: unit for name, unit in LINES.items() if unit != "pounds"},
    ROSTERED: "hours",
    **{name: unit for name, unit in LINES.items() if unit == "pounds"},
}


def _decision(benefit: Sequence[BenefitLine], difference: Sequence[BenefitLine]) -> str:
    """Say what the pounds and their interval come to: beside no portal, then beside today."""
    [net] = [each.value for each in benefit if each.name == NET]
    pays = "it pays" if net.low > 0 else "it does not pay" if net.high < 0 else "it may pay or not"
    said = f"{pays}: {_pounds(net.low)} to {_pounds(net.high)} a year beside no portal"
    if not difference:
        return said
    [other] = [each.value for each in difference if each.name == NET]
    by = f"{_pounds(other.low)} to {_pounds(other.high)}"
    if other.low > 0:
        return f"{said}; better than today's plan by {by}"
    if other.high < 0:
        return f"{said}; worse than today's plan by {_pounds(-other.high)} to {_pounds(-other.low)}"
    if other.low == other.high:
        return f"{said}; the same as today's plan"
    return f"{said}; no difference from today's plan that shows, {by}"


def _pounds(number: float) -> str:
    return f"{'-' if number < 0 else ''}£{abs(number):,.0f}"


def _columns(years: Sequence[OneYear]) -> list[_Column]:
    """Take each measure of every year: of the portal's use, then of each force's lines."""

    def of_figures(name: str, unit: str, value: Callable[[YearFigures], float]) -> _Column:
        today, planned = ([value(getattr(e, n)) for e in years] for n in ("today", "planned"))
        return _Column(name, unit, None, today, planned)

    def of_desk(name: str, unit: str, key: str, place: int) -> _Column:
        without, today, planned = (
            [each.desk[plan][key][place] for each in years]
            for plan in ("without", "today", "planned")
        )
        return _Column(name, unit, without, today, planned)

    found = [
        of_figures("Calls for news without a portal", "calls", lambda each: each.calls_for_news),
        of_figures("- saved by the portal", "calls", lambda each: each.calls_saved),
        of_figures("- made by its messages", "calls", lambda each: each.calls_made),
        of_figures("- saved, net", "calls", lambda each: each.net),
        of_figures("Victims registered", "people", lambda each: each.registered),
        of_figures("Questions to officers", "questions", lambda each: each.questions),
        of_figures("Half answered within", "hours", lambda each: each.answer_hours_median),
        of_figures("Officers' time for it, used", "share", lambda each: each.officers_time_used),
        of_figures("Messages and codes sent", "messages", lambda each: each.messages),
        of_figures("Victims with news misdirected", "people", lambda each: each.misdirected),
        of_figures("Complaints (assumed)", "complaints", lambda each: each.complaints),
        *(
            of_figures(f"{name} (assumed)", "share", partial(_satisfied, place))
            for place, (name, _share) in enumerate(named_shares(years[0].today.satisfaction))
        ),
    ]
    for key in years[0].desk["today"]:
        found += [
            of_desk(f"{_title(key)}: calls offered", "calls", key, 0),
            of_desk(f"{_title(key)}: abandoned", "share", key, 1),
            of_desk(f"{_title(key)}: mean wait", "seconds", key, 2),
            of_desk(f"{_title(key)}: in 10 s", "share", key, 3),
        ]
    return found + _columns_of_centre(years)


def _columns_of_centre(years: Sequence[OneYear]) -> list[_Column]:
    """Take what there is of call-backs and a second desk; 0 where a plan has none."""
    first = years[0].centre
    found = []
    for name, (unit, _value) in (first["today"] | first["planned"]).items():
        without, today, planned = (
            [each.centre[plan].get(name, (unit, 0.0))[1] for each in years]
            for plan in ("without", "today", "planned")
        )
        found.append(_Column(name, unit, without, today, planned))
    return found


def _years(plan: PlanInput, years: Sequence[OneYear], columns: Sequence[_Column]) -> list[PlanYear]:
    """Give the same year by year, with its benefit, for those who reckon themselves."""

    def row(number: int, benefit: Mapping[str, float], values: str) -> dict[str, float]:
        return {each.name: getattr(each, values)[number] for each in columns} | dict(benefit)

    return [
        PlanYear(
            seed=plan.seed + number,
            without={e.name: e.without[number] for e in columns if e.without is not None},
            today=row(number, each.benefit_today, "today"),
            planned=row(number, each.benefit_planned, "planned"),
        )
        for number, each in enumerate(years)
    ]


def _satisfied(place: int, figures: YearFigures) -> float:
    return named_shares(figures.satisfaction)[place][1] or 0.0


def _title(key: str) -> str:
    return key.replace("_", " ").title()


def _measure(column: _Column, *, is_as_today: bool) -> Measure:
    pairs = list(zip(column.today, column.planned, strict=True))
    return Measure(
        name=column.name,
        unit=column.unit,
        without=None if column.without is None else estimate(column.without),
        today=estimate(column.today),
        planned=None if is_as_today else estimate(column.planned),
        difference=None if is_as_today else estimate([after - now for now, after in pairs]),
    )


def _answers(plan: PlanInput) -> tuple[Peak, list[Roster]]:
    """Answer what needs one year at full volume: the peak, and unless brief the handlers."""
    fraction = plan.study.fraction if plan.is_brief else 1.0
    year = Year(plan.planned, plan.study, seed=plan.seed, fraction=fraction)
    run = year.run(plan.planned)
    peak = peak_of(run, plan.planned, weeks=plan.study.weeks, fraction=fraction)
    if plan.is_brief:
        return peak, []
    return peak, rosters(year, plan.planned, run, plan.study.targets, plan.planned.costs)


def _messages(years: Sequence[OneYear]) -> list[MessageEffect]:
    found = [
        MessageEffect(
            event=event,
            saves=estimate([each.without_messages[event][0] for each in years]),
            messages=mean(each.without_messages[event][1] for each in years),
        )
        for event in years[0].without_messages
    ]
    return sorted(found, key=lambda each: -each.saves.mean)


def _swings(plan: PlanInput, years: Sequence[OneYear]) -> list[Swing]:
    if plan.is_brief:
        return []
    found = [_swing(plan, years, place, each) for place, each in enumerate(plan.study.numbers)]
    return sorted(found, key=lambda each: -each.width)


def _swing(plan: PlanInput, years: Sequence[OneYear], place: int, number: Number) -> Swing:
    usual, unit = amount_at(plan.today, number)
    low, high, pounds_low, pounds_high = (
        estimate([each.swings[place][end] for each in years]) for end in range(4)
    )
    return Swing(
        name=number.name,
        unit=unit,
        usual=usual,
        low=number.low,
        high=number.high,
        at_low=low,
        at_high=high,
        pounds_at_low=pounds_low,
        pounds_at_high=pounds_high,
        why=number.why,
    )


def _parameters(plan: PlanInput) -> list[Parameter]:
    from simulator.rehearsal.result import listed_parameters

    return listed_parameters(
        {
            "rollout": plan.planned.rollout,
            "contact centre": plan.planned.centres,
            "journey": plan.planned.journey,
            "costs": plan.planned.costs,
            "targets": plan.study.targets,
        }
    )


def _notes(plan: PlanInput, years: Sequence[OneYear]) -> list[str]:
    half, wanted = _half_width(years), plan.study.half_width.value
    exact = "as asked" if half <= wanted else f"wider than the {wanted:.3%} asked"
    return [
        _INTERVALS.format(years=len(years), half=half, exact=exact),
        _ASSUMED,
        _PAIRS,
        _MODEL,
        _OTHER_TASKS,
        _HOURS,
        *([_MESSAGES] if not plan.is_brief else []),
    ]


_INTERVALS = (
    "{years} years, each with seeds of its own; intervals are 95%, by Student's t. Half the "
    "interval of the share of 101 calls saved is {half:.3%}, {exact}."
)
_ASSUMED = (
    "The intervals are of chance alone. Every number that is assumed decides the result, and the "
    "tornado says which decide the most, in calls and in pounds."
)
_OTHER_TASKS = (
    "The portal's other tasks are details that it finds wrong, which an officer mends, and victims "
    "whom an officer tells in person. A force may do both without a portal: the last line of the "
    "benefit leaves them out."
)
_HOURS = (
    "Hours of handlers that calls no longer take are time set free. Do not count them beside the "
    "pay of handlers whom a plan no longer rosters because of them."
)
_MESSAGES = (
    "A message that makes calls may be owed all the same: the Victims' Code asks for most of them."
)
_PAIRS = (
    "Both plans of a year have the same crimes, people, details, worries and calls. What each "
    "person does is drawn by person, purpose and occasion, so differences are of pairs."
)
_MODEL = (
    "The portal is a model. It sends what the reference portal sends, at the same seconds: "
    "docs/planning.md says how that is shown."
)
