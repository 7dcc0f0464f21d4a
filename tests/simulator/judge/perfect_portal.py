"""A portal that does what the order says and nothing else: written from the order alone.

It hears what the force recorded, as it is delivered, and writes the messages it owes into the
evidence. It knows nothing of the judge, which must find no harm in what it does.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    Channel,
    CrimeAllocated,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    CrimeTransferred,
    OutcomeRecorded,
    VictimContacted,
)
from simulator.evidence.records import EventDelivered, EventRecorded, Record, SignedIn, TaskRaised
from simulator.inputs.order import Order
from tests.simulator.judge.perfect_outbox import WEEK, Notice, PerfectOutbox, Sent


@dataclass
class _Stands:
    """How a crime stands: whether it has ended or is gone, since when, and what waits."""

    since: datetime | None = None
    is_over: bool = False
    is_gone: bool = False
    classified_at: datetime | None = None
    invited: set[str] = field(default_factory=set)
    invited_by: set[str] = field(default_factory=set)
    held: dict[str, tuple[str, CrimeClosed | None]] = field(default_factory=dict)
    contacted_at: dict[str, datetime] = field(default_factory=dict)
    newest: dict[str, datetime] = field(default_factory=dict)

    def is_replaced(self, event: AnyEvent, said_at: datetime) -> bool:
        """Say whether a newer fact is known in place of this one; keep the newest."""
        if isinstance(event, CrimeAllocated):
            subject = "officer"
        elif isinstance(event, AppointmentMade | AppointmentChanged | AppointmentCancelled):
            subject = f"{event.appointment_id} {event.person_id}"
        else:
            return False
        self.newest[subject] = newest = max(said_at, self.newest.get(subject, said_at))
        return said_at < newest


@dataclass
class PerfectPortal:
    """Tells all victims what they are owed; `correlates` says whether messages name their event."""

    order: Order
    correlates: bool
    crimes: dict[str, CrimeRecorded] = field(default_factory=dict)
    _recorded: dict[str, EventRecorded] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _early: dict[str, list[tuple[str, AnyEvent]]] = field(default_factory=dict)
    _registered: set[str] = field(default_factory=set)
    _stands: dict[str, _Stands] = field(default_factory=dict)
    _tasks: list[TaskRaised] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._outbox = PerfectOutbox(self.order, self.correlates, self._address)

    @property
    def sent(self) -> list[Sent]:
        """Every message it sent."""
        return self._outbox.sent

    def answer(self, records: list[Record]) -> list[Record]:
        """Put this portal's messages in their places in the evidence."""
        evidence: list[Record] = []
        for record in records:
            evidence += self._outbox.send_until(record.at)
            evidence.append(record)
            if isinstance(record, EventRecorded):
                self._recorded[record.event_id] = record
            elif isinstance(record, SignedIn):
                self._registered.add(record.person_id)
            elif isinstance(record, EventDelivered):
                self._hear(record.event_id, record.at)
                evidence += self._tasks
                self._tasks = []
        return evidence + self._outbox.send_until(records[-1].at + 4 * WEEK)

    def _hear(self, event_id: str, at: datetime) -> None:
        if event_id in self._known:
            return
        self._known.add(event_id)
        recorded = self._recorded[event_id]
        event = msgspec.json.decode(recorded.data, type=EVENT_TYPES[recorded.event_type])
        reference = event.crime_reference
        if isinstance(event, CrimeRecorded):
            self.crimes[reference] = event
            self._stands[reference] = _Stands()
            for each_id, each in [(event_id, event), *self._early.pop(reference, [])]:
                self._take(each_id, each, at)
        elif reference in self.crimes:
            self._take(event_id, event, at)
        else:
            self._early.setdefault(reference, []).append((event_id, event))

    def _take(self, event_id: str, event: AnyEvent, at: datetime) -> None:
        """Queue the news of an event, unless it is old, or a person tells it first."""
        stands = self._stands[event.crime_reference]
        said_at = self._recorded[event_id].at
        is_old = stands.since is not None and said_at < stands.since
        if isinstance(event, CrimeReclassified):
            if not (stands.classified_at and said_at < stands.classified_at):
                stands.classified_at = said_at
                self._reclassify(event_id, event, at)
            return
        if isinstance(event, VictimContacted):
            self._contacted(event, at)
            return
        if isinstance(event, CrimeCancelled):
            self._cancel(event, at)
        is_news = not stands.is_gone or isinstance(event, CrimeReopened)
        if is_news and isinstance(event, CrimeReopened):
            is_news = is_old or not stands.held
            stands.held = stands.held if is_old else {}
        if is_news and isinstance(event, CrimeClosed) and self._is_sensitive(event):
            is_news = False
            if not is_old:
                self._hold(event_id, event, at)
        if isinstance(event, _TURNS) and not is_old:
            stands.since = said_at
            stands.is_over = not isinstance(event, CrimeReopened)
            stands.is_gone = isinstance(event, _GONE) or (
                stands.is_gone and not isinstance(event, CrimeReopened)
            )
        is_replaced = stands.is_replaced(event, said_at)
        if is_news and not is_replaced and not (is_old and isinstance(event, _OLD_IS_NO_NEWS)):
            self._announce(event_id, event, at)

    def _is_sensitive(self, event: CrimeClosed) -> bool:
        sensitive = self.order.sensitive_closures
        subgroup = self.crimes[event.crime_reference].offence_subgroup
        return event.outcome in sensitive.outcomes or subgroup in sensitive.offence_subgroups

    def _hold(self, event_id: str, event: CrimeClosed, at: datetime) -> None:
        crime, stands = self.crimes[event.crime_reference], self._stands[event.crime_reference]
        for victim in crime.victims:
            contacted_at = stands.contacted_at.get(victim.person_id)
            if contacted_at is None or contacted_at < event.closed_at:
                stands.held[victim.person_id] = (event_id, event)
                self._have_told(event.crime_reference, victim.person_id, at)

    def _contacted(self, event: VictimContacted, at: datetime) -> None:
        stands = self._stands[event.crime_reference]
        before = stands.contacted_at.get(event.person_id, event.contacted_at)
        stands.contacted_at[event.person_id] = max(before, event.contacted_at)
        held_id, held = stands.held.pop(event.person_id, ("", None))
        if held is not None and event.contacted_at >= held.closed_at:
            self._announce(held_id, held, at, only=event.person_id)

    def _cancel(self, event: CrimeCancelled, at: datetime) -> None:
        stands = self._stands[event.crime_reference]
        self._outbox.drop(event.crime_reference)
        stands.held = {
            each.person_id: ("", None)
            for each in self.crimes[event.crime_reference].victims
            if not stands.contacted_at.get(each.person_id, _EVER) >= event.cancelled_at
        }
        for person_id in stands.invited:
            self._have_told(event.crime_reference, person_id, at)

    def _reclassify(self, event_id: str, event: CrimeReclassified, at: datetime) -> None:
        reference = event.crime_reference
        self.crimes[reference] = crime = msgspec.structs.replace(
            self.crimes[reference],
            offence_code=event.offence_code,
            offence_subgroup=event.offence_subgroup,
            offence=event.offence,
            safeguarding=event.safeguarding,
        )
        stands = self._stands[reference]
        if all(self.order.exclusion(crime, each.person_id) for each in crime.victims):
            for person_id, of_event in self._outbox.drop(reference):
                if of_event in stands.invited_by:
                    stands.invited.discard(person_id)
        elif not stands.is_over:
            for each in crime.victims:
                if each.person_id not in stands.invited:
                    self._announce(event_id, crime, at, only=each.person_id)

    def _have_told(self, reference: str, person_id: str, at: datetime) -> None:
        self._tasks.append(
            TaskRaised(
                at=at,
                key=f"task-{reference}-{person_id}-{at}",
                crime_reference=reference,
                task_kind="sensitive_contact",
                person_id=person_id,
                reason="tell the victim",
                assignee="",
            )
        )

    def _announce(self, event_id: str, event: AnyEvent, at: datetime, *, only: str = "") -> None:
        trigger = self.order.trigger_for(type(event).__name__, self.order.phase_at(at))
        crime = self.crimes[event.crime_reference]
        for victim in crime.victims:
            concerned = getattr(event, "person_id", victim.person_id) == victim.person_id
            if trigger is None or not concerned or self.order.exclusion(crime, victim.person_id):
                continue
            if only not in ("", victim.person_id):
                continue
            kind: Notice = trigger.announces
            if isinstance(event, CrimeRecorded):
                self._stands[event.crime_reference].invited.add(victim.person_id)
                self._stands[event.crime_reference].invited_by.add(event_id)
            if kind == "invitation" and victim.person_id in self._registered:
                kind = "update"
            for channel in victim.preferred_channels:
                news = (event.crime_reference, event_id)
                self._outbox.queue(victim.person_id, channel, kind, news, at)

    def _address(self, person_id: str, channel: Channel) -> str:
        victims = [each for crime in self.crimes.values() for each in crime.victims]
        record = next(each for each in victims if each.person_id == person_id)
        return record.mobile_phone if channel == "text" else record.email


_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_GONE = (CrimeMerged, CrimeTransferred, CrimeCancelled)
_OLD_IS_NO_NEWS = (CrimeClosed, CrimeReopened, CrimeTransferred, OutcomeRecorded)
_TURNS = (OutcomeRecorded, CrimeClosed, CrimeReopened, *_GONE)
