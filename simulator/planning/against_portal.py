"""Whether the model does what the portal does: the same crimes through both, compared.

The portal is a real one in process, with everything around it as in a rehearsal. Each case is one
victim: when they were invited, every message that reached them, whether they registered, and which
of their worries became calls.
"""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from simulator.clock import WorldClock
from simulator.inputs.target import Target
from simulator.planning.model_run import ModelInput, prepare, run_model
from simulator.population.drama_numbers import NONE
from simulator.rehearsal.full_volume import Told
from simulator.rehearsal.plan import Plan, london_midnight, make_plan, seconds_until
from simulator.rehearsal.portal_run import start_portal
from simulator.rehearsal.preconditions import check_addresses
from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.tester_crimes import FollowedCrimes
from simulator.world.world import advance_together

#: A receipt comes up to a minute after its message, drawn in the order of all messages: what an
#: officer does because of it may come a minute sooner or later.
SECONDS_APART_MAX = 60

_Case: TypeAlias = tuple[list[tuple[int, bool, bool]], tuple[bool, ...]]


@dataclass(frozen=True)
class Comparison:
    """How many cases were compared, with so many messages and worries, and what differed."""

    cases: int
    told: int
    messages: int
    worries: int
    rang: int
    differing: list[str]


def compare(path: Path, *, seed: int, cases: int) -> Comparison:
    """Put so many crimes of a rollout through the portal and through the model.

    No two have a mobile in common: many victims share each of Ofcom's numbers, and at a shared
    number a portal may have to refuse both. The rollout's journey must have no mergers, which the
    model ends.
    """
    rollout = read_rollout(path)
    # Nobody is followed but those compared, whose addresses are checked as in a rehearsal.
    plan = make_plan(rollout, path, seed=seed, fraction=0.0)
    plan.target = _without_incidents(plan.target)
    rows = _apart(plan, cases)
    check_addresses(plan.target, plan.population.casework, rows.tolist())
    followed = np.zeros(len(plan.population.followed), dtype=np.bool_)
    followed[rows] = True
    plan.population = replace(plan.population, followed=followed)
    plan.followed_worries = np.flatnonzero(followed[plan.worries.row])
    told, rang = _by_portal(plan, rows)
    use = run_model(model_input(plan, rows))
    by_portal = _cases(plan, rows, told, rang)
    by_model = _cases(plan, rows, use.told, use.rang)
    return Comparison(
        cases=len(rows),
        told=sum(bool(messages) for messages, _rang in by_portal.values()),
        messages=len(told.at_seconds),
        worries=len(rang),
        rang=int(rang.sum()),
        differing=[
            f"row {row}: portal {by_portal[row]}, model {by_model[row]}"
            for row in rows.tolist()
            if not _is_same(by_portal[row], by_model[row])
        ],
    )


def model_input(plan: Plan, rows: NDArray[np.intp]) -> ModelInput:
    """Give the model what a rehearsal's live portal gets."""
    population = plan.population
    start = population.crimes.start
    begins = seconds_until(plan.order.go_live.phase_1, start)
    return ModelInput(
        rollout=plan.rollout,
        order=plan.order,
        prepared=prepare(population, rows, begins, plan.streams),
        registers=population.registers,
        needs=population.access_needs,
        worries=plan.worries[plan.followed_worries],
        start=start,
        begins=begins,
        ends=seconds_until(plan.periods[-1].ends, start),
        streams=plan.streams,
    )


def _without_incidents(target: Target) -> Target:
    """Claim no reports of what is no crime yet: the model leaves them out."""
    claimed = tuple(each for each in target.claims.capabilities if each != "incidents")
    return structs.replace(target, claims=structs.replace(target.claims, capabilities=claimed))


def _apart(plan: Plan, cases: int) -> NDArray[np.intp]:
    """Choose crimes recorded once the portal is live, no two of whose victims share a mobile.

    The model tells a victim who was recorded twice once: they are left out.
    """
    population = plan.population
    start = population.crimes.start
    recorded = population.crimes.seconds["CrimeRecorded"]
    first = seconds_until(plan.order.go_live.phase_1, start)
    there = population.crimes.has_individual_victim & (recorded >= first)
    there[list(population.casework.recorded.twice)] = False
    rows = plan.streams.for_("compared").permutation(np.flatnonzero(there))
    mobiles = population.casework.people.mobile[rows]
    has_none = mobiles == NONE
    _numbers, firsts = np.unique(mobiles, return_index=True)
    is_first = np.zeros(len(rows), dtype=np.bool_)
    is_first[firsts] = True
    return np.sort(rows[is_first | has_none][:cases])


def _by_portal(plan: Plan, rows: NDArray[np.intp]) -> tuple[Told, NDArray[np.bool_]]:
    clock = WorldClock(plan.population.crimes.start)
    clock.run_to(london_midnight(plan.order.go_live.phase_1))
    with ExitStack() as stack:
        worries = plan.worries[plan.followed_worries]
        followed = FollowedCrimes(rows)
        run = start_portal(plan, "live", plan.order, followed, clock, stack, worries)
        advance_together([run.world], london_midnight(plan.periods[-1].ends))
        did = run.victims.what_they_did
        return did.told, did.rang


def _cases(
    plan: Plan, rows: NDArray[np.intp], told: Told, rang: NDArray[np.bool_]
) -> dict[int, _Case]:
    messages: dict[int, list[tuple[int, bool, bool]]] = {row: [] for row in rows.tolist()}
    columns = (told.at_seconds, told.row, told.is_new, told.rang)
    for at, row, is_new, rings in zip(*(each.tolist() for each in columns), strict=True):
        messages[row].append((at, is_new, rings))
    calls: dict[int, list[bool]] = {row: [] for row in rows.tolist()}
    owners = plan.worries.row[plan.followed_worries].tolist()
    for row, rings in zip(owners, rang.tolist(), strict=True):
        calls[row].append(rings)
    return {row: (sorted(messages[row]), tuple(calls[row])) for row in messages}


def _is_same(one: _Case, other: _Case) -> bool:
    mine, theirs = one[0], other[0]
    return (
        one[1] == other[1]
        and [each[1:] for each in mine] == [each[1:] for each in theirs]
        and (all(abs(a[0] - b[0]) <= SECONDS_APART_MAX for a, b in zip(mine, theirs, strict=True)))
    )
