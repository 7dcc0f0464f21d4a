"""A rehearsal's last quarter at other uptakes, in hours and pounds, with intervals."""

from collections.abc import Callable

from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_amounts import plus_minus, shown
from simulator.results.values import Estimate, Uptake, UptakeBenefit

_LINES: tuple[tuple[str, str, Callable[[UptakeBenefit], Estimate]], ...] = (
    ("Update calls saved, net", "calls", lambda each: each.calls_saved),
    ("Call handlers' hours saved", "hours", lambda each: each.handler_hours),
    ("Officers' hours on questions", "hours", lambda each: each.question_hours),
    ("Net benefit", "pounds", lambda each: each.pounds),
)
_NOTE = (
    "Reckoned from the rehearsed share; the portal's other tasks and its texts are taken to be as "
    "there. The intervals are those of what it saves and costs, above: of how the weeks differ and "
    "of who was followed. `plan` runs a year again at each share."
)


def _column(each: UptakeBenefit) -> str:
    return f"{each.registers:.0%}" if each.registered is None else f"{each.registered:,}"


def _published(uptake: Uptake) -> list[str]:
    """Say what the last column is where it is of a number of people."""
    return [
        f"{each.registered:,} registered in all is the one published figure: as many as if "
        f"{each.registers:.0%} of those invited here would register."
        for each in uptake.benefit
        if each.registered is not None
    ]


def uptake_benefit_tables(uptake: Uptake, period: str) -> list[PeriodTable]:
    """Make the table, if there are costs to reckon it from."""
    if not uptake.benefit:
        return []
    rows = []
    for label, unit, of in _LINES:
        found = [of(each) for each in uptake.benefit]
        rows.append(Row(label=label, cells=tuple(shown(each.mean, unit) for each in found)))
        rows.append(Row(label="  ± 95%", cells=tuple(plus_minus(each, unit) for each in found)))
    return [
        PeriodTable(
            caption=f"{period}, the same in hours and pounds",
            columns=tuple(_column(each) for each in uptake.benefit),
            rows=tuple(rows),
            note=" ".join([*_published(uptake), _NOTE]),
        )
    ]
