"""How far a burst is: a line on a terminal, or in a file for the command that started it."""

import sys
from pathlib import Path

import msgspec


class Progress:
    """Says in one line how far it is; nothing if nobody looks."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._is_watched = sys.stderr.isatty()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        self.show("")

    def show(self, text: str) -> None:
        """Replace the line."""
        if self._path is not None:
            part = self._path.with_suffix(".part")
            part.write_bytes(msgspec.json.encode(text))
            part.replace(self._path)
        elif self._is_watched:
            sys.stderr.write(f"\r{text:<70}\r")
            sys.stderr.flush()
