"""The phones and mailboxes of a world: who holds each, and what arrived there.

A message that the gateway accepts arrives at once. The evidence keeps it without its links and
codes. A portal that claims receipts gets one some seconds later.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Literal, TypeAlias, TypeGuard, get_args

import numpy as np

from reference.contract.messages import DeliveryStatus
from simulator.clock import WorldClock
from simulator.evidence.records import (
    AddressGivenUp,
    EvidenceLog,
    MessageAccepted,
    MessageReached,
    MessageRefused,
    PersonKnown,
    ReceiptSent,
)
from simulator.neighbours.gateway.inbox import Accepted, Inbox, RefusedRequest
from simulator.world.message_secrets import MessageSecrets
from simulator.world.recipient_guard import Recipients
from simulator.world.timed_portal import TimedPortal

FailedReceipt: TypeAlias = Literal["permanent-failure", "temporary-failure", "technical-failure"]
PlannedReceipt: TypeAlias = FailedReceipt | Literal["late", "twice", "never", "fails late"]
FAILED: tuple[FailedReceipt, ...] = get_args(FailedReceipt)
#: Notify goes on trying a phone that is off for three days.
LATE_RECEIPT = timedelta(days=3)


@dataclass(kw_only=True, eq=False)
class ArrivedMessages:
    """Takes messages from the gateway. `stream` draws how long each receipt takes."""

    clock: WorldClock
    portal: TimedPortal
    inbox: Inbox
    evidence: EvidenceLog
    recipients: Recipients
    secrets: MessageSecrets
    stream: np.random.Generator
    _holders: Counter[str] = field(init=False, default_factory=Counter)
    _at: dict[str, list[Accepted]] = field(init=False, default_factory=lambda: defaultdict(list))
    #: By address, and whether they are of codes.
    _planned: dict[tuple[str, bool], deque[PlannedReceipt]] = field(
        init=False, default_factory=lambda: defaultdict(deque)
    )
    _refusals: dict[str, deque[int]] = field(init=False, default_factory=dict)
    _readers: list[Callable[[MessageAccepted, Accepted], None]] = field(
        init=False, default_factory=list
    )

    def __post_init__(self) -> None:
        self.inbox.refusal_of = self._take_refusal

    def hold(self, person: PersonKnown) -> None:
        """Give a person their phone and mailbox; raises CouldBeReal."""
        self.recipients.refuse_real([person])
        self.evidence.append(person)
        for address in (person.mobile_phone, person.email.lower()):
            if address:
                self._holders[address] += 1

    def give_up(self, person_id: str, address: str) -> None:
        """Take a phone or mailbox from a person."""
        self.evidence.append(
            AddressGivenUp(at=self.clock.now, person_id=person_id, address=address)
        )
        self._holders[address.lower()] -= 1

    def plan_receipt(self, address: str, receipt: PlannedReceipt, *, of_code: bool = False) -> None:
        """Plan what the portal is told of the next message to an address, or of the next code.

        A message that failed does not arrive. "late" is after `LATE_RECEIPT`.
        """
        self._planned[address.lower(), of_code].append(receipt)

    def plan_refusal(self, address: str, status: int) -> None:
        """Have the gateway refuse the next message to an address that brings no code, once.

        With 504 it takes it, does not say so, and lists it late.
        """
        self._refusals.setdefault(address.lower(), deque()).append(status)

    def on_message(self, read: Callable[[MessageAccepted, Accepted], None]) -> None:
        """Call `read` with every message as it arrives."""
        self._readers.append(read)

    def at(self, address: str) -> list[Accepted]:
        """List what arrived at an address, oldest first, with its links and codes."""
        return self._at[address.lower()]

    def tell_outcome(self, message: Accepted, status: DeliveryStatus) -> None:
        """Tell the portal what became of a message, as the gateway does by which it came."""
        now = self.clock.now
        told = ReceiptSent(at=now, message_id=message.message_id, status=status)
        if message.message_key:
            # Marketing Cloud tells the portal by itself, if it subscribed.
            self.portal.now()
            if self.inbox.tell(message, status, now):
                self.evidence.append(told)
            return
        receipt = self.inbox.receipt(message.message_id, status, now)
        self.evidence.append(told)
        self.portal.now().deliver_receipt(receipt)

    def catch_up(self) -> None:
        """Move the portal to the world's time, and take in what it sent on the way.

        The evidence then has those messages before whatever the portal is told next.
        """
        if self.portal.catch_up():
            self.collect()

    def collect(self) -> bool:
        """Take in everything that the gateway has been given; return whether there was anything."""
        arrived = self.inbox.drain()
        for each in arrived:
            if isinstance(each, RefusedRequest):
                self._refuse(each)
                continue
            if each.how == "intercepted":
                self.recipients.message_came()
            self._take(each)
        return bool(arrived)

    def _refuse(self, message: RefusedRequest) -> None:
        self.evidence.append(
            MessageRefused(
                at=self.clock.now,
                to=message.to,
                channel=message.channel,
                status=message.status,
                reason=message.reason,
            )
        )

    def _take(self, message: Accepted) -> None:
        record = self.secrets.as_evidence(message)
        self.evidence.append(record)
        planned = self._take_plan(record)
        if not _has_failed(planned):
            self._at[message.to.lower()].append(message)
        holders = 0 if _has_failed(planned) else self._holders[message.to.lower()]
        self.evidence.append(
            MessageReached(at=self.clock.now, message_id=message.message_id, holders=holders)
        )
        status: DeliveryStatus = "delivered" if holders else "permanent-failure"
        if _has_failed(planned):
            if planned == "fails late":
                self._send_receipt(message, "permanent-failure", after=LATE_RECEIPT)
            else:
                self._send_receipt(message, planned)
        elif planned != "never":
            wait = LATE_RECEIPT if planned == "late" else timedelta(0)
            self._send_receipt(message, status, after=wait)
            if planned == "twice":
                self._send_receipt(message, status, after=LATE_RECEIPT)
        for read in self._readers:
            read(record, message)

    def _take_plan(self, message: MessageAccepted) -> PlannedReceipt | None:
        planned = self._planned.get((message.to.lower(), message.carries == "one_time_code"))
        return planned.popleft() if planned else None

    def _take_refusal(self, address: str, words: str) -> int:
        planned = self._refusals.get(address.lower())
        return planned.popleft() if planned and not self.secrets.brings_code(words) else 0

    def _send_receipt(
        self, message: Accepted, status: DeliveryStatus, *, after: timedelta = timedelta(0)
    ) -> None:
        capabilities = self.portal.driver.capabilities
        if "receipts" not in capabilities or message.how != "intercepted":
            return
        when = self.clock.now + after + timedelta(seconds=int(self.stream.integers(2, 60)))

        self.clock.at(when, partial(self.tell_outcome, message, status))


def _has_failed(
    planned: PlannedReceipt | None,
) -> TypeGuard[FailedReceipt | Literal["fails late"]]:
    return planned in (*FAILED, "fails late")
