"""Read lines from a terminal or a pipe without ever waiting for one.

The world goes on while nobody types, so no thread waits for input.
"""

import os
import select
import sys

LINE_BYTES_MAX = 16_384


class Keyboard:
    """Lines from a file descriptor; None if the process has no input."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor
        self._begun = b""
        self.has_ended = descriptor is None
        self.is_terminal = descriptor is not None and os.isatty(descriptor)

    def is_waiting(self) -> bool:
        """Return whether there is anything to read, including the end of the input."""
        if self._descriptor is None or self.has_ended:
            return False
        return bool(select.select([self._descriptor], [], [], 0)[0])

    def lines(self) -> list[str]:
        """Return the complete lines, and an incomplete last one at the end of the input."""
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
    """Return the keyboard of this process."""
    try:
        return Keyboard(sys.stdin.fileno())
    except (AttributeError, OSError, ValueError):  # closed, or a test's
        return Keyboard(None)
