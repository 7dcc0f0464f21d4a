"""The cap on what goes to a portal on another machine, held by every process that sends to it.

Time is divided into places, one request each, by the time of day: so all processes count the same
places. Preparation and receipts, in one process, have all places before the burst. While Locust
runs, receipts keep some of them, and each Locust process has its own part of the rest. What nobody
uses is lost, so the cap holds however the processes are loaded.
"""

import math
import threading
from collections.abc import Callable
from typing import Any

from loadtests.slots import ALL, Slots
from simulator.drivers.base import Driver
from simulator.drivers.methods import METHODS

#: A request that is not on its way so soon after its place takes another.
LATE_SECONDS_MAX = 0.05
#: So many places are shared out at a time, for each process that sends.
_PLACES = 100


def usable(per_second_max: float) -> float:
    """Say how many places a second there are, so that no second has more requests than the cap.

    Those of a second have places in a stretch that is longer by `LATE_SECONDS_MAX`, and it may hold
    one more than its length says.
    """
    return max(per_second_max - 1, per_second_max / 2) / (1 + LATE_SECONDS_MAX)


def cap_for(places: float) -> int:
    """Say which cap has so many places a second."""
    return math.ceil(min(places * (1 + LATE_SECONDS_MAX) + 1, places * (1 + LATE_SECONDS_MAX) * 2))


def shared_out(receipts: float, users: float, *, workers: int) -> tuple[Slots, Slots]:
    """Share the places out between receipts and Locust's users, by the rates that both need.

    Receipts have one at least, and so has each worker.
    """
    processes = max(1, workers)
    of = _PLACES * processes
    share = receipts / (receipts + users) if receipts else 0.0
    count = min(max(1, math.ceil(of * share)), of - processes)
    ours = tuple(place * of // count for place in range(count))
    theirs = frozenset(range(of)) - frozenset(ours)
    return Slots(ours, of), Slots(tuple(sorted(theirs)), of)


def places_needed(receipts: float, users: float, *, workers: int) -> float:
    """Say how many places a second it takes for both to have as many as they need."""
    ours, theirs = shared_out(receipts, users, workers=workers)
    return max(receipts * ours.of / len(ours.mine), users * theirs.of / len(theirs.mine))


class RateCap:
    """Gives out the places of one process, which may have several threads; 0 is no cap."""

    def __init__(self, per_second_max: float = 0.0, slots: Slots = ALL) -> None:
        self.is_set = per_second_max > 0
        self._places_a_second = usable(per_second_max)
        self._next = 0
        self._lock = threading.Lock()
        self.keep_to(slots)

    def keep_to(self, slots: Slots) -> None:
        """Take only these places from now on."""
        self._mine, self._of = frozenset(slots.mine), slots.of

    def take(self, now: float) -> float:
        """Take the next place; return its time. Both are in seconds since 1970."""
        with self._lock:
            place = max(self._next, math.ceil(now * self._places_a_second))
            while place % self._of not in self._mine:
                place += 1
            self._next = place + 1
        return place / self._places_a_second

    def wait(self, now: Callable[[], float], sleep: Callable[[float], object]) -> float:
        """Wait for a place; return how long that took.

        Who comes too late for a place, because the process stood still, waits for another.
        """
        began = now()
        while self.is_set:
            at = self.take(now())
            sleep(max(0.0, at - now()))
            if now() - at <= LATE_SECONDS_MAX:
                break
        return now() - began


class PacedDriver:
    """Passes each call on to a driver when it has a place under the cap."""

    def __init__(self, driver: Driver, wait: Callable[[], object]) -> None:
        self._driver = driver
        self._wait = wait

    def __getattr__(self, name: str) -> Any:
        """Give what the driver has; a call to the portal waits first."""
        found = getattr(self._driver, name)
        if name not in METHODS:
            return found

        def call(*given: object, **named: object) -> object:
            self._wait()
            return found(*given, **named)

        return call
