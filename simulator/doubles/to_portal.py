"""What the doubles send to the portal: events of the crime system, and the gateway's callbacks.

Events go one by one, in order, signed as the contract says, until the portal takes each with 202;
one that it refuses for good is set aside and shown, so that the others go on. Callbacks go side by
side, by Notify's rules: a handler that takes its time holds nothing up. What becomes of a message
can be asked for, with a portal's address or without one.
"""

import heapq
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from typing import Any, cast
from uuid import uuid4

import msgspec
import urllib3
from msgspec import Struct

from reference.contract.correlation import CORRELATION_ID
from reference.contract.messages import DeliveryStatus, ReceivedText
from reference.contract.signing import sign
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import KeptInbox
from simulator.drivers.timed_connection import TimedClient
from simulator.neighbours.gateway.inbox import Accepted, Letter, Status, outcome_of_test
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

#: So many callbacks wait for the portal's answer at once.
CALLS_AT_ONCE_MAX = 20
_ON_THE_WAY = frozenset({"sending", "pending"})
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

    `receipt` is the status that every message gets after `receipt_seconds`; None leaves it with its
    provider. A test key's messages become what Notify documents. Where an integration carries the
    events, only callbacks are sent (`sends_events`).
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
        self.inbox = inbox
        self._crime_system = crime_system
        self.now = now
        self._receipt_seconds = receipt_seconds
        self._sends_events = sends_events and bool(portal_url)
        self._turns: list[tuple[datetime, int, Accepted, Status]] = []
        self._numbers = count()
        self._callers = ThreadPoolExecutor(CALLS_AT_ONCE_MAX, thread_name_prefix="callback")
        #: Told of each event that the portal answered: its id, the status, the delivery's id, and
        #: when it was sent.
        self.on_delivered: Callable[[str, int, str, datetime], None] = lambda *_told: None
        self._not_before: datetime | None = None
        self._portal = TimedClient(wait_seconds_max)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="to the portal", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Stop sending; what was not taken waits in the journal."""
        self._stopped.set()
        self._thread.join()
        self._callers.shutdown(cancel_futures=True)
        self._portal.close()

    def send_text_back(self, number: str, words: str) -> ReceivedText:
        """Receive a text from a person, and call the portal with it."""
        text = self.inbox.take_text(number, words)
        self._call_back_at(self.now(), "received text", text)
        return text

    def complain(self, message_id: str) -> dict[str, Any] | None:
        """Let a reader mark an email as spam, and call the portal; None if there is no such one."""
        message, at = self.inbox.message(message_id), self.now()
        if not isinstance(message, Accepted) or message.channel != "email":
            return None
        body = complaint(message, at)
        self._call_back_at(at, "complaint", body)
        return body

    def return_letter(self, message_id: str, templates: Templates) -> dict[str, Any] | None:
        """Let a letter come back, and call the portal; None if there is no such one."""
        letter, at = self.inbox.message(message_id), self.now()
        if not isinstance(letter, Letter):
            return None
        body = returned_letter(self.inbox, letter, templates, at)
        self._call_back_at(at, "returned letter", body)
        return body

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK_SECONDS):
            self.send_due()

    def send_due(self) -> None:
        """Send what is due now, once each."""
        now = self.now()
        self.inbox.drain()
        while self.inbox.begun:
            self._plan(self.inbox.begun.popleft(), now)
        while self._turns and self._turns[0][0] <= now:
            at, _number, message, status = heapq.heappop(self._turns)
            self._turn(message, status, at)
        for callback in self.callbacks.take_due(now):
            self._callers.submit(self._call_back, callback)
        if self._sends_events and (self._not_before is None or self._not_before <= now):
            self._send_events(now)

    def _plan(self, message: Accepted, now: datetime) -> None:
        """Plan what becomes of a message; one of an earlier run may have come to its end."""
        if self.inbox.completed_at(message.message_id) is not None:
            return
        end = outcome_of_test(message) if message.key_kind == "test" else self.receipt
        turns: list[Status] = [] if message.message_key else ["sending"]
        if message.channel == "text" and end == "temporary-failure":
            turns.append("pending")
        if end is not None:
            turns.append(end)
        for number, status in enumerate(turns):
            later = self._receipt_seconds * (1 if status == end else number / 2)
            turn = (now + timedelta(seconds=later), next(self._numbers), message, status)
            heapq.heappush(self._turns, turn)

    def _turn(self, message: Accepted, status: Status, at: datetime) -> None:
        """Bring a message a step on, and tell who sends by Notify or by Marketing Cloud."""
        if message.message_key:
            self.inbox.tell(message, cast("DeliveryStatus", status), at)
        elif status in _ON_THE_WAY or not self._url:
            self.inbox.set_status(message.message_id, status, at)
        else:
            receipt = self.inbox.receipt(message.message_id, cast("DeliveryStatus", status), at)
            self._call_back_at(at, "receipt", receipt)

    def _call_back_at(self, at: datetime, kind: CallbackKind, body: Any) -> None:
        if self._url:
            self.callbacks.add(Callback(kind=kind, body=msgspec.json.encode(body)), at)

    def _call_back(self, callback: Callback) -> None:
        path = CALLBACK_PATHS[callback.kind]
        headers = {
            "content-type": "application/json",
            "authorization": f"Bearer {self._secrets.receipts}",
        }
        status, _answer = self._post(path, callback.body, headers)
        self.callbacks.tried(callback, status, self.now())

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
        with suppress(urllib3.exceptions.HTTPError):
            answer = self._portal.ask("POST", f"{self._url}{path}", body, headers)
            return answer.status, answer.body[:500].decode("utf-8", "replace")
        return None, ""
