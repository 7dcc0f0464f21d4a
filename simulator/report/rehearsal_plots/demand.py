"""Demand by week: calls with the portal beside the same calls without it, and their spread."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from simulator.report import plots
from simulator.report.period_tables import go_lives
from simulator.report.rehearsal_plots.numbered_plot import Cell, NumberedPlot
from simulator.results.portal_life import SpreadOfWeek
from simulator.results.values import RehearsalResult, Week

_SAME = "the same crimes and the same callers, with the portal and without."
_BAND = (
    " The band is where 95 in 100 weeks with the same demand would lie without the portal: calls "
    "come by chance, and some days are busier. Both lines have the same chance, so the gap between "
    "them is surer than the band; a force that counts one week sees it only where it leaves the "
    "band."
)


class _Demand(Struct, frozen=True, kw_only=True):
    """One sort of calls."""

    name: str
    title: str
    draw: Callable[[Sequence[Week], plots.GoLives, Sequence[plots.Band]], str]
    without: Callable[[Week], int]
    with_portal: Callable[[Week], int]
    band: Callable[[SpreadOfWeek], plots.Band]


_SORTS = (
    _Demand(
        name="calls-to-101-a-week",
        title="Calls to 101 a week",
        draw=plots.calls_by_week,
        without=lambda week: week.calls_101_without,
        with_portal=lambda week: week.calls_101_with,
        band=lambda each: (each.calls_101_low, each.calls_101_high),
    ),
    _Demand(
        name="update-calls-a-week",
        title="Update calls a week",
        draw=plots.update_calls_by_week,
        without=lambda week: week.update_calls_without,
        with_portal=lambda week: week.update_calls_with,
        band=lambda each: (each.update_calls_low, each.update_calls_high),
    ),
)


def demand(result: RehearsalResult) -> list[NumberedPlot]:
    """Plot all calls to 101, and those that ask for an update; nothing without a whole week."""
    if not result.weeks:
        return []
    spread = result.life.spread if result.life else []
    return [_of_sort(each, result, spread) for each in _SORTS]


def _of_sort(
    sort: _Demand, result: RehearsalResult, spread: Sequence[SpreadOfWeek]
) -> NumberedPlot:
    bands = [sort.band(each) for each in spread]
    columns = ("Week starting", "Without the portal", "With the portal", "Avoided")
    rows: list[tuple[Cell, ...]] = []
    for place, week in enumerate(result.weeks):
        without, with_portal = sort.without(week), sort.with_portal(week)
        band = bands[place] if bands else ()
        rows.append((week.starts, without, with_portal, without - with_portal, *band))
    return NumberedPlot(
        name=sort.name,
        title=sort.title,
        says=f"{sort.title}: {_SAME}{_BAND if bands else ''}",
        svg=sort.draw(result.weeks, go_lives(result.periods), bands),
        columns=(*columns, "Spread without, from", "Spread without, to") if bands else columns,
        rows=tuple(rows),
    )
