"""The time-to-news curve: the share of the Code's news told within an hour, a day, five days."""

from typing import TYPE_CHECKING

from simulator.report.amounts import several, share
from simulator.report.rehearsal_plots.numbered_plot import (
    DARK,
    LIGHT,
    QUIET,
    NumberedPlot,
    drawn,
    label,
    plain_axes,
)
from simulator.results.portal_life import TimeToNews
from simulator.results.values import RehearsalResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TITLE = "How soon victims are told what the Victims' Code names"
_STANDARD, _ENHANCED = "standard rights, from when it happened", "enhanced rights, from then"
_PORTAL = "all, from when the portal had it"


def time_to_news(result: RehearsalResult) -> list[NumberedPlot]:
    """Plot the shares told; nothing where the Code named no news."""
    found = result.life.time_to_news if result.life else None
    if found is None:
        return []
    return [
        NumberedPlot(
            name="time-to-news",
            title=_TITLE,
            says=(
                f"The Code gives {several(found.standard_days, 'working day')}, and "
                f"{several(found.enhanced_days, 'working day')} to a victim with enhanced rights, "
                "from when it happened. A working day ends at midnight. The third line leaves out "
                "how long the force took to record it and the integration to deliver it. Followed "
                f"crimes only: {several(found.standard_news, 'piece')} of news to victims with "
                f"standard rights, {found.enhanced_news:,} to those with enhanced rights."
            ),
            svg=drawn("time-to-news", _TITLE, _described(found), lambda on: _paint(on, found)),
            columns=(
                "Told within",
                "Standard rights, from when it happened",
                "Enhanced rights, from when it happened",
                "All, from when the portal had it",
            ),
            rows=tuple((e.within, e.standard, e.enhanced, e.of_portal) for e in found.told),
            shares=frozenset({1, 2, 3}),
        )
    ]


def _paint(figure: "Figure", found: TimeToNews) -> None:
    axes = figure.add_subplot()
    places = list(range(len(found.told)))
    for name, shares, colour, stroke, marker in (
        (_STANDARD, [each.standard for each in found.told], DARK, "-", "o"),
        (_ENHANCED, [each.enhanced for each in found.told], LIGHT, "--", "s"),
        (_PORTAL, [each.of_portal for each in found.told], QUIET, ":", "^"),
    ):
        if None not in shares:
            heights = [100 * (each or 0) for each in shares]
            axes.plot(
                places, heights, color=colour, linestyle=stroke, marker=marker, label=name, lw=2
            )
    for days, of in (
        (found.enhanced_days, "limit, enhanced rights "),
        (found.standard_days, "limit, standard rights "),
    ):
        at = next(n for n, each in enumerate(found.told) if each.working_days == days)
        axes.axvline(at, color=QUIET, linestyle="-.", linewidth=1)
        axes.text(at, 105, of, color=QUIET, fontsize=8, ha="right")
    axes.set_xticks(places, [label(each.within) for each in found.told])
    axes.set_ylim(0, 111)
    axes.set_yticks(range(0, 101, 20))
    axes.set_ylabel("told, %")
    axes.legend(frameon=False, loc="center right")
    plain_axes(axes)


def _described(found: TimeToNews) -> str:
    parts = [
        f"within {label(each.within)} {share(each.standard)}"
        for each in found.told
        if each.standard is not None
    ]
    enhanced = next(each for each in found.told if each.working_days == found.enhanced_days)
    of_enhanced = "" if enhanced.enhanced is None else share(enhanced.enhanced)
    return (
        "Told to victims with standard rights, from when it happened: "
        f"{', '.join(parts) or 'none'}. "
        f"To victims with enhanced rights within {label(enhanced.within)}, their limit: "
        f"{of_enhanced or 'none'}. Vertical lines mark the two limits of the Code."
    )
