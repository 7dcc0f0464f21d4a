"""Waits and abandonment by hour of the day and force, with the portal and without it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from simulator.report.rehearsal_plots.numbered_plot import (
    DARK,
    LIGHT,
    NumberedPlot,
    drawn,
    force_label,
    plain_axes,
)
from simulator.results.portal_life import HourOfDay
from simulator.results.values import RehearsalResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TITLE = "Waits and abandoned calls, by hour of the day"


def hours(result: RehearsalResult) -> list[NumberedPlot]:
    """Plot both lines of each force over the last period; nothing without a count by hour."""
    found = result.life.hours if result.life else []
    if not found or result.life is None:
        return []
    forces = list(dict.fromkeys(each.force for each in found))
    return [
        NumberedPlot(
            name="waits-by-hour",
            title=_TITLE,
            says=(
                f"{result.life.headline.period}, London time: the mean wait of answered calls, and "
                "the share of calls that were abandoned. 101 has round marks and 999 none; broken "
                "lines are without the portal, whole lines with it."
            ),
            svg=drawn(
                "waits-by-hour",
                _TITLE,
                _described(found, forces),
                lambda on: _paint(on, found, forces),
                height=6,
            ),
            columns=(
                "Force, line and hour",
                "Calls without",
                "Calls with",
                "Wait without, s",
                "Wait with, s",
                "Abandoned without",
                "Abandoned with",
            ),
            rows=tuple(
                (
                    f"{force_label(each.force)} {each.line}, {each.hour:02}:00",
                    each.offered_without,
                    each.offered_with,
                    each.wait_seconds_without,
                    each.wait_seconds_with,
                    each.abandoned_without,
                    each.abandoned_with,
                )
                for each in found
            ),
            shares=frozenset({5, 6}),
        )
    ]


def _paint(figure: "Figure", found: Sequence[HourOfDay], forces: Sequence[str]) -> None:
    grid = figure.subplots(2, len(forces), sharex=True, sharey="row", squeeze=False)
    for column, force in enumerate(forces):
        here = [each for each in found if each.force == force]
        waits, lost = grid[0][column], grid[1][column]
        _curves(waits, here, _waits)
        _curves(lost, here, _lost)
        waits.set_title(force_label(force), fontsize=10)
        lost.set_xlabel("hour of the day")
        lost.set_xticks(range(0, 24, 4))
    grid[0][0].set_ylabel("mean wait, s")
    grid[1][0].set_ylabel("abandoned, %")
    for row in grid:
        row[0].set_ylim(bottom=0)
    grid[0][0].legend(frameon=False, fontsize=8)


def _curves(
    axes: "Axes",
    here: Sequence[HourOfDay],
    values: Callable[[HourOfDay], tuple[float | None, float | None]],
) -> None:
    for line, marker in (("101", "o"), ("999", "")):
        mine = [each for each in here if each.line == line]
        at = [each.hour for each in mine]
        for place, (name, colour, stroke) in enumerate(
            (("without", LIGHT, (0, (5, 2))), ("with", DARK, "-"))
        ):
            heights = [_or_gap(values(each)[place]) for each in mine]
            axes.plot(
                at,
                heights,
                color=colour,
                linestyle=stroke,
                marker=marker,
                markersize=3,
                linewidth=1.3,
                label=f"{line} {name}",
            )
    plain_axes(axes)


def _waits(each: HourOfDay) -> tuple[float | None, float | None]:
    return each.wait_seconds_without, each.wait_seconds_with


def _lost(each: HourOfDay) -> tuple[float | None, float | None]:
    return _percent(each.abandoned_without), _percent(each.abandoned_with)


def _percent(part: float | None) -> float | None:
    return None if part is None else 100 * part


def _or_gap(value: float | None) -> float:
    return float("nan") if value is None else value


def _described(found: Sequence[HourOfDay], forces: Sequence[str]) -> str:
    said = []
    for force in forces:
        known = [
            each
            for each in found
            if each.force == force and each.line == "101" and each.wait_seconds_without is not None
        ]
        if known:
            worst = max(known, key=lambda each: each.wait_seconds_without or 0)
            with_portal = worst.wait_seconds_with
            said.append(
                f"{force_label(force)}: the longest mean wait on 101 is at {worst.hour:02}:00, "
                f"{worst.wait_seconds_without:.1f} seconds without the portal"
                + (f" and {with_portal:.1f} with it." if with_portal is not None else ".")
            )
    return " ".join(said) or "No calls."
