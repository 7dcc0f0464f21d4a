"""What leaving contact data as it is costs: `check-data --rehearse`.

The default rollout goes live twice with one seed: with the faults that were measured, and with
every contact detail right. Testers and calls are left out: only messages are counted.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from msgspec import structs

from simulator.clock import LONDON, WorldClock
from simulator.contact_data.cost import (
    REHEARSED_FRACTION,
    Contents,
    Rehearsed,
    for_each_thousand,
)
from simulator.files.paths import ROOT
from simulator.rehearsal.plan import Plan, london_midnight, make_plan, seconds_until
from simulator.rehearsal.portal_run import judge_portal, start_portal
from simulator.rehearsal.rollout import read_rollout
from simulator.rehearsal.tester_crimes import FollowedCrimes
from simulator.world.world import advance_together

ROLLOUT = ROOT / "scenarios" / "phased-rollout.toml"


@dataclass(frozen=True)
class _Told:
    """What a run told, by person: messages that reached them, and of whom somebody else was told.

    `crimes` are those of which somebody would be told, were every detail right; `written_down` is
    the record of each person.
    """

    crimes: int
    written_down: Mapping[str, object]
    reached: Counter[str]
    misinformed: frozenset[str]


def rehearse_unmended(
    as_it_is: Contents,
    mended: Contents,
    *,
    seed: int,
    fraction: float = REHEARSED_FRACTION,
    on_day: Callable[[date, float], None] = lambda _day, _share: None,
) -> Rehearsed:
    """Rehearse data as it is and mended; `on_day` has each day, and the share of both runs done."""
    before = _run(as_it_is, seed, fraction, lambda day, share: on_day(day, share / 2))
    after = _run(mended, seed, fraction, lambda day, share: on_day(day, (1 + share) / 2))
    people = sorted({*before.written_down, *after.written_down})
    # Whose record is the same in both runs loses nothing: what differs there is chance.
    differ = [
        each for each in people if before.written_down.get(each) != after.written_down.get(each)
    ]
    return Rehearsed(
        rollout=ROLLOUT.relative_to(ROOT).as_posix(),
        seed=seed,
        fraction=fraction,
        crimes=after.crimes,
        messages_per_crime=round(after.reached.total() / max(1, after.crimes), 2),
        lost=for_each_thousand(
            [float(after.reached[each] - before.reached[each]) for each in differ], after.crimes
        ),
        misinformed=for_each_thousand(
            [float(each in before.misinformed) for each in people], after.crimes
        ),
    )


def _run(
    contents: Contents, seed: int, fraction: float, on_day: Callable[[date, float], None]
) -> _Told:
    """Run the live portal of the rollout, from its first day to its last."""
    rollout = read_rollout(ROLLOUT)
    if contents.safe_share is not None:
        safe = structs.replace(
            rollout.victims.safe_to_contact,
            value=contents.safe_share,
            source="check-data",
            assumed="",
        )
        rollout = structs.replace(
            rollout, victims=structs.replace(rollout.victims, safe_to_contact=safe)
        )
    plan = make_plan(rollout, ROLLOUT, seed=seed, fraction=fraction, faults=contents.rates)
    population = plan.population
    first, ends = plan.order.go_live.phase_1, plan.periods[-1].ends
    clock = WorldClock(population.crimes.start)
    clock.run_to(london_midnight(first))
    rows = np.flatnonzero(population.followed & population.crimes.has_individual_victim)
    worries = plan.worries[plan.followed_worries]
    with ExitStack() as stack:
        live = start_portal(plan, "live", plan.order, FollowedCrimes(rows), clock, stack, worries)
        day = clock.now.astimezone(LONDON).date()
        while day < ends:
            day += timedelta(days=1)
            advance_together([live.world], london_midnight(day))
            on_day(day, (day - first) / (ends - first))
        judge_portal(plan, live.name, plan.order, live.records, clock.now)
        live.stop()
    return _told(plan)


def _told(plan: Plan) -> _Told:
    messages = plan.judged["live"][1].messages
    casework = plan.population.casework
    rows = _eligible_rows(plan)
    return _Told(
        crimes=len(rows),
        written_down={each.known.person_id: each for row in rows for each in casework.victims(row)},
        reached=Counter(each.person_id for each in messages if each.fate == "reached"),
        misinformed=frozenset(each.person_id for each in messages if each.fate == "misdirected"),
    )


def _eligible_rows(plan: Plan) -> list[int]:
    """List the crimes followed, recorded or open while the portal is live, that are eligible."""
    population = plan.population
    crimes = population.crimes
    live = seconds_until(plan.order.go_live.phase_1, crimes.start)
    ended = seconds_until(plan.periods[-1].ends, crimes.start)
    recorded, closed = crimes.seconds["CrimeRecorded"], crimes.seconds["CrimeClosed"]
    there = (recorded < ended) & ((closed < 0) | (closed >= live))
    eligible = population.casework.would_be_invited_if_safe() & population.followed
    return np.flatnonzero(there & eligible).tolist()
