"""Every message that leaves the portal, by Notify or by SMTP.

Server threads append; the world drains between two steps of its clock and passes messages on to
phones and mailboxes. A receipt also sets the message's status here, so a portal that asks the
gateway gets the same answer.
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime
from itertools import count, dropwhile, islice
from typing import Literal, TypeAlias
from uuid import UUID, uuid5

from msgspec import Struct

from reference.contract.events import Channel
from reference.contract.messages import DeliveryReceipt, DeliveryStatus
from simulator.evidence.records import How
from simulator.neighbours.gateway.notify_time import notify_time
from simulator.neighbours.gateway.received_texts import ReceivedTexts

PAGE_MESSAGES = 250

Status: TypeAlias = Literal["created", "sending", "pending"] | DeliveryStatus
NotificationType: TypeAlias = Literal["sms", "email"]

NOTIFICATION_TYPES: dict[Channel, NotificationType] = {"text": "sms", "email": "email"}

_NAMESPACE = UUID("9a0f6d6e-6f0b-4b52-8a7e-7c1f5a3f2d10")
_UNDER_WAY = frozenset({"created", "sending", "pending"})


class Accepted(Struct, frozen=True, kw_only=True):
    """A message that the gateway took; `to` is normalised, `to_given` is as the portal wrote it."""

    message_id: str
    channel: Channel
    to: str
    to_given: str
    subject: str
    body: str
    sender: str
    reference: str
    template_id: str
    accepted_at: datetime
    how: How = "intercepted"
    correlation_id: str = ""


class RefusedRequest(Struct, frozen=True, kw_only=True):
    """A request that the gateway refused; `to` is as the portal wrote it, "" if unreadable."""

    channel: Channel
    to: str
    status: int
    reason: str
    refused_at: datetime


class Inbox:
    """All messages of one run. Ids depend only on the run's name and the order of arrival."""

    def __init__(self, now: Callable[[], datetime], *, run: str = "") -> None:
        self._now = now
        self._namespace = uuid5(_NAMESPACE, run) if run else _NAMESPACE
        self._numbers = count(1)
        self._arrived: deque[Accepted | RefusedRequest] = deque()
        self._kept: list[Accepted] = []
        self._by_id: dict[str, Accepted] = {}
        self._statuses: dict[str, tuple[Status, datetime]] = {}
        self.received = ReceivedTexts(now, self.unused_id)
        #: While true, the gateway takes and answers nothing, by Notify or by SMTP.
        self.is_down = False
        self.before_drain: Callable[[], None] = lambda: None

    def accept(
        self,
        *,
        channel: Channel,
        to: str,
        to_given: str,
        subject: str,
        body: str,
        sender: str,
        reference: str,
        template_id: str,
        correlation_id: str = "",
    ) -> Accepted:
        """Keep a message, for the next drain and to be asked for by its id."""
        message = Accepted(
            message_id=self.unused_id(),
            channel=channel,
            to=to,
            to_given=to_given,
            subject=subject,
            body=body,
            sender=sender,
            reference=reference,
            template_id=template_id,
            accepted_at=self._now(),
            correlation_id=correlation_id,
        )
        self._by_id[message.message_id] = message
        self._kept.append(message)
        self._arrived.append(message)
        return message

    def take(self, message: Accepted) -> None:
        """Keep a message that did not come by our gateway, for the next drain only."""
        self._arrived.append(message)

    def refuse(self, *, channel: Channel, to: str, status: int, reason: str) -> RefusedRequest:
        """Note a refusal, for the next drain."""
        refused = RefusedRequest(
            channel=channel, to=to, status=status, reason=reason, refused_at=self._now()
        )
        self._arrived.append(refused)
        return refused

    def unused_id(self) -> str:
        """Make the next id, for a message or for one that is only pretended."""
        return str(uuid5(self._namespace, str(next(self._numbers))))

    def drain(self) -> list[Accepted | RefusedRequest]:
        """Return what arrived since the last drain, in order of arrival."""
        self.before_drain()
        return [self._arrived.popleft() for _ in range(len(self._arrived))]

    def message(self, message_id: str) -> Accepted | None:
        """Find a message by its id."""
        return self._by_id.get(message_id)

    def page(self, wanted: Callable[[Accepted], bool], *, older_than: str = "") -> list[Accepted]:
        """List up to PAGE_MESSAGES wanted messages, newest first.

        With `older_than`, only those that arrived before that message; none if it is unknown.
        """
        newest_first = reversed(self._kept)
        if not older_than:
            return list(islice(filter(wanted, newest_first), PAGE_MESSAGES))
        from_there = dropwhile(lambda each: each.message_id != older_than, newest_first)
        return list(islice(filter(wanted, islice(from_there, 1, None)), PAGE_MESSAGES))

    def status_of(self, message_id: str) -> Status:
        """Return the status of a message; raises KeyError for an unknown id."""
        status, _ = self._status_at(message_id)
        return status

    def completed_at(self, message_id: str) -> datetime | None:
        """Return when a message was delivered or given up; None while it is under way."""
        status, at = self._status_at(message_id)
        return None if status in _UNDER_WAY else at

    def set_status(self, message_id: str, status: Status, at: datetime) -> None:
        """Set the status of a message; raises KeyError for an unknown id."""
        self._statuses[self._by_id[message_id].message_id] = (status, at)

    def receipt(self, message_id: str, status: DeliveryStatus, at: datetime) -> DeliveryReceipt:
        """Set the final status of a message, and make Notify's callback; raises KeyError."""
        self.set_status(message_id, status, at)
        message = self._by_id[message_id]
        return DeliveryReceipt(
            id=message_id,
            reference=message.reference or None,
            to=message.to_given,
            status=status,
            created_at=notify_time(message.accepted_at),
            completed_at=notify_time(at),
            sent_at=notify_time(message.accepted_at),
            notification_type=NOTIFICATION_TYPES[message.channel],
            template_id=message.template_id,
        )

    def _status_at(self, message_id: str) -> tuple[Status, datetime]:
        return self._statuses.get(message_id) or ("created", self._by_id[message_id].accepted_at)
