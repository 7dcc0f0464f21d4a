"""What the years of a plan come to: each measure with its interval, and what to know of it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import mean
from typing import NamedTuple

from simulator.planning.answers import full_time_equivalents, peak_of, rosters
from simulator.planning.centre_measures import CALL_BACK_WAIT
from simulator.planning.paired_years import OneYear
from simulator.planning.plan_input import PlanInput
from simulator.planning.scenario import Number, amount_at, described
from simulator.planning.year import Year, YearFigures
from simulator.rehearsal.intervals import estimate, warm_up_needed
from simulator.rehearsal.net_benefit import BREAK_EVEN, LINES, NET, ROSTERED
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

_LINES_OF_A_CENTRE = ("999", "101")


class _Column(NamedTuple):
    """One measure of every year; `without` a portal is None where there is nothing to measure."""

    name: str
    unit: str
    without: list[float] | None
    today: list[float]
    planned: list[float]


def half_width(years: Sequence[OneYear]) -> float:
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


def plan_result(plan: PlanInput, years: list[OneYear]) -> PlanResult:
    """Sum up the years of a plan: means, intervals of pairs, and what each number assumes."""
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
        half_width=half_width(years),
        changes=_changes(plan),
        decision=_decision(benefit, difference) + what_callers_get(years),
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


def what_callers_get(years: Sequence[OneYear]) -> str:
    """Say what changes for callers beside today by a point or more, and how long call-backs take.

    "" where nothing does: pounds alone do not say what a line pays for another.
    """
    said = []
    for key in years[0].desk["today"]:
        places = [(1, "lost")] if key.endswith("101") else [(3, "answered in 10 s"), (1, "lost")]
        for place, name in places:
            today, planned = (
                mean(each.desk[plan][key][place] for each in years) for plan in ("today", "planned")
            )
            if abs(planned - today) >= _POINT:
                said.append(f"{_title(key)} {name} {today:.1%} to {planned:.1%}")
    for name, (unit, _value) in years[0].centre.get("planned", {}).items():
        if unit == "seconds" and name.endswith(CALL_BACK_WAIT):
            minutes = mean(each.centre["planned"][name][1] for each in years) / 60
            said.append(f"{name.removesuffix(CALL_BACK_WAIT)} called back after {minutes:,.0f} min")
    return f"; callers: {', '.join(said)}" if said else ""


#: One percentage point: what changes by less is not said first.
_POINT = 0.01


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
    half, wanted = half_width(years), plan.study.half_width.value
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
    "Hours of handlers that calls no longer take are time set free. The net benefit leaves out as "
    "many of them as a plan rosters fewer: their pay is counted already."
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
