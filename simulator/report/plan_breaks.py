"""Where a plan breaks: the load up to which each target holds, as sentences and as a table."""

from collections.abc import Sequence

from simulator.report.amounts import NOTHING
from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_amounts import about, spread
from simulator.report.staff_tables import title
from simulator.results.planning import BreakingPoint

_TWO_DECIMALS = "{:.2f}".format
_LOADS = {"calls": "the plan's calls", "crimes": "the crimes that each officer is given"}


def breaking_sentences(breaks: Sequence[BreakingPoint]) -> list[str]:
    """Say of each target up to which load it holds."""
    return [
        f"Where it breaks: {title(each.force)}, {each.target}: {_holds(each)}." for each in breaks
    ]


def _holds(each: BreakingPoint) -> str:
    least, most = each.tried
    if each.times is None:
        if each.holds_at_all:
            return f"holds at {most:g} times {_LOADS[each.load]}, the most that was tried"
        return f"does not hold even at {least:g} times {_LOADS[each.load]}"
    times = f"{each.times.mean:.2f} times {_LOADS[each.load]} ({about(each.times, _TWO_DECIMALS)})"
    if each.times.mean < 1:
        return f"is broken as it is, and would hold up to {times}"
    return f"holds up to {times}"


def breaking_table(breaks: Sequence[BreakingPoint]) -> PeriodTable:
    """Make the table of the loads."""
    return PeriodTable(
        caption="Where it breaks: times the plan's load, up to which a target holds",
        columns=("Load", "Times", "± 95%"),
        rows=tuple(
            Row(label=f"{title(each.force)}: {each.target}", cells=_cells(each)) for each in breaks
        ),
        note=(
            f"Of {breaks[0].years} years, each searched by itself with the same callers and crimes "
            "at every load. Handlers stay as the plan rosters them. Crimes are those that an "
            "officer is given: with more, questions wait longer."
        ),
    )


def _cells(each: BreakingPoint) -> tuple[str, str, str]:
    least, most = each.tried
    if each.times is None:
        return each.load, f"over {most:g}" if each.holds_at_all else f"under {least:g}", NOTHING
    return each.load, f"{each.times.mean:.2f}", spread(each.times, _TWO_DECIMALS)
