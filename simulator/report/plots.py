"""Plots of a rehearsal's weeks: calls with the portal against the same calls without it.

Two lines with different strokes and a label each, a vertical line at each go-live, and a scale
that starts at 0. The same weeks give the same drawing, byte for byte.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from simulator.legible import on_one_line
from simulator.report.amounts import count, day
from simulator.report.inline_svg import inline_svg
from simulator.results.values import Week

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GoLives: TypeAlias = Sequence[tuple[date, str]]
#: From where to where the calls of a week may lie by chance, without the portal.
Band: TypeAlias = tuple[int, int]

_TICKS_MAX = 9
_LABEL_CHARACTERS_MAX = 24
_WITHOUT, _WITH, _QUIET = "#6b3d00", "#00558b", "#4a5361"


class _Curves(Struct, frozen=True, kw_only=True):
    """One number a week, with the portal and without."""

    name: str
    title: str
    without: Callable[[Week], int]
    with_portal: Callable[[Week], int]


_CALLS = _Curves(
    name="calls-by-week",
    title="Calls to 101 a week, with the portal and without",
    without=lambda week: week.calls_101_without,
    with_portal=lambda week: week.calls_101_with,
)
_UPDATE_CALLS = _Curves(
    name="update-calls-by-week",
    title="Update calls a week, with the portal and without",
    without=lambda week: week.update_calls_without,
    with_portal=lambda week: week.update_calls_with,
)


def calls_by_week(weeks: Sequence[Week], go_lives: GoLives, bands: Sequence[Band] = ()) -> str:
    """Draw all calls to 101 as an SVG element; `weeks` in order, and at least one.

    `go_lives` are days with a label each. Those outside the weeks are left out. `bands` has one
    entry a week, or none.
    """
    return _svg(_CALLS, weeks, go_lives, bands)


def update_calls_by_week(
    weeks: Sequence[Week], go_lives: GoLives, bands: Sequence[Band] = ()
) -> str:
    """Draw only the calls that ask for an update; otherwise as `calls_by_week`."""
    return _svg(_UPDATE_CALLS, weeks, go_lives, bands)


def update_calls_by_week_png(weeks: Sequence[Week], go_lives: GoLives, path: Path) -> None:
    """Write the drawing of `update_calls_by_week` to `path` as a PNG picture."""
    with fixed_settings():
        figure = _figure(_UPDATE_CALLS, weeks, go_lives)
        figure.savefig(path, format="png", dpi=150, metadata={"Software": None})


def _svg(curves: _Curves, weeks: Sequence[Week], go_lives: GoLives, bands: Sequence[Band]) -> str:
    drawn = io.StringIO()
    with fixed_settings():
        figure = _figure(curves, weeks, go_lives, bands)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(drawn, format="svg", metadata=nothing)
    description = _described(curves, weeks, go_lives) + _of_band(bands)
    return inline_svg(drawn.getvalue(), curves.name, title=curves.title, description=description)


@contextmanager
def fixed_settings() -> Iterator[None]:
    """Draw with fixed ids, text as text, and no plot settings of the machine's user."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({"svg.hashsalt": "portal-suite", "svg.fonttype": "none"})
        mpl.rcParams["text.parse_math"] = False
        yield


