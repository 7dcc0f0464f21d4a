"""Every message that leaves the portal, by Notify or by SMTP.

Server threads append; the world drains between two steps of its clock and passes messages on to
phones and mailboxes. A receipt also sets the message's status here, so a portal that asks the
gateway gets the same answer.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha1
from itertools import count, islice
from typing import Literal, TypeAlias
from uuid import UUID, uuid5

from msgspec import Struct

from reference.contract.events import Channel
from reference.contract.messages import DeliveryReceipt, DeliveryStatus
from simulator.evidence.records import How
from simulator.neighbours.gateway.notify_service import KeyKind
from simulator.neighbours.gateway.notify_time import notify_time
from simulator.neighbours.gateway.received_texts import ReceivedTexts

PAGE_MESSAGES = 250
#: What a proxy answers for a gateway that took a message and was too slow to say so; and how long
#: after that the message is in no list.
ANSWER_LOST, LOST_SECONDS = 504, 20

LetterStatus: TypeAlias = Literal["pending-virus-check", "accepted", "received", "returned-letter"]
Status: TypeAlias = Literal["created", "sending", "pending"] | LetterStatus | DeliveryStatus
NotificationType: TypeAlias = Literal["sms", "email"]
#: A letter is taken by the gateway only: no world has a letter box.
MessageKind: TypeAlias = Channel | Literal["letter"]

NOTIFICATION_TYPES: dict[Channel, NotificationType] = {"text": "sms", "email": "email"}

_NAMESPACE = UUID("9a0f6d6e-6f0b-4b52-8a7e-7c1f5a3f2d10")
_UNDER_WAY = frozenset({"created", "sending", "pending", "pending-virus-check", "accepted"})
#: With a test key these fail, as Notify documents; any other message counts as delivered.
_TEST_FAILURES: dict[str, DeliveryStatus] = {
    "07700900003": "temporary-failure",
    "07700900002": "permanent-failure",
    "temp-fail@simulator.notify": "temporary-failure",
    "perm-fail@simulator.notify": "permanent-failure",
}


# Of plain values only, so that a million of them cost the garbage collector nothing.
class Accepted(Struct, frozen=True, kw_only=True, gc=False):
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
    #: The kind of key it was sent with: a list shows only those of the caller's own kind.
    key_kind: KeyKind = "live"
    unsubscribe_url: str = ""
    #: As it came by SMTP; empty for a message by Notify.
    source: bytes = b""
    #: What Marketing Cloud knows the message and its recipient by; "" for one by another way.
    message_key: str = ""
    contact_key: str = ""


class Letter(Struct, frozen=True, kw_only=True):
    """A letter that the gateway took: the address by line, the last of which is the postcode."""

    channel: Literal["letter"] = "letter"
    message_id: str
    address: tuple[str, ...]
    subject: str
    body: str
    reference: str
    template_id: str
    postage: str
    pdf: bytes
    accepted_at: datetime
    #: When its check for viruses is over.
    checked_at: datetime
    key_kind: KeyKind


Kept: TypeAlias = Accepted | Letter


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
        self.now = now
        self._ids = _Uuid5Texts(uuid5(_NAMESPACE, run) if run else _NAMESPACE)
        self._numbers = count(1)
        self._arrived: deque[Accepted | RefusedRequest] = deque()
        self._kept: list[Kept] = []
        self._by_id: dict[str, Kept] = {}
        # Places in `_kept`, so that a million messages are as quick to search as ten.
        self._places: dict[str, int] = {}
        self._by_reference: dict[str, list[int]] = {}
        self._by_recipient: dict[str, list[int]] = {}
        self._statuses: dict[str, tuple[Status, datetime]] = {}
        self._letters = 0
        self.received = ReceivedTexts(now, self.unused_id)
        #: So long after it was taken a message is in no list, and not to be asked for by its id.
        self.listed_after_seconds = 0.0
        #: While true, the gateway takes and answers nothing, by Notify or by SMTP.
        self.is_down = False
        self.before_drain: Callable[[], None] = lambda: None
        #: By address and words: the status by which a message is refused once; 0 for none. With
        #: 504 it is taken, the answer is lost, and no list has it for LOST_SECONDS.
        self.refusal_of: Callable[[str, str], int] = lambda _address, _words: 0
        self._lost: set[str] = set()

        #: Tells the subscribers of Marketing Cloud what became of a message; False if none asked.
        self.tell_subscribers: Callable[[Accepted, DeliveryStatus, datetime], bool] = (
            lambda _message, _status, _at: False
        )

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
        key_kind: KeyKind = "live",
        unsubscribe_url: str = "",
        source: bytes = b"",
        message_key: str = "",
        contact_key: str = "",
    ) -> Accepted:
        """Keep a message, for the next drain and to be asked for by its id.

        One sent with a test key reaches nobody: it is not drained.
        """
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
            accepted_at=self.now(),
            correlation_id=correlation_id,
            key_kind=key_kind,
            unsubscribe_url=unsubscribe_url,
            source=source,
            message_key=message_key,
            contact_key=contact_key,
        )
        self.keep(message)
        if key_kind != "test":
            self._arrived.append(message)
        return message

    def keep(self, message: Kept) -> None:
        """Keep a message to be asked for by its id, or in a list."""
        place = len(self._kept)
        self._by_id[message.message_id] = message
        self._places[message.message_id] = place
        self._kept.append(message)
        if message.reference:
            self._by_reference.setdefault(message.reference, []).append(place)
        if isinstance(message, Accepted):
            self._by_recipient.setdefault(message.to, []).append(place)
        else:
            self._letters += 1

    @property
    def kept_count(self) -> int:
        """How many messages and letters there are."""
        return len(self._kept)

    @property
    def messages_count(self) -> int:
        """How many texts and emails there are."""
        return len(self._kept) - self._letters

    def take(self, message: Accepted) -> None:
        """Keep a message that did not come by our gateway, for the next drain only."""
        self._arrived.append(message)

    def refuse(self, *, channel: Channel, to: str, status: int, reason: str) -> RefusedRequest:
        """Note a refusal, for the next drain."""
        refused = RefusedRequest(
            channel=channel, to=to, status=status, reason=reason, refused_at=self.now()
        )
        self._arrived.append(refused)
        return refused

    def unused_id(self) -> str:
        """Make the next id, for a message or for one that is only pretended."""
        return self._ids.of(str(next(self._numbers)))

    def drain(self) -> list[Accepted | RefusedRequest]:
        """Return what arrived since the last drain, in order of arrival."""
        self.before_drain()
        return [self._arrived.popleft() for _ in range(len(self._arrived))]

    def lose_answer(self, message_id: str) -> None:
        """List a message late: the portal was told nothing of it."""
        self._lost.add(message_id)

    def is_listed(self, message: Kept) -> bool:
        """Say whether the gateway has stored a message that it took: a busy one does it later."""
        late = self.listed_after_seconds
        if message.message_id in self._lost:
            late = max(late, LOST_SECONDS)
        return not late or self.now() >= message.accepted_at + timedelta(seconds=late)

    def message(self, message_id: str) -> Kept | None:
        """Find a message by its id."""
        return self._by_id.get(message_id)

    def page(
        self, wanted: Callable[[Kept], bool], *, older_than: str = "", reference: str = ""
    ) -> list[Kept]:
        """List up to PAGE_MESSAGES wanted messages, newest first.

        With `older_than`, only those that arrived before that message; none if it is unknown. With
        `reference`, only those that were sent with it.
        """
        end = self._places.get(older_than, 0) if older_than else len(self._kept)
        places: Sequence[int] = range(len(self._kept))
        if reference:
            places = self._by_reference.get(reference, [])
        before = places[: bisect_left(places, end)]
        newest_first = (self._kept[place] for place in reversed(before))
        return list(islice(filter(wanted, newest_first), PAGE_MESSAGES))

    def sent_to(self, recipient: str) -> Iterator[Accepted]:
        """Give every message to a recipient, newest first; an address as it is normalised."""
        for place in reversed(self._by_recipient.get(recipient, [])):
            message = self._kept[place]
            assert isinstance(message, Accepted)
            yield message

    def sent_with(self, reference: str) -> Iterator[Accepted]:
        """Give every text and email that was sent with a reference, newest first."""
        for place in reversed(self._by_reference.get(reference, [])):
            message = self._kept[place]
            if isinstance(message, Accepted):
                yield message

    def newest_first(self, since: int = 0) -> Iterator[Kept]:
        """Give every message, newest first; with `since`, only those after the first so many."""
        return (self._kept[place] for place in range(len(self._kept) - 1, since - 1, -1))

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
        assert isinstance(message, Accepted)
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

    def tell(self, message: Accepted, status: DeliveryStatus, at: datetime) -> bool:
        """Set the final status of a message by Marketing Cloud; say whether anybody is told."""
        self.set_status(message.message_id, status, at)
        return self.tell_subscribers(message, status, at)

    def _status_at(self, message_id: str) -> tuple[Status, datetime]:
        message = self._by_id[message_id]
        found = self._statuses.get(message_id) or (begins_as(message), message.accepted_at)
        is_checked = not isinstance(message, Letter) or self.now() >= message.checked_at
        if is_checked or found[0] == "returned-letter":
            return found
        return "pending-virus-check", message.accepted_at


def begins_as(message: Kept) -> Status:
    """Give the status of a message of which nothing more is known."""
    return outcome_of_test(message) if message.key_kind == "test" else "created"


def outcome_of_test(message: Kept) -> DeliveryStatus:
    """Give what becomes of a message that was sent with a test key."""
    address = message.to if isinstance(message, Accepted) else ""
    return _TEST_FAILURES.get(address, "delivered")


class _Uuid5Texts:
    """Writes `uuid5` of one namespace as text, in a fifth of the time: a message needs one."""

    def __init__(self, namespace: UUID) -> None:
        self._begun = sha1(namespace.bytes, usedforsecurity=False)

    def of(self, name: str) -> str:
        whole = self._begun.copy()
        whole.update(name.encode())
        digits = whole.hexdigest()
        variant = "89ab"[int(digits[16], 16) & 3]
        return (
            f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
        )
