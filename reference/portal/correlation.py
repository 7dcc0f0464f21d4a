"""One id for all that one request sets off: its answer, its log lines, and what it sends on.

A caller's own `X-Correlation-ID` is kept when it is short and plain, so that a force can follow a
delivery through its systems; else the portal makes one. Due work takes a new one each round, but
what waited goes out under the id of what set it off.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from secrets import token_hex

from reference.contract.correlation import CORRELATION_ID

HEADER = CORRELATION_ID
_NAME = HEADER.encode()
# Nothing that a log, a header or a page could take for anything but a name.
_PLAIN = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str] = ContextVar("correlation_id", default="")


def correlation_id() -> str:
    """Give the id of what is being done ("" outside a request and a round of due work)."""
    return _current.get()


def id_of(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Take the id that a request brings in its raw headers, or make one."""
    for name, value in headers:
        if name == _NAME and _PLAIN.fullmatch(value):
            return value
    return token_hex(16).encode()


def enter(name: bytes) -> Token[str]:
    """Have what follows done under an id, until `leave`."""
    return _current.set(name.decode())


def leave(token: Token[str]) -> None:
    """End what `enter` began."""
    _current.reset(token)


@contextmanager
def as_set_off_by(name: str) -> Iterator[None]:
    """Have what is inside done under the id of what set it off, where that is known."""
    token = enter(name.encode()) if name else None
    try:
        yield
    finally:
        if token is not None:
            leave(token)


@contextmanager
def correlated() -> Iterator[None]:
    """Have what is inside done under an id of its own."""
    token = enter(id_of(()))
    try:
        yield
    finally:
        leave(token)
