"""The tornado of a rehearsal: which assumed number moves its last quarter most."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from simulator.legible import on_one_line
from simulator.report.plan_amounts import shown
from simulator.report.rehearsal_plots.numbered_plot import (
    DARK,
    GRID,
    LIGHT,
    NumberedPlot,
    drawn,
)
from simulator.results.values import NumberSwing, RehearsalResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NAME_CHARACTERS_MAX = 60
_TITLE = "What decides: the last quarter as one number changes"
HOW_RECKONED = (
    "Each number is set low and high, all else as in the run. Nothing is run again: it is reckoned "
    "from the run's own worries and messages, so numbers that change what victims and officers do "
    "are not here, nor is what follows later from a look more or fewer: calls may be a half off. "
    "`plan` runs a year again for each number of scenarios/planning.toml, with intervals."
)


def what_decides(result: RehearsalResult) -> list[NumberedPlot]:
    """Plot the swings of calls and of pounds, the widest first; nothing where there are none."""
    found = result.swings
    if not found:
        return []
    svg = drawn(
        "what-decides",
        _TITLE,
        _described(found),
        lambda on: _paint(on, found),
        height=1.6 + 0.62 * len(found),
    )
    return [
        NumberedPlot(
            name="what-decides",
            title=_TITLE,
            says=HOW_RECKONED,
            svg=svg,
            columns=(
                "Number",
                "Unit",
                "Usual",
                "Low",
                "High",
                "Calls saved more, at low",
                "Calls saved more, at high",
                "Pounds more, at low",
                "Pounds more, at high",
                "Why it may be off",
            ),
            rows=tuple(_row(each) for each in found),
        )
    ]


def _row(each: NumberSwing) -> tuple[str | int, ...]:
    values = tuple(f"{value:g}" for value in (each.usual, each.low, each.high))
    calls = (each.calls_at_low, each.calls_at_high)
    pounds = (each.pounds_at_low, each.pounds_at_high)
    return (each.name, each.unit, *values, *calls, *pounds, each.why)


def _paint(figure: "Figure", found: Sequence[NumberSwing]) -> None:
    calls, pounds = figure.subplots(2, 1)
    # What things cost moves no call.
    by_calls = [each for each in found if each.width] or found
    _bars(
        calls, by_calls, "calls saved beside the run", lambda e: (e.calls_at_low, e.calls_at_high)
    )
    by_pounds = sorted(found, key=lambda each: -each.width_pounds)
    _bars(
        pounds,
        by_pounds,
        "net benefit beside the run, £",
        lambda e: (e.pounds_at_low, e.pounds_at_high),
    )
    calls.legend(frameon=False, fontsize=8, loc="lower right")


def _bars(
    axes: "Axes",
    found: Sequence[NumberSwing],
    what: str,
    of: Callable[[NumberSwing], tuple[int, int]],
) -> None:
    from matplotlib.ticker import StrMethodFormatter

    places = range(len(found), 0, -1)
    low, high = ([of(each)[side] for each in found] for side in (0, 1))
    axes.barh(places, low, color="white", edgecolor=LIGHT, hatch="///", label="at the low value")
    axes.barh(places, high, color=DARK, alpha=0.8, height=0.45, label="at the high value")
    axes.axvline(0, color="black", linewidth=1)
    labels = [f"{_short(each.name)}, {each.low:g} to {each.high:g}" for each in found]
    axes.set_yticks([*places], labels, fontsize=7)
    axes.set_xlabel(what)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def _short(name: str) -> str:
    return on_one_line(name)[:_NAME_CHARACTERS_MAX]


def _described(found: Sequence[NumberSwing]) -> str:
    widest, dearest = found[0], max(found, key=lambda each: each.width_pounds)
    low, high = (shown(each, "pounds") for each in (dearest.pounds_at_low, dearest.pounds_at_high))
    return (
        f"{len(found)} numbers, the widest first. {widest.name} moves the calls saved most: by "
        f"{widest.calls_at_low:+,} at {widest.low:g} and {widest.calls_at_high:+,} at "
        f"{widest.high:g}. {dearest.name} moves the net benefit most: by {low} at {dearest.low:g} "
        f"and {high} at {dearest.high:g}. The table below has each."
    )
