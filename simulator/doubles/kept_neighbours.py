"""The inbox and the crime system whose changes go into the journal, and come back out of it."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from uuid import uuid4

import msgspec

from reference.contract.events import EVENT_TYPES, AnyEvent, Channel
from reference.contract.messages import (
    DeliveryReceipt,
    DeliveryStatus,
    ReceivedText,
    Stamp,
    Task,
)
from simulator.doubles.journal import (
    Entry,
    EventKept,
    EventTaken,
    Journal,
    LetterKept,
    MessageKept,
    RowKept,
    StampKept,
    StatusSet,
    SubscriptionKept,
    TaskKept,
    TextKept,
)
from simulator.doubles.standing_evidence import StandingEvidence
from simulator.evidence.records import EvidenceLog, Record
from simulator.neighbours.crime_system.occurrence import Filed
from simulator.neighbours.crime_system.outgoing import Outgoing
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.dataverse.rows import Change, Rows
from simulator.neighbours.dataverse.tables import TABLES
from simulator.neighbours.force_api.feed import Feed
from simulator.neighbours.force_api.fields import ResourceType
from simulator.neighbours.force_api.subscriptions import Subscription, Subscriptions
from simulator.neighbours.gateway.inbox import Accepted, Inbox, Kept, RefusedRequest, Status

SOURCE = "doubles"


class HeardEvidence(EvidenceLog):
    """Passes each record on, and keeps none: the doubles may run for weeks."""

    def __init__(self) -> None:
        super().__init__()
        self.hear: Callable[[Record], None] = lambda _record: None

    def append(self, record: Record) -> None:
        """Pass one record on."""
        self.hear(record)


class KeptInbox(Inbox):
    """An inbox that writes every change into the journal, and tells what happens as evidence."""

    def __init__(self, now: Callable[[], datetime], journal: Journal) -> None:
        # Ids of an earlier run are in the journal: this run's own must be others.
        super().__init__(now, run=str(uuid4()))
        self._journal = journal
        self.evidence: StandingEvidence | None = None

    def keep(self, message: Kept) -> None:
        """Keep a message, in the journal first."""
        if isinstance(message, Accepted):
            self._journal.write(MessageKept(at=message.accepted_at, message=message))
            if self.evidence is not None:
                self.evidence.accepted(message)
        else:
            self._journal.write(LetterKept(at=message.accepted_at, letter=message))
        super().keep(message)

    def set_status(self, message_id: str, status: Status, at: datetime) -> None:
        """Set a status, in the journal first; raises KeyError for an unknown id."""
        if self.message(message_id) is not None:
            self._journal.write(StatusSet(at=at, message_id=message_id, status=status))
        super().set_status(message_id, status, at)

    def refuse(self, *, channel: Channel, to: str, status: int, reason: str) -> RefusedRequest:
        """Note a refusal, as evidence too."""
        refused = super().refuse(channel=channel, to=to, status=status, reason=reason)
        if self.evidence is not None:
            self.evidence.refused(refused)
        return refused

    def receipt(self, message_id: str, status: DeliveryStatus, at: datetime) -> DeliveryReceipt:
        """Set a final status and make the callback, as evidence too; raises KeyError."""
        receipt = super().receipt(message_id, status, at)
        if self.evidence is not None:
            self.evidence.receipt_sent(message_id, status)
        return receipt

    def take_text(self, number: str, words: str) -> ReceivedText:
        """Receive a text from a number, in the journal too; return the callback's body."""
        text = self.received.take(number, words)
        self._journal.write(TextKept(at=self.now(), text=text))
        if self.evidence is not None:
            self.evidence.text_received(text.id, text.source_number, text.message)
        return text

    def restore(self, entry: Entry) -> None:
        """Take one change out of the journal again."""
        match entry:
            case MessageKept():
                super().keep(entry.message)
            case LetterKept():
                super().keep(entry.letter)
            case StatusSet():
                super().set_status(entry.message_id, entry.status, entry.at)
            case TextKept():
                self.received.keep(entry.text)
            case _:
                return


