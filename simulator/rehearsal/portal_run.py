"""One portal in the rollout: live, or under test by testers, with everything around it.

Walks the schedule of the crimes it follows, a round of change detection at a time.
"""

from collections.abc import Generator, Mapping
from contextlib import ExitStack
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from reference.contract.events import AnyEvent, CrimeClosed
from simulator.clock import WorldClock
from simulator.force.journeys import Crimes, schedule
from simulator.force.reported_crime import EVENT_KINDS
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues, Target
from simulator.rehearsal.casework import Casework
from simulator.rehearsal.crowd import Crowd
from simulator.rehearsal.officers import Officers
from simulator.rehearsal.rollout import Rollout
from simulator.rehearsal.worry import Worries
from simulator.streams import Streams
from simulator.world.builder import world_around
from simulator.world.world import World


class PortalRun:
    """A world around one portal from `clock.now` on, following the crimes in `rows`.

    `beside` gives, by a crime's row, the row of a second victim's person; `is_test` has testers in
    place of victims.
    Crimes recorded earlier and still open are handed over at once, as an integration does when it
    is switched on: what becomes of them is the order's to say.
    """

    def __init__(
        self,
        stack: ExitStack,
        *,
        name: str,
        target: Target,
        order: Order,
        rollout: Rollout,
        casework: Casework,
        rows: NDArray[np.intp],
        beside: Mapping[int, int],
        worries: Worries | None,
        is_test: bool,
        registers: NDArray[np.bool_],
        clock: WorldClock,
        secrets: SecretValues,
        streams: Streams,
    ) -> None:
        self.name = name
        self.order = order
        self.rows = rows
        self._beside = beside
        self.world: World = stack.enter_context(
            world_around(
                target,
                order,
                name=name,
                clock=clock,
                secrets=secrets,
                streams=streams,
                faults=rollout.integration,
            )
        )
        self._casework = casework
        self.crowd = Crowd(
            self.world,
            casework,
            name=name,
            behaviour=rollout.victims,
            worries=worries,
            worry=rollout.worry,
            registers=registers,
            streams=streams,
            beside=beside,
            testers=rollout.testers if is_test else None,
        )
        Officers(
            self.world, casework, self.crowd, name=name, behaviour=rollout.officers, streams=streams
        )
        poll_seconds = int(60 * rollout.polling_minutes.value)
        self._hand_over_open_cases()
        clock.env.process(self._walker(clock.env, poll_seconds))

    def stop(self) -> None:
        """End a test period: nobody does anything here any more."""
        self.world.is_over = True

    def _hand_over_open_cases(self) -> None:
        now = self.world.clock.seconds(self.world.now)
        crimes = self._casework.crimes
        for row in self.rows[_is_open(crimes, self.rows, now)].tolist():
            self._record(row, EVENT_KINDS.index("CrimeRecorded"))

    def _walker(self, env: simpy.Environment, poll_seconds: int) -> Generator[Any, Any, None]:
        """Walk the presorted schedule: each round records what happened since the last."""
        plan = schedule(self._casework.crimes, self.rows)
        times = plan.times.tolist()
        position = int(np.searchsorted(plan.times, env.now, side="left"))
        while position < len(times) and not self.world.is_over:
            due = -(-times[position] // poll_seconds) * poll_seconds
            yield env.timeout(max(0, due - env.now))
            while position < len(times) and times[position] <= env.now:
                self._record(int(plan.row[position]), int(plan.kind[position]))
                position += 1

    def _record(self, row: int, kind: int) -> None:
        self.crowd.victim(row)
        beside = self._beside.get(row)
        if beside is not None:
            self.crowd.victim(beside)
        event = self._casework.event(row, kind, beside=beside)
        is_shown = not self._is_told_in_person(row, event)
        self.crowd.hears_of(row, self.world.crime_system.record(event), is_shown=is_shown)

    def _is_told_in_person(self, row: int, event: AnyEvent) -> bool:
        """Say whether a victim reads of this only once an officer has spoken to them."""
        if not isinstance(event, CrimeClosed):
            return False
        subgroup = self._casework.crimes.offence_of(row).subgroup
        return self.order.sensitive_closures.are_told_in_person(event.outcome, subgroup)


def _is_open(crimes: Crimes, rows: NDArray[np.intp], now: int) -> NDArray[np.bool_]:
    """Say which of some crimes were recorded before now and had no end yet."""
    recorded = crimes.seconds["CrimeRecorded"][rows]
    closed = crimes.seconds["CrimeClosed"][rows]
    is_open: NDArray[np.bool_] = (recorded < now) & ((closed < 0) | (closed >= now))
    return is_open
