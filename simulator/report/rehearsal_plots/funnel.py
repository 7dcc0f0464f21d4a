"""The funnel: how many victims are eligible, invited, registered, read on, and ask in phase 3."""

from typing import TYPE_CHECKING

from simulator.report.amounts import count, share
from simulator.report.rehearsal_plots.numbered_plot import (
    DARK,
    LIGHT,
    Cell,
    NumberedPlot,
    drawn,
    label,
    plain_axes,
)
from simulator.results.portal_life import FunnelStep, Scaled
from simulator.results.values import RehearsalResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TITLE = "From victim to reader: how far victims come"
_COHORTS = ("since go-live", "since phase 3")


def funnel(result: RehearsalResult) -> list[NumberedPlot]:
    """Plot the steps at full volume; nothing where nobody was followed."""
    steps = result.life.funnel if result.life else []
    if not steps:
        return []
    return [
        NumberedPlot(
            name="funnel",
            title=_TITLE,
            says=(
                "Victims of crimes recorded since go-live, and of those recorded since phase 3 "
                "went live, at full volume, each step of the step before. One victim counted "
                f"stands for {1 / result.fraction:,.0f}; the 95% interval is "
                "for the chance of the count."
            ),
            svg=drawn("funnel", _TITLE, _described(steps), lambda on: _paint(on, steps)),
            columns=(
                "Step",
                *(
                    f"{what}, {cohort}"
                    for cohort in _COHORTS
                    for what in ("Counted", "At full volume", "95% from", "95% to", "Of step above")
                ),
            ),
            rows=tuple(_row(steps, place) for place in range(len(steps))),
            shares=frozenset({5, 10}),
        )
    ]


def _row(steps: list[FunnelStep], place: int) -> tuple[Cell, ...]:
    return (steps[place].name, *_cells(steps, place, 0), *_cells(steps, place, 1))


def _cells(steps: list[FunnelStep], place: int, cohort: int) -> tuple[Cell, ...]:
    found = _of(steps[place], cohort)
    if found is None:
        return (None,) * 5
    before = _of(steps[place - 1], cohort) if place else None
    of_before = found.counted / before.counted if before and before.counted else None
    return (
        found.counted,
        round(found.full_volume),
        round(found.low),
        round(found.high),
        of_before,
    )


def _of(step: FunnelStep, cohort: int) -> Scaled | None:
    return (step.since_go_live, step.since_phase_3)[cohort]


def _paint(figure: "Figure", steps: list[FunnelStep]) -> None:
    axes = figure.add_subplot()
    for cohort, (offset, style) in enumerate(
        (
            (0.2, {"color": DARK}),
            (-0.2, {"color": "white", "edgecolor": LIGHT, "hatch": "///"}),
        )
    ):
        known = [
            (len(steps) - n, each) for n, step in enumerate(steps) if (each := _of(step, cohort))
        ]
        places = [place + offset for place, _each in known]
        values = [each.full_volume for _place, each in known]
        apart = [
            [each.full_volume - each.low for _place, each in known],
            [each.high - each.full_volume for _place, each in known],
        ]
        axes.barh(places, values, height=0.38, label=_COHORTS[cohort], **style)  # type: ignore[arg-type]
        axes.errorbar(values, places, xerr=apart, fmt="none", ecolor="black", capsize=2, lw=1)
        for place, value, above in zip(places, values, apart[1], strict=True):
            axes.text(value + above, place, f" {value:,.0f}", va="center", fontsize=8)
    axes.set_yticks(range(len(steps), 0, -1), [label(each.name) for each in steps])
    axes.set_xlabel("victims, at full volume")
    axes.margins(x=0.12)
    axes.legend(frameon=False, loc="lower right", title="crimes recorded")
    plain_axes(axes, grid="x")


def _described(steps: list[FunnelStep]) -> str:
    said = []
    for cohort, name in enumerate(_COHORTS):
        found = [(label(step.name).lower(), each) for step in steps if (each := _of(step, cohort))]
        first = found[0][1].counted
        parts = [
            f"{what} {count(round(each.full_volume))}"
            + (f" ({share(each.counted / first)} of all)" if place and first else "")
            for place, (what, each) in enumerate(found)
        ]
        said.append(f"Of crimes recorded {name}: {'; '.join(parts)}.")
    return " ".join(said)
