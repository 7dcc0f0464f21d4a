"""A program of somebody else's that is given a line and gives a line, within a time and a size.

It may hang, flood, stop or close its ears: whoever waits for it is told which, and it is always
ended and reaped, with whatever it started.
"""

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO

LINE_BYTES_MAX = 10_000_000
_WORDS_BYTES_MAX = 4_000
_CHUNK_BYTES = 65_536
_STOP_SECONDS_MAX = 5.0
#: How long a program that closed its output has to say why, and to end.
_LAST_WORDS_SECONDS_MAX = 1.0


class LineTooLong(Exception):
    """More came without an end of line than any answer can hold."""


class TookTooLong(Exception):
    """No line came in time; the program may still be at it."""


class Stopped(Exception):
    """The program ended, or will say no more: `code` is how, None if it had to be killed."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class LineProcess:
    """One program, from its start to its end. Raises OSError or ValueError if it cannot be run."""

    def __init__(self, command: Sequence[str], *, environment: Mapping[str, str]) -> None:
        # A group of its own, so that what it starts ends with it.
        self._process = subprocess.Popen(  # noqa: S603  the tester's own command
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._ears: IO[bytes] = self._process.stdin
        self._mouth: IO[bytes] = self._process.stdout
        self._complaints: IO[bytes] = self._process.stderr
        self._selector = selectors.DefaultSelector()
        for pipe in (self._mouth, self._complaints):
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, selectors.EVENT_READ)
        os.set_blocking(self._ears.fileno(), False)
        self._unsaid = bytearray()
        self._heard = bytearray()
        self._searched = 0
        self._words = bytearray()
        self._ended: Stopped | None = None

    @property
    def last_words(self) -> str:
        """The end of what it wrote to stderr ("" for nothing)."""
        return self._words.decode(errors="replace")

    def say(self, line: bytes) -> None:
        """Give it a line, when it listens."""
        self._unsaid += line + b"\n"

    def hear(self, seconds_max: float) -> bytes:
        """Wait for its next line. Raises Stopped, TookTooLong or LineTooLong."""
        end = time.monotonic() + seconds_max
        while True:
            line = self._next_line()
            if len(line or self._heard) > LINE_BYTES_MAX:
                self._heard.clear()
                self.stop(at_once=True)
                raise LineTooLong
            if line is not None:
                return line
            if self._ended is not None:
                raise self._ended
            left = end - time.monotonic()
            if left <= 0:
                raise TookTooLong
            self._exchange(left)

    def stop(self, *, at_once: bool = False) -> None:
        """End it, and all it started: by closing its input, and by force if that does not help."""
        if self._ended is not None:
            return
        self._ears.close()
        if not at_once:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS_MAX)
        goes_on = self._process.poll() is None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        self._ended = Stopped(None if goes_on else code)
        self._selector.close()
        self._mouth.close()
        self._complaints.close()

    def _next_line(self) -> bytes | None:
        at = self._heard.find(b"\n", self._searched)
        if at < 0:
            self._searched = len(self._heard)
            return None
        line = bytes(self._heard[:at])
        del self._heard[: at + 1]
        self._searched = 0
        return line

    def _exchange(self, seconds_max: float) -> None:
        """Say what it will take and take what it says, once any of that can be done."""
        listens = self._ears.fileno() if self._unsaid and not self._ears.closed else None
        if listens is not None:
            self._selector.register(self._ears, selectors.EVENT_WRITE)
        try:
            ready = [key.fileobj for key, _events in self._selector.select(seconds_max)]
        finally:
            if listens is not None:
                self._selector.unregister(self._ears)
        if self._complaints in ready:
            self._take_words()
        if self._ears in ready:
            self._go_on_saying()
        if self._mouth in ready:
            chunk = os.read(self._mouth.fileno(), _CHUNK_BYTES)
            self._heard += chunk
            if not chunk:
                self._end()

    def _go_on_saying(self) -> None:
        try:
            said = os.write(self._ears.fileno(), self._unsaid[:_CHUNK_BYTES])
        except BrokenPipeError:
            # Its output says more of why than its input does.
            self._ears.close()
        else:
            del self._unsaid[:said]

    def _take_words(self) -> bool:
        """Keep the last of what it wrote to stderr; says whether there may be more."""
        chunk = os.read(self._complaints.fileno(), _CHUNK_BYTES)
        if not chunk:
            self._selector.unregister(self._complaints)
            return False
        self._words = (self._words + chunk)[-_WORDS_BYTES_MAX:]
        return True

    def _end(self) -> None:
        """Hear the last words of a program that closed its output, and be done with it."""
        end = time.monotonic() + _LAST_WORDS_SECONDS_MAX
        self._selector.unregister(self._mouth)
        while self._complaints in self._registered() and (left := end - time.monotonic()) > 0:
            if self._selector.select(left):
                self._take_words()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, end - time.monotonic()))
        self.stop(at_once=True)

    def _registered(self) -> list[object]:
        return [key.fileobj for key in self._selector.get_map().values()]
