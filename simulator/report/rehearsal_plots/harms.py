"""Harm by owner at full volume, with intervals: who can put it right."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.report.harms import OWNERS
from simulator.report.rehearsal_plots.numbered_plot import (
    DARK,
    LIGHT,
    NumberedPlot,
    drawn,
    plain_axes,
)
from simulator.results.portal_life import OwnedHarm
from simulator.results.values import RehearsalResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TITLE = "Harms of the live portal by owner, at full volume"


def harms_by_owner(result: RehearsalResult) -> list[NumberedPlot]:
    """Plot each kind of harm; nothing where the judge found none."""
    found = result.life.harms if result.life else []
    if not found:
        return []
    return [
        NumberedPlot(
            name="harms-by-owner",
            title=_TITLE,
            says=(
                "Since go-live, without the testers' portals. A harm of the portal is a whole bar "
                "and fails it; the others are hatched. The 95% interval is for the chance of the "
                "count, as if harms came one by one: several to one victim make it too narrow."
            ),
            svg=drawn(
                "harms-by-owner",
                _TITLE,
                _described(found),
                lambda on: _paint(on, found),
                height=1.6 + 0.45 * len(found),
            ),
            columns=(
                "Harm and owner",
                "Verdict",
                "Avoidable",
                "Counted",
                "At full volume",
                "95% from",
                "95% to",
            ),
            rows=tuple(
                (
                    _label(each),
                    each.kind,
                    "yes" if each.avoidable else "no",
                    each.count.counted,
                    round(each.count.full_volume),
                    round(each.count.low),
                    round(each.count.high),
                )
                for each in found
            ),
        )
    ]


def _label(each: OwnedHarm) -> str:
    return f"{each.harm}: {OWNERS[each.owner]}"


def _paint(figure: "Figure", found: Sequence[OwnedHarm]) -> None:
    axes = figure.add_subplot()
    for place, each in enumerate(reversed(found)):
        count = each.count
        is_portal = each.kind == "FAIL"
        axes.barh(
            place,
            count.full_volume,
            height=0.55,
            color=DARK if is_portal else "white",
            edgecolor=DARK if is_portal else LIGHT,
            hatch="" if is_portal else "///",
        )
        apart = [[count.full_volume - count.low], [count.high - count.full_volume]]
        axes.errorbar(count.full_volume, place, xerr=apart, ecolor="black", capsize=3, lw=1)
        axes.text(count.high, place, f"  {count.full_volume:,.0f}", va="center", fontsize=8)
    axes.set_yticks(range(len(found)), [_label(each) for each in reversed(found)])
    axes.set_ylim(-0.6, len(found) - 0.4)
    axes.set_xlim(left=0)
    axes.margins(x=0.12)
    axes.set_xlabel("harms, at full volume")
    plain_axes(axes, grid="x")


def _described(found: Sequence[OwnedHarm]) -> str:
    return "; ".join(
        f"{_label(each)}: {each.count.full_volume:,.0f} "
        f"({each.count.low:,.0f} to {each.count.high:,.0f})"
        for each in found
    )
