"""Victims with a mailbox each, the events of their crimes, and the messages due for them.

With one address each it is clear who was told. The reserved domain has enough addresses.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import structs

from loadtests.burst_victims import BurstVictims
from loadtests.deliveries import Batch
from reference.contract.events import BATCH_EVENTS_MAX, AnyEvent, CrimeRecorded, OfficerDeployed
from simulator.clock import wall_now
from simulator.inputs.order import Order
from simulator.neighbours.crime_system.outgoing import Outgoing
from simulator.neighbours.crime_system.records import CrimeSystem

_BATCH_EVENTS = 6
_PAUSE_SECONDS_MAX = 0.03


class Mailboxes:
    """`owed` gives the address to which a message about each event is due."""

    def __init__(self, crime_system: CrimeSystem, order: Order, *, identity_key: str) -> None:
        force = next(iter(order.forces))
        self._crime_system = crime_system
        self._identity_key = identity_key
        self._crowd = BurstVictims(
            run="",
            count=0,
            force=force,
            reference_prefix=order.forces[force].reference_prefix,
            offence_subgroup=order.eligibility.offence_subgroups[0],
        )
        self.owed: dict[str, str] = {}

    def record(self, numbers: Sequence[int]) -> list[Batch]:
        """Record a crime for each victim, so an invitation is due; in full batches."""
        events = [self._owe(each, self._recorded(each)) for each in numbers]
        return [
            Batch(tuple(events[first : first + BATCH_EVENTS_MAX]))
            for first in range(0, len(events), BATCH_EVENTS_MAX)
        ]

    def close(self, numbers: Iterable[int], stream: np.random.Generator) -> list[Batch]:
        """Close each victim's crime, so an update is due; in batches of any size with pauses."""
        events = [self._owe(each, self._crowd.closed(each, wall_now())) for each in numbers]
        batches = []
        while events:
            size = 1 + int(stream.integers(_BATCH_EVENTS))
            pause_seconds = float(stream.uniform(0, _PAUSE_SECONDS_MAX))
            batches.append(Batch(tuple(events[:size]), pause_seconds))
            events = events[size:]
        return batches

    def deploy(self, numbers: Iterable[int]) -> list[Outgoing]:
        """Send an officer to each victim, so an update is due; a victim may be listed twice."""
        return [
            self._owe(
                each,
                OfficerDeployed(
                    crime_reference=self._crowd.crime_reference(each), deployed_at=wall_now()
                ),
            )
            for each in numbers
        ]

    def _recorded(self, number: int) -> CrimeRecorded:
        recorded = self._crowd.recorded(number, wall_now(), self._identity_key)
        victim = structs.replace(
            recorded.victims[0],
            mobile_phone="",
            email=_address(number),
            preferred_channels=("email",),
        )
        return structs.replace(recorded, victims=(victim,))

    def _owe(self, number: int, event: AnyEvent) -> Outgoing:
        self.owed[self._crime_system.record(event)] = _address(number)
        return self._crime_system.outgoing.popleft()


def _address(number: int) -> str:
    return f"victim.{number:05d}@example.com"
