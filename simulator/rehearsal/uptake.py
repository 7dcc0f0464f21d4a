"""What the portal would do to calls if more or fewer victims registered.

A portal that few use makes calls: its messages make some victims ring, and nobody looks before
ringing. This is reckoned from one rehearsal's own quarter, not run again: who would register at
each share was drawn in advance, and a followed victim stands for others alike. At the rehearsed
share it comes to what was rehearsed; at other shares it is held against runs at those.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

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
    """Reckon the quarter at each share."""
    by_share = _ByShare(use)
    return Uptake(
        shares=[_at(use, by_share, each) for each in shares],
        rehearsed=use.registers,
        registered_of_invited=round(use.registered / use.invited, 4) if use.invited else None,
        published_registered=PUBLISHED_REGISTERED,
        at_published=_at_published(use, by_share),
    )


class _CallsByShare:
    """The quarter at any share: each worry is looked at twice, for all.

    A worry is settled as one of a victim who registers if the share is above what was drawn for
    them, and else as one of a victim who does not.
    """

    def __init__(self, use: QuarterUse) -> None:
        self._use = use
        self._draws = use.draws[use.worries.row]
        could = use.may_register[use.worries.row]
        none, every = (_settled(use, each) for each in (np.zeros_like(could), could))
        self._of_none, self._gained = none.sum(), every - none

    def at(self, share: float) -> tuple[float, float]:
        """Give the calls that worries make fewer, and those that messages make, at one share."""
        use = self._use
        saved = self._of_none + self._gained @ (self._draws < share)
        made = calls_of_messages(
            use.told, use.draws, share, rehearsed=use.registers, parameters=use.parameters
        )
        return float(saved), float(made.sum()) / use.fraction


def _settled(use: QuarterUse, registers: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Give for each worry the calls saved."""
    could = use.may_register[use.worries.row]
    kinds = kinds_of_worry(use.worries, could, registers, use.parameters)
    return use.settled.chance(kinds, use.phases)


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
        self._calls = _CallsByShare(use)
        saved, made = self._calls.at(use.registers)
        self._of_saved = _measure(use.calls_saved, saved)
        self._of_made = _measure(use.calls_made, made)

    def at(self, share: float) -> tuple[float, float]:
        """Give the calls saved and made at one share."""
        saved, made = self._calls.at(share)
        return self._of_saved * saved, self._of_made * made


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
