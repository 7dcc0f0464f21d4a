"""What the years of a plan come to: each measure with its interval, and what to know of it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import inf
from statistics import mean
from typing import NamedTuple

from simulator.contact_centre.rosters import over_need
from simulator.planning.answers import full_time_equivalents, peak_of
from simulator.planning.assumed_number import Number
from simulator.planning.calls_in_detail import abandonment, plan_hours
from simulator.planning.centre_measures import WAIT_OF_ALL
from simulator.planning.paired_years import OneYear
from simulator.planning.plan_decision import decision, overdue, targets_kept, what_callers_get
from simulator.planning.plan_input import PlanInput
from simulator.planning.plan_notes import half_width, plan_notes
from simulator.planning.plan_uptake import at_published, at_uptakes, break_evens
from simulator.planning.rota import rota, rota_form
from simulator.planning.scenario import amount_at, described
from simulator.planning.variations import ALL_UPDATES, INVITATION
from simulator.planning.year import Year, YearFigures
from simulator.rehearsal.intervals import estimate, warm_up_needed
from simulator.rehearsal.net_benefit import BREAK_EVEN, LINES, ROSTERED, ROSTERED_AS, bounds_of
from simulator.rehearsal.uptake import PUBLISHED_REGISTERED
from simulator.results.conservation import add_conserved
from simulator.results.planning import (
    MADE_BY,
    OFFICERS_TIME_USED,
    TASKS_TIME_USED,
    BreakingPoint,
    Measure,
    MessageEffect,
    Peak,
    PlanResult,
    PlanYear,
    Roster,
    Staff,
    Swing,
)
from simulator.results.values import BenefitLine, Estimate, Parameter

_LINES_OF_A_CENTRE = ("999", "101")


class _Column(NamedTuple):
    """One measure of every year; `without` a portal is None where there is nothing to measure.

    A measure `is_signed` that may be below 0; what is counted, or a time, may not.
    """

    name: str
    unit: str
    without: list[float] | None
    today: list[float]
    planned: list[float]
    is_signed: bool = False

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that it may be; officers may have more work than time."""
        is_part = self.unit == "share" and self.name not in {OFFICERS_TIME_USED, TASKS_TIME_USED}
        return -inf if self.is_signed else 0.0, 1.0 if is_part else inf


def plan_result(
    plan: PlanInput, years: list[OneYear], breaks: Sequence[BreakingPoint] = ()
) -> PlanResult:
    """Sum up the years of a plan: means, intervals of pairs, and what each number assumes."""
    study, is_as_today, columns = plan.study, not _changes(plan), _columns(years)
    benefit = _benefit(years, "benefit_planned")
    difference = [] if is_as_today else _benefit_difference(years)
    weekly = [mean(each) for each in zip(*(y.planned.saved_by_week for y in years), strict=True)]
    needed, effects = warm_up_needed(weekly), _messages(years)
    return PlanResult(
        name=plan.scenario.name,
        question=plan.scenario.question,
        seed=plan.seed,
        replications=len(years),
        years_wanted=plan.years_wanted,
        fraction=study.fraction,
        warm_up_weeks=study.warm_up_weeks,
        warm_up_needed=needed,
        warm_up_change=_warm_up_change(years, study.warm_up_weeks, needed),
        weeks=study.weeks,
        half_width_wanted=study.half_width.value,
        half_width=half_width(years),
        changes=_changes(plan),
        decision=decision(benefit, difference) + what_callers_get(years) + overdue(years),
        targets_kept=targets_kept(plan, years),
        staff=_staff(plan),
        measures=[_measure(each, is_as_today=is_as_today) for each in columns],
        years=_years(plan, years, columns),
        benefit=benefit,
        benefit_difference=difference,
        peak=_peak(plan),
        targets=_targets(plan),
        rosters=_rosters(plan, years),
        breaks=list(breaks),
        rota=rota(plan.planned.centres),
        hours=plan_hours([each.detail for each in years], is_as_today=is_as_today),
        abandonment=abandonment([each.detail for each in years], is_as_today=is_as_today),
        weeks_saved=_weeks_saved(years),
        messages=[each for each in effects if each.event != ALL_UPDATES],
        all_updates=next((each for each in effects if each.event == ALL_UPDATES), None),
        registers=plan.planned.rollout.victims.registers.value,
        uptakes=at_uptakes(years),
        break_evens=break_evens(years),
        at_published=at_published(years, PUBLISHED_REGISTERED),
        published_registered=PUBLISHED_REGISTERED,
        swings=_swings(plan, years),
        parameters=_parameters(plan),
        notes=plan_notes(plan, years),
        journeys_by_group=years[0].journeys,
        conserved=add_conserved(part for each in years for part in each.conserved),
    )


