"""What the portal would do to calls if more or fewer victims registered, and where it breaks even.

A portal that few use makes calls: its messages make some victims ring, and nobody looks before
ringing. This is reckoned from one rehearsal's own quarter, not run again: who would register at
each share was drawn in advance, and a followed victim stands for others alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.rehearsal.full_volume import Settled, Told, kinds_of_worry
from simulator.rehearsal.worries import Worries, WorryParameters
from simulator.results.values import Uptake, UptakeShare

#: Shares of invited victims who register, each with a column in the report.
SHARES = (0.05, 0.10, 0.25, 0.60)
#: Salesforce customer story for Thames Valley and Hampshire, in Japanese:
#: https://www.salesforce.com/jp/resources/customer-stories/thamesvalley-hampshire-police
PUBLISHED_REGISTERED = 6_000
_STEPS = 200


@dataclass(frozen=True, kw_only=True)
class QuarterUse:
    """What happened in the quarter that is compared, and who was there.

    `worries` and `phases` are those of the quarter; `may_register` and `draws` have one entry a
    crime: that its victim is to be invited, and the draw below which they register. `told` has the
    quarter's messages. `registered` counts those who had signed in by its end among the `fraction`
    followed, at the share `registers` of the run.
    """

    worries: Worries
    phases: NDArray[np.intp]
    settled: Settled
    may_register: NDArray[np.bool_]
    draws: NDArray[np.float64]
    told: Told
    registers: float
    registered: int
    fraction: float
    calls_101: int
    parameters: WorryParameters


def reckon_uptake(use: QuarterUse, shares: Sequence[float] = SHARES) -> Uptake:
    """Reckon the quarter at each share, and the share at which calls saved and made are equal."""
    grid = np.linspace(0, 1, _STEPS + 1)
    net = np.array([_saved(use, each) - _made(use, each) for each in grid])
    return Uptake(
        shares=[_at(use, each) for each in shares],
        break_even=_break_even(grid, net),
        rehearsed=use.registers,
        published_registered=PUBLISHED_REGISTERED,
    )


def _at(use: QuarterUse, share: float) -> UptakeShare:
    saved, made = _saved(use, share), _made(use, share)
    of_run = use.registered / use.fraction / use.registers if use.registers else 0.0
    return UptakeShare(
        registers=share,
        registered=round(of_run * share),
        calls_saved=round(saved),
        calls_made=round(made),
        net_share_of_101=round((saved - made) / max(use.calls_101, 1), 5),
    )


def _saved(use: QuarterUse, share: float) -> float:
    """Reckon the worries that the portal settles if this share registers."""
    could = (use.may_register & (use.draws < share))[use.worries.row]
    kinds = kinds_of_worry(use.worries, could, use.parameters)
    return float(use.settled.chance(kinds, use.phases).sum())


def _made(use: QuarterUse, share: float) -> float:
    """Reckon the calls that messages make: to those not signed in, and one too many to anybody."""
    draws = use.draws[use.told.row]
    signs_in_later = use.told.is_new & (draws < min(share, use.registers))
    told = float((signs_in_later | (draws >= share)).sum())
    made = told * use.parameters.message_makes_call.value
    # Too many are too many for everybody, and what a victim is like stays so.
    made += float(use.told.is_too_many.sum()) * use.parameters.too_many_makes_call.value
    made += float(use.told.other_chance.sum())
    return made / use.fraction


def _break_even(grid: NDArray[np.float64], net: NDArray[np.float64]) -> float | None:
    """Find the share from which on the portal saves calls; None if it never does."""
    if net[-1] <= 0:
        return None
    losing = np.flatnonzero(net <= 0)
    if not len(losing):
        return 0.0
    last = int(losing[-1])
    step = grid[last + 1] - grid[last]
    return round(float(grid[last] - net[last] / (net[last + 1] - net[last]) * step), 3)
