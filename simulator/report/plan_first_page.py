"""The first page of a plan: the decision in one line, one table, and the reasons in sentences."""

from collections.abc import Mapping

from simulator.report.amounts import NOTHING
from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_amounts import plus_minus, shown
from simulator.report.plan_breaks import breaking_sentences
from simulator.report.plan_messages import messages_sentences
from simulator.report.plan_tables import busiest_minute, warm_up_sentence
from simulator.report.plan_uptake import uptake_sentence
from simulator.report.staff_tables import fewest_sentence, rotas_compared, staffed
from simulator.results.planning import (
    OFFICERS_TIME_USED,
    TASKS_TIME_USED,
    Measure,
    PlanResult,
)
from simulator.results.values import Estimate

#: The measures of the first page, with what they are called there.
_MEASURES: Mapping[str, str] = {
    "- saved, net": "Update calls saved, net",
    "Questions to officers": "Questions to officers",
    "Half answered within": "Half answered within, hours",
}
#: The lines of what it saves and costs that stand there.
_OF_BENEFIT = (
    "Call handlers' hours saved",
    "Officers' hours spent on questions",
    "Officers' hours spent on its other tasks",
    "Net benefit",
    "Net benefit, its other tasks apart",
)


def first_line(result: PlanResult) -> str:
    """State the handlers by force, the targets, the decision and how sure it is, in one line.

    Too few years to judge stand before all else.
    """
    return (
        f"{result.name}: {_too_few_years(result)}{staffed(result.staff)}; {result.targets_kept}; "
        f"{result.decision} (95% intervals, of chance alone)."
    )


def _too_few_years(result: PlanResult) -> str:
    """Say that there are too few years, or that they are less exact than asked; else ""."""
    if result.replications < result.years_wanted:
        return (
            f"TOO FEW YEARS TO JUDGE ({result.replications}; the study asks for "
            f"{result.years_wanted} or more); "
        )
    if result.half_width > result.half_width_wanted:
        return f"less exact than asked after {result.replications} years; "
    return ""


def plan_question(result: PlanResult) -> list[str]:
    """Say what the plan asks and what it changes."""
    changes = "; ".join(result.changes) or "none: today's files"
    said = (f"Question: {result.question}", f"Changes: {changes}.", rotas_compared(result.staff))
    return [each for each in said if each]


def short_table(result: PlanResult) -> PeriodTable:
    """Give the numbers of the first page: calls, questions, hours, pounds, each with its interval.

    Beside today's plan stands the mean of the differences of pairs.
    """
    lines = [
        (label, each.unit, each.planned or each.today, each.difference)
        for name, label in _MEASURES.items()
        for each in result.measures
        if each.name == name
    ]
    beside = {each.name: each.value for each in result.benefit_difference}
    lines += [
        (each.name, each.unit, each.value, beside.get(each.name))
        for each in result.benefit
        if each.name in _OF_BENEFIT
    ]
    is_as_today = all(each.difference is None for each in result.measures)
    columns = ("This plan", "95% from", "to", "Beside today", "± 95%")
    return PeriodTable(
        caption=f"This plan, in {result.weeks} weeks",
        columns=columns[:3] if is_as_today else columns,
        rows=tuple(
            Row(label=label, cells=(*_ends(value, unit), *_beside_today(is_as_today, other, unit)))
            for label, unit, value, other in lines
        ),
    )


def _ends(value: Estimate, unit: str) -> tuple[str, ...]:
    if value.low == value.high:
        return shown(value.mean, unit), NOTHING, NOTHING
    return tuple(shown(each, unit) for each in (value.mean, value.low, value.high))


def _beside_today(is_as_today: bool, other: Estimate | None, unit: str) -> tuple[str, ...]:  # noqa: FBT001
    if is_as_today:
        return ()
    if other is None:
        return NOTHING, NOTHING
    return shown(other.mean, unit), plus_minus(other, unit)


def reasons(result: PlanResult) -> list[str]:
    """Say why, a sentence each: what binds, the peak, handlers, messages, uptake, what decides."""
    said = [
        _what_binds({each.name: each for each in result.measures}),
        busiest_minute(result),
        *(fewest_sentence(each) for each in result.rosters),
        *breaking_sentences(result.breaks),
    ]
    said += messages_sentences(result)
    if result.uptakes:
        said.append(uptake_sentence(result))
    if result.swings:
        widest = result.swings[0]
        said.append(
            f"What decides most, of what is assumed: {widest.name.lower()}, {widest.low:g} to "
            f"{widest.high:g}, moves the calls saved by {widest.width:,.0f}."
        )
        widest = max(result.swings, key=lambda each: each.width_pounds)
        said.append(
            f"In pounds: {widest.name.lower()}, {widest.low:g} to {widest.high:g}, moves the net "
            f"benefit by {shown(widest.width_pounds, 'pounds')}."
        )
    said += [each for each in (warm_up_sentence(result),) if each]
    said += result.notes[:2]
    return said


def _what_binds(lines: Mapping[str, Measure]) -> str:
    """Say what a question waits for, by how much of officers' time is used."""
    used = _planned(lines[OFFICERS_TIME_USED]).mean
    tasks = _planned(lines[TASKS_TIME_USED]).mean
    if used >= 1:
        return (
            f"Officers have {used:.0%} of the work that they have time for: questions wait longer "
            "with each week."
        )
    return (
        f"A question waits for a shift, and its turn among the work of the officer's crimes: "
        f"{used:.0%} of their time for it is used, {tasks:.1%} by victims' tasks (assumed)."
    )


def _planned(each: Measure) -> Estimate:
    return each.planned or each.today
