"""The delivery of events to the portal: at least once, sometimes twice, late or out of order.

It stands between the crime system, which records events, and the portal, which must cope.
"""

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import msgspec

from reference.contract.correlation import CORRELATION_ID_CHARACTERS_MAX
from reference.contract.events import BATCH_EVENTS_MAX
from simulator.clock import WorldClock
from simulator.drivers.base import Delivery, Driver
from simulator.errors import PortalUnreachable
from simulator.evidence.records import EventDelivered, EvidenceLog
from simulator.files.checked_toml import Amount, Share, Strict
from simulator.neighbours.crime_system.outgoing import Outgoing
from simulator.streams import Occasions

RETRY_SECONDS = (5, 60, 300, 900, 3600)
ATTEMPTS_MAX = 7 * 24
UNREACHABLE_IN_A_ROW_MAX = 3
#: How soon a portal that fetches events has read one, once it can.
READ_SECONDS_MAX = 60
_ACCEPTED = 202


class Feed(Protocol):
    """The crime system's change feed, for a portal that fetches events from it.

    `is_asked` says that the portal does: it has asked before. `on_read` is called with the ids of
    the events that it reads for the first time.
    """

    on_read: Callable[[Sequence[str]], None]
    is_asked: bool

    def publish(self, handed_over: Sequence[Outgoing]) -> None:
        """Add these changes, for everyone who asks from now on."""

    def is_unread(self, event_id: str) -> bool:
        """Say whether an event waits in the feed, and the portal has not read it."""


class IntegrationFaults(Strict, frozen=True, kw_only=True):
    """How often an event comes twice or late."""

    twice: Share
    late: Share
    late_minutes_mean: Amount


class _AboutCrime(msgspec.Struct, frozen=True):
    crime_reference: str = ""


class _About(msgspec.Struct, frozen=True):
    """What an event on its way is, and the crime that it is about."""

    type: str = ""
    data: _AboutCrime = _AboutCrime()


