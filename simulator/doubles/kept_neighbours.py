"""The inbox and the records whose changes go into the journal, and come back out of it."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from reference.contract.events import Channel
from reference.contract.messages import DeliveryReceipt, DeliveryStatus, ReceivedText
from simulator.doubles.journal import (
    Entry,
    Journal,
    LetterKept,
    MessageKept,
    RecordKept,
    RowKept,
    StatusSet,
    SubscriptionKept,
    TextKept,
    UnitKept,
)
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.standing_evidence import StandingEvidence
from simulator.files import checked_toml
from simulator.neighbours.dataverse.rows import Change, Rows
from simulator.neighbours.dataverse.tables import TABLES
from simulator.neighbours.force_api.feed import Feed
from simulator.neighbours.force_api.fields import ResourceType
from simulator.neighbours.force_api.subscriptions import Subscription, Subscriptions
from simulator.neighbours.gateway.inbox import Accepted, Inbox, Kept, RefusedRequest, Status
from simulator.neighbours.marketing_cloud.business_unit import BusinessUnit
from simulator.neighbours.marketing_cloud.unit_settings import USUAL, UnitSettings
from simulator.neighbours.salesforce import records as salesforce_records
from simulator.neighbours.salesforce.records import Records


class KeptInbox(Inbox):
    """An inbox that writes every change into the journal, and tells what happens as evidence."""

    def __init__(self, now: Callable[[], datetime], journal: Journal) -> None:
        # Ids of an earlier run are in the journal: this run's own must be others.
        super().__init__(now, run=str(uuid4()))
        self._journal = journal
        #: The texts and emails of which nothing has become yet.
        self.begun: deque[Accepted] = deque()
        self.evidence: StandingEvidence | None = None

    def keep(self, message: Kept) -> None:
        """Keep a message, in the journal first."""
        if isinstance(message, Accepted):
            self._journal.write(MessageKept(at=message.accepted_at, message=message))
            if self.evidence is not None:
                self.evidence.accepted(message)
        else:
            self._journal.write(LetterKept(at=message.accepted_at, letter=message))
        self._begin(message)

    def _begin(self, message: Kept) -> None:
        super().keep(message)
        if isinstance(message, Accepted):
            # One that was sent with a test key has a way to go, too.
            super().set_status(message.message_id, "created", message.accepted_at)
            self.begun.append(message)

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

    def tell(self, message: Accepted, status: DeliveryStatus, at: datetime) -> bool:
        """Set the final status of a message by Marketing Cloud, as evidence if anybody is told."""
        is_told = super().tell(message, status, at)
        if is_told and self.evidence is not None:
            self.evidence.receipt_sent(message.message_id, status)
        return is_told

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
                self._begin(entry.message)
            case LetterKept():
                self._begin(entry.letter)
            case StatusSet():
                super().set_status(entry.message_id, entry.status, entry.at)
            case TextKept():
                self.received.keep(entry.text)
            case _:
                return


def kept_rows(now: Callable[[], datetime], journal: Journal) -> Rows:
    """Make the force's records, whose changes go into the journal."""
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


def kept_records(
    now: Callable[[], datetime], journal: Journal, entries: Iterable[Entry]
) -> Records:
    """Make Salesforce's records as a journal has them, whose changes go into it."""
    records = Records(now)
    for each in entries:
        if isinstance(each, RecordKept):
            records.restore(each.sobject, each.record)

    def keep(change: salesforce_records.Change) -> None:
        journal.write(RecordKept(at=now(), sobject=change.sobject, record=dict(change.record)))

    records.listeners.append(keep)
    return records


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


def kept_unit(
    path: Path | None, inbox: KeptInbox, journal: Journal, entries: Iterable[Entry]
) -> BusinessUnit:
    """Make the business unit at Marketing Cloud, whose changes go into the journal."""
    return BusinessUnit(
        inbox,
        USUAL if path is None else checked_toml.read(path, UnitSettings),
        kept=[each.kept for each in entries if isinstance(each, UnitKept)],
        on_change=lambda kept: journal.write(UnitKept(at=inbox.now(), kept=kept)),
    )


def restore(
    entries: Iterable[Entry],
    inbox: KeptInbox,
    crime_system: KeptCrimeSystem,
    rows: Rows,
    subscriptions: Subscriptions,
) -> None:
    """Take every change of an earlier run out of the journal again, in order."""
    taken = list(entries)
    for entry in taken:
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
    crime_system.join(taken)
