"""Runs the features in processes of their own: one run, or many that share what they load.

The suite imports neither pytest nor the features: it gets an exit code and files.
"""

import queue
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

import msgspec

from simulator.errors import SuiteError
from simulator.files.paths import ROOT
from simulator.processes.child_process import PIPE, STOP_SECONDS_MAX, ChildProcess, run_to_end
from simulator.processes.cores import cores

_FEATURES = ROOT / "features"
#: The arguments of pytest for all features. Its settings stand beside the features, so that a
#: checkout and an installed wheel run them alike.
ALL_FEATURES = ("-c", str(_FEATURES / "pytest.ini"), "--rootdir", str(ROOT), str(_FEATURES))
#: The exit code of a run whose results could not be written: the disk is full, or gone.
CANNOT_WRITE = 74
#: How long a run that was stopped has to put away what it holds: Ctrl-C reached it too.
_STOP_SECONDS_MAX = 2.0
#: Runs pytest with these arguments, writes what it says to a log, and gives its exit code.
Run: TypeAlias = Callable[[Sequence[str], Path], int]


def run_alone(arguments: Sequence[str], log: Path) -> int:
    """Run pytest in a process of its own."""
    command = [sys.executable, "-m", "pytest", *arguments]
    with log.open("wb") as words:
        return run_to_end(command, folder=ROOT, stdout=words, stderr=words)


@contextmanager
def warm_runs(processes: int = cores()) -> Iterator[Run]:
    """Yield a function that runs pytest, from any thread, a few runs at a time.

    Each run is a fork of a process that has everything loaded: it starts in a tenth of the time,
    and leaves nothing behind for the next.
    """
    with ExitStack() as stack:
        idle: queue.Queue[_Warm] = queue.Queue()
        for _each in range(processes):
            idle.put(stack.enter_context(_Warm()))

        def run(arguments: Sequence[str], log: Path) -> int:
            process = idle.get()
            try:
                return process.run(arguments, log)
            finally:
                idle.put(process)

        yield run


class _Warm:
    """A process that forks one run for each line that it reads."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "features.forked_runs"]
        # Held back until it can end in silence, it takes a Ctrl-C that comes as it is loaded.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            # In the foreground, so that Ctrl-C ends it: the threads that wait for it get none.
            self._process = ChildProcess(
                command, folder=ROOT, stdin=PIPE, stdout=PIPE, foreground=True
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def __enter__(self) -> "_Warm":
        return self

    def __exit__(self, *error: object) -> None:
        is_stopped = error[0] is not None
        self._process.stdin.close()
        self._process.end(
            asked_by=None, seconds_max=_STOP_SECONDS_MAX if is_stopped else STOP_SECONDS_MAX
        )
        self._process.stdout.close()

    def run(self, arguments: Sequence[str], log: Path) -> int:
        """Fork a run, and wait for its exit code."""
        asked = msgspec.json.encode({"arguments": arguments, "log": str(log)})
        try:
            self._process.stdin.write(asked + b"\n")
            return int(self._process.stdout.readline())
        except (BrokenPipeError, ValueError):
            raise SuiteError(f"the features did not run; see {log}") from None
