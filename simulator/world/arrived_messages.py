"""The phones and mailboxes of a world: who holds each, and what arrived there.

A message that the gateway accepts arrives at once. The evidence keeps it without its links and
codes. A portal that claims receipts gets one some seconds later.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from reference.contract.messages import DeliveryStatus
from simulator.clock import WorldClock
from simulator.evidence.records import (
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
    _readers: list[Callable[[MessageAccepted, Accepted], None]] = field(
        init=False, default_factory=list
    )

    def hold(self, person: PersonKnown) -> None:
        """Give a person their phone and mailbox; raises CouldBeReal."""
        self.recipients.refuse_real([person])
        self.evidence.append(person)
        for address in (person.mobile_phone, person.email.lower()):
            if address:
                self._holders[address] += 1

    def on_message(self, read: Callable[[MessageAccepted, Accepted], None]) -> None:
        """Call `read` with every message as it arrives."""
        self._readers.append(read)

    def at(self, address: str) -> list[Accepted]:
        """List what arrived at an address, oldest first, with its links and codes."""
        return self._at[address.lower()]

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
        self._at[message.to.lower()].append(message)
        holders = self._holders[message.to.lower()]
        self.evidence.append(
            MessageReached(at=self.clock.now, message_id=message.message_id, holders=holders)
        )
        self._send_receipt(message, "delivered" if holders else "permanent-failure")
        for read in self._readers:
            read(record, message)

    def _send_receipt(self, message: Accepted, status: DeliveryStatus) -> None:
        capabilities = self.portal.driver.capabilities
        if "receipts" not in capabilities or message.how != "intercepted":
            return
        when = self.clock.now + timedelta(seconds=int(self.stream.integers(2, 60)))

        def arrive() -> None:
            now = self.clock.now
            receipt = self.inbox.receipt(message.message_id, status, now)
            self.evidence.append(ReceiptSent(at=now, message_id=message.message_id, status=status))
            self.portal.now().deliver_receipt(receipt)

        self.clock.at(when, arrive)