def _changes(plan: PlanInput) -> list[str]:
    scenario = plan.scenario
    found = [f"today too: {described(each)}" for each in scenario.both]
    found += [described(each) for each in scenario.changes]
    found += [
        f"the portal is down for {each.hours:g} hours from {each.from_hour}:00 on {each.day}"
        for each in scenario.outages
    ]
    if scenario.closed_on_monday is not None:
        found.append(f"{scenario.closed_on_monday.value:.0%} of closures wait for Monday at nine")
    return found


def _benefit(years: Sequence[OneYear], which: str) -> list[BenefitLine]:
    lines = {**_plan_lines(years), BREAK_EVEN: "minutes"}
    return [
        BenefitLine(
            name=name,
            unit=unit,
            value=estimate([getattr(each, which)[name] for each in years]).within(*bounds_of(name)),
        )
        for name, unit in lines.items()
    ]


def _benefit_difference(years: Sequence[OneYear]) -> list[BenefitLine]:
    return [
        BenefitLine(
            name=name,
            unit=unit,
            value=estimate(
                [e.benefit_planned[name] - e.benefit_today.get(name, 0.0) for e in years]
            ),
        )
        for name, unit in _plan_lines(years).items()
    ]


def _plan_lines(years: Sequence[OneYear]) -> dict[str, str]:
    """Give the lines with their units; the roster stands before the first line in pounds."""
    return {
        **{name: unit for name, unit in LINES.items() if unit != "pounds"},
        ROSTERED: "hours",
        **{n: unit for n, unit in ROSTERED_AS.items() if n in years[0].benefit_planned},
        **{name: unit for name, unit in LINES.items() if unit == "pounds"},
    }