class KeptCrimeSystem:
    """The crime system with its journal, and the events that the portal has not taken yet."""

    def __init__(self, now: Callable[[], datetime], journal: Journal) -> None:
        self._now = now
        self._at: datetime | None = None
        self._journal = journal
        self._taken: set[str] = set()
        self.evidence = HeardEvidence()
        self.records = CrimeSystem(now=self._moment, evidence=self.evidence, source=SOURCE)
        self.tasks: list[Task] = []
        self.untaken: deque[Outgoing] = deque()

    def record(self, event: AnyEvent) -> str:
        """Record a fact; return the id of its event, which then waits for the portal."""
        data = msgspec.Raw(msgspec.json.encode(event))
        self._journal.write(EventKept(at=self._now(), event_type=type(event).__name__, data=data))
        return self._record(event)

    def taken(self, event_id: str) -> None:
        """Note that the portal has taken an event."""
        self._journal.write(EventTaken(at=self._now(), event_id=event_id))
        self._take(event_id)

    def stamp(self, crime_reference: str, stamp: Stamp, *, correlation_id: str = "") -> Filed:
        """Write a victim's words into an occurrence's enquiry log, once per key."""
        filed = self.records.stamp(crime_reference, stamp, correlation_id=correlation_id)
        if filed is Filed.created:
            self._journal.write(
                StampKept(at=self._now(), crime_reference=crime_reference, stamp=stamp)
            )
        return filed

    def raise_task(self, task: Task, *, correlation_id: str = "") -> Filed:
        """Give a task to the officer in charge or the team, once per key."""
        filed = self.records.raise_task(task, correlation_id=correlation_id)
        if filed is Filed.created:
            self._journal.write(TaskKept(at=self._now(), task=task))
            self.tasks.append(task)
        return filed

    def restore(self, entry: Entry) -> None:
        """Take one change out of the journal again."""
        self._at = entry.at
        match entry:
            case EventKept():
                self._record(msgspec.json.decode(entry.data, type=EVENT_TYPES[entry.event_type]))
            case EventTaken():
                self._take(entry.event_id)
            case StampKept():
                self.records.stamp(entry.crime_reference, entry.stamp)
            case TaskKept():
                self.records.raise_task(entry.task)
                self.tasks.append(entry.task)
            case _:
                pass
        self._at = None

    def _record(self, event: AnyEvent) -> str:
        event_id = self.records.record(event)
        outgoing = self.records.outgoing.popleft()
        self.records.changes.publish([outgoing])
        self.untaken.append(outgoing)
        return event_id

    def _take(self, event_id: str) -> None:
        self._taken.add(event_id)
        while self.untaken and self.untaken[0].event_id in self._taken:
            self.untaken.popleft()

    def _moment(self) -> datetime:
        return self._at or self._now()


def kept_rows(now: Callable[[], datetime], journal: Journal) -> Rows:
    """Make the tables of a Dynamics whose changes go into the journal."""
    # Ids of an earlier run are in the journal: this run's own must be others.
    rows = Rows(now, organisation=str(uuid4()))

    def keep(change: Change) -> None:
        journal.write(
            RowKept(
                at=now(),
                table=change.table,
                row_id=change.row_id,
                version=change.version,
                row=None if change.after is None else dict(change.after),
                made_at=change.at,
                cause=change.cause,
            )
        )

    rows.listeners.append(keep)
    return rows


def kept_subscriptions(
    types: Mapping[str, ResourceType], rows: Rows, now: Callable[[], datetime], journal: Journal
) -> Subscriptions:
    """Make the subscriptions to the force's own API, whose changes go into the journal."""
    subscriptions = Subscriptions(Feed(types, rows), rows, now)

    def keep(subscription_id: str, subscription: Subscription | None) -> None:
        journal.write(
            SubscriptionKept(at=now(), subscription_id=subscription_id, subscription=subscription)
        )

    subscriptions.on_change = keep
    return subscriptions


def restore(
    entries: Iterable[Entry],
    inbox: KeptInbox,
    crime_system: KeptCrimeSystem,
    rows: Rows,
    subscriptions: Subscriptions,
) -> None:
    """Take every change of an earlier run out of the journal again, in order."""
    for entry in entries:
        inbox.restore(entry)
        crime_system.restore(entry)
        if isinstance(entry, SubscriptionKept):
            subscriptions.restore(entry.subscription_id, entry.subscription)
        if isinstance(entry, RowKept):
            rows.restore(
                TABLES[entry.table],
                entry.row_id,
                entry.version,
                entry.row,
                at=entry.made_at,
                cause=entry.cause,
            )
