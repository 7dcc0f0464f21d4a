"""Makes the faults of a burst happen, each at its time, to a portal that the suite started.

A thread waits for the burst to begin and plays the faults in order. What it cannot play is refused
before the burst: `check_faults`.
"""

import resource
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import psutil

from loadtests.bursts import Burst
from loadtests.doubles import PortalWithDoubles
from loadtests.faults import OF_OUR_PORTAL, Fault, FaultKind, FaultTimes
from simulator.clock import wall_now
from simulator.errors import BadInput
from simulator.evidence.records import GatewayCameBack, GatewayWentDown, PortalRestarted
from simulator.inputs.target import Target
from simulator.processes.server_process import ServerProcess

#: Where Debian and others keep libfaketime, which moves the clock of one process.
LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib*/faketime/libfaketimeMT.so.1")
_CLOCK = "clock"
_JOIN_SECONDS_MAX = 30.0
#: A file that is shorter holds no data yet.
_PAGE_BYTES = 4096


class FaultPlayer:
    """Plays faults. `played` has what was done and when, `why_not` what went wrong in doing it."""

    def __init__(self, scene: PortalWithDoubles) -> None:
        self._scene = scene
        self._stop = threading.Event()
        self.played: list[FaultTimes] = []
        self.why_not = ""

    def play(self, faults: Sequence[Fault]) -> None:
        """Wait for the burst to begin, and play each fault at its time."""
        while not self._scene.beginning.wait(0.1):
            if self._stop.is_set():
                return
        for fault in sorted(faults, key=lambda each: each.at_seconds):
            if not self._wait_until(fault.at_seconds):
                return
            began_at = wall_now()
            try:
                with self._done(fault):
                    self._wait(fault.for_seconds)
            except Exception as error:  # noqa: BLE001  the run says so
                self.why_not = f"{fault.kind}: {type(error).__name__}: {error}"[:200]
                return
            self.played.append(FaultTimes(kind=fault.kind, began_at=began_at, ended_at=wall_now()))

    def stop(self) -> None:
        """Play no more; a fault that is being played ends now."""
        self._stop.set()

    def _wait_until(self, seconds: float) -> bool:
        at = self._scene.beginning.at + timedelta(seconds=seconds)
        return self._wait((at - wall_now()).total_seconds())

    def _wait(self, seconds: float) -> bool:
        """Wait, and return whether to go on."""
        return not self._stop.wait(max(0.0, seconds))

    @contextmanager
    def _done(self, fault: Fault) -> Iterator[None]:
        """Do a fault, and undo it."""
        ways: dict[FaultKind, Callable[[Fault], AbstractContextManager[None]]] = {
            "gateway slowed": self._slowed,
            "gateway limited": self._limited,
            "gateway down": self._down,
            "portal killed": self._killed,
            "worker killed": self._worker_killed,
            "database restarted": self._database_restarted,
            "disk full": self._disk_full,
            "clock jump": self._clock_jump,
        }
        with ways[fault.kind](fault):
            yield

    @contextmanager
    def _slowed(self, fault: Fault) -> Iterator[None]:
        self._scene.gateway.slower_seconds = fault.seconds
        yield
        self._scene.gateway.slower_seconds = 0.0

    @contextmanager
    def _limited(self, _fault: Fault) -> Iterator[None]:
        self._scene.gateway.is_limited = True
        yield
        self._scene.gateway.is_limited = False

    @contextmanager
    def _down(self, _fault: Fault) -> Iterator[None]:
        at = self._scene.gateway.set_down(is_down=True)
        self._scene.evidence.append(GatewayWentDown(at=at))
        yield
        at = self._scene.gateway.set_down(is_down=False)
        self._scene.evidence.append(GatewayCameBack(at=at))

    @contextmanager
    def _killed(self, _fault: Fault) -> Iterator[None]:
        server = self._server()
        server.kill()
        yield
        server.start()
        self._scene.evidence.append(PortalRestarted(at=wall_now()))

    @contextmanager
    def _worker_killed(self, _fault: Fault) -> Iterator[None]:
        """Kill one of the portal's own processes; the portal itself is to start another."""
        children = psutil.Process(self._server().pid).children(recursive=True)
        workers = [each for each in children if "resource_tracker" not in " ".join(each.cmdline())]
        workers[-1].kill()
        self._scene.evidence.append(PortalRestarted(at=wall_now()))
        yield

    @contextmanager
    def _database_restarted(self, _fault: Fault) -> Iterator[None]:
        postgres = self._scene.postgres
        assert postgres is not None
        postgres.stop()
        yield
        postgres.start()

    @contextmanager
    def _disk_full(self, _fault: Fault) -> Iterator[None]:
        """Let the portal write no further into any file than the shortest of its files is long.

        A file that is as long as its database would hide what a log beside it needs.
        """
        processes = _with_children(self._server().pid)
        sizes = [size for each in processes for size in _file_sizes(each)]
        most = min((size for size in sizes if size >= _PAGE_BYTES), default=_PAGE_BYTES)
        before = [each.rlimit(resource.RLIMIT_FSIZE) for each in processes]
        for each, (_soft, hard) in zip(processes, before, strict=True):
            each.rlimit(resource.RLIMIT_FSIZE, (most, hard))
        yield
        for each, limits in zip(processes, before, strict=True):
            with suppress(psutil.NoSuchProcess):
                each.rlimit(resource.RLIMIT_FSIZE, limits)

    @contextmanager
    def _clock_jump(self, fault: Fault) -> Iterator[None]:
        _set_clock(self._scene.folder, fault.seconds)
        yield
        _set_clock(self._scene.folder, 0.0)

    def _server(self) -> ServerProcess:
        started = self._scene.started
        assert started is not None
        return started.server


