"""One id for everything that one request causes: its answer, its log lines, and what it sends on.

A caller's own `X-Correlation-ID` is kept when it is short and plain, so that a force can follow a
delivery through its systems; else the portal makes one. Due work takes a new one each round, but
a message that waited goes out under the id of its cause.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar, Token
from secrets import token_hex

from reference.contract.correlation import CORRELATION_ID

HEADER = CORRELATION_ID
_NAME = HEADER.encode()
# Only characters that are plain text in a log, a header and a page.
_PLAIN = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str] = ContextVar("correlation_id", default="")


def correlation_id() -> str:
    """Return the id of what is being done ("" outside a request and a round of due work)."""
    return _current.get()


def id_of(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Take the id that a request brings in its raw headers, or make one."""
    for name, value in headers:
        if name == _NAME and _PLAIN.fullmatch(value):
            return value
    return token_hex(16).encode()


def enter(name: bytes) -> Token[str]:
    """Do what follows under an id, until `leave`."""
    return _current.set(name.decode())


def leave(token: Token[str]) -> None:
    """End what `enter` began."""
    _current.reset(token)


@contextmanager
def as_set_off_by(name: str) -> Iterator[None]:
    """Do what is inside under the id of its cause, where that is known."""
    token = enter(name.encode()) if name else None
    try:
        yield
    finally:
        if token is not None:
            leave(token)


def correlated() -> AbstractContextManager[None]:
    """Do what is inside under an id of its own."""
    return as_set_off_by(id_of(()).decode())
