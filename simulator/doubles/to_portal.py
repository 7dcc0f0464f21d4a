"""What the doubles send to the portal: events of the crime system, and the gateway's callbacks.

Events go one by one, in order, signed as the contract says, until the portal takes each with 202;
one that it refuses for good is set aside and shown, so that the others go on. Callbacks follow
Notify's rules. An answer must be whole in the time that Notify waits: a portal that sends a byte
now and then holds nothing up.
"""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
from msgspec import Struct

from reference.contract.correlation import CORRELATION_ID
from reference.contract.messages import DeliveryStatus, ReceivedText
from reference.contract.signing import sign
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import KeptInbox
from simulator.drivers.exchange import HttpExchange
from simulator.errors import PortalUnreachable
from simulator.neighbours.gateway.inbox import Accepted, Letter
from simulator.neighbours.gateway.notify_callbacks import (
    TIMEOUT_SECONDS,
    Callback,
    CallbackKind,
    Callbacks,
)
from simulator.neighbours.gateway.notify_complaints import complaint, returned_letter
from simulator.neighbours.gateway.notify_templates import Templates

EVENTS_PATH = "/crime-events"
RECEIPTS_PATH = "/delivery-receipts"
TEXTS_PATH = "/received-texts"
#: Where each callback of Notify goes at the portal.
CALLBACK_PATHS: Mapping[CallbackKind, str] = {
    "receipt": RECEIPTS_PATH,
    "received text": TEXTS_PATH,
    "complaint": "/complaints",
    "returned letter": "/returned-letters",
}

_LOOK_SECONDS = 0.05
_AGAIN_SECONDS = 2.0
_TAKEN, _TOO_MANY, _SERVER_ERROR = 202, 429, 500


class SetAside(Struct, frozen=True, kw_only=True):
    """An event that the portal refused for good: it is not sent again by itself."""

    event_id: str
    status: int
    answer: str


class PortalSecrets(Struct, frozen=True, kw_only=True):
    """What the portal knows its neighbours by."""

    events: str
    receipts: str

    def __repr__(self) -> str:
        return "PortalSecrets(…)"


class ToPortal:
    """Sends to one portal from a thread, until it is stopped.

    `receipt` is the status that every message gets after `receipt_seconds`; None sends none. Where
    an integration carries the events, only callbacks are sent (`sends_events`).
    """

    def __init__(
        self,
        portal_url: str,
        secrets: PortalSecrets,
        inbox: KeptInbox,
        crime_system: KeptCrimeSystem,
        *,
        now: Callable[[], datetime],
        sends_events: bool = True,
        receipt_seconds: float = 1.0,
        wait_seconds_max: float = TIMEOUT_SECONDS,
    ) -> None:
        self.receipt: DeliveryStatus | None = "delivered"
        self.set_aside: list[SetAside] = []
        self.callbacks = Callbacks()
        self._url = portal_url.rstrip("/")
        self._secrets = secrets
        self._inbox = inbox
        self._crime_system = crime_system
        self.now = now
        self._receipt_seconds = receipt_seconds
        self._sends_events = sends_events
        #: Told of each event that the portal answered: its id, the status, the delivery's id, and
        #: when it was sent.
        self.on_delivered: Callable[[str, int, str, datetime], None] = lambda *_told: None
        self._not_before: datetime | None = None
        self._portal = HttpExchange(self._url, wait_seconds_max=wait_seconds_max)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="to the portal", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Stop sending; what was not taken waits in the journal."""
        self._stopped.set()
        self._thread.join()
        self._portal.close()

    def send_text_back(self, number: str, words: str) -> ReceivedText:
        """Receive a text from a person, and call the portal with it."""
        text = self._inbox.take_text(number, words)
        body = msgspec.json.encode(text)
        self.callbacks.add(Callback(kind="received text", body=body), self.now())
        return text

    def complain(self, message_id: str) -> dict[str, Any] | None:
        """Let a reader mark an email as spam, and call the portal; None if there is no such one."""
        message, at = self._inbox.message(message_id), self.now()
        if not isinstance(message, Accepted) or message.channel != "email":
            return None
        body = complaint(message, at)
        self.callbacks.add(Callback(kind="complaint", body=msgspec.json.encode(body)), at)
        return body

    def return_letter(self, message_id: str, templates: Templates) -> dict[str, Any] | None:
        """Let a letter come back, and call the portal; None if there is no such one."""
        letter, at = self._inbox.message(message_id), self.now()
        if not isinstance(letter, Letter):
            return None
        body = returned_letter(self._inbox, letter, templates, at)
        self.callbacks.add(Callback(kind="returned letter", body=msgspec.json.encode(body)), at)
        return body

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK_SECONDS):
            self.send_due()

    def send_due(self) -> None:
        """Send what is due now, once each."""
        now = self.now()
        for message in self._inbox.drain():
            if self.receipt is None or not isinstance(message, Accepted):
                continue
            if self._url or message.message_key:
                self._plan_receipt(message, self.receipt, now)
        if not self._url:
            return
        for callback in self.callbacks.take_due(now):
            self.callbacks.tried(callback, self._call_back(callback), now)
        if self._sends_events and (self._not_before is None or self._not_before <= now):
            self._send_events(now)

    def _plan_receipt(self, message: Accepted, status: DeliveryStatus, now: datetime) -> None:
        at = now + timedelta(seconds=self._receipt_seconds)
        if message.message_key:
            self._inbox.tell(message, status, at)
            return
        receipt = self._inbox.receipt(message.message_id, status, at)
        self.callbacks.add(Callback(kind="receipt", body=msgspec.json.encode(receipt)), at)

    def _call_back(self, callback: Callback) -> int | None:
        path = CALLBACK_PATHS[callback.kind]
        headers = {
            "content-type": "application/json",
            "authorization": f"Bearer {self._secrets.receipts}",
        }
        return self._post(path, callback.body, headers)[0]

    def _send_events(self, now: datetime) -> None:
        while self._crime_system.untaken:
            event = self._crime_system.untaken[0]
            body = b"[" + event.body + b"]"
            delivery_id = str(uuid4())
            at = self.now()
            headers = sign(self._secrets.events, delivery_id=delivery_id, at=at, body=body)
            status, answer = self._post(EVENTS_PATH, body, {**headers, CORRELATION_ID: delivery_id})
            if status is not None:
                self.on_delivered(event.event_id, status, delivery_id, at)
            if status is None or status == _TOO_MANY or status >= _SERVER_ERROR:
                self._not_before = now + timedelta(seconds=_AGAIN_SECONDS)
                return
            if status != _TAKEN:
                self.set_aside.append(
                    SetAside(event_id=event.event_id, status=status, answer=answer)
                )
            self._crime_system.taken(event.event_id)

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int | None, str]:
        """Post once; return the status and the beginning of the answer, None for no answer."""
        with suppress(PortalUnreachable):
            answer = self._portal.send("POST", path, headers, body)
            return answer.status, answer.body[:500].decode("utf-8", "replace")
        return None, ""
