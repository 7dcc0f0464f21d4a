"""When Notify calls a portal back, and how often it tries.

It does for receipts, received texts, complaints and returned letters.

A callback that fails is tried again five times, five minutes apart, but only if the connection
failed, or the answer was 429 or 500 and above. Any other answer ends it. Source: GOV.UK Notify's
published API code, github.com/alphagov/notifications-api (app/celery/service_callback_tasks.py).
"""

import heapq
import threading
from datetime import datetime, timedelta
from itertools import count
from typing import Literal, TypeAlias

from msgspec import Struct

RETRIES_MAX = 5
RETRY_SECONDS = 300.0
TIMEOUT_SECONDS = 5.0

_TOO_MANY = 429
_SERVER_ERROR = 500


CallbackKind: TypeAlias = Literal["receipt", "received text", "complaint", "returned letter"]


class Callback(Struct, frozen=True, kw_only=True):
    """One call to the portal; `tries` counts those made."""

    kind: CallbackKind
    body: bytes
    tries: int = 0


class Callbacks:
    """Callbacks by the time at which each is due; threads may share them."""

    def __init__(self) -> None:
        self._due: list[tuple[datetime, int, Callback]] = []
        self._numbers = count()
        self._lock = threading.Lock()

    def add(self, callback: Callback, at: datetime) -> None:
        """Make a callback due at a time."""
        with self._lock:
            heapq.heappush(self._due, (at, next(self._numbers), callback))

    def take_due(self, now: datetime) -> list[Callback]:
        """Take out those that are due, the earliest first."""
        due = []
        with self._lock:
            while self._due and self._due[0][0] <= now:
                due.append(heapq.heappop(self._due)[2])
        return due

    def tried(self, callback: Callback, status: int | None, now: datetime) -> bool:
        """Note what a try was answered, None for no answer; return whether there is another."""
        is_over = status is not None and status != _TOO_MANY and status < _SERVER_ERROR
        if is_over or callback.tries >= RETRIES_MAX:
            return False
        again = Callback(kind=callback.kind, body=callback.body, tries=callback.tries + 1)
        self.add(again, now + timedelta(seconds=RETRY_SECONDS))
        return True

    def __len__(self) -> int:
        return len(self._due)
