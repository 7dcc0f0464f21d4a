"""What a plan comes to at other uptakes, and the uptake from which it gains, with intervals."""

from collections.abc import Callable, Sequence
from functools import partial
from statistics import fmean

import numpy as np

from simulator.planning.paired_years import OneYear
from simulator.planning.variations import UPTAKES
from simulator.rehearsal.intervals import estimate
from simulator.rehearsal.net_benefit import (
    NET,
    NET_WITHOUT_OTHER_TASKS,
    OTHER_HOURS,
    QUESTION_HOURS,
    bounds_of,
)
from simulator.results.planning import BreakEven, PlanUptake
from simulator.results.values import Estimate

_CALLS = "Update calls saved, net of those made"


def at_uptakes(years: Sequence[OneYear]) -> list[PlanUptake]:
    """Give the plan's year at each uptake; nothing where none was run."""

    def of(place: int, line: str) -> Estimate:
        found = estimate([each.uptakes[place].benefit[line] for each in years])
        return found.within(*bounds_of(line))

    return [
        _uptake(
            share,
            estimate([each.uptakes[place].registered for each in years], least=0.0),
            partial(of, place),
        )
        for place, share in enumerate(UPTAKES if years[0].uptakes else ())
    ]


def at_published(years: Sequence[OneYear], published: int) -> PlanUptake | None:
    """Give the plan's year with as many registered in all as were published.

    Each year is reckoned by itself, between the two shares that were run about it, where each line
    is taken to be straight. None where no share was run, or a year has fewer even if all register.
    """
    if not years[0].uptakes:
        return None
    shares = [
        share_of(UPTAKES, [at.registered for at in each.uptakes], published) for each in years
    ]
    known = [each for each in shares if each is not None]
    if len(known) < len(years):
        return None

    def of(line: str) -> Estimate:
        return estimate(
            [
                float(np.interp(share, UPTAKES, [at.benefit[line] for at in each.uptakes]))
                for share, each in zip(known, years, strict=True)
            ]
        ).within(*bounds_of(line))

    return _uptake(fmean(known), estimate([float(published)] * len(years)), of)


def share_of(
    shares: Sequence[float], registered: Sequence[float], published: float
) -> float | None:
    """Give the share at which so many register; None where even the last has fewer."""
    if registered[-1] < published:
        return None
    return float(np.interp(published, registered, shares))


def _uptake(share: float, registered: Estimate, of: Callable[[str], Estimate]) -> PlanUptake:
    return PlanUptake(
        registers=share,
        registered=registered,
        calls_saved=of(_CALLS),
        handler_hours=of("Call handlers' hours saved"),
        question_hours=of(QUESTION_HOURS),
        other_hours=of(OTHER_HOURS),
        pounds=of(NET),
        pounds_apart=of(NET_WITHOUT_OTHER_TASKS),
    )


def break_evens(years: Sequence[OneYear]) -> list[BreakEven]:
    """Find from which uptake on calls are saved, and pounds; nothing where none was run."""
    if not years[0].uptakes:
        return []
    return [
        break_even(what, UPTAKES, [[at.benefit[line] for at in each.uptakes] for each in years])
        for what, line in (
            ("calls", _CALLS),
            ("pounds", NET),
            ("pounds without its other tasks", NET_WITHOUT_OTHER_TASKS),
        )
    ]


def break_even(what: str, shares: Sequence[float], nets: Sequence[Sequence[float]]) -> BreakEven:
    """Find from which share on a plan gains; `nets` has a row a year and a number a share.

    Each year is reckoned by itself. One that gains at no share is counted, and there is no interval
    then. `shares` rise, and between two of them the net is taken to be a straight line.
    """
    found = [gains_from(shares, each) for each in nets]
    known = [each for each in found if each is not None]
    return BreakEven(
        what=what,
        share=estimate(known, least=0.0, most=1.0) if len(known) == len(found) else None,
        years=len(found),
        years_never=len(found) - len(known),
    )


def gains_from(shares: Sequence[float], net: Sequence[float]) -> float | None:
    """Give the share from which on `net` is above 0; None where even the last share gains nothing.

    It is the first share where all gain.
    """
    if net[-1] <= 0:
        return None
    losing = [place for place, each in enumerate(net) if each <= 0]
    if not losing:
        return shares[0]
    last = losing[-1]
    low, high = net[last], net[last + 1]
    return shares[last] + (shares[last + 1] - shares[last]) * low / (low - high)
