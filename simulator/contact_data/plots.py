"""Plots of a check: what is wrong, stations beside each other, and the trend; each with words."""

import io
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from simulator.contact_data.readiness import KindCount, Readiness, Station
from simulator.report.amounts import day, several, share
from simulator.report.inline_svg import inline_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BARS_MAX = 15
_BLUE, _BROWN, _GRID = "#00558b", "#6b3d00", "#d5dae2"
_LABEL_CHARACTERS_MAX = 44


def kinds_plot(kinds: Sequence[KindCount]) -> str:
    """Draw the most frequent faults and questions as bars."""
    shown = list(kinds[:_BARS_MAX])
    labels = [_short(f"{each.what} ({each.field})") for each in shown]
    counts = [each.count for each in shown]
    title = f"The {several(len(shown), 'most frequent finding')}"
    said = "; ".join(f"{label}: {count:,}" for label, count in zip(labels, counts, strict=True))
    return _bars("kinds", title, labels, counts, "Records", said)


def stations_plot(stations: Sequence[Station]) -> str:
    """Draw the headline of each station as bars, from 0 to 100%."""
    shown = list(stations[:_BARS_MAX])
    labels = [_short(each.name) for each in shown]
    shares = [100 * each.headline.share for each in shown]
    said = "; ".join(f"{each.name}: {share(each.headline.share)}" for each in shown)
    title = "Open eligible crimes that can be told, by station"
    return _bars("stations", title, labels, shares, "Per cent", said, highest=100)


def trend_plot(result: Readiness) -> str:
    """Draw the headline of each extract over time, with the force's limit."""
    points = [
        *((each.on, 100 * each.share) for each in result.earlier),
        (result.on, 100 * result.headline.share),
    ]

    def draw(axes: "Axes") -> None:
        days = [on.toordinal() for on, _share in points]
        axes.plot(days, [each for _on, each in points], color=_BLUE, marker="o", linewidth=2)
        axes.axhline(100 * result.reachable_min, color=_BROWN, linestyle=(0, (5, 2)))
        axes.annotate(
            "the force's limit", (days[0], 100 * result.reachable_min), xytext=(4, 4),
            textcoords="offset points", color=_BROWN, fontweight="bold",
        )  # fmt: skip
        axes.set_xticks(days, [f"{on.day} {on:%b %y}" for on, _share in points])
        axes.set_ylim(0, 100)
        axes.set_ylabel("Per cent")

    said = "; ".join(f"{day(on)}: {each:.1f}%" for on, each in points)
    return _drawn("trend", "Open eligible crimes that can be told, over time", draw, said, rows=8)


def _bars(
    name: str,
    title: str,
    labels: Sequence[str],
    values: Sequence[float],
    unit: str,
    said: str,
    *,
    highest: float | None = None,
) -> str:
    from matplotlib.ticker import MaxNLocator

    def draw(axes: "Axes") -> None:
        places = range(len(labels))
        axes.barh(places, values, color=_BLUE, height=0.6)
        axes.set_yticks(places, labels, parse_math=False)
        axes.invert_yaxis()
        axes.set_xlim(0, highest or max(1, *values, 1) * 1.12)
        axes.set_xlabel(unit)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
        for place, value in enumerate(values):
            axes.text(value, place, f" {value:,.0f}", va="center", fontsize=8)

    return _drawn(name, title, draw, said, rows=len(labels))


def _drawn(name: str, title: str, draw: "Callable[[Axes], None]", said: str, *, rows: int) -> str:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    drawn = io.StringIO()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update({"svg.hashsalt": "portal-suite", "svg.fonttype": "none"})
        figure = Figure(figsize=(8, 1.2 + 0.3 * max(3, rows)), layout="constrained")
        axes = figure.add_subplot()
        draw(axes)
        axes.set_title(title, loc="left", fontweight="bold")
        axes.grid(axis="x", color=_GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.spines[["top", "right"]].set_visible(False)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(drawn, format="svg", metadata=nothing)
    return inline_svg(drawn.getvalue(), name, title=title, description=said)


def _short(label: str) -> str:
    if len(label) <= _LABEL_CHARACTERS_MAX:
        return label
    return label[: _LABEL_CHARACTERS_MAX - 1] + "…"
