"""Runs the features as processes of their own: one run, or many with what they share loaded once.

The suite imports neither pytest nor the features; what comes back is an exit code and files.
"""

import os
import queue
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeAlias

import msgspec

from simulator.errors import SuiteError
from simulator.files.paths import ROOT
from simulator.processes.child_process import PIPE, ChildProcess, run_to_end

_FEATURES = ROOT / "features"
#: The arguments of pytest for all features. Its settings stand beside the features, so that a
#: checkout and an installed wheel run them alike.
ALL_FEATURES = ("-c", str(_FEATURES / "pytest.ini"), "--rootdir", str(ROOT), str(_FEATURES))
#: Runs pytest with these arguments, writes what it says to a log, and gives its exit code.
Run: TypeAlias = Callable[[Sequence[str], Path], int]


def run_alone(arguments: Sequence[str], log: Path) -> int:
    """Run pytest in a process of its own."""
    command = [sys.executable, "-m", "pytest", *arguments]
    with log.open("wb") as words:
        return run_to_end(command, folder=ROOT, stdout=words, stderr=words)


@contextmanager
def warm_runs(processes: int = os.cpu_count() or 1) -> Iterator[Run]:
    """Give a way to run pytest many times, from any thread, a few at a time.

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
    """One process that forks a run for every line it is given."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "features.forked_runs"]
        # In the foreground: threads wait for its answers, and only main ones get a Ctrl-C of ours.
        self._process = ChildProcess(command, folder=ROOT, stdin=PIPE, stdout=PIPE, foreground=True)

    def __enter__(self) -> "_Warm":
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.stdin.close()
        self._process.end(asked_by=None)
        self._process.stdout.close()

    def run(self, arguments: Sequence[str], log: Path) -> int:
        """Fork a run, and wait for its exit code."""
        asked = msgspec.json.encode({"arguments": arguments, "log": str(log)})
        try:
            self._process.stdin.write(asked + b"\n")
            return int(self._process.stdout.readline())
        except (BrokenPipeError, ValueError):
            raise SuiteError(f"the features did not run; see {log}") from None