@dataclass(kw_only=True, eq=False)
class Integration:
    """Hands over what the crime system recorded, in order, until the portal has it.

    With a `feed` each event is published there first, and the driver then says whether the portal
    can fetch it. A portal that asks the feed has an event when it has read it, or a minute after it
    could: an outage may come between. The `run` is part of every delivery's name.
    """

    clock: WorldClock
    driver: Driver
    outgoing: deque[Outgoing]
    evidence: EvidenceLog
    faults: IntegrationFaults | None = None
    draws: Occasions | None = None
    feed: Feed | None = None
    run: str = ""
    before_delivery: Callable[[], None] = lambda: None
    _deliveries: int = field(init=False, default=0)
    _unreachable: int = field(init=False, default=0)
    _moved: bool = field(init=False, default=False)
    _sent: dict[str, Outgoing] = field(init=False, default_factory=dict)
    _times: Counter[tuple[str, str]] = field(init=False, default_factory=Counter)
    _followed_by: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        if self.feed is not None:
            self.feed.on_read = self._was_read

    def deliver(self) -> bool:
        """Hand over everything that is waiting; return whether anything went since last time."""
        batch: list[Outgoing] = []
        while self.outgoing:
            event = self.outgoing.popleft()
            if not self._is_held_back(event):
                batch.append(event)
            if len(batch) == BATCH_EVENTS_MAX or not self.outgoing:
                self._hand_over(batch)
                batch = []
        moved, self._moved = self._moved, False
        return moved

    def hold_back(self, event_id: str) -> None:
        """Keep a waiting event aside, as a broken connection might, until `redeliver`."""
        for event in self.outgoing:
            if event.event_id == event_id:
                self.outgoing.remove(event)
                self._sent[event_id] = event
                return

    def redeliver(self, event_id: str) -> None:
        """Send an event again, freshly signed: at least once means sometimes twice."""
        self._hand_over([self._sent[event_id]])

    def redeliver_together(self, event_ids: Sequence[str]) -> None:
        """Send events again, in this order, in as few deliveries as the contract allows."""
        events = [self._sent[each] for each in event_ids]
        for first in range(0, len(events), BATCH_EVENTS_MAX):
            self._hand_over(events[first : first + BATCH_EVENTS_MAX])

    def body_of(self, event_id: str) -> bytes:
        """Give an event that was sent, or held back, as it goes to a portal."""
        return self._sent[event_id].body

    def send_along(self, event_id: str) -> None:
        """Send an event again, in the same delivery as the next one recorded."""
        self.outgoing.appendleft(self._sent[event_id])

    def _is_held_back(self, event: Outgoing) -> bool:
        """Draw whether this event comes late or twice; return whether it is held back."""
        if self.faults is None or self.draws is None:
            return False
        # By crime and kind of event: one event more or fewer changes the fate of no other.
        about = msgspec.json.decode(event.body, type=_About)
        told = (about.data.crime_reference, about.type)
        self._times[told] += 1
        occasion = (*told, self._times[told])
        twice, late = (self.draws.uniform(each, *occasion) for each in ("twice", "late"))
        minutes = self.draws.exponential(
            self.faults.late_minutes_mean.value, "minutes late", *occasion
        )
        later = self.clock.now + timedelta(seconds=int(60 * minutes) + 1)
        if late < self.faults.late.value:
            self._again_at(later, [event])
            return True
        if twice < self.faults.twice.value:
            self._again_at(later, [event])
        return False

    def _hand_over(
        self, batch: Sequence[Outgoing], attempt: int = 0, *, could_be_read: bool = False
    ) -> None:
        if not batch:
            return
        self.before_delivery()
        self._deliveries += 1
        self._moved = True
        name = f"{self.run}delivery-{self._deliveries}"
        followed_by = _correlation_id(name)
        self._keep(batch, followed_by)
        if self.feed is not None:
            self.feed.publish(batch)
        status = self._status(Delivery(name, [each.body for each in batch], followed_by))
        if status == _ACCEPTED and self.is_read_later and not could_be_read:
            later = self.clock.now + timedelta(seconds=READ_SECONDS_MAX)
            again = partial(self._hand_over_unread, batch, attempt, could_be_read=True)
            self.clock.at(later, again)
            return
        for event in batch:
            if status == _ACCEPTED:
                self._followed_by.pop(event.event_id, None)
            self._write_down(event.event_id, status, followed_by)
        if status != _ACCEPTED and attempt < ATTEMPTS_MAX:
            wait_seconds = RETRY_SECONDS[min(attempt, len(RETRY_SECONDS) - 1)]
            later = self.clock.now + timedelta(seconds=wait_seconds)
            self.clock.at(later, partial(self._hand_over_unread, batch, attempt + 1))

    def _status(self, delivery: Delivery) -> int:
        """Ask the driver to deliver; 0 if the portal cannot be reached."""
        try:
            status = self.driver.deliver(delivery)
        except PortalUnreachable:
            self._unreachable += 1
            if self._unreachable >= UNREACHABLE_IN_A_ROW_MAX:
                raise
            return 0
        self._unreachable = 0
        return status

    @property
    def is_read_later(self) -> bool:
        """Say whether the portal fetches what happens, and is handed nothing."""
        return self.feed is not None and self.feed.is_asked

    def _keep(self, batch: Sequence[Outgoing], followed_by: str) -> None:
        for event in batch:
            # With faults there are too many to keep, and no scenario sends one again.
            if self.faults is None:
                self._sent[event.event_id] = event
            if self.is_read_later:
                self._followed_by.setdefault(event.event_id, followed_by)

    def _hand_over_unread(
        self, batch: Sequence[Outgoing], attempt: int, *, could_be_read: bool = False
    ) -> None:
        """Hand over again what a portal that fetches has not read meanwhile."""
        feed = self.feed
        if feed is not None and feed.is_asked:
            # Moving the portal's clock may have it read.
            self.before_delivery()
            batch = [each for each in batch if feed.is_unread(each.event_id)]
        self._hand_over(batch, attempt, could_be_read=could_be_read)

    def _was_read(self, event_ids: Sequence[str]) -> None:
        """Write down that the portal has read these events in the feed."""
        for event_id in event_ids:
            followed_by = self._followed_by.pop(event_id, None)
            if followed_by is not None:
                self._write_down(event_id, _ACCEPTED, followed_by)

    def _write_down(self, event_id: str, status: int, followed_by: str) -> None:
        self.evidence.append(
            EventDelivered(
                at=self.clock.now, event_id=event_id, status=status, correlation_id=followed_by
            )
        )

    def _again_at(self, when: datetime, batch: Sequence[Outgoing]) -> None:
        self.clock.at(when, lambda: self._hand_over(batch))


def _correlation_id(delivery: str) -> str:
    """Make an id as long as the contract allows: a portal must pass it on unchanged."""
    return f"Crime_System.{delivery}.".ljust(CORRELATION_ID_CHARACTERS_MAX, "0")
