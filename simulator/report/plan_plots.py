"""The tornado of a plan: how far each number moves the calls saved, the widest first.

Bars with two hatchings, so that it is read in black and white. The same swings give the same
drawing, byte for byte.
"""

import io
from collections.abc import Sequence

from simulator.report.inline_svg import inline_svg
from simulator.report.plots import fixed_settings
from simulator.results.planning import Swing

_LOW, _HIGH = "#6b3d00", "#00558b"
TITLE = "What decides: calls saved in the year, more or fewer"


def tornado(swings: Sequence[Swing]) -> str:
    """Draw the swings, in order, as an SVG element; at least one."""
    from matplotlib.figure import Figure

    with fixed_settings():
        figure = Figure(figsize=(8, 1.2 + 0.4 * len(swings)))
        axes = figure.add_axes((0.46, 0.14, 0.5, 0.74))
        places = range(len(swings), 0, -1)
        axes.barh(
            places, [e.at_low.mean for e in swings], color="white", edgecolor=_LOW, hatch="///"
        )
        axes.barh(places, [e.at_high.mean for e in swings], color=_HIGH, alpha=0.8, height=0.5)
        axes.axvline(0, color="black", linewidth=1)
        labels = [f"{each.name}, {each.low:g} to {each.high:g}" for each in swings]
        axes.set_yticks([*places], labels, fontsize=8)
        keys = ["no change", "at the low value", "at the high value"]
        axes.legend(keys, frameon=False, fontsize=8)
        axes.set_xlabel("calls saved in the year beside the usual value")
        axes.spines[["top", "right"]].set_visible(False)
        figure.text(0.02, 0.94, TITLE, fontsize=12, fontweight="bold")
        drawn = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(drawn, format="svg", metadata=nothing)
    return inline_svg(drawn.getvalue(), "tornado", title=TITLE, description=_described(swings))


def _described(swings: Sequence[Swing]) -> str:
    widest, narrowest = swings[0], swings[-1]
    return (
        f"{len(swings)} numbers, the widest first. {widest.name} moves the calls saved from "
        f"{widest.at_low.mean:+,.0f} to {widest.at_high.mean:+,.0f}; {narrowest.name} moves them "
        f"least. The table below has each."
    )
