"""The plot of a burst, second by second: messages, the backlog, the slowest wait, and what failed.

Four scales over one time, in black and white by the stroke of each line. The same seconds give the
same drawing, byte for byte.
"""

import io
from collections.abc import Sequence

from simulator.report.amounts import count
from simulator.report.inline_svg import inline_svg
from simulator.report.plots import fixed_settings
from simulator.results.load import LoadSecond

_DARK, _LIGHT = "#00558b", "#6b3d00"
TITLE = "The burst, second by second"


def burst_by_second(series: Sequence[LoadSecond]) -> str:
    """Draw a burst as an SVG element; `series` in order, and at least one."""
    from matplotlib.figure import Figure

    with fixed_settings():
        figure = Figure(figsize=(8, 7.5))
        at = [each.second for each in series]
        upper, middle, lower, lowest = figure.subplots(4, 1, sharex=True)
        upper.plot(at, [e.updates_accepted for e in series], color=_LIGHT, linestyle="--")
        upper.plot(at, [each.messages for each in series], color=_DARK, linestyle="-")
        upper.set_ylabel("a second")
        upper.legend(["updates accepted", "messages"], loc="upper right", frameon=False)
        middle.fill_between(
            at, [each.backlog for each in series], color=_DARK, alpha=0.35, step="mid"
        )
        middle.set_ylabel("updates waiting")
        lower.plot(at, [e.update_to_message_max_seconds for e in series], color=_DARK)
        lower.plot(at, [e.oldest_seconds for e in series], color=_LIGHT, linestyle="--")
        lower.set_ylabel("age, s")
        lower.legend(["slowest message", "oldest not told"], loc="upper right", frameon=False)
        lowest.plot(at, [each.refused for each in series], color=_LIGHT, linestyle="--")
        lowest.plot(at, [each.visits_failed for each in series], color=_DARK)
        lowest.set_ylabel("errors a second")
        lowest.legend(
            ["refused by the gateway", "visits that failed"], loc="upper right", frameon=False
        )
        lowest.set_xlabel("seconds from the first update")
        for axes in (upper, middle, lower, lowest):
            axes.set_ylim(bottom=0)
            axes.margins(x=0.01)
        figure.suptitle(TITLE, x=0.02, horizontalalignment="left", fontweight="bold")
        drawn = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(drawn, format="svg", metadata=nothing)
    return inline_svg(drawn.getvalue(), "burst", title=TITLE, description=_described(series))


def _described(series: Sequence[LoadSecond]) -> str:
    most = max(series, key=lambda each: each.backlog)
    slowest = max(series, key=lambda each: each.update_to_message_max_seconds)
    messages = sum(each.messages for each in series)
    return (
        f"{count(messages)} messages in {len(series)} seconds. At most "
        f"{count(most.backlog)} updates waited, in second {most.second}. The slowest message took "
        f"{slowest.update_to_message_max_seconds:.1f} seconds, in second {slowest.second}."
    )
