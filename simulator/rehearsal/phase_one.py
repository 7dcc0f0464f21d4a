"""What the portal did in phase 1 of a rehearsal, for `published_years.py` to play in other years.

The shares of worries that it settled, who was invited, and the calls that its messages made: as
many as were rehearsed, and as many as if another share of those invited had registered.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.rehearsal.full_volume import Settled
from simulator.rehearsal.plan import Plan, seconds_until
from simulator.rehearsal.portal_use import PortalUse
from simulator.rehearsal.resampled_victims import FollowedVictims
from simulator.rehearsal.uptake import calls_of_messages
from simulator.rehearsal.worries import Seconds


@dataclass(frozen=True, kw_only=True)
class PhaseOne:
    """The shares settled, the share invited by offence, and how many of the willing sign in.

    `signs_in` is of those who were to be invited and would register, by the end of the rehearsal.
    """

    settled: Settled
    invited_share: NDArray[np.float64]
    signs_in: float


@dataclass(frozen=True, kw_only=True)
class MadeCalls:
    """The calls that messages make if the share `registers` of those invited would register.

    They made `each` for each invited crime, so many seconds (`lags`) after it was recorded; each
    lag as often as `of_lags` says. `victims` are the followed ones, from whom that was taken.
    """

    registers: float
    each: float
    lags: Seconds
    of_lags: NDArray[np.float64]
    victims: FollowedVictims


def phase_one(plan: Plan, use: PortalUse) -> PhaseOne:
    """Take from the rehearsal what does not hang on how many register."""
    population, crimes = plan.population, plan.population.crimes
    offences = len(crimes.figures.offences)
    of_offence = np.bincount(crimes.offence, minlength=offences)
    invited = np.bincount(crimes.offence, weights=population.would_be_invited, minlength=offences)
    willing = int((use.may_register & population.followed & population.registers).sum())
    return PhaseOne(
        settled=use.settled,
        invited_share=invited / np.maximum(of_offence, 1),
        signs_in=use.registered / max(willing, 1),
    )


def made_calls(plan: Plan, use: PortalUse, registers: float) -> MadeCalls:
    """Take the calls that messages made while phase 1 was live, at a share that registers."""
    population, crimes, rollout = plan.population, plan.population.crimes, plan.rollout
    live = next(each for each in plan.periods if each.phase == 1 and not each.is_test)
    first, last = (seconds_until(day, crimes.start) for day in (live.starts, live.ends))
    recorded = crimes.seconds["CrimeRecorded"]
    chances = calls_of_messages(
        use.told,
        population.registers_draws,
        registers,
        rehearsed=rollout.victims.registers.value,
        parameters=rollout.worry,
    )
    here = (chances > 0) & (use.told.at_seconds >= first) & (use.told.at_seconds < last)
    rows = use.told.row[here]
    followed = use.may_register & population.followed & (recorded >= first) & (recorded < last)
    return MadeCalls(
        registers=registers,
        each=float(chances[here].sum()) / max(int(followed.sum()), 1),
        lags=use.told.at_seconds[here] - recorded[rows],
        of_lags=chances[here] / max(float(chances[here].sum()), 1e-12),
        victims=FollowedVictims(
            kinds=use.followed_kinds,
            phases=use.followed_phases,
            saved=use.followed_saved,
            rows=use.followed_rows,
            told_rows=rows,
            chances=chances[here],
            phase_1_rows=np.flatnonzero(followed),
        ),
    )
