"""Messages in a victim's week: how many victims get one, two, or more than six."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.report.amounts import share_of
from simulator.report.rehearsal_plots.numbered_plot import (
    HATCHES,
    QUIET,
    SHADES,
    Cell,
    NumberedPlot,
    drawn,
    plain_axes,
)
from simulator.results.portal_life import MessagesAWeek
from simulator.results.values import RehearsalResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TITLE = "Messages that reach a victim in a week"


def victim_weeks(result: RehearsalResult) -> list[NumberedPlot]:
    """Plot the shares of victims' weeks by phase; nothing where no message arrived."""
    if result.life is None or not result.life.messages:
        return []
    found, most = result.life.messages, result.life.per_week_max
    labels = _labels(found)
    return [
        NumberedPlot(
            name="messages-a-week",
            title=_TITLE,
            says=(
                "Of the weeks, from Monday, in which a followed victim got a message, by phase. A "
                "text and an email about the same news are two; codes to sign in are left out. The "
                f"order lets updates and journey messages go on a channel {most} times in seven "
                "days; invitations and replies come beside them."
            ),
            svg=drawn("messages-a-week", _TITLE, _described(found), lambda on: _paint(on, found)),
            columns=(
                "Messages in the week",
                *(f"{what}, phase {e.phase}" for e in found for what in ("Weeks", "Share")),
            ),
            rows=tuple(
                (label, *(cell for each in found for cell in _cells(each, place)))
                for place, label in enumerate(labels)
            ),
            shares=frozenset(range(2, 2 * len(found) + 1, 2)),
        )
    ]


def _labels(found: Sequence[MessagesAWeek]) -> list[str]:
    most = len(found[0].weeks) - 1
    return [*map(str, range(1, most + 1)), f"more than {most}"]


def _cells(each: MessagesAWeek, place: int) -> tuple[Cell, Cell]:
    return each.weeks[place], each.weeks[place] / sum(each.weeks)


def _paint(figure: "Figure", found: Sequence[MessagesAWeek]) -> None:
    axes = figure.add_subplot()
    labels, width = _labels(found), 0.8 / len(found)
    for number, each in enumerate(found):
        axes.bar(
            [place + (number - (len(found) - 1) / 2) * width for place in range(len(labels))],
            [100 * weeks / sum(each.weeks) for weeks in each.weeks],
            width=width,
            color=SHADES[number],
            hatch=HATCHES[number],
            edgecolor=QUIET,
            label=f"phase {each.phase}",
        )
    axes.set_xticks(range(len(labels)), labels)
    axes.set_xlabel("messages in the week")
    axes.set_ylabel("weeks of victims, %")
    axes.legend(frameon=False)
    plain_axes(axes)


def _described(found: Sequence[MessagesAWeek]) -> str:
    return " ".join(
        f"Phase {each.phase}: of {sum(each.weeks):,} weeks with a message, "
        f"{share_of(each.weeks[0], sum(each.weeks))} had one, "
        f"{share_of(each.weeks[-1], sum(each.weeks))} more than {len(each.weeks) - 1}."
        for each in found
    )
