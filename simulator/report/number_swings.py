"""The tornado as a table, of a rehearsal and of a plan: one number low, and high."""

from collections.abc import Sequence

from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_amounts import shown
from simulator.report.rehearsal_plots.what_decides import HOW_RECKONED
from simulator.results.planning import Swing
from simulator.results.values import NumberSwing


def number_swing_tables(swings: Sequence[NumberSwing], period: str) -> list[PeriodTable]:
    """Make a table of calls and one of pounds, each with the widest first; none of no numbers."""
    if not swings:
        return []
    by_pounds = sorted(swings, key=lambda each: -each.width_pounds)
    return [
        tornado_table(
            f"{period}: calls saved, more or fewer, as one number changes",
            "Calls",
            [(each, f"{each.calls_at_low:+,}", f"{each.calls_at_high:+,}") for each in swings],
        ),
        tornado_table(
            f"{period}: net benefit, more or less, as one number changes",
            "Pounds",
            [
                (each, shown(each.pounds_at_low, "pounds"), shown(each.pounds_at_high, "pounds"))
                for each in by_pounds
            ],
            note=HOW_RECKONED,
        ),
    ]


def tornado_table(
    caption: str,
    unit: str,
    rows: Sequence[tuple[Swing | NumberSwing, str, str]],
    note: str = "",
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
        note=note,
    )
