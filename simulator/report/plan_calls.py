"""A plan's calls by hour of the day, its abandoned calls, and its weeks: plots with their numbers.

Each is also a file beside the report.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from simulator.report.amounts import NOTHING, share
from simulator.report.period_tables import PeriodTable, Row
from simulator.report.plan_amounts import plus_minus
from simulator.report.rehearsal_plots.numbered_plot import (
    DARK,
    LIGHT,
    QUIET,
    Cell,
    NumberedPlot,
    csv_text,
    drawn,
    force_label,
    plain_axes,
)
from simulator.results.planning import Abandonment, LevelInHour, PlanHour, PlanResult
from simulator.results.values import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_HOURS = "Waits and abandoned calls by hour of the day, in a year"
_WEEKS = "Update calls saved in each week, net"
_ABANDONED = "Calls abandoned after so many seconds or more: each definition in use"
#: How each plan is drawn: colour, stroke and mark.
_STROKES = (
    ("no portal", LIGHT, (0, (5, 2)), ""),
    ("today", DARK, "-", ""),
    ("planned", QUIET, (0, (1, 1)), "o"),
)


def plan_plots(result: PlanResult) -> list[NumberedPlot]:
    """Make the plots of calls."""
    return [*_hours(result), *_weeks(result)]


def call_files(result: PlanResult) -> list[tuple[str, str]]:
    """Give the files of these numbers: the name and what each holds."""
    abandoned: list[tuple[Cell, ...]] = [
        (
            *(each.force, each.line, each.after_seconds),
            *(n for number in _numbers(each) for n in (number.mean, number.low, number.high)),
        )
        for each in result.abandonment
    ]
    names = _names(result.abandonment[0].planned is None)
    ends = [f"{name}{end}" for name in names for end in ("", ", low", ", high")]
    columns = ("Force", "Line", "After seconds", *ends)
    return [
        ("waits-by-hour.csv", csv_text(*_hour_rows(result))),
        ("abandoned-calls.csv", csv_text(columns, abandoned)),
        ("saved-by-week.csv", csv_text(*_week_rows(result))),
    ]


def abandonment_table(result: PlanResult) -> PeriodTable:
    """Give the share of the calls offered that were abandoned, by each definition in use."""
    found = result.abandonment
    names = _names(found[0].planned is None)
    return PeriodTable(
        caption=_ABANDONED,
        columns=tuple(column for name in names for column in (name, "± 95%")),
        rows=tuple(
            Row(
                label=f"{force_label(each.force)} {each.line}: from {each.after_seconds} s",
                cells=tuple(cell for number in _numbers(each) for cell in _cells(number)),
            )
            for each in found
        ),
        note="Forces count a call as abandoned if its caller hangs up after 0, 5, 10 or 60 seconds "
        "or more. Shares of the calls offered, those who ring again among them.",
    )


def hour_tables(result: PlanResult) -> list[PeriodTable]:
    """Give each force's mean wait by hour of the day: a table that fits a terminal."""
    names = _names(all(each.planned is None for each in result.hours))
    return [
        PeriodTable(
            caption=f"{force_label(force)}: mean wait by hour of the day, seconds",
            columns=tuple(f"{line} {name.lower()}" for line in ("999", "101") for name in names),
            rows=tuple(
                Row(
                    label=f"{hour:02}:00",
                    cells=tuple(
                        _seconds(level)
                        for line in ("999", "101")
                        for each in result.hours
                        if (each.force, each.line, each.hour) == (force, line, hour)
                        for level in _levels(each)
                    ),
                )
                for hour in range(24)
            ),
            note="London time, of the calls answered.",
        )
        for force in dict.fromkeys(each.force for each in result.hours)
    ]


def _names(is_as_today: bool) -> tuple[str, ...]:  # noqa: FBT001
    return ("No portal", "Today") if is_as_today else ("No portal", "Today", "Planned")


def _levels(each: PlanHour) -> list[LevelInHour]:
    return [level for level in (each.without, each.today, each.planned) if level is not None]


def _numbers(each: Abandonment) -> list[Estimate]:
    return [number for number in (each.without, each.today, each.planned) if number is not None]


def _cells(number: Estimate) -> tuple[str, str]:
    return share(number.mean), plus_minus(number, "share")


def _seconds(level: LevelInHour) -> str:
    return NOTHING if level.wait_seconds is None else f"{level.wait_seconds:,.1f}"


def _hours(result: PlanResult) -> list[NumberedPlot]:
    found = result.hours
    if not found:
        return []
    names = _names(found[0].planned is None)
    columns, rows = _hour_rows(result)
    forces = list(dict.fromkeys(each.force for each in found))
    return [
        NumberedPlot(
            name="waits-by-hour",
            title=_HOURS,
            says=(
                "London time, the mean of the years: the mean wait of answered calls, and the "
                "share of calls abandoned, on 101 above and 999 below. Broken lines are without a "
                "portal, and whole lines today's plan"
                + (", and dotted lines with round marks the plan." if len(names) > 2 else ".")
            ),
            svg=drawn(
                "waits-by-hour",
                _HOURS,
                _described(found, forces),
                lambda on: _paint_hours(on, found, forces),
                height=9,
            ),
            columns=columns,
            rows=rows,
            shares=frozenset(range(1 + 2 * len(names), 1 + 3 * len(names))),
        )
    ]