@contextmanager
def faults_played(scene: PortalWithDoubles, faults: Sequence[Fault]) -> Iterator[FaultPlayer]:
    """Play faults in a thread until the block ends."""
    player = FaultPlayer(scene)
    thread = threading.Thread(target=player.play, args=(faults,), name="faults", daemon=True)
    thread.start()
    try:
        yield player
    finally:
        player.stop()
        thread.join(_JOIN_SECONDS_MAX)


def check_faults(burst: Burst, target: Target, *, on_postgres: bool, path: Path) -> None:
    """Refuse faults that cannot be played on this portal; raises BadInput."""
    for fault in burst.faults:
        kind = fault.kind
        if kind in OF_OUR_PORTAL and not target.access.command:
            raise BadInput(
                f"{path}: faults: {kind} needs a portal that the suite starts; give access.command "
                "in the target file, or leave this fault out"
            )
        if kind == "portal killed" and fault.for_seconds >= burst.down_seconds_max:
            raise BadInput(
                f"{path}: faults: {kind} for_seconds is {fault.for_seconds:g}, and a portal that "
                f"answers nothing for down_seconds_max, {burst.down_seconds_max:g}, ends the burst"
            )
        if kind == "database restarted" and not on_postgres:
            raise BadInput(f"{path}: faults: {kind} needs --database postgresql")
        if kind == "disk full" and on_postgres:
            raise BadInput(
                f"{path}: faults: {kind} is for a portal with its own files; leave --database out"
            )
        if kind == "worker killed" and "--workers" not in target.access.command:
            raise BadInput(
                f"{path}: faults: {kind} needs a portal with several processes: --portal-workers 2"
            )
        if kind == "clock jump":
            clock_library(LIBRARIES)


def clock_environment(burst: Burst, folder: Path) -> Mapping[str, str]:
    """Give the environment of a portal whose clock will jump; empty for any other."""
    if not any(each.kind == "clock jump" for each in burst.faults):
        return {}
    _set_clock(folder, 0.0)
    return {
        "LD_PRELOAD": clock_library(LIBRARIES),
        "FAKETIME_TIMESTAMP_FILE": str(folder / _CLOCK),
        "FAKETIME_CACHE_DURATION": "1",
        # Waits and time limits go on as they are; only the time of day jumps.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def clock_library(patterns: Sequence[str]) -> str:
    """Find libfaketime; raises BadInput if it is not installed."""
    for pattern in patterns:
        for path in sorted(Path("/").glob(pattern.removeprefix("/"))):
            return str(path)
    raise BadInput(
        "faults: clock jump needs libfaketime, which moves the clock of one process; install it "
        "(Debian: apt-get install libfaketime), or leave this fault out"
    )


def _set_clock(folder: Path, seconds: float) -> None:
    """Set how far the portal's clock is ahead, whole or not at all."""
    part = folder / f"{_CLOCK}.part"
    part.write_text(f"{seconds:+.0f}s\n", encoding="ascii")
    part.replace(folder / _CLOCK)


def _with_children(pid: int) -> list[psutil.Process]:
    server = psutil.Process(pid)
    return [server, *server.children(recursive=True)]


def _file_sizes(process: psutil.Process) -> Iterator[int]:
    """Give how long each file is that a process has open."""
    for each in process.open_files():
        with suppress(OSError):
            yield Path(each.path).stat().st_size
