"""The Event Notification Service: what becomes of messages, pushed to callbacks in signed batches.

A callback gets nothing before it was verified. A batch is taken with 200 to 204 within three
seconds, and tried three times; what follows is one of two copies of the documentation. Source:
developer.salesforce.com, "Retries and Callback Suspensions", "Notification Signing".
"""

import base64
import hmac
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import uuid4

import msgspec
from msgspec import UNSET, Struct, structs

from simulator.neighbours.marketing_cloud.types import (
    Callback,
    ChangedCallback,
    ChangedSubscription,
    NewCallback,
    NewSubscription,
    Subscription,
)
from simulator.neighbours.marketing_cloud.unit_settings import UnitSettings

SIGNATURE_HEADER = "x-sfmc-ens-signature"
ANSWER_SECONDS_MAX = 3.0
VERIFICATION_SECONDS_MAX = 30.0
TRIES_MAX = 3
KEPT_DAYS = 7
#: What waits for a callback that takes nothing; older events are dropped.
WAITING_MAX = 100_000
_DEFERRED_SECONDS, _DEFERRED_SECONDS_MIN = 600.0, 75.0
_SUSPENDED_SECONDS, _SUSPENDED_SECONDS_MAX = 600.0, 3600.0
_FAILURES_WITHIN = timedelta(minutes=5)
_TAKEN = range(200, 205)

#: Posts to an address; returns the status, None for no answer in time.
Post: TypeAlias = Callable[[str, bytes, dict[str, str]], int | None]


class Event(Struct, frozen=True, kw_only=True):
    """One notification, from when on it may be sent, and what subscriptions know it by."""

    at: datetime
    type: str
    definition_key: str
    payload: dict[str, Any]


@dataclass(kw_only=True, eq=False)
class _Batch:
    callback_id: str
    body: bytes
    began: datetime
    due_at: datetime
    tries: int = 0
    is_repeat: bool = False


@dataclass
class _Line:
    """What waits for one callback, and how it has failed."""

    waiting: list[Event] = field(default_factory=list)
    batches: list[_Batch] = field(default_factory=list)
    failures: list[datetime] = field(default_factory=list)
    suspensions: int = 0
    suspended_until: datetime | None = None

    def is_suspended(self, now: datetime) -> bool:
        return self.suspended_until is not None and now < self.suspended_until


