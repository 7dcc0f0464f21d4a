"""Every event the portal has, by crime, and what may be read in them at a time.

A portal may take as long to show a fact as to send a message about it: until then the old fact and
the new one will do. Of two facts the later one stands, by when it was recorded or when it happened.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from reference.contract.events import AnyEvent
from simulator.evidence.records import ChangesSeenAsOne
from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import CrimeRegister, Received
from simulator.judge.facts.known_crime import when_happened

E = TypeVar("E", bound=AnyEvent)
T = TypeVar("T")


@dataclass
class EventLog:
    """What the portal was told of each crime, in the order in which it was told."""

    order: Order
    register: CrimeRegister
    _of: defaultdict[str, list[Received]] = field(default_factory=lambda: defaultdict(list))
    _unseen: set[str] = field(default_factory=set)

    def take(self, received: Received) -> None:
        """Write down an event that the portal can read now."""
        self._of[received.event.crime_reference].append(received)

    def seen_as_one(self, record: ChangesSeenAsOne) -> None:
        """Leave out a change that the portal itself will never see."""
        self._unseen.add(record.event_id)

    def of(self, crime_reference: str) -> list[Received]:
        """List the events of a crime, as they came."""
        return [each for each in self._of[crime_reference] if each.event_id not in self._unseen]

    def of_all_parts(self, crime_reference: str) -> list[Received]:
        """List the events of a crime and of all that are one with it by mergers, as they came."""
        events = [
            received
            for reference in self.parts(crime_reference)
            for received in self._of.get(reference, ())
        ]
        return sorted(events, key=lambda each: each.received_at)

    def parts(self, crime_reference: str) -> set[str]:
        """List the references that are one with a crime by mergers, its own among them."""
        found: set[str] = set()
        waiting = [self.register.current(crime_reference), crime_reference]
        while waiting:
            reference = waiting.pop()
            if reference not in found:
                found.add(reference)
                parts = self.register.parts_of(reference)
                waiting += [each.recorded.crime_reference for each in parts]
        return found

    def due_before(self, at: datetime) -> datetime:
        """Find until when an event had to be received for its fact to be shown by `at`."""
        return at - timedelta(minutes=self.order.messages.minutes_max)

    def readings(
        self, heard: Sequence[Received], at: datetime, read: Callable[[Sequence[Received]], T]
    ) -> set[T]:
        """Collect what `read` makes of the events a portal may go by at a time, in each order."""
        by, until = self.due_before(at), len([each for each in heard if each.received_at <= at])
        since = len([each for each in heard if each.received_at <= by])
        found: set[T] = set()
        for count in range(since, until + 1):
            found |= {read(each) for each in _orders(heard[:count])}
        return found


def _orders(heard: Sequence[Received]) -> Iterator[Sequence[Received]]:
    """Give the orders in which these facts may be taken: two of the same moment either way."""
    if len(heard) <= 1:
        yield heard
        return
    for each in (heard, heard[::-1]):
        yield sorted(each, key=lambda received: received.recorded_at)
        yield sorted(each, key=lambda received: when_happened(received.event, received.recorded_at))
