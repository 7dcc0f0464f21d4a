"""What each part of a burst takes of the machine: portal, database, generator and doubles.

A thread looks every second at the processor time of this process, the doubles', and of its
children: Locust is the generator, everything else the portal. A PostgreSQL of ours is no child: its
server gives its process id. It counts from when the burst begins, once all users are there. Busy is
a core that is neither idle nor waits for a disk.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from msgspec import Struct

from simulator.results.load import CoresSecond, Part

_LOOK_SECONDS = 1.0
_MEGABYTE = 1e6
PRESSURE = Path("/proc/pressure/cpu")


class MachineTaken(Struct, frozen=True):
    """What was taken of the machine so far, in seconds of a core.

    `stolen` is what its host gave to other machines, `waited` for how long something waited for a
    core (None where the system does not say).
    """

    busy: float
    stolen: float
    waited: float | None

    @classmethod
    def now(cls) -> "MachineTaken":
        """Read it."""
        times = psutil.cpu_times()._asdict()
        # What guests take is in the time of their host's programs already.
        idle = ("idle", "iowait", "guest", "guest_nice")
        busy = sum(taken for name, taken in times.items() if name not in idle)
        return cls(busy, times.get("steal", 0.0), _waited())


def _waited() -> float | None:
    """Read the pressure on the cores: the seconds in which something waited for one."""
    try:
        some = PRESSURE.read_text(encoding="ascii").splitlines()[0]
        return int(some.rpartition("total=")[2]) / 1e6
    except (OSError, ValueError, IndexError):
        return None


class CoresUsed:
    """The mean of cores used while watching, and the portal's memory at its ends."""

    def __init__(self, database_pid: Callable[[], int | None] = lambda: None) -> None:
        self._database_pid = database_pid
        self.begin()

    def begin(self) -> None:
        """Count from now on, and forget what was taken before."""
        self._first: dict[int, float] = {}
        self._seconds: dict[Part, dict[int, float]] = {
            "portal": {},
            "database": {},
            "generator": {},
            "doubles": {},
        }
        self._begun = time.monotonic()
        self._ended = self._begun
        self._memory: list[float] = []
        self._machine = MachineTaken.now()
        self.over_time: list[CoresSecond] = []

    def look(self) -> None:
        """Take the processor time of each process now, and the portal's memory."""
        before = {part: dict(taken) for part, taken in self._seconds.items()}
        me = psutil.Process()
        self._note("doubles", me)
        memory = 0.0
        for part, process in parts_of(me, self._database_pid()):
            with suppress(psutil.Error):
                self._note(part, process)
                memory += process.memory_info().rss / _MEGABYTE if part == "portal" else 0.0
        if memory:
            self._memory.append(memory)
        self._note_look(before)

    @property
    def cores(self) -> dict[Part, float]:
        """Cores used by each part, from the first look to the last."""
        return {
            part: sum(taken.values()) / self.seconds
            for part, taken in self._seconds.items()
            if taken or part != "database"
        }

    @property
    def seconds(self) -> float:
        """The seconds from the first look to the last."""
        return max(self._ended - self._begun, _LOOK_SECONDS)

    @property
    def memory_megabytes(self) -> tuple[float, float]:
        """What the portal's processes held in memory at the first look and at the last."""
        return (self._memory[0], self._memory[-1]) if self._memory else (0.0, 0.0)

    def _note_look(self, before: dict[Part, dict[int, float]]) -> None:
        """Note what was taken since the look before, and what by no part of the burst."""
        last, machine_before = self._ended, self._machine
        self._ended, self._machine = time.monotonic(), MachineTaken.now()
        seconds = self._ended - last
        if seconds < _LOOK_SECONDS / 2:
            return
        each = {
            part: [
                max(0.0, now - before[part].get(pid, 0.0)) / seconds for pid, now in taken.items()
            ]
            for part, taken in self._seconds.items()
            if taken
        }
        used = {part: sum(cores) for part, cores in each.items()}
        now, then = self._machine, machine_before
        waited = None
        if now.waited is not None and then.waited is not None:
            waited = min(1.0, (now.waited - then.waited) / seconds)
        self.over_time.append(
            CoresSecond(
                second=round(last - self._begun, 1),
                used=used,
                busiest={part: max(cores) for part, cores in each.items()},
                others=max(0.0, (now.busy - then.busy) / seconds - sum(used.values())),
                stolen=max(0.0, (now.stolen - then.stolen) / seconds),
                waited_share=waited,
            )
        )

    def _note(self, part: Part, process: psutil.Process) -> None:
        times = process.cpu_times()
        now = times.user + times.system
        # A process that was there before the first look counts from then on.
        first = self._first.setdefault(process.pid, now if self._ended == self._begun else 0.0)
        self._seconds[part][process.pid] = now - first


def parts_of(me: psutil.Process, database_pid: int | None) -> Iterator[tuple[Part, psutil.Process]]:
    """Give each process around us with its part."""
    for child in me.children(recursive=True):
        with suppress(psutil.Error):
            words = " ".join(child.cmdline())
            yield ("generator" if "locustfile" in words else "portal"), child
    if database_pid is not None:
        with suppress(psutil.Error):
            server = psutil.Process(database_pid)
            yield "database", server
            for each in server.children(recursive=True):
                yield "database", each


def pin_apart(database_pid: int | None) -> bool:
    """Give portal and database the second half of the cores, and the rest the first half.

    Returns whether that was done: a machine with one core, or no such control, is left as it is.
    """
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        return False
    ours, theirs = cores[: len(cores) // 2], cores[len(cores) // 2 :]
    me = psutil.Process()
    for part, process in [("doubles", me), *parts_of(me, database_pid)]:
        with suppress(psutil.Error):
            chosen = theirs if part in {"portal", "database"} else ours
            # Each thread has cores of its own.
            for thread in process.threads():
                os.sched_setaffinity(thread.id, chosen)
    return True


@contextmanager
def cores_watched(
    database_pid: Callable[[], int | None] = lambda: None,
    *,
    has_begun: Callable[[], bool] = lambda: True,
) -> Iterator[CoresUsed]:
    """Watch until the block ends.

    Once `has_begun`, it counts anew: the seconds in which Locust and its workers start are no part
    of the burst.
    """
    used, stopped = CoresUsed(database_pid), threading.Event()
    used.look()

    def watch() -> None:
        while not has_begun():
            if stopped.wait(_LOOK_SECONDS / 10):
                return
        used.begin()
        used.look()
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
