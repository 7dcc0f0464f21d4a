"""The officers' load: the tasks that the portal raises each week, by kind, and officers' hours."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.report.amounts import day
from simulator.report.period_tables import go_lives
from simulator.report.plots import name_weeks
from simulator.report.rehearsal_plots.numbered_plot import (
    HATCHES,
    QUIET,
    SHADES,
    NumberedPlot,
    drawn,
    label,
    plain_axes,
)
from simulator.results.portal_life import TasksOfWeek
from simulator.results.values import RehearsalResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TITLE = "Tasks that the portal raises a week, at full volume"
#: Kinds beyond so many are drawn as one, and stay apart in the table.
_KINDS_MAX = 6
_OTHERS = "all others"


def officer_load(result: RehearsalResult) -> list[NumberedPlot]:
    """Plot the weeks since the first task; nothing where no task was raised."""
    found = result.life.tasks if result.life else []
    if not found:
        return []
    kinds = _most_frequent(found)
    lives = "; ".join(f"{name} on {day(when)}" for when, name in go_lives(result.periods))
    return [
        NumberedPlot(
            name="officers-load",
            title=_TITLE,
            says=(
                "Hours are those that officers spend on questions, on contact details and on "
                "speaking to victims first, as the parameters have it; the other kinds are for "
                f"teams, or cost no time here. One task counted stands for "
                f"{1 / result.fraction:,.0f}, so single weeks vary by chance. {lives}."
            ),
            svg=drawn("officers-load", _TITLE, _described(found), lambda on: _paint(on, found)),
            columns=("Week starting", *(_words(kind) for kind in kinds), "Officers' hours"),
            rows=tuple(
                (each.starts, *(round(each.tasks[kind]) for kind in kinds), each.hours)
                for each in found
            ),
        )
    ]


def _most_frequent(found: Sequence[TasksOfWeek]) -> list[str]:
    totals = {kind: sum(each.tasks[kind] for each in found) for kind in found[0].tasks}
    return sorted(totals, key=lambda kind: (-totals[kind], kind))


def _paint(figure: "Figure", found: Sequence[TasksOfWeek]) -> None:
    axes = figure.add_subplot()
    kinds = _most_frequent(found)
    groups = [(_words(kind), [kind]) for kind in kinds[:_KINDS_MAX]]
    if kinds[_KINDS_MAX:]:
        groups.append((_OTHERS, kinds[_KINDS_MAX:]))
    at = [each.starts.toordinal() for each in found]
    below = [0.0] * len(found)
    for number, (name, of) in enumerate(groups):
        heights = [sum(each.tasks[kind] for kind in of) for each in found]
        axes.bar(
            at,
            heights,
            bottom=below,
            width=6,
            color=SHADES[number],
            hatch=HATCHES[number],
            edgecolor=QUIET,
            linewidth=0.4,
            label=name,
        )
        below = [low + high for low, high in zip(below, heights, strict=True)]
    axes.set_ylabel("tasks")
    plain_axes(axes)
    name_weeks(axes, [each.starts for each in found])
    hours = axes.twinx()
    hours.plot(at, [each.hours for each in found], color="black", marker="D", markersize=3, lw=1.2)
    hours.set_ylim(0, 1.35 * max(1.0, *(each.hours for each in found)))
    hours.set_ylabel("officers' hours (line)")
    hours.spines["top"].set_visible(False)
    axes.legend(frameon=False, fontsize=8, loc="upper left", ncols=2)
    axes.set_ylim(0, 1.35 * max(1.0, *below))


def _words(kind: str) -> str:
    return label(kind.replace("_", " ").capitalize())


def _described(found: Sequence[TasksOfWeek]) -> str:
    busiest = max(found, key=lambda each: each.hours)
    mean = sum(each.hours for each in found) / len(found)
    kinds = _most_frequent(found)
    return (
        f"{len(found)} weeks. Officers spend {mean:,.0f} hours a week on average, and most in the "
        f"week starting {day(busiest.starts)}: {busiest.hours:,.0f}. The most frequent kind is "
        f"{_words(kinds[0]).lower() if kinds else 'none'}."
    )
