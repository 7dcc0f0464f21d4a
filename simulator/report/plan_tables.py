"""A plan as rows of words: its tables and how it was run; alike in every output."""

from collections.abc import Iterator, Sequence
from statistics import mean

from simulator.report.amounts import NOTHING
from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_amounts import plus_minus, shown, span
from simulator.report.plan_breaks import breaking_table
from simulator.report.plan_calls import abandonment_table
from simulator.report.plan_messages import messages_table
from simulator.report.plan_rota import rota_tables
from simulator.report.plan_uptake import uptake_table
from simulator.report.staff_tables import (
    handlers_table,
)
from simulator.results.planning import (
    Measure,
    PlanResult,
    Swing,
)
from simulator.results.values import BenefitLine, Estimate


def plan_tables(result: PlanResult) -> list[PeriodTable]:
    """Make the tables that the plan has numbers for."""
    saves = [e for e in result.benefit if e.name != _ROSTERED or not _is_nothing(e.value)]
    tables = [_measures(result), _benefit("What it saves and costs", saves, each="year")]
    if beside := [e for e in result.benefit_difference if not _is_nothing(e.value)]:
        caption = "The same beside today's plan; rows left out do not change"
        tables.append(_benefit(caption, beside, each="year"))
    tables += [handlers_table(result), *rota_tables(result.rota), abandonment_table(result)]
    if result.breaks:
        tables.append(breaking_table(result.breaks))
    if result.messages:
        tables.append(messages_table(result))
    if result.uptakes:
        tables.append(uptake_table(result))
    if result.swings:
        tables += [_swings(result.swings), _swings_in_pounds(result.swings)]
    return tables


def warm_up_sentence(result: PlanResult) -> str:
    """Say what a longer warm-up would come to, where the audit asks for more; else ""."""
    needed, had = result.warm_up_needed, result.warm_up_weeks
    if needed <= had:
        return ""
    saved = [planned for _today, planned in result.weeks_saved]
    as_it_is, later, change = mean(saved[had:]), mean(saved[needed:]), result.warm_up_change
    said = (
        f"The audit (MSER) asks for {needed} weeks and {had} are left out, so that {result.weeks} "
        f"weeks are measured with every season in them once. A week saves {as_it_is:,.0f} calls "
        f"after {had} weeks, and {later:,.0f} after {needed}"
    )
    if change is None or change.low <= 0 <= change.high:
        return f"{said}: no more apart than chance may do."
    off = f", {later / as_it_is - 1:+.1%}" if as_it_is else ""
    return f"{said}{off}: where that matters, set warm_up_weeks = {needed} in the study."


def plan_facts(result: PlanResult) -> list[tuple[str, str]]:
    """Say how the plan was run."""
    warm_up = f"{result.weeks}, after a warm-up of {result.warm_up_weeks}"
    beyond = warm_up_sentence(result)
    return [
        ("Years", f"{result.replications}, from seed {result.seed}"),
        ("Weeks", f"{warm_up}; an audit of the weeks (MSER) asks for {result.warm_up_needed}"),
        *([("Warm-up", beyond)] if beyond else []),
        ("Busiest minute", busiest_minute(result)),
    ]


def benefit_table(caption: str, lines: Sequence[BenefitLine]) -> PeriodTable:
    """Make the table of what a portal saves and costs, of the weeks of one history."""
    return _benefit(caption, lines, each="week")


def benefit_sentence(period: str, lines: Sequence[BenefitLine]) -> str:
    """State what a portal saved and cost in a period."""
    found = {each.name: each.value for each in lines}
    net, even = found["Net benefit"], found["Minutes a question at which it breaks even"]
    handlers, questions, others = (
        found[name]
        for name in (
            "Call handlers' hours saved",
            "Officers' hours spent on questions",
            "Officers' hours spent on its other tasks",
        )
    )
    breaks = (
        f"It breaks even if a question takes {even.mean:.1f} minutes or less, the programme apart."
        if even.mean > 0
        else "It would not break even if questions took no time at all, the programme apart."
    )
    return (
        f"{period}: the portal saves {handlers.mean:,.0f} hours of call handlers "
        f"({span(handlers, 'hours')}), and costs officers {questions.mean:,.0f} hours on "
        f"questions ({span(questions, 'hours')}) and {others.mean:,.0f} on its other tasks: "
        f"{shown(net.mean, 'pounds')} net ({span(net, 'pounds')}). {breaks}"
    )


def _is_break_even(line: BenefitLine) -> bool:
    """Say whether a line is how long a question may take: the only one in minutes."""
    return line.unit == "minutes"


