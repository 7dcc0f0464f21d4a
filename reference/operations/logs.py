"""What the service logs about itself: one JSON object a line, and nothing about any person.

A line has a fixed event and only the fields below: there is none for a name, a number, an address,
words, a token or a body. What libraries log is reduced to who spoke and of what kind the error was,
for their words may quote a victim's.
"""

import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TypedDict, Unpack

import msgspec

from reference.portal.correlation import correlation_id
from reference.portal.storage.database import DatabaseDown

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
TEXT_CHARACTERS_MAX = 200
_FRAMES_MAX = 6


class ErrorFields(TypedDict, total=False):
    """What may be said of an exception: never its words."""

    error: str  # its class
    reason: str  # the title of a problem, or what a database says of itself
    where: Sequence[str]  # file, line and function


class Fields(ErrorFields, total=False):
    """All that a line may say."""

    count: int  # of whatever the event is about
    duration_ms: float
    event_ids: Sequence[str]  # as the crime system named them
    method: str
    neighbour: str  # gateway or crime_system
    result: str
    route: str  # as it is declared, /invitation/{token}: never the path that was asked for
    status: int
    step: str  # of the sign-in
    types: Sequence[str]  # of events


_NAMES = Fields.__annotations__.keys()


class Log:
    """Writes lines; while they are not read, it only checks the level."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def is_on(self, level: int) -> bool:
        """Tell whether lines of a level are read, before much is gathered for one."""
        return self._logger.isEnabledFor(level)

    def debug(self, event: str, **fields: Unpack[Fields]) -> None:
        """Write what only an engineer looking for a fault needs."""
        self._write(logging.DEBUG, event, fields)

    def info(self, event: str, **fields: Unpack[Fields]) -> None:
        """Write what happened as it should."""
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, **fields: Unpack[Fields]) -> None:
        """Write what an operator should look at within the day."""
        self._write(logging.WARNING, event, fields)

    def error(self, event: str, **fields: Unpack[Fields]) -> None:
        """Write what an operator must look at."""
        self._write(logging.ERROR, event, fields)

    def _write(self, level: int, event: str, fields: Fields) -> None:
        unknown = fields.keys() - _NAMES
        if unknown:
            raise TypeError(f"no log line has the field {min(unknown)}; known: {', '.join(_NAMES)}")
        if self._logger.isEnabledFor(level):
            said = {"fields": fields, "correlation_id": correlation_id()}
            self._logger.log(level, event, extra={"portal": said})


log = Log("portal")


def error_fields(error: BaseException) -> ErrorFields:
    """Return what may be said of an exception: its class and where it came from, not its words.

    Of a database that is down its first words too: they are about the server, and not about rows.
    """
    fields: ErrorFields = {"error": type(error).__name__, "where": _frames(error.__traceback__)}
    if isinstance(error, DatabaseDown):
        fields["reason"] = error.reason.partition("\n")[0]
    return fields


class JsonLines(logging.Formatter):
    """Makes a record a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without what a library said."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
        }
        said = getattr(record, "portal", None)
        if said is None:
            line |= {"event": "library_spoke", "logger": record.name}
            line["correlation_id"] = correlation_id()
            if record.exc_info and record.exc_info[1] is not None:
                line |= error_fields(record.exc_info[1])
        else:
            line |= {"event": record.msg, "correlation_id": said["correlation_id"]}
            line |= {name: _short(value) for name, value in said["fields"].items()}
        return msgspec.json.encode(line).decode()


def configure(level: str) -> None:
    """Write lines of this level and above to the standard error; raises ValueError.

    The server's own access log is shut: it would print the tokens that stand in invitations'
    addresses. `request_answered` has what it said, with the route in the path's place.
    """
    level = check_level(level)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("portal").setLevel(level)
    access = logging.getLogger("uvicorn.access")
    access.handlers[:] = []
    access.propagate = False
    server = logging.getLogger("uvicorn.error")
    # It names the path of each WebSocket that it refuses, and a path may hold a token.
    server.addFilter(_is_no_web_socket)
    if server.getEffectiveLevel() < logging.DEBUG:
        # Its trace has the whole of every request.
        server.setLevel(logging.DEBUG)


def check_level(level: str) -> str:
    """Return the level that was named, INFO for none; raises ValueError."""
    if level and level not in LEVELS:
        raise ValueError(f"PORTAL_LOG_LEVEL is {level!r}; give one of {', '.join(LEVELS)}")
    return level or "INFO"


def _is_no_web_socket(record: logging.LogRecord) -> bool:
    return "WebSocket" not in str(record.msg)


def _short(value: Any) -> Any:
    return value[:TEXT_CHARACTERS_MAX] if isinstance(value, str) else value


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{Path(code.co_filename).name}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames[-_FRAMES_MAX:]