def _figure(
    curves: _Curves, weeks: Sequence[Week], go_lives: GoLives, bands: Sequence[Band] = ()
) -> "Figure":
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    figure = Figure(figsize=(8, 4.2))
    axes = figure.add_axes((0.1, 0.17, 0.69, 0.62))
    days = [each.starts.toordinal() for each in weeks]
    without = [curves.without(each) for each in weeks]
    with_portal = [curves.with_portal(each) for each in weeks]
    if bands:
        lows, highs = zip(*bands, strict=True)
        axes.fill_between(days, lows, highs, color="#e3d9cd", linewidth=0)
    axes.plot(days, with_portal, color=_WITH, linestyle="-", linewidth=2, marker=".")
    # Dashed and on top, so that both lines show where they meet.
    axes.plot(days, without, color=_WITHOUT, linestyle=(0, (5, 2)), linewidth=1.5, marker=".")
    axes.set_ylim(0, max(1, *without, *with_portal, *(high for _low, high in bands)) * 1.08)
    axes.set_xlim(days[0] - 3, days[-1] + 7)
    _name_curves(axes, days[-1], without[-1], with_portal[-1])
    _name_go_lives(axes, _inside(weeks, go_lives))
    name_weeks(axes, [each.starts for each in weeks])
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.grid(axis="y", color="#d5dae2", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    figure.text(0.02, 0.94, curves.title, fontsize=12, fontweight="bold")
    return figure


def _name_curves(axes: "Axes", at: int, without: float, with_portal: float) -> None:
    """Write each curve's name at its end, and keep the names apart if the ends nearly meet."""
    height = axes.get_ylim()[1]
    middle, apart = (without + with_portal) / 2, max(abs(without - with_portal), 0.08 * height) / 2
    # The lower name must not run into the scale.
    middle = max(middle, apart)
    above = apart if without >= with_portal else -apart
    for name, level, colour in (
        ("Without the portal", middle + above, _WITHOUT),
        ("With the portal", middle - above, _WITH),
    ):
        axes.annotate(
            name,
            (at, level),
            xytext=(8, 0),
            textcoords="offset points",
            verticalalignment="center",
            color=colour,
            fontweight="bold",
            annotation_clip=False,
        )


def _name_go_lives(axes: "Axes", go_lives: GoLives) -> None:
    """Draw each go-live with its label above the plot, a row higher if it would cover another."""
    left, right = axes.get_xlim()
    row, free_from = 0, left
    for when, label in sorted(go_lives):
        at, words = when.toordinal(), on_one_line(label)[:_LABEL_CHARACTERS_MAX]
        row = (row + 1) % 3 if at < free_from else 0
        free_from = at + (right - left) * 0.014 * len(words)
        axes.axvline(at, color=_QUIET, linestyle=":", linewidth=1.2)
        axes.text(
            at,
            1.02 + 0.06 * row,
            words,
            transform=axes.get_xaxis_transform(),
            color=_QUIET,
            fontsize=9,
            parse_math=False,
        )


def name_weeks(axes: "Axes", weeks: Sequence[date]) -> None:
    """Name some of the weeks under a plot whose places are ordinals of days."""
    shown = weeks[:: -(-len(weeks) // _TICKS_MAX)]
    years = [None, *(each.year for each in shown)]
    labels = [
        f"{each.day} {each:%b}" + (f"\n{each.year}" if each.year != before else "")
        for before, each in zip(years, shown, strict=False)
    ]
    axes.set_xticks([each.toordinal() for each in shown], labels)
    axes.set_xlabel("Week starting (London)")


def _inside(weeks: Sequence[Week], go_lives: GoLives) -> GoLives:
    end = weeks[-1].starts + timedelta(days=7)
    return [each for each in go_lives if weeks[0].starts <= each[0] < end]


def _described(curves: _Curves, weeks: Sequence[Week], go_lives: GoLives) -> str:
    """Describe in words what the drawing shows; the table beside it has every number."""
    first, last = weeks[0], weeks[-1]
    lives = "; ".join(
        f"{on_one_line(label)} on {day(when)}" for when, label in _inside(weeks, go_lives)
    )
    return (
        f"Two lines over {len(weeks)} weeks. In the week starting {day(first.starts)}: "
        f"{count(curves.without(first))} calls without the portal and "
        f"{count(curves.with_portal(first))} with it. In the week starting {day(last.starts)}: "
        f"{count(curves.without(last))} without and {count(curves.with_portal(last))} with. "
        f"Vertical lines mark: {lives or 'no go-live'}."
    )


def _of_band(bands: Sequence[Band]) -> str:
    if not bands:
        return ""
    (first_low, first_high), (last_low, last_high) = bands[0], bands[-1]
    return (
        " A band shows where 95 in 100 such weeks would lie without the portal: "
        f"{count(first_low)} to {count(first_high)} in the first week, {count(last_low)} to "
        f"{count(last_high)} in the last."
    )