def _measures(result: PlanResult) -> PeriodTable:
    is_as_today = all(each.planned is None for each in result.measures)
    columns: tuple[str, ...] = ("No portal", "Today", "± 95%")
    if not is_as_today:
        columns = ("No portal", "Today", "Planned", "Change", "± 95%")
    return PeriodTable(
        caption=f"Calls, people and messages in {result.weeks} weeks",
        columns=columns,
        rows=tuple(
            Row(label=_with_unit(each), cells=tuple(_cells(each)))
            for each in result.measures
            if not all(map(_is_nothing, _numbers(each)))
        ),
        note=_SAME if any(_is_same(each) for each in result.measures) else "",
    )


_SAME = "Same: as today in every year."


def _with_unit(each: Measure) -> str:
    """Name a measure, with the unit where its name does not say what is counted."""
    short = _TIMES.get(each.unit)
    return f"{each.name}, {short}" if short else each.name


#: Where these are asked for in a table, they are written short.
_TIMES = {"seconds": "s", "minutes": "min", "hours": "h"}
#: A line that most plans have nothing in.
_ROSTERED = "Handlers' hours rostered, more than today"


def _numbers(each: Measure) -> list[Estimate]:
    found = (each.without, each.today, each.planned, each.difference)
    return [number for number in found if number is not None]


def _is_nothing(number: Estimate) -> bool:
    """Say whether a number is 0 in every year."""
    return number.mean == number.low == number.high == 0


def _is_same(each: Measure) -> bool:
    """Say whether the plan leaves a measure as it is today in every year."""
    return each.difference is not None and _is_nothing(each.difference)


def _cells(each: Measure) -> Iterator[str]:
    unit = each.unit
    yield NOTHING if each.without is None else shown(each.without.mean, unit)
    yield shown(each.today.mean, unit)
    if each.planned is None or each.difference is None:
        yield plus_minus(each.today, unit)
        return
    yield shown(each.planned.mean, unit)
    if _is_same(each):
        yield from ("same", NOTHING)
        return
    yield shown(each.difference.mean, unit)
    yield plus_minus(each.difference, unit)


def _benefit(caption: str, lines: Sequence[BenefitLine], *, each: str) -> PeriodTable:
    """Make a table of lines; `each` is of what the intervals are, such as years."""
    is_exact = any(line.value.low == line.value.high for line in lines)
    return PeriodTable(
        caption=caption,
        columns=("Unit", "Mean", "95% from", "to"),
        rows=tuple(
            Row(label=line.name, cells=(line.unit, *_benefit_cells(line))) for line in lines
        ),
        note=f"A dash: the same in every {each}." if is_exact else "",
    )


def _benefit_cells(line: BenefitLine) -> Iterator[str]:
    is_exact = line.value.low == line.value.high
    for place, number in enumerate((line.value.mean, line.value.low, line.value.high)):
        if is_exact and place:
            yield NOTHING
        else:
            # Below 0 no time is short enough.
            is_none = _is_break_even(line) and number < 0
            yield "never" if is_none else shown(number, line.unit)


def _swings(swings: Sequence[Swing]) -> PeriodTable:
    return _tornado_table(
        "Tornado of today's plan: calls saved, more or fewer, as one number changes",
        "Calls",
        [(e, f"{e.at_low.mean:+,.0f}", f"{e.at_high.mean:+,.0f}") for e in swings],
    )


def _swings_in_pounds(swings: Sequence[Swing]) -> PeriodTable:
    return _tornado_table(
        "Tornado of today's plan: net benefit, more or less, as one number changes",
        "Pounds",
        [
            (e, shown(e.pounds_at_low.mean, "pounds"), shown(e.pounds_at_high.mean, "pounds"))
            for e in sorted(swings, key=lambda each: -each.width_pounds)
        ],
    )


def busiest_minute(result: PlanResult) -> str:
    """Say how many messages the busiest minute has, and what the portal gets in the mean."""
    peak = result.peak
    rough = (
        f" Reckoned from {peak.fraction:.2%} of crimes, so it looks busier than it is."
        if peak.fraction < 1
        else ""
    )
    return (
        f"{peak.messages:,.0f} messages due in the busiest minute of the year: "
        f"{peak.per_second:.1f} a second, to send them within {peak.minutes} minutes.{rough} "
        f"In the mean of the year the portal gets {peak.requests_per_second:.2f} requests a second "
        "about crimes whose victim it tells (events, receipts, three for each sign-in), and has "
        f"{peak.sign_ins_an_hour:,.0f} sign-ins an hour."
    )


def _tornado_table(
    caption: str,
    unit: str,
    rows: Sequence[tuple[Swing, str, str]],
) -> PeriodTable:
    """Make a table of numbers, each with what comes of it low and high."""
    return PeriodTable(
        caption=caption,
        columns=("Usual", "Low", unit, "High", unit),
        rows=tuple(
            Row(
                label=each.name,
                cells=(f"{each.usual:g}", f"{each.low:g}", at_low, f"{each.high:g}", at_high),
            )
            for each, at_low, at_high in rows
        ),
    )
