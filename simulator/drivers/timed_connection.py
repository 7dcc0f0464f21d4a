"""Connections that are ended when an answer takes too long: status line, headers and body together.

A portal that sends a byte now and then never lets a socket's own time run out: a run would hang.
"""

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

if TYPE_CHECKING:
    from urllib3.response import HTTPResponse


#: A connection is cut a moment after a socket's own time is over, which says better what was wrong.
_AFTER_SECONDS = 0.05


class _TimedHttp(HTTPConnection):
    """A connection that is cut off when the time for one whole answer is over."""

    cutter: threading.Timer | None = None

    def getresponse(self) -> "HTTPResponse":  # type: ignore[override]
        """Read the beginning of the answer; the time allowed runs from here to its end."""
        spare(self)
        if isinstance(self.timeout, int | float) and self.sock is not None:
            seconds = self.timeout + _AFTER_SECONDS
            self.cutter = threading.Timer(seconds, _cut, (self.sock,))
            self.cutter.daemon = True
            self.cutter.start()
        return super().getresponse()


class _TimedHttps(_TimedHttp, HTTPSConnection):
    """The same over TLS."""


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _TimedHttp


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _TimedHttps


def timed_pool(wait_seconds_max: float) -> urllib3.PoolManager:
    """Make a pool whose every answer must be whole within this time; call `spare` when it is."""
    pool = urllib3.PoolManager(
        maxsize=8,
        retries=False,
        timeout=urllib3.Timeout(connect=wait_seconds_max, read=wait_seconds_max),
    )
    pool.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
    return pool


def spare(connection: object) -> None:
    """Let a connection live: its answer is whole."""
    if isinstance(connection, _TimedHttp) and connection.cutter is not None:
        connection.cutter.cancel()
        connection.cutter = None


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
