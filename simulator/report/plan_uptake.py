"""A plan at other uptakes, in calls, hours and pounds, and the uptake from which it gains."""

from collections.abc import Callable

from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_amounts import plus_minus, shown, span
from simulator.results.planning import BreakEven, PlanResult, PlanUptake
from simulator.results.values import Estimate

_LINES: tuple[tuple[str, str, Callable[[PlanUptake], Estimate]], ...] = (
    ("Victims registered", "people", lambda each: each.registered),
    ("Calls saved, net", "calls", lambda each: each.calls_saved),
    ("Handlers' hours saved", "hours", lambda each: each.handler_hours),
    ("Officers' hours, questions", "hours", lambda each: each.question_hours),
    ("Officers' hours, other tasks", "hours", lambda each: each.other_hours),
    ("Net benefit", "pounds", lambda each: each.pounds),
    ("- its other tasks apart", "pounds", lambda each: each.pounds_apart),
)


def uptake_table(result: PlanResult) -> PeriodTable:
    """Give the plan's year at each uptake, each line with its interval."""
    shown_at = [*result.uptakes, *([result.at_published] if result.at_published else [])]
    rows = []
    for label, unit, of in _LINES:
        found = [of(each) for each in shown_at]
        rows.append(Row(label=label, cells=tuple(shown(each.mean, unit) for each in found)))
        rows.append(Row(label="  ± 95%", cells=tuple(plus_minus(each, unit) for each in found)))
    return PeriodTable(
        caption="If more or fewer of those invited would register: the plan's year, run again",
        columns=(
            *(f"{each.registers:.0%}" for each in result.uptakes),
            *([f"{result.published_registered:,}"] if result.at_published else []),
        ),
        rows=tuple(rows),
        note=uptake_sentence(result),
    )


def uptake_sentence(result: PlanResult) -> str:
    """Say from which uptake on the plan gains, beside what is assumed and the published figure."""
    gains = "; ".join(_gains(each) for each in result.break_evens)
    said = f"Uptake: {gains}. The plan has {result.registers:.0%} (assumed)."
    everybody = result.uptakes[-1].registered.mean
    if not everybody:
        return said
    return (
        f"{said} The one published figure is {result.published_registered:,} registered in all: "
        f"as many as if {result.published_registered / everybody:.0%} of those invited in these "
        f"{result.weeks} weeks would{_pounds(result.at_published)}."
    )


def _pounds(at: PlanUptake | None) -> str:
    """Say the pounds at the published number, which lie between those of two shares."""
    if at is None:
        return ""
    return (
        f", where the net benefit is {shown(at.pounds.mean, 'pounds')} "
        f"({span(at.pounds, 'pounds')}), on a straight line between the shares that were run"
    )


def _gains(each: BreakEven) -> str:
    """Say from which uptake on more is saved than spent, or in how many years at none."""
    if each.share is None:
        years = f" in {each.years_never} of {each.years} years"
        of = "" if each.years_never == each.years else years
        return f"in {each.what} it gains at no uptake{of}"
    if each.share.high <= 0:
        return f"in {each.what} it gains at any uptake"
    low, high = max(0.0, each.share.low), min(1.0, each.share.high)
    return (
        f"in {each.what} it gains if {each.share.mean:.0%} or more of those invited would register "
        f"({low:.0%} to {high:.0%})"
    )
