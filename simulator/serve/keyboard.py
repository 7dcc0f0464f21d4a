"""Lines typed at a terminal or sent through a pipe, taken without ever waiting for one.

The world goes on while nobody types, so there is no thread that waits either.
"""

import os
import select
import sys

LINE_BYTES_MAX = 16_384


class Keyboard:
    """Reads a file descriptor; None is a process without an input."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        self._begun = b""
        self.has_ended = descriptor is None
        self.is_terminal = descriptor is not None and os.isatty(descriptor)

    def is_waiting(self) -> bool:
        """Say whether there is anything to read, the end included."""
        if self._descriptor is None or self.has_ended:
            return False
        return bool(select.select([self._descriptor], [], [], 0)[0])

    def lines(self) -> list[str]:
        """Take the lines there are, the last without its end too once nothing more can come."""
        if self._descriptor is None or not self.is_waiting():
            return []
        try:
            read = os.read(self._descriptor, LINE_BYTES_MAX)
        except OSError:  # the terminal is gone
            read = b""
        *whole, self._begun = (self._begun + read).split(b"\n")
        if not read:
            self.has_ended = True
        if self._begun and (not read or len(self._begun) > LINE_BYTES_MAX):
            whole.append(self._begun)
            self._begun = b""
        return [each.decode(errors="replace") for each in whole]


def standard_input() -> Keyboard:
    """Read what is typed into this process."""
    try:
        return Keyboard(sys.stdin.fileno())
    except (AttributeError, OSError, ValueError):  # closed, or a test's
        return Keyboard(None)