class Notifications:
    """All callbacks and subscriptions; threads may share them. `on_change` keeps each."""

    def __init__(self, now: Callable[[], datetime], settings: UnitSettings) -> None:
        self.on_change: Callable[[str, Any], None] = lambda _id, _value: None
        self.callbacks: dict[str, Callback] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.lock = threading.RLock()
        self._now = now
        self._settings = settings
        self._lines: defaultdict[str, _Line] = defaultdict(_Line)

    def add_callback(self, new: NewCallback) -> Callback:
        """Keep a callback, not verified yet."""
        callback = Callback(
            callback_id=str(uuid4()),
            callback_name=new.callback_name,
            url=new.url,
            max_batch_size=new.max_batch_size,
            signature_key=_key(),
            verification_key=str(uuid4()),
        )
        self._keep(callback.callback_id, callback)
        return callback

    def change_callback(self, given: ChangedCallback) -> Callback | None:
        """Change a callback; None for an unknown one."""
        found = self.callbacks.get(given.callback_id)
        names = ("callback_name", "max_batch_size")
        return found and self._replaced(given.callback_id, found, given, names)

    def renew_key(self, callback_id: str) -> Callback | None:
        """Give a callback another signature key; None for an unknown one."""
        found = self.callbacks.get(callback_id)
        if found is not None:
            found = structs.replace(found, signature_key=_key())
            self._keep(callback_id, found)
        return found

    def verify(self, callback_id: str, key: str) -> bool:
        """Verify a callback with its key, which serves once."""
        found = self.callbacks.get(callback_id)
        if found is None or not found.verification_key:
            return False
        if not hmac.compare_digest(found.verification_key.encode(), key.encode()):
            return False
        self._keep(callback_id, structs.replace(found, status="verified", verification_key=""))
        return True

    def remove_callback(self, callback_id: str) -> bool:
        """Remove a callback and its subscriptions; say whether there was one."""
        if self.callbacks.pop(callback_id, None) is None:
            return False
        for each in self.of_callback(callback_id):
            self.remove_subscription(each.subscription_id)
        with self.lock:
            self._lines.pop(callback_id, None)
        self.on_change(callback_id, None)
        return True

    def of_callback(self, callback_id: str) -> list[Subscription]:
        """List the subscriptions of a callback."""
        return [each for each in self.subscriptions.values() if each.callback_id == callback_id]

    def add_subscription(self, new: NewSubscription) -> Subscription:
        """Keep a subscription."""
        made = Subscription(
            subscription_id=str(uuid4()),
            subscription_name=new.subscription_name,
            callback_id=new.callback_id,
            event_category_types=list(new.event_category_types),
            filters=new.filters,
        )
        self._keep(made.subscription_id, made)
        return made

    def change_subscription(self, given: ChangedSubscription) -> Subscription | None:
        """Change a subscription; None for an unknown one."""
        found = self.subscriptions.get(given.subscription_id)
        names = ("subscription_name", "event_category_types", "filters", "status", "status_reason")
        return found and self._replaced(given.subscription_id, found, given, names)

    def remove_subscription(self, subscription_id: str) -> bool:
        """Remove a subscription; say whether there was one."""
        if self.subscriptions.pop(subscription_id, None) is None:
            return False
        self.on_change(subscription_id, None)
        return True

    def restore(self, name: str, value: dict[str, Any] | None) -> None:
        """Take a callback or a subscription of an earlier run again."""
        if value is None:
            self.callbacks.pop(name, None)
            self.subscriptions.pop(name, None)
        elif "signatureKey" in value:
            self.callbacks[name] = msgspec.convert(value, Callback)
        else:
            self.subscriptions[name] = msgspec.convert(value, Subscription)

    def note(self, events: Iterable[Event]) -> bool:
        """Let events wait for each callback that subscribed to them; say whether any did."""
        now, is_any = self._now(), False
        if not self.subscriptions:
            return False
        with self.lock:
            for event in events:
                for callback_id in self._subscribed(event):
                    line, is_any = self._lines[callback_id], True
                    if not line.is_suspended(now):
                        line.waiting.append(event)
                    del line.waiting[:-WAITING_MAX]
        return is_any

    def send_due(self, post: Post) -> bool:
        """Send what is due now, once each; return whether there was anything."""
        now = self._now()
        with self.lock:
            due = [batch for name in list(self._lines) for batch in self._due(name, now)]
        for batch in due:
            callback = self.callbacks.get(batch.callback_id)
            if callback is not None:
                if "forged" in self._settings.disturbances and not batch.tries:
                    post(callback.url, batch.body, _signed(_key(), batch.body))
                status = post(callback.url, batch.body, _signed(callback.signature_key, batch.body))
                with self.lock:
                    self._answered(batch, status, self._now())
        return bool(due)

    def _subscribed(self, event: Event) -> set[str]:
        wanted = f"definitionKey={event.definition_key}"
        return {
            each.callback_id
            for each in self.subscriptions.values()
            if each.status == "active"
            and event.type in each.event_category_types
            and (not each.filters or wanted in each.filters)
        }

    def _due(self, callback_id: str, now: datetime) -> list[_Batch]:
        """Make batches of what waits, and list those that are due."""
        line, callback = self._lines[callback_id], self.callbacks.get(callback_id)
        if callback is None or line.is_suspended(now):
            return []
        ready = [each for each in line.waiting if each.at <= now]
        line.waiting = [each for each in line.waiting if each.at > now]
        size = callback.max_batch_size
        for start in range(0, len(ready), size):
            payloads = [each.payload for each in ready[start : start + size]]
            if "reversed" in self._settings.disturbances:
                payloads.reverse()
            body = msgspec.json.encode(payloads)
            line.batches.append(_Batch(callback_id=callback_id, body=body, began=now, due_at=now))
        return [each for each in line.batches if each.due_at <= now]

    def _answered(self, batch: _Batch, status: int | None, now: datetime) -> None:
        """Note what a callback answered, and when the batch is tried again."""
        line = self._lines[batch.callback_id]
        if batch not in line.batches:
            return
        if status in _TAKEN:
            line.failures.clear()
            if "twice" in self._settings.disturbances and not batch.is_repeat:
                batch.is_repeat = True
                return
            line.batches.remove(batch)
            return
        batch.tries += 1
        if batch.tries < TRIES_MAX:
            return
        if self._settings.retries == "dropped":
            line.batches.remove(batch)
            _suspend(line, now)
        elif now - batch.began >= timedelta(days=KEPT_DAYS):
            line.batches.remove(batch)
        else:
            halved = _DEFERRED_SECONDS / 2.0 ** (batch.tries - TRIES_MAX)
            batch.due_at = now + timedelta(seconds=max(halved, _DEFERRED_SECONDS_MIN))

    def _replaced(self, name: str, found: Any, given: Any, fields: Iterable[str]) -> Any:
        values = {each: getattr(given, each) for each in fields}
        changed = structs.replace(
            found, **{each: value for each, value in values.items() if value is not UNSET}
        )
        self._keep(name, changed)
        return changed

    def _keep(self, name: str, value: Callback | Subscription) -> None:
        if isinstance(value, Callback):
            self.callbacks[name] = value
        else:
            self.subscriptions[name] = value
        self.on_change(name, value)


def _suspend(line: _Line, now: datetime) -> None:
    """Suspend a callback that failed twice in five minutes, or again after a suspension."""
    line.failures = [each for each in line.failures if now - each < _FAILURES_WITHIN] + [now]
    if len(line.failures) >= 2 or line.suspensions:
        seconds = min(_SUSPENDED_SECONDS * 2.0**line.suspensions, _SUSPENDED_SECONDS_MAX)
        line.suspensions += 1
        line.suspended_until = now + timedelta(seconds=seconds)
        line.waiting.clear()


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _signed(key: str, body: bytes) -> dict[str, str]:
    """Sign a body: the key is used as it is written, and not decoded."""
    digest = hmac.digest(key.encode(), body, "sha256")
    return {
        "content-type": "application/json",
        SIGNATURE_HEADER: base64.b64encode(digest).decode(),
    }
