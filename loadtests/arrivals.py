"""Collect the messages that come to the gateway, and decide when no more will come.

A message is lost only after a long enough wait, and unique only when a duplicate could have come.
Both waits depend on the portal under test.
"""

import threading
import time
from collections.abc import Mapping

from msgspec import Struct

from loadtests.deliveries import STOPPED_EARLY
from simulator.errors import SuiteError
from simulator.neighbours.gateway.inbox import Accepted, Inbox

_LOOK_SECONDS = 0.05


class Patience(Struct, frozen=True, kw_only=True):
    """How long to wait, in seconds.

    `recovery` is how long after a crash or an outage messages may still be on their way: a portal
    asks the gateway about its messages only when no request can still be on its way. After
    `silence` without a message, the missing ones are lost. After `quiet` without one, no duplicate
    will come.
    """

    recovery: float = 14.0
    silence: float = 60.0
    quiet: float = 1.5


class Arrivals:
    """`came` has (event, address) of each message. Raises SuiteError if `stop` is set."""

    def __init__(
        self, inbox: Inbox, owed: Mapping[str, str], *, patience: Patience, stop: threading.Event
    ) -> None:
        self._inbox = inbox
        self._owed = owed
        self._patience = patience
        self.stop = stop
        self._came_at = self._broke_at = time.monotonic() - patience.recovery
        self.came: list[tuple[str, str]] = []

    def note_break(self) -> None:
        """Note that something was just killed, or has just come back."""
        self._broke_at = time.monotonic()

    def settle(self) -> None:
        """Wait until every message due has come and no duplicate can, or until no more come."""
        self._came_at = time.monotonic()
        while True:
            self._collect()
            now = time.monotonic()
            silence = now - self._came_at
            is_over = now - self._broke_at > self._patience.recovery
            if silence > self._patience.silence:
                return
            if is_over and silence > self._patience.quiet and self._all_came():
                return
            self.pause(_LOOK_SECONDS)

    def pause(self, seconds: float) -> None:
        """Wait, unless stopped."""
        if self.stop.wait(seconds):
            raise SuiteError(STOPPED_EARLY)

    def _collect(self) -> None:
        for each in self._inbox.drain():
            self._came_at = time.monotonic()
            if isinstance(each, Accepted):
                self.came.append((each.reference, each.to))

    def _all_came(self) -> bool:
        return self._owed.keys() <= {event for event, _ in self.came}
