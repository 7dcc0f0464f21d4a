"""What each part of a burst takes of the machine: portal, generator and doubles, in cores.

A thread looks twice a second at the processor time of this process, the doubles', and of its
children: Locust is the generator, everything else the portal with its database.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

from simulator.results.load import Part

_LOOK_SECONDS = 0.5


class CoresUsed:
    """The mean of cores used while watching."""

    def __init__(self) -> None:
        self._first: dict[int, float] = {}
        self._seconds: dict[Part, dict[int, float]] = {"portal": {}, "generator": {}, "doubles": {}}
        self._begun = time.monotonic()
        self._ended = self._begun

    def look(self) -> None:
        """Take the processor time of each process now."""
        me = psutil.Process()
        self._note("doubles", me)
        for child in me.children(recursive=True):
            with suppress(psutil.Error):
                words = " ".join(child.cmdline())
                self._note("generator" if "locustfile" in words else "portal", child)
        self._ended = time.monotonic()

    @property
    def cores(self) -> dict[Part, float]:
        """Cores used by each part, from the first look to the last."""
        seconds = max(self._ended - self._begun, _LOOK_SECONDS)
        return {part: sum(taken.values()) / seconds for part, taken in self._seconds.items()}

    def _note(self, part: Part, process: psutil.Process) -> None:
        times = process.cpu_times()
        now = times.user + times.system
        # A process that was there before the first look counts from then on.
        first = self._first.setdefault(process.pid, now if self._ended == self._begun else 0.0)
        self._seconds[part][process.pid] = now - first


@contextmanager
def cores_watched() -> Iterator[CoresUsed]:
    """Watch until the block ends."""
    used, stopped = CoresUsed(), threading.Event()
    used.look()

    def watch() -> None:
        while not stopped.wait(_LOOK_SECONDS):
            used.look()

    thread = threading.Thread(target=watch, name="cores", daemon=True)
    thread.start()
    try:
        yield used
    finally:
        stopped.set()
        thread.join()
        used.look()
