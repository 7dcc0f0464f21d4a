"""A portal that does what the order says and nothing else: written from the order alone.

It hears what the force recorded, as it is delivered, and writes the messages it owes into the
evidence. It knows nothing of the judge, which must find no harm in what it does.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from reference.contract.events import EVENT_TYPES, AnyEvent, Channel, CrimeRecorded
from simulator.evidence import EventDelivered, EventRecorded, MessageAccepted, Record, SignedIn
from simulator.order import Order
from tests.simulator.judge.story import INVITATION, SUBJECT, UPDATE

WEEK = timedelta(days=7)
Notice = Literal["invitation", "update", "reply"]


@dataclass
class Sent:
    """One message: of news since when, and in time until when."""

    record: MessageAccepted
    person_id: str
    kind: Notice
    since: datetime
    due_at: datetime


@dataclass
class _Waiting:
    person_id: str
    channel: Channel
    kind: Notice
    event_id: str
    since: datetime
    go_at: datetime


@dataclass
class PerfectPortal:
    """Tells everybody what they are owed; `correlates` says whether messages name their event."""

    order: Order
    correlates: bool
    sent: list[Sent] = field(default_factory=list)
    crimes: dict[str, CrimeRecorded] = field(default_factory=dict)
    _recorded: dict[str, EventRecorded] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _early: dict[str, list[tuple[str, AnyEvent]]] = field(default_factory=dict)
    _registered: set[str] = field(default_factory=set)
    _waiting: list[_Waiting] = field(default_factory=list)
    _counted: dict[tuple[str, Channel], list[datetime]] = field(default_factory=dict)

    def answer(self, records: list[Record]) -> list[Record]:
        """Put the messages that this portal would send where they belong in the evidence."""
        evidence: list[Record] = []
        for record in records:
            evidence += self._send_until(record.at)
            evidence.append(record)
            if isinstance(record, EventRecorded):
                self._recorded[record.event_id] = record
            elif isinstance(record, SignedIn):
                self._registered.add(record.person_id)
            elif isinstance(record, EventDelivered):
                self._hear(record.event_id, record.at)
        return evidence + self._send_until(records[-1].at + 4 * WEEK)

    def _hear(self, event_id: str, at: datetime) -> None:
        if event_id in self._known:
            return
        self._known.add(event_id)
        recorded = self._recorded[event_id]
        event = msgspec.json.decode(recorded.data, type=EVENT_TYPES[recorded.event_type])
        reference = event.crime_reference
        if isinstance(event, CrimeRecorded):
            self.crimes[reference] = event
            for each_id, each in [(event_id, event), *self._early.pop(reference, [])]:
                self._announce(each_id, each, at)
        elif reference in self.crimes:
            self._announce(event_id, event, at)
        else:
            self._early.setdefault(reference, []).append((event_id, event))

    def _announce(self, event_id: str, event: AnyEvent, at: datetime) -> None:
        trigger = self.order.trigger_for(type(event).__name__, self.order.phase_at(at))
        crime = self.crimes[event.crime_reference]
        for victim in crime.victims:
            concerned = getattr(event, "person_id", victim.person_id) == victim.person_id
            if trigger is None or not concerned or self.order.exclusion(crime, victim.person_id):
                continue
            kind: Notice = trigger.announces
            if kind == "invitation" and victim.person_id in self._registered:
                kind = "update"
            for channel in victim.preferred_channels:
                self._queue(victim.person_id, channel, kind, event_id, at)

    def _queue(
        self, person_id: str, channel: Channel, kind: Notice, event_id: str, at: datetime
    ) -> None:
        """Have it wait for quiet hours to end and, in phase 2, an hour for more news."""
        bundles = kind == "update" and self.order.phase_at(at) >= 2
        for each in self._waiting:
            if bundles and (each.person_id, each.channel, each.kind) == (person_id, channel, kind):
                each.event_id = event_id
                return
        wanted = at + timedelta(minutes=self.order.messages.bundle_minutes if bundles else 0)
        go_at = self.order.quiet_until(wanted)
        self._waiting.append(_Waiting(person_id, channel, kind, event_id, at, go_at))

    def _send_until(self, end: datetime) -> list[Record]:
        sent: list[Record] = []
        while due := [each for each in self._waiting if each.go_at <= end]:
            each = min(due, key=lambda waiting: waiting.go_at)
            held_until = self._held_until(each)
            if held_until > each.go_at:
                each.go_at = held_until
                continue
            self._waiting.remove(each)
            sent.append(self._send(each))
        return sent

    def _held_until(self, waiting: _Waiting) -> datetime:
        """Find when a message keeps within the weekly limit: now, or when the week is over."""
        counted = self._counted.get((waiting.person_id, waiting.channel), [])
        week = [at for at in counted if at > waiting.go_at - WEEK]
        limit = self.order.messages.per_week_max
        is_limited = waiting.kind == "update" and self.order.phase_at(waiting.go_at) >= 2
        if not is_limited or len(week) < limit:
            return waiting.go_at
        return self.order.quiet_until(week[-limit] + WEEK)

    def _send(self, waiting: _Waiting) -> MessageAccepted:
        if waiting.kind == "update":
            key = (waiting.person_id, waiting.channel)
            self._counted.setdefault(key, []).append(waiting.go_at)
        invites = waiting.kind == "invitation"
        message = MessageAccepted(
            at=waiting.go_at,
            message_id=f"message-{len(self.sent) + 1}",
            channel=waiting.channel,
            to=self._address(waiting.person_id, waiting.channel),
            subject=SUBJECT if waiting.channel == "email" else "",
            body=INVITATION if invites else UPDATE,
            sender="POLICE",
            reference=waiting.event_id if self.correlates else "",
            carries="invitation" if invites else "",
        )
        due_at = waiting.go_at + timedelta(minutes=self.order.messages.minutes_max)
        self.sent.append(Sent(message, waiting.person_id, waiting.kind, waiting.since, due_at))
        return message

    def _address(self, person_id: str, channel: Channel) -> str:
        victims = [each for crime in self.crimes.values() for each in crime.victims]
        record = next(each for each in victims if each.person_id == person_id)
        return record.mobile_phone if channel == "text" else record.email
