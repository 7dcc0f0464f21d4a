"""A vendor's program that reads a line and answers a line, within a time and a size.

It may hang, flood, stop or close its input: the caller gets an exception that says which. It is
always ended, with everything that it started.
"""

import os
import selectors
import time
from collections.abc import Mapping, Sequence

from simulator.processes.child_process import PIPE, ChildProcess

LINE_BYTES_MAX = 10_000_000
_WORDS_BYTES_MAX = 4_000
_CHUNK_BYTES = 65_536
_STOP_SECONDS_MAX = 5.0
#: How long a program that closed its output has to explain why on stderr, and to end.
_LAST_WORDS_SECONDS_MAX = 1.0


class LineTooLong(Exception):
    """The program wrote more without an end of line than any answer can hold."""


class TookTooLong(Exception):
    """No line came in time; the program may still be working on it."""


class Stopped(Exception):
    """The program ended, or closed its output; `code` is None if it had to be killed."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class LineProcess:
    """One program, from its start to its end. Raises CannotRun."""

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str]) -> None:
        self._child = ChildProcess(
            command, environment=environment, stdin=PIPE, stdout=PIPE, stderr=PIPE
        )
        self._stdin = self._child.stdin
        self._stdout = self._child.stdout
        self._stderr = self._child.stderr
        self._selector = selectors.DefaultSelector()
        for pipe in (self._stdout, self._stderr):
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, selectors.EVENT_READ)
        os.set_blocking(self._stdin.fileno(), False)
        self._unwritten = bytearray()
        self._unread = bytearray()
        self._searched = 0
        self._words = bytearray()
        self._ended: Stopped | None = None

    @property
    def last_words(self) -> str:
        """The end of what it wrote to stderr ("" for nothing)."""
        return self._words.decode(errors="replace")

    def write(self, line: bytes) -> None:
        """Write it a line, as soon as it reads."""
        self._unwritten += line + b"\n"

    def read(self, seconds_max: float) -> bytes:
        """Wait for its next line; raises Stopped, TookTooLong or LineTooLong."""
        end = time.monotonic() + seconds_max
        while True:
            line = self._next_line()
            if len(line or self._unread) > LINE_BYTES_MAX:
                self._unread.clear()
                self.stop(at_once=True)
                raise LineTooLong
            if line is not None:
                return line
            if self._ended is not None:
                raise self._ended
            left = end - time.monotonic()
            if left <= 0:
                raise TookTooLong
            self._read_and_write(left)

    def stop(self, *, at_once: bool = False) -> None:
        """End it and everything it started: close its input, and kill it if that does not help."""
        if self._ended is not None:
            return
        self._stdin.close()
        if not at_once:
            self._child.wait(_STOP_SECONDS_MAX)
        goes_on = self._child.code is None
        code = self._child.kill()
        self._ended = Stopped(None if goes_on else code)
        self._selector.close()
        self._stdout.close()
        self._stderr.close()

    def _next_line(self) -> bytes | None:
        at = self._unread.find(b"\n", self._searched)
        if at < 0:
            self._searched = len(self._unread)
            return None
        line = bytes(self._unread[:at])
        del self._unread[: at + 1]
        self._searched = 0
        return line

    def _read_and_write(self, seconds_max: float) -> None:
        """Wait until it can be written to or read from, and do either."""
        listens = self._stdin.fileno() if self._unwritten and not self._stdin.closed else None
        if listens is not None:
            self._selector.register(self._stdin, selectors.EVENT_WRITE)
        try:
            ready = [key.fileobj for key, _events in self._selector.select(seconds_max)]
        finally:
            if listens is not None:
                self._selector.unregister(self._stdin)
        if self._stderr in ready:
            self._keep_words()
        if self._stdin in ready:
            self._write_on()
        if self._stdout in ready:
            chunk = os.read(self._stdout.fileno(), _CHUNK_BYTES)
            self._unread += chunk
            if not chunk:
                self._end()

    def _write_on(self) -> None:
        try:
            written = os.write(self._stdin.fileno(), self._unwritten[:_CHUNK_BYTES])
        except BrokenPipeError:
            # Its output and stderr explain why better than this error.
            self._stdin.close()
        else:
            del self._unwritten[:written]

    def _keep_words(self) -> bool:
        """Keep the end of what it wrote to stderr; return whether there may be more."""
        chunk = os.read(self._stderr.fileno(), _CHUNK_BYTES)
        if not chunk:
            self._selector.unregister(self._stderr)
            return False
        self._words = (self._words + chunk)[-_WORDS_BYTES_MAX:]
        return True

    def _end(self) -> None:
        """Read the last words of a program that closed its output, and end it."""
        end = time.monotonic() + _LAST_WORDS_SECONDS_MAX
        self._selector.unregister(self._stdout)
        while self._stderr in self._registered() and (left := end - time.monotonic()) > 0:
            if self._selector.select(left):
                self._keep_words()
        self._child.wait(max(0.0, end - time.monotonic()))
        self.stop(at_once=True)

    def _registered(self) -> list[object]:
        return [key.fileobj for key in self._selector.get_map().values()]
