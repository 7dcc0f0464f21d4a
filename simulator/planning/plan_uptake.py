"""What a plan comes to at other uptakes, and the uptake from which it gains, with intervals."""

from collections.abc import Sequence

from simulator.planning.paired_years import OneYear
from simulator.planning.variations import UPTAKES
from simulator.rehearsal.intervals import estimate
from simulator.rehearsal.net_benefit import NET, NET_WITHOUT_OTHER_TASKS
from simulator.results.planning import BreakEven, PlanUptake
from simulator.results.values import Estimate

_CALLS = "Calls for news saved, net of those made"


def at_uptakes(years: Sequence[OneYear]) -> list[PlanUptake]:
    """Give the plan's year at each uptake; nothing where none was run."""

    def of(place: int, line: str) -> Estimate:
        return estimate([each.uptakes[place].benefit[line] for each in years])

    return [
        PlanUptake(
            registers=share,
            registered=estimate([each.uptakes[place].registered for each in years]),
            calls_saved=of(place, _CALLS),
            handler_hours=of(place, "Call handlers' hours saved"),
            question_hours=of(place, "Officers' hours spent on questions"),
            other_hours=of(place, "Officers' hours spent on its other tasks"),
            pounds=of(place, NET),
            pounds_apart=of(place, NET_WITHOUT_OTHER_TASKS),
        )
        for place, share in enumerate(UPTAKES if years[0].uptakes else ())
    ]


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
        share=estimate(known) if len(known) == len(found) else None,
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