def _columns(years: Sequence[OneYear]) -> list[_Column]:
    """Take each measure of every year: of the portal's use, then of each force's lines."""

    def of_figures(
        name: str, unit: str, value: Callable[[YearFigures], float], *, is_signed: bool = False
    ) -> _Column:
        today, planned = ([value(getattr(e, n)) for e in years] for n in ("today", "planned"))
        return _Column(name, unit, None, today, planned, is_signed)

    def of_desk(name: str, unit: str, key: str, place: int) -> _Column:
        without, today, planned = (
            [each.desk[plan][key][place] for each in years]
            for plan in ("without", "today", "planned")
        )
        return _Column(name, unit, without, today, planned)

    found = [
        of_figures("Update calls without a portal", "calls", lambda each: each.update_calls),
        of_figures("- saved by the portal", "calls", lambda each: each.calls_saved),
        of_figures("- made by its messages", "calls", lambda each: each.calls_made),
        *(
            of_figures(f"- - {why}", "calls", partial(_made_by, place))
            for place, why in enumerate(MADE_BY)
        ),
        of_figures("- saved, net", "calls", lambda each: each.net, is_signed=True),
        of_figures("Victims registered", "people", lambda each: each.registered),
        of_figures("Questions to officers", "questions", lambda each: each.questions),
        of_figures("Half answered within", "hours", lambda each: each.answer_hours_median),
        of_figures("Calls that officers ring back", "calls", lambda each: each.call_backs),
        of_figures("- tries at it", "tries", lambda each: each.call_back_tries),
        of_figures(OFFICERS_TIME_USED, "share", lambda each: each.officers_time_used),
        of_figures(TASKS_TIME_USED, "share", lambda each: each.tasks_time_used),
        of_figures("Messages and codes sent", "messages", lambda each: each.messages),
        of_figures("Victims with news misdirected", "people", lambda each: each.misdirected),
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
    """Take what there is of call-backs and a second desk; 0 where a plan has none.

    Where nobody is rung back, all callers wait as those on the line do.
    """
    waits = {
        f"{_title(key)}{WAIT_OF_ALL}": key for key in years[0].desk["today"] if key.endswith("101")
    }

    def value(year: OneYear, plan: str, name: str) -> float:
        if name in year.centre[plan]:
            return year.centre[plan][name][1]
        return year.desk[plan][waits[name]][2] if name in waits else 0.0

    first = years[0].centre
    found = []
    for name, (unit, _value) in (first["today"] | first["planned"]).items():
        without, today, planned = (
            [value(each, plan, name) for each in years] for plan in ("without", "today", "planned")
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


def _made_by(place: int, figures: YearFigures) -> float:
    return figures.made_by[place]


def _title(key: str) -> str:
    return key.replace("_", " ").title()


def _measure(column: _Column, *, is_as_today: bool) -> Measure:
    differences = [after - now for now, after in zip(column.today, column.planned, strict=True)]
    least, most = column.bounds

    def of(values: Sequence[float]) -> Estimate:
        return estimate(values, least=least, most=most)

    return Measure(
        name=column.name,
        unit=column.unit,
        without=None if column.without is None else of(column.without),
        today=of(column.today),
        planned=None if is_as_today else of(column.planned),
        difference=(
            None if is_as_today else estimate(differences, least=least - most, most=most - least)
        ),
    )


def _warm_up_change(years: Sequence[OneYear], had: int, needed: int) -> Estimate | None:
    """Give by how much more calls a week saves after the longer warm-up, in pairs."""
    if needed <= had:
        return None
    weeks = [each.planned.saved_by_week for each in years]
    return estimate([mean(each[needed:]) - mean(each[had:]) for each in weeks])


def _weeks_saved(years: Sequence[OneYear]) -> list[tuple[float, float]]:
    """Give the mean of the years of the calls saved in each week, today and planned."""
    today, planned = (
        [mean(week) for week in zip(*weeks, strict=True)]
        for weeks in (
            [each.today.saved_by_week for each in years],
            [each.planned.saved_by_week for each in years],
        )
    )
    return list(zip(today, planned, strict=True))


def _staff(plan: PlanInput) -> list[Staff]:
    """Give what each force rosters."""
    today, planned = plan.today, plan.planned
    return [
        Staff(
            force=force,
            today=full_time_equivalents(today.centres, force, today.costs),
            planned=full_time_equivalents(planned.centres, force, planned.costs),
            today_rota=rota_form(today.centres, force),
            planned_rota=rota_form(planned.centres, force),
            planned_over_need=over_need(planned.centres, force),
        )
        for force in planned.centres.forces
    ]


def _targets(plan: PlanInput) -> list[str]:
    """Say what the fewest handlers keep."""
    targets, centres = plan.study.targets, plan.planned.centres
    seconds = centres.answer_target_seconds_999.value
    said = [
        f"{targets.answered_999.value:.0%} of 999 in {seconds:g} s",
        f"at most {targets.abandoned_101.value:.0%} of 101 abandoned",
    ]
    asked = targets.in_use(centres)
    if "called_back_in_time" in asked:
        said.append(
            f"{targets.called_back_in_time.value:.0%} of call-backs first tried within "
            f"{targets.call_back_minutes.value:g} min and none overdue at the year's end"
        )
    if "abandoned_second_desk" in asked:
        said.append(
            f"at most {targets.abandoned_second_desk.value:.0%} abandoned at the second desk"
        )
    return said


def _rosters(plan: PlanInput, years: Sequence[OneYear]) -> list[Roster]:
    """Give each force's fewest handlers, of the years in which they were sought."""
    sought = [each.fewest for each in years if each.fewest]

    def of(case: str, force: str) -> Estimate | None:
        found = [each[case].get(force) for each in sought]
        known = [each for each in found if each is not None]
        return estimate(known, least=0.0) if len(known) == len(found) else None

    centres, costs = plan.planned.centres, plan.planned.costs
    return [
        Roster(
            force=force,
            rostered=full_time_equivalents(centres, force, costs),
            without=of("without", force),
            today=of("today", force),
            planned=of("planned", force),
            years=len(sought),
        )
        for force in (centres.forces if sought else ())
    ]


def _peak(plan: PlanInput) -> Peak:
    """Find the busiest minute, of one year at full volume unless the plan is brief."""
    fraction = plan.study.fraction if plan.is_brief else 1.0
    year = Year(plan.planned, plan.study, seed=plan.seed, fraction=fraction)
    run = year.run(plan.planned)
    study = plan.study
    return peak_of(
        run,
        plan.planned,
        warm_up_weeks=study.warm_up_weeks,
        weeks=study.weeks,
        fraction=fraction,
    )


def _messages(years: Sequence[OneYear]) -> list[MessageEffect]:
    found = [
        MessageEffect(
            event=event,
            saves=estimate([each.without_messages[event][0] for each in years]),
            messages=mean(each.without_messages[event][1] for each in years),
            is_invitation=event == INVITATION,
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
            "contact centre": plan.planned.centres.as_listed(),
            "journey": plan.planned.journey,
            "costs": plan.planned.costs,
            "targets": plan.study.targets.in_use(plan.planned.centres),
        }
    )
