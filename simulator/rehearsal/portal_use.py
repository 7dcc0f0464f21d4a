"""What came of the live portal for every worry, at full volume, and for the quarter by uptake."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.rehearsal.full_volume import (
    Settled,
    Told,
    calls_saved,
    kinds_of_worry,
    made_by_victim,
    settled_error,
    settled_shares,
    who_rings,
)
from simulator.rehearsal.plan import Plan, seconds_until
from simulator.rehearsal.simulated_victims import WhatVictimsDid
from simulator.rehearsal.uptake import QuarterUse
from simulator.rehearsal.worries import Seconds
from simulator.results.values import Period


@dataclass(frozen=True, kw_only=True)
class PortalUse:
    """Who still rings of all who worry, the messages that reached followed victims, and why.

    `phases` has the phase that was live at each worry. `may_register` has one entry a crime: its
    victim is to be invited, and the crime was recorded once phase 1 was live. `saved_error` is the
    standard error of the calls that the portal saves in the last period, by who was followed.
    `net_error` is that of the calls saved less those that messages make, which the same victims
    stand for; `net_error_by_force` has each force's alone.
    """

    rings: NDArray[np.bool_]
    phases: NDArray[np.intp]
    settled: Settled
    may_register: NDArray[np.bool_]
    told: Told
    registered: int
    fraction: float
    saved_error: float
    net_error: float
    net_error_by_force: dict[str, float]
    #: Of each worry of a followed victim: its kind, its crime, the calls it saved, the phase.
    followed_kinds: NDArray[np.intp]
    followed_rows: NDArray[np.int64]
    followed_saved: NDArray[np.int8]
    followed_phases: NDArray[np.intp]


def portal_use(plan: Plan, victims: WhatVictimsDid, fraction: float) -> PortalUse:
    """Take what the followed victims did to all victims."""
    population, worries, parameters = plan.population, plan.worries, plan.rollout.worry
    go_live = plan.order.go_live
    days = (go_live.phase_1, go_live.phase_2, go_live.phase_3)
    start = population.crimes.start
    phases = np.searchsorted(
        [seconds_until(day, start) for day in days], worries.at_seconds, side="right"
    )
    recorded = population.crimes.seconds["CrimeRecorded"]
    may_register = population.would_be_invited & (recorded >= seconds_until(go_live.phase_1, start))
    registers = (may_register & population.registers)[worries.row]
    kinds = kinds_of_worry(worries, may_register[worries.row], registers, parameters)
    followed = plan.followed_worries
    saved = calls_saved(worries[followed], victims.rang)
    counted = _in_last_period(plan, worries.at_seconds)
    told = victims.told.of_rows(_in_last_period(plan, victims.told.at_seconds))
    made = made_by_victim(told, parameters, fraction, len(recorded))
    force = population.crimes.force

    def error(of: NDArray[np.bool_], made: NDArray[np.float64] | None) -> float:
        return settled_error(
            worries,
            kinds,
            phases,
            followed=followed,
            followed_rang=victims.rang,
            counted=of,
            made=made,
        )

    return PortalUse(
        rings=who_rings(worries, kinds, phases, followed=followed, followed_rang=victims.rang),
        phases=phases,
        settled=settled_shares(kinds[followed], phases[followed], saved),
        may_register=may_register,
        told=victims.told,
        registered=victims.registered,
        fraction=fraction,
        saved_error=error(counted, None),
        net_error=error(counted, made),
        net_error_by_force={
            name: error(counted & (force[worries.row] == number), made * (force == number))
            for number, name in enumerate(population.crimes.figures.forces)
        },
        followed_kinds=kinds[followed],
        followed_rows=worries.row[followed],
        followed_saved=saved,
        followed_phases=phases[followed],
    )


def _in_last_period(plan: Plan, at_seconds: Seconds) -> NDArray[np.bool_]:
    start, last = plan.population.crimes.start, plan.periods[-1]
    starts, ends = (seconds_until(day, start) for day in (last.starts, last.ends))
    return (at_seconds >= starts) & (at_seconds < ends)


def quarter_use(plan: Plan, use: PortalUse, quarter: Period) -> QuarterUse:
    """Take the last period of a rehearsal, to reckon it by uptake."""
    worries = plan.worries
    here = _in_last_period(plan, worries.at_seconds)
    told = _in_last_period(plan, use.told.at_seconds)
    saved = float(calls_saved(worries[here], use.rings[here]).sum())
    net = quarter.update_calls_without - quarter.update_calls_with
    return QuarterUse(
        worries=worries[here],
        phases=use.phases[here],
        settled=use.settled,
        may_register=use.may_register,
        draws=plan.population.registers_draws,
        told=use.told.of_rows(told),
        registers=plan.rollout.victims.registers.value,
        invited=len(np.unique(use.told.row[use.told.is_invitation])),
        registered=use.registered,
        fraction=use.fraction,
        calls_saved=saved,
        calls_made=saved - net,
        saved_error=use.saved_error,
        calls_101=quarter.calls_101_without,
        parameters=plan.rollout.worry,
    )
