"""What the portal would do to calls if more or fewer victims registered, and where it breaks even.

A portal that few use makes calls: its messages make some victims ring, and nobody looks before
ringing. This is reckoned from one rehearsal's own quarter, not run again: who would register at
each share was drawn in advance, and a followed victim stands for others alike. At the rehearsed
share it comes to what was rehearsed; at other shares it is held against runs at those.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.rehearsal.full_volume import Settled, Told, kinds_of_worry, written_instead
from simulator.rehearsal.worries import Worries, WorryParameters
from simulator.results.values import Uptake, UptakeShare

#: Shares of invited victims who register, each with a column in the report.
SHARES = (0.05, 0.10, 0.25, 0.60)
#: Salesforce customer story for Thames Valley and Hampshire, in Japanese:
#: https://www.salesforce.com/jp/resources/customer-stories/thamesvalley-hampshire-police
PUBLISHED_REGISTERED = 6_000
_GRID = np.linspace(0, 1, 201)
#: The 97.5% point of the normal distribution.
_Z = 1.96


@dataclass(frozen=True, kw_only=True)
class QuarterUse:
    """What happened in the quarter that is compared, and who was there.

    `worries` and `phases` are those of the quarter; `may_register` and `draws` have one entry a
    crime: that its victim is to be invited, and the draw below which they register. `told` has the
    quarter's messages. `invited` and `registered` count those who were invited and who had signed
    in by its end, of the `fraction` followed, at the share `registers` of the run. At full volume
    it saved `calls_saved` and made `calls_made`; `saved_error` is the standard error of the first.
    """

    worries: Worries
    phases: NDArray[np.intp]
    settled: Settled
    may_register: NDArray[np.bool_]
    draws: NDArray[np.float64]
    told: Told
    registers: float
    invited: int
    registered: int
    fraction: float
    calls_saved: float
    calls_made: float
    saved_error: float
    calls_101: int
    parameters: WorryParameters


def reckon_uptake(use: QuarterUse, shares: Sequence[float] = SHARES) -> Uptake:
    """Reckon the quarter at each share, and the share at which calls saved and made are equal."""
    by_share = _ByShare(use)
    even = _break_even(by_share.saved, by_share.made)
    return Uptake(
        shares=[_at(use, by_share, each) for each in shares],
        break_even=even,
        break_even_span=None if even is None else _span(use, by_share, even),
        rehearsed=use.registers,
        registered_of_invited=round(use.registered / use.invited, 4) if use.invited else None,
        published_registered=PUBLISHED_REGISTERED,
        at_published=_at_published(use, by_share),
    )


class Reckoned(NamedTuple):
    """The calls that worries make fewer, those that messages make, and questions for calls."""

    saved: float
    made: float
    written_instead: float


class CallsByShare:
    """The quarter with these parameters, at any share: each worry is looked at twice, for all.

    A worry is settled as one of a victim who registers if the share is above what was drawn for
    them, and else as one of a victim who does not. There are `times` as many worries like each one.
    """

    def __init__(
        self,
        use: QuarterUse,
        parameters: WorryParameters,
        *,
        times: NDArray[np.float64] | None = None,
    ) -> None:
        self._use, self._parameters = use, parameters
        self._draws = use.draws[use.worries.row]
        could = use.may_register[use.worries.row]
        none, every = (
            _settled(use, each, parameters) * (1.0 if times is None else times)
            for each in (np.zeros_like(could), could)
        )
        self._of_none, self._gained = none.sum(axis=1), every - none

    def at(self, share: float) -> Reckoned:
        """Reckon the quarter at one share."""
        saved, written = self._of_none + self._gained @ (self._draws < share)
        use = self._use
        made = calls_of_messages(
            use.told, use.draws, share, rehearsed=use.registers, parameters=self._parameters
        )
        return Reckoned(float(saved), float(made.sum()) / use.fraction, float(written))


def _settled(
    use: QuarterUse, registers: NDArray[np.bool_], parameters: WorryParameters
) -> NDArray[np.float64]:
    """Give for each worry the calls saved, and how often its victim writes instead of ringing."""
    could = use.may_register[use.worries.row]
    kinds = kinds_of_worry(use.worries, could, registers, parameters)
    saved = use.settled.chance(kinds, use.phases)
    return np.stack([saved, written_instead(use.settled, kinds, use.phases)])


def calls_of_messages(
    told: Told,
    draws: NDArray[np.float64],
    share: float,
    *,
    rehearsed: float,
    parameters: WorryParameters,
) -> NDArray[np.float64]:
    """Give for each message of the run how many calls it and those alike make at this share.

    `draws` has one entry a crime: below which share its victim registers. A followed victim who
    would register at the `rehearsed` share stands for all who would at this one, and one who might
    but would not for the others: victims who register get other messages, such as replies. Who
    never registers, whatever the share, has a draw above 1. Where the run has only victims who
    would register, these stand for the others.
    """
    mine, chances = draws[told.row], told.chances(parameters)
    would, might = mine < rehearsed, (mine >= rehearsed) & (mine <= 1)
    times = np.ones(len(chances))
    times[would] = share / rehearsed if rehearsed else 0.0
    if rehearsed < 1:
        times[might] = (1 - share) / (1 - rehearsed)
        return times * chances
    others = told.of_those_not_signed_in().chances(parameters)
    return times * chances + would * (1 - share) * others


class _ByShare:
    """The calls saved and made at each share: as reckoned, in the measure of what was rehearsed."""

    def __init__(self, use: QuarterUse) -> None:
        self._calls = CallsByShare(use, use.parameters)
        rehearsed = self._calls.at(use.registers)
        self._of_saved = _measure(use.calls_saved, rehearsed.saved)
        self._of_made = _measure(use.calls_made, rehearsed.made)
        self.saved, self.made = np.array([self.at(each) for each in _GRID]).T

    def at(self, share: float) -> tuple[float, float]:
        """Give the calls saved and made at one share."""
        found = self._calls.at(share)
        return self._of_saved * found.saved, self._of_made * found.made


def _measure(rehearsed: float, reckoned: float) -> float:
    return rehearsed / reckoned if rehearsed > 0 and reckoned > 0 else 1.0


def _at(use: QuarterUse, by_share: _ByShare, share: float) -> UptakeShare:
    (saved, made), (of_saved, of_made) = by_share.at(share), _errors(use, share)
    return UptakeShare(
        registers=share,
        registered=round(_registered_if_all(use) * share),
        calls_saved=round(saved),
        calls_made=round(made),
        net_share_of_101=round((saved - made) / max(use.calls_101, 1), 5),
        net_error=round(hypot(of_saved * saved, of_made * made), 1),
    )


def _at_published(use: QuarterUse, by_share: _ByShare) -> UptakeShare | None:
    """Reckon the quarter if as many registered as were published; None if too few could."""
    most = _registered_if_all(use)
    if most < PUBLISHED_REGISTERED:
        return None
    return _at(use, by_share, PUBLISHED_REGISTERED / most)


def _registered_if_all(use: QuarterUse) -> float:
    """Give how many have registered in all if every invited victim would."""
    return use.registered / use.fraction / use.registers if use.registers else 0.0


def _span(use: QuarterUse, by_share: _ByShare, even: float) -> tuple[float, float]:
    """Give a 95% interval of the break-even, by who was followed: fewer saved, and more made."""
    errors = _errors(use, even)
    sides = []
    for sign in (1, -1):
        worse = [
            _break_even(by_share.saved * (1 + sign * _Z * errors[0]), by_share.made),
            _break_even(by_share.saved, by_share.made * (1 - sign * _Z * errors[1])),
        ]
        off = [(1.0 if each is None else each) - even for each in worse]
        sides.append(even - sign * hypot(*off))
    return round(max(sides[0], 0.0), 3), round(min(sides[1], 1.0), 3)


def _errors(use: QuarterUse, share: float) -> tuple[float, float]:
    """Give the standard errors of calls saved and made at a share, each as a share of those calls.

    What a few messages made is as uncertain as their number: those of a victim belong together.
    """
    chances = calls_of_messages(
        use.told, use.draws, share, rehearsed=use.registers, parameters=use.parameters
    )
    of_victims = np.bincount(use.told.row, weights=chances) if len(chances) else np.zeros(1)
    return (
        use.saved_error / use.calls_saved if use.calls_saved > 0 else 0.0,
        float(np.sqrt((of_victims**2).sum()) / of_victims.sum()) if of_victims.any() else 0.0,
    )


def _break_even(saved: NDArray[np.float64], made: NDArray[np.float64]) -> float | None:
    """Find the share from which on the portal saves calls; None if it never does."""
    grid, net = _GRID, saved - made
    if net[-1] <= 0:
        return None
    losing = np.flatnonzero(net <= 0)
    if not len(losing):
        return 0.0
    last = int(losing[-1])
    step = grid[last + 1] - grid[last]
    return round(float(grid[last] - net[last] / (net[last + 1] - net[last]) * step), 3)
