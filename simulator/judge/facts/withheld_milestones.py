"""Milestones that an officer tells a victim with enhanced rights first: which wait, and for whom.

An officer has spoken to a victim of one when the crime system says that they did so after it. A
crime that was merged and the crime that it goes on as are one.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from reference.contract.events import MilestoneReached, VictimContacted
from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import CrimeRegister, Received
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim

Fate = Literal["told to all", "told in person", "withheld"]


@dataclass(frozen=True)
class WithheldMilestone:
    """One milestone that one victim is not to read of yet; then it `is_owed`, or may be told."""

    received: Received
    crime: KnownCrime
    victim: KnownVictim
    is_owed: bool

    @property
    def event(self) -> MilestoneReached:
        """The milestone itself."""
        assert isinstance(self.received.event, MilestoneReached)
        return self.received.event


@dataclass
class WithheldMilestones:
    """What is withheld, by person, and when officers spoke to each of them about which crime."""

    order: Order
    register: CrimeRegister
    _waiting: dict[str, list[WithheldMilestone]] = field(default_factory=dict)
    _spoken: dict[str, list[VictimContacted]] = field(default_factory=dict)
    _let_go: dict[str, list[WithheldMilestone]] = field(default_factory=dict)

    def take(
        self, crime: KnownCrime, victim: KnownVictim, received: Received, *, is_owed: bool
    ) -> Fate:
        """Take an event for a victim; withhold it if an officer tells it first."""
        person_id = victim.person_id
        if not self.order.sensitive_milestones.are_told_in_person(received.event, victim.record):
            return "told to all"
        each = WithheldMilestone(received, crime, victim, is_owed)
        if any(self._is_about(spoken, each) for spoken in self._spoken.get(person_id, ())):
            return "told in person"
        self._waiting.setdefault(person_id, []).append(each)
        return "withheld"

    def contacted(self, event: VictimContacted) -> list[WithheldMilestone]:
        """Write down that an officer spoke to a victim; return what was withheld until then."""
        self._spoken.setdefault(event.person_id, []).append(event)
        waiting = self._waiting.get(event.person_id, [])
        told = [each for each in waiting if self._is_about(event, each)]
        self._waiting[event.person_id] = [
            each for each in waiting if not self._is_about(event, each)
        ]
        return told

    def let_go(self, person_id: str) -> list[WithheldMilestone]:
        """Withhold nothing from a person without enhanced rights; return what was withheld."""
        waiting = self._waiting.get(person_id, [])
        if all(each.victim.record.enhanced_rights for each in waiting):
            return []
        self._waiting[person_id] = []
        self._let_go.setdefault(person_id, []).extend(waiting)
        return waiting

    def let_go_of(self, event: VictimContacted) -> list[WithheldMilestone]:
        """List what an officer spoke of that was withheld no more: word of the talk may tell it."""
        let_go = self._let_go.get(event.person_id, ())
        return [each for each in let_go if self._is_about(event, each)]

    def by_event(self, event_id: str) -> list[WithheldMilestone]:
        """List the victims from whom an event is withheld."""
        everything = (each for waiting in self._waiting.values() for each in waiting)
        return [each for each in everything if each.received.event_id == event_id]

    def of(self, person_id: str, crime_reference: str = "") -> list[WithheldMilestone]:
        """List what is withheld from a person, of one crime or of any."""
        return [
            each
            for each in self._waiting.get(person_id, ())
            if not crime_reference or self._are_one(each.event.crime_reference, crime_reference)
        ]

    def _is_about(self, spoken: VictimContacted, each: WithheldMilestone) -> bool:
        is_after_it = spoken.contacted_at >= each.event.reached_at
        return is_after_it and self._are_one(spoken.crime_reference, each.event.crime_reference)

    def _are_one(self, one: str, other: str) -> bool:
        return self.register.current(one) == self.register.current(other)


def last_reached(withheld: list[WithheldMilestone], since: datetime) -> datetime | None:
    """Find when the last of some milestones was reached that the portal had since a time."""
    reached = [e.event.reached_at for e in withheld if e.received.received_at >= since]
    return max(reached, default=None)
