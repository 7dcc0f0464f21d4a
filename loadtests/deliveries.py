"""Deliver events as a crime system's integration does: at least once, until each is answered 202.

There are several threads, each with its own connections. An event not accepted is delivered
again, perhaps after later events, perhaps to another process of the portal.
"""

import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, Queue

from msgspec import Struct

from simulator.clock import wall_sleep
from simulator.drivers.base import Delivery, Driver
from simulator.errors import PortalUnreachable, SuiteError
from simulator.neighbours.crime_system.outgoing import Outgoing

STOPPED_EARLY = "stopped before the end, so nothing is proved"
_AGAIN_SECONDS = 0.03
_SECONDS_MAX = 90.0
#: For a delivery that was on its way when the time was up.
_LAST_SECONDS_MAX = 30.0


class Batch(Struct, frozen=True):
    """Events that are delivered together, after a pause."""

    events: tuple[Outgoing, ...]
    pause_seconds: float = 0.0


class Deliveries:
    """Deliver batches until `stop` is set. `accepted` has the ids of events answered 202."""

    def __init__(
        self,
        drivers: Callable[[], Sequence[Driver]],
        *,
        senders: int,
        stop: threading.Event | None = None,
    ) -> None:
        self._drivers = drivers
        self._senders = senders
        self._stop = stop or threading.Event()
        # Not a SimpleQueue: its wait with a time limit may have none (CPython 3.11).
        self._waiting: Queue[Batch] = Queue()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._left = 0
        self._end = 0.0
        self._broke: Exception | None = None
        self.accepted: set[str] = set()
        self.redelivered = 0

    def begin(self, batches: Sequence[Batch]) -> None:
        """Start to deliver these batches."""
        self._left, self._end = len(batches), time.monotonic() + _SECONDS_MAX
        for batch in batches:
            self._waiting.put(batch)
        self._threads = [
            threading.Thread(target=self._deliver, args=(number,), daemon=True)
            for number in range(self._senders)
        ]
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Wait until all are accepted; raises SuiteError if that takes too long, or if stopped."""
        for thread in self._threads:
            thread.join(_SECONDS_MAX + _LAST_SECONDS_MAX)
        if self._stop.is_set():
            raise SuiteError(STOPPED_EARLY)
        if self._broke is not None:
            raise self._broke
        if self._left or any(thread.is_alive() for thread in self._threads):
            raise SuiteError(
                f"{self._left} deliveries were not answered 202 within {_SECONDS_MAX:g} s"
            )

    def _deliver(self, number: int) -> None:
        drivers = self._drivers()
        turn = number
        try:
            while self._continues():
                try:
                    batch = self._waiting.get(timeout=_AGAIN_SECONDS)
                except Empty:
                    continue
                wall_sleep(batch.pause_seconds)
                turn += 1
                if _is_accepted(drivers[turn % len(drivers)], batch):
                    self._note_accepted(batch)
                else:
                    self.redelivered += 1
                    self._waiting.put(Batch(batch.events, _AGAIN_SECONDS))
        except Exception as error:  # noqa: BLE001  `finish` raises it
            self._broke = error
        finally:
            for driver in drivers:
                driver.close()

    def _continues(self) -> bool:
        is_over = self._stop.is_set() or time.monotonic() >= self._end
        return bool(self._left) and not self._broke and not is_over

    def _note_accepted(self, batch: Batch) -> None:
        with self._lock:
            self.accepted.update(each.event_id for each in batch.events)
            self._left -= 1


def _is_accepted(driver: Driver, batch: Batch) -> bool:
    delivery = Delivery(batch.events[0].event_id, [each.body for each in batch.events])
    try:
        return driver.deliver(delivery) == 202
    except PortalUnreachable:
        return False
