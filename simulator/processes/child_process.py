"""Starts a program, and ends it with everything that it started. No other module does so.

Servers (`server_process`), programs that answer line by line (`line_process`) and runs of the
features (`features_process`) are built on it. No error, no Ctrl-C as it starts and no SIGKILL of
ours leaves a program behind.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeAlias, TypedDict, Unpack

from simulator.legible import on_one_line
from simulator.processes.orphan_guard import GUARD
from simulator.processes.signals import signals_held

#: What a program reads from or writes to: an open file, PIPE, NOTHING, or None for ours.
Stream: TypeAlias = int | IO[Any] | None
PIPE, NOTHING = subprocess.PIPE, subprocess.DEVNULL
STOP_SECONDS_MAX = 10.0
_KILL_SECONDS_MAX = 0.5
_POLL_SECONDS = 0.002
_LAST_BYTES_MAX = 4096
_LAST_LINES_MAX = 6
_LAST_CHARACTERS_MAX = 600


class CannotRun(Exception):
    """There is no such program, or the system will not run it; the text says why."""


class HowStarted(TypedDict, total=False):
    """How a program is started, each as `ChildProcess` says."""

    environment: Mapping[str, str] | None
    folder: Path | None
    stdin: Stream
    stdout: Stream
    stderr: Stream
    handed_over: Sequence[int]
    foreground: bool


class ChildProcess:
    """A program that runs, or did. Raises CannotRun.

    It leads a session of its own: Ctrl-C at the terminal reaches only us, and we then end it with
    everything that it started. A program in the `foreground` shares our terminal instead: Ctrl-C
    reaches it too, and it must end what it started.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        stdin: Stream = NOTHING,
        stdout: Stream = None,
        stderr: Stream = None,
        handed_over: Sequence[int] = (),
        foreground: bool = False,
    ) -> None:
        """Start it in this environment (None for ours), with the open files `handed_over`."""
        self._leads_a_session = not foreground
        self._is_over = False
        started: subprocess.Popen[bytes] | None = None
        try:
            ours = os.environ if environment is None else environment
            with signals_held(), GUARD.starts(ours) as marked:
                started = subprocess.Popen(  # noqa: S603  ours, or the tester's own command
                    command,
                    env=marked,
                    cwd=folder,
                    stdin=stdin,
                    stdout=stdout,
                    stderr=stderr,
                    bufsize=0,
                    pass_fds=handed_over,
                    start_new_session=self._leads_a_session,
                )
                self._process = started
                GUARD.started(started.pid, whole_session=self._leads_a_session)
        except (OSError, ValueError) as error:
            raise CannotRun(str(getattr(error, "strerror", None) or error)) from None
        except BaseException:
            if started is not None:
                self.kill()
            raise

    @property
    def stdin(self) -> IO[bytes]:
        """Its input, if that is a PIPE; not buffered."""
        return _pipe(self._process.stdin)

    @property
    def stdout(self) -> IO[bytes]:
        """Its output, if that is a PIPE; not buffered."""
        return _pipe(self._process.stdout)

    @property
    def stderr(self) -> IO[bytes]:
        """Its error output, if that is a PIPE; not buffered."""
        return _pipe(self._process.stderr)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs, -9 if signal 9 killed it."""
        return self._process.poll()

    def wait(self, seconds_max: float | None = None) -> int | None:
        """Wait until it ends; return its exit code, or None if it still runs."""
        try:
            return self._process.wait(seconds_max)
        except subprocess.TimeoutExpired:
            return None

    def end(
        self,
        *,
        seconds_max: float = STOP_SECONDS_MAX,
        asked_by: signal.Signals | None = signal.SIGTERM,
    ) -> int:
        """Send it a signal to end, wait, and kill whatever is left; return its exit code.

        `asked_by` is None if it has been asked already.
        """
        if self.code is None and asked_by is not None:
            self._process.send_signal(asked_by)
        self.wait(seconds_max)
        return self.kill()

    def kill(self) -> int:
        """Kill it and everything it started, as a power cut does; return its exit code."""
        if self._is_over:
            return self._process.wait()
        code = self._kill_all()
        GUARD.ended(self._process.pid, whole_session=self._leads_a_session)
        self._is_over = True
        return code

    def _kill_all(self) -> int:
        if not self._leads_a_session:
            self._process.kill()
            code = self._process.wait()
        else:
            self._kill_session()
            code = self._process.wait()
            # We cannot wait for its own children, and they may hold its port a moment longer.
            end = time.monotonic() + _KILL_SECONDS_MAX
            while self._kill_session() and time.monotonic() < end:
                time.sleep(_POLL_SECONDS)
        return code

    def _kill_session(self) -> bool:
        """Kill everything left in its session; return whether there was anything."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return False
        return True


@contextmanager
def child_process(
    command: Sequence[str],
    *,
    asked_by: signal.Signals | None = signal.SIGTERM,
    **how: Unpack[HowStarted],
) -> Iterator[ChildProcess]:
    """Start a program, and end it at the end of the block; raises CannotRun."""
    child: ChildProcess | None = None
    try:
        with signals_held():
            child = ChildProcess(command, **how)
        yield child
    finally:
        if child is not None:
            child.end(asked_by=asked_by)


def run_to_end(
    command: Sequence[str],
    *,
    seconds_max: float | None = None,
    **how: Unpack[HowStarted],
) -> int:
    """Run a program until it ends, or for `seconds_max`; return its exit code.

    If we are interrupted, we interrupt the program too and give it time to clean up. Raises
    CannotRun.
    """
    asked_by = None if how.get("foreground") else signal.SIGINT
    with child_process(command, asked_by=asked_by, **how) as child:
        child.wait(seconds_max)
    assert child.code is not None
    return child.code


def last_line(words: Path) -> str:
    """Return the last line that a program wrote to a file ("" if it wrote nothing)."""
    with words.open("rb") as file:
        file.seek(max(0, words.stat().st_size - _LAST_BYTES_MAX))
        lines = file.read().decode(errors="replace").strip().splitlines()
    return on_one_line(lines[-1]) if lines else ""


def last_lines(words: Path) -> str:
    """Return the last lines that a program wrote to a file, on one line ("" if it wrote nothing).

    A crash is often told in several: the error last, or before a line about the runtime.
    """
    with words.open("rb") as file:
        file.seek(max(0, words.stat().st_size - _LAST_BYTES_MAX))
        lines = file.read().decode(errors="replace").split("\n")
    told = [on_one_line(each) for each in lines if each.strip()]
    return " / ".join(told[-_LAST_LINES_MAX:])[-_LAST_CHARACTERS_MAX:]


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None, "it was started without a pipe"
    return pipe
