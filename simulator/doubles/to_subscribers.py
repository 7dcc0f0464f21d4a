"""What the force's records push by themselves: signed events of its own API, webhooks.

Each way has a thread of its own, so that a slow receiver of one does not hold the other up. An
answer must be whole in time: a receiver that sends a byte now and then is as one that is silent.
"""

import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct

from simulator.drivers.timed_connection import TimedClient
from simulator.errors import BadInput
from simulator.neighbours.dataverse import webhooks
from simulator.neighbours.dataverse.rows import Change, Rows
from simulator.neighbours.dataverse.tables import TABLES
from simulator.neighbours.dataverse.webhooks import Message, Webhook
from simulator.neighbours.force_api.subscriptions import TIMEOUT_SECONDS, Subscriptions
from simulator.neighbours.marketing_cloud.notifications import (
    ANSWER_SECONDS_MAX,
    VERIFICATION_SECONDS_MAX,
    Notifications,
)
from simulator.processes.loopback import is_loopback

#: The calls that wait while a receiver is slow; older ones are dropped, as delta links catch up.
CALLS_WAITING_MAX = 10_000
#: The name of our organisation in a webhook.
ORGANISATION = "our-force"
_LOOK_SECONDS = 0.05


class Called(Struct, frozen=True, kw_only=True):
    """One call of a webhook; `status` is None for no answer."""

    entity: str
    message: str
    status: int | None
    is_second_try: bool


class _Sender(ABC):
    """Sends what is due, from a thread, until it is stopped."""

    def __init__(self, name: str, timeout_seconds: float) -> None:
        self._http = TimedClient(timeout_seconds)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Stop sending."""
        self._stopped.set()
        self._thread.join()
        self._http.close()

    @abstractmethod
    def send_due(self) -> bool:
        """Send what is due now; return whether there was anything."""

    def _run(self) -> None:
        while not self._stopped.is_set():
            if not self.send_due():
                self._stopped.wait(_LOOK_SECONDS)


class ToSubscribers(_Sender):
    """Pushes each change to those who subscribed to the force's own API."""

    def __init__(self, rows: Rows, subscriptions: Subscriptions) -> None:
        super().__init__("to subscribers", TIMEOUT_SECONDS)
        self._rows = rows
        self._subscriptions = subscriptions

    def send_due(self) -> bool:
        """Push the next change of each subscription, once."""
        with self._rows.lock:
            due = self._subscriptions.due()
        for push in due:
            status = self._http.post(push.url, push.body, push.headers)
            with self._rows.lock:
                self._subscriptions.answered(push, status)
        return bool(due)


class WebhookCalls(_Sender):
    """Calls the webhooks of Dynamics; `last` are the last calls, the newest first."""

    def __init__(self, rows: Rows, now: Callable[[], datetime]) -> None:
        super().__init__("to webhooks", webhooks.TIMEOUT_SECONDS)
        self.last: deque[Called] = deque(maxlen=100)
        self.registered: tuple[Webhook, ...] = ()
        self._now = now
        self._waiting: deque[tuple[Change, Message]] = deque(maxlen=CALLS_WAITING_MAX)
        rows.listeners.append(self._note)

    def send_due(self) -> bool:
        """Make the next call, and a second one at once where Dataverse makes one."""
        if not self._waiting:
            return False
        change, sent = self._waiting.popleft()
        again: Message | None = sent
        while again is not None:
            sent = again
            status = self._http.post(sent.url, sent.body, sent.headers)
            self.last.appendleft(
                Called(
                    entity=change.table,
                    message=change.name,
                    status=status,
                    is_second_try=sent.is_second_try,
                )
            )
            again = webhooks.again(sent, status)
        return True

    def _note(self, change: Change) -> None:
        for webhook in self.registered:
            message = webhooks.message(webhook, change, organisation=ORGANISATION, at=self._now())
            if message is not None:
                self._waiting.append((change, message))


class ToCallbacks(_Sender):
    """Pushes what became of messages by Marketing Cloud to those who subscribed."""

    def __init__(self, notifications: Notifications) -> None:
        super().__init__("to callbacks", ANSWER_SECONDS_MAX)
        self._notifications = notifications
        #: Brings a new callback its verification key.
        self.probes = TimedClient(VERIFICATION_SECONDS_MAX)

    def stop(self) -> None:
        """Stop sending."""
        super().stop()
        self.probes.close()

    def send_due(self) -> bool:
        """Push what is due to each callback, once."""
        return self._notifications.send_due(self._http.post)


def webhook_of(url: str, key: str, *, may_go_anywhere: bool) -> Webhook:
    """Make a webhook of every table, as `--webhook` asks; raises BadInput."""
    if fault := url_fault(url, may_go_anywhere=may_go_anywhere):
        raise BadInput(f"--webhook {url!r:.80}: {fault}")
    return Webhook(url=url, tables=frozenset(TABLES), key=key)


def url_fault(url: str, *, may_go_anywhere: bool) -> str:
    """Say why changes cannot go to an address, "" if they can."""
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in {"http", "https"} and url.isprintable() and " " not in url
        host = parts.hostname if is_web else ""
    except ValueError:
        host = ""
    if not host:
        return "not an address; give http:// or https:// and host"
    if not may_go_anywhere and not is_loopback(host):
        return "another machine's address; only this machine is called without --open-to-network"
    return ""
