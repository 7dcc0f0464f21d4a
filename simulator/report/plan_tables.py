"""A plan as rows of words: the decision in one line, then the tables; alike in every output."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import mean

from simulator.report.amounts import NOTHING
from simulator.report.number_swings import tornado_table
from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_amounts import plus_minus, shown, span
from simulator.report.plan_breaks import breaking_sentences, breaking_table
from simulator.report.plan_calls import abandonment_table
from simulator.report.plan_messages import messages_sentences, messages_table
from simulator.report.plan_rota import rota_tables
from simulator.report.plan_uptake import uptake_sentence, uptake_table
from simulator.report.staff_tables import (
    fewest_sentence,
    handlers_table,
    rotas_compared,
    staffed,
)
from simulator.results.planning import (
    OFFICERS_TIME_USED,
    TASKS_TIME_USED,
    Measure,
    PlanResult,
    Swing,
)
from simulator.results.values import BenefitLine, Estimate


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


def one_page(result: PlanResult) -> list[str]:
    """Write a plan for a programme lead: the first line decides, the others say why."""
    lines = {each.name: each for each in result.measures}
    benefit = {each.name: each.value for each in result.benefit}
    saved, answered = lines["- saved, net"], _planned(lines["Half answered within"])
    asked = _beside(lines["Questions to officers"])
    said = [
        first_line(result),
        f"Question: {result.question}",
        *(f"Change: {each}" for each in result.changes),
        *_compared(result),
        f"Update calls saved in {result.weeks} weeks, net: {_beside(saved)}.",
        f"Questions to officers: {asked}; half answered in {shown(answered.mean, 'hours')} h.",
        _what_binds(lines),
        *(
            f"{name}: {shown(benefit[name].mean, 'hours')} hours ({span(benefit[name], 'hours')})."
            for name in (
                "Call handlers' hours saved",
                "Officers' hours spent on questions",
                "Officers' hours spent on its other tasks",
            )
        ),
        f"Its other tasks apart, the net benefit is {_pounds_of(benefit)}.",
        _satisfied(lines),
        _peak(result),
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


def _compared(result: PlanResult) -> list[str]:
    return [each for each in (rotas_compared(result.staff),) if each]


def _pounds_of(benefit: Mapping[str, Estimate]) -> str:
    net = benefit["Net benefit, its other tasks apart"]
    return f"{shown(net.mean, 'pounds')} ({span(net, 'pounds')})"


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


def _satisfied(lines: Mapping[str, Measure]) -> str:
    found = lines["Satisfied: the mean of these (assumed)"]
    return f"Victims satisfied, by five things counted (assumed): {_beside_share(found)}."


def _beside_share(each: Measure) -> str:
    said = f"{_planned(each).mean:.1%}"
    if each.difference is None:
        return said
    return f"{said}, {100 * each.difference.mean:+.1f} points beside today"


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
        ("Question", result.question),
        ("Changes", "; ".join(result.changes) or "none: today's files"),
        *(("Compared", each) for each in _compared(result)),
        ("Years", f"{result.replications}, from seed {result.seed}"),
        ("Weeks", f"{warm_up}; an audit of the weeks (MSER) asks for {result.warm_up_needed}"),
        *([("Warm-up", beyond)] if beyond else []),
        ("Busiest minute", _peak(result)),
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
    return tornado_table(
        "Tornado of today's plan: calls saved, more or fewer, as one number changes",
        "Calls",
        [(e, f"{e.at_low.mean:+,.0f}", f"{e.at_high.mean:+,.0f}") for e in swings],
    )


def _swings_in_pounds(swings: Sequence[Swing]) -> PeriodTable:
    return tornado_table(
        "Tornado of today's plan: net benefit, more or less, as one number changes",
        "Pounds",
        [
            (e, shown(e.pounds_at_low.mean, "pounds"), shown(e.pounds_at_high.mean, "pounds"))
            for e in sorted(swings, key=lambda each: -each.width_pounds)
        ],
    )


def _peak(result: PlanResult) -> str:
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


def _planned(each: Measure) -> Estimate:
    return each.planned or each.today


def _beside(each: Measure) -> str:
    said = f"{shown(_planned(each).mean, each.unit)} ({span(_planned(each), each.unit)})"
    if each.difference is None:
        return said
    by = f"{each.difference.mean:+,.0f} beside today"
    return f"{said}, {by} ({span(each.difference, each.unit)})"
