"""Closures that no supervisor has confirmed: for the victim the case is not closed."""

from dataclasses import dataclass, field

from reference.contract.events import CrimeClosed
from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import CrimeRegister, Received


@dataclass
class UnconfirmedClosures:
    """The closures that wait, by event and by crime, and the crimes with one that does not."""

    order: Order
    register: CrimeRegister
    events: dict[str, CrimeClosed] = field(default_factory=dict)
    _waiting: set[str] = field(default_factory=set)
    _closed: set[str] = field(default_factory=set)

    def take(self, received: Received) -> bool:
        """Say whether an event is a closure that waits for a supervisor; note which crime it is."""
        event = received.event
        if not isinstance(event, CrimeClosed):
            return False
        reference = event.crime_reference
        asked = self.order.closures.supervisor_confirms
        if event.confirmed_at is not None or event.outcome not in asked:
            self._closed.add(reference)
            return False
        self.events[received.event_id] = event
        self._waiting.add(reference)
        return True

    def is_waiting(self, crime_reference: str) -> bool:
        """Say whether all that anybody knows of the end of a crime is unconfirmed."""
        current = self.register.current
        mine = current(crime_reference)
        # Few wait, and a long run has many closed: they are looked at only if one of these waits.
        return any(current(each) == mine for each in self._waiting) and not any(
            current(each) == mine for each in self._closed
        )
