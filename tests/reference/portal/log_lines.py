"""What the portal logs while a test does something: every line, from whatever library it comes."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from reference.operations.logs import JsonLines


class Lines(logging.Handler):
    """Keeps each line as it would be written, and as any other handler would write it."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.written: list[str] = []
        self.plain: list[str] = []
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.written.append(self.format(record))
        if record.name == "portal":
            self.plain.append(record.getMessage())

    @property
    def said(self) -> list[dict[str, Any]]:
        """Every line, read."""
        return [json.loads(line) for line in self.written]

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        return [line for line in self.said if line["event"] == name]


@contextmanager
def log_lines(level: int = logging.DEBUG) -> Iterator[Lines]:
    """Read everything that is logged inside, from this level on."""
    lines = Lines()
    loggers = [logging.getLogger(), logging.getLogger("portal")]
    levels = [each.level for each in loggers]
    loggers[0].addHandler(lines)
    for each in loggers:
        each.setLevel(level)
    try:
        yield lines
    finally:
        loggers[0].removeHandler(lines)
        for each, before in zip(loggers, levels, strict=True):
            each.setLevel(before)