_Rows: TypeAlias = tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]


def _hour_rows(result: PlanResult) -> _Rows:
    """Give the columns and the rows of the calls by hour."""
    found = result.hours
    names = [each.lower() for each in _names(all(each.planned is None for each in found))]
    columns = [f"{what}, {name}" for what in ("Calls", "Wait, s", "Abandoned") for name in names]
    return ("Force, line and hour", *columns), tuple(
        (
            f"{force_label(each.force)} {each.line}, {each.hour:02}:00",
            *(level.offered for level in _levels(each)),
            *(level.wait_seconds for level in _levels(each)),
            *(level.abandoned_share for level in _levels(each)),
        )
        for each in found
    )


def _paint_hours(figure: "Figure", found: Sequence[PlanHour], forces: Sequence[str]) -> None:
    grid = figure.subplots(4, len(forces), sharex=True, sharey="row", squeeze=False)
    for column, force in enumerate(forces):
        for row, line in enumerate(("101", "999")):
            here = [each for each in found if (each.force, each.line) == (force, line)]
            waits, lost = grid[2 * row][column], grid[2 * row + 1][column]
            _curves(waits, here, is_lost=False)
            _curves(lost, here, is_lost=True)
            grid[2 * row][0].set_ylabel(f"{line}: wait, s")
            grid[2 * row + 1][0].set_ylabel(f"{line}: abandoned, %")
        grid[0][column].set_title(force_label(force), fontsize=10)
        grid[3][column].set_xlabel("hour of the day")
        grid[3][column].set_xticks(range(0, 24, 4))
    for row_of in grid:
        row_of[0].set_ylim(bottom=0)
    grid[0][0].legend(frameon=False, fontsize=8)


def _curves(axes: "Axes", here: Sequence[PlanHour], *, is_lost: bool) -> None:
    for place, (name, colour, stroke, mark) in enumerate(_STROKES):
        levels = [_levels(each)[place] for each in here if place < len(_levels(each))]
        if levels:
            heights = [_lost(each) if is_lost else _wait(each) for each in levels]
            hours = [each.hour for each in here]
            axes.plot(
                hours,
                heights,
                color=colour,
                linestyle=stroke,
                marker=mark,
                markersize=3,
                linewidth=1.3,
                label=name,
            )
    plain_axes(axes)


def _wait(level: LevelInHour) -> float:
    return float("nan") if level.wait_seconds is None else level.wait_seconds


def _lost(level: LevelInHour) -> float:
    return float("nan") if level.abandoned_share is None else 100 * level.abandoned_share


def _described(found: Sequence[PlanHour], forces: Sequence[str]) -> str:
    said = []
    for force in forces:
        for line in ("101", "999"):
            mine = [e for e in found if (e.force, e.line) == (force, line)]
            worst = max(mine, key=lambda each: each.today.wait_seconds or 0)
            then = worst.planned
            said.append(
                f"{force_label(force)} {line}: the longest mean wait today is at "
                f"{worst.hour:02}:00, {_seconds(worst.today)} seconds, {_seconds(worst.without)} "
                "without a portal"
                + (f" and {_seconds(then)} as planned." if then is not None else ".")
            )
    return " ".join(said)


def _weeks(result: PlanResult) -> list[NumberedPlot]:
    columns, rows = _week_rows(result)
    after, weeks = result.warm_up_weeks, result.weeks_saved
    if not weeks:
        return []
    return [
        NumberedPlot(
            name="saved-by-week",
            title=_WEEKS,
            says=(
                f"The mean of the years, at full volume; the {after} weeks before the line are the "
                "warm-up and count for nothing. The whole line is today's plan"
                + (", the dotted line the plan." if len(columns) > 2 else ".")
            ),
            svg=drawn(
                "saved-by-week",
                _WEEKS,
                f"Today {weeks[after][0]:,.0f} calls are saved in the first week that counts, "
                f"and {weeks[-1][0]:,.0f} in the last.",
                lambda on: _paint_weeks(on, weeks, len(columns) - 1, after),
            ),
            columns=columns,
            rows=rows,
        )
    ]


def _week_rows(result: PlanResult) -> _Rows:
    """Give the columns and the rows of the calls saved by week."""
    is_as_today = all(each.planned is None for each in result.measures)
    names = ("Today",) if is_as_today else ("Today", "Planned")
    return ("Week", *names), tuple(
        (f"{number}", *row[: len(names)]) for number, row in enumerate(result.weeks_saved, start=1)
    )


def _paint_weeks(
    figure: "Figure", rows: Sequence[tuple[float, float]], plans: int, after: int
) -> None:
    axes = figure.subplots()
    for place, (name, colour, stroke, _mark) in enumerate(_STROKES[1 : 1 + plans]):
        heights = [row[place] for row in rows]
        axes.plot(range(1, len(rows) + 1), heights, color=colour, linestyle=stroke, label=name)
    axes.axvline(after + 0.5, color="black", linewidth=0.8)
    axes.set_xlabel("week")
    axes.set_ylabel("calls saved, net")
    axes.legend(frameon=False, fontsize=8)
    plain_axes(axes)
