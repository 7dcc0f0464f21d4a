"""Connections that are ended when an answer takes too long: status line, headers and body together.

A portal that sends a byte now and then never lets a socket's own time run out: a run would hang.
"""

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import urllib3
from msgspec import Struct
from urllib3.connection import HTTPConnection, HTTPSConnection

from simulator.clock import wall_now

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


class TooLong(urllib3.exceptions.HTTPError):
    """The answer is longer than it may be."""


class Answer(Struct, frozen=True):
    """An answer that came whole and in time."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class TimedClient:
    """Asks any address, and wants each answer whole within a time and a size."""

    def __init__(
        self, wait_seconds_max: float, *, bytes_max: int = 1_000_000, authority_file: str = ""
    ) -> None:
        self._wait_seconds_max = wait_seconds_max
        self._bytes_max = bytes_max
        self._pool = timed_pool(wait_seconds_max, authority_file=authority_file)

    def ask(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Ask once; raises urllib3's HTTPError where there is no whole answer in time."""
        end = wall_now() + timedelta(seconds=self._wait_seconds_max)
        try:
            reply = self._pool.request(
                method,
                url,
                body=body or None,
                headers=dict(headers),
                redirect=False,
                preload_content=False,
            )
            connection = getattr(reply, "connection", None)
            try:
                content = read_whole(reply, end=end, bytes_max=self._bytes_max)
            except urllib3.exceptions.HTTPError:
                reply.close()
                raise
            finally:
                spare(connection)
        except urllib3.exceptions.HTTPError as error:
            raise or_late(error, end) from None
        return Answer(reply.status, reply.headers, content)

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int | None:
        """Post once; return the status, None for no whole answer in time."""
        with suppress(urllib3.exceptions.HTTPError):
            return self.ask("POST", url, body, headers).status
        return None

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()


def timed_pool(wait_seconds_max: float, *, authority_file: str = "") -> urllib3.PoolManager:
    """Make a pool whose every answer must be whole within this time; call `spare` when it is.

    With `authority_file` TLS trusts that authority, and no other.
    """
    pool = urllib3.PoolManager(
        maxsize=8,
        retries=False,
        timeout=urllib3.Timeout(connect=wait_seconds_max, read=wait_seconds_max),
        ca_certs=authority_file or None,
    )
    pool.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
    return pool


def read_whole(reply: urllib3.BaseHTTPResponse, *, end: datetime, bytes_max: int) -> bytes:
    """Read a whole answer before `end`; raises urllib3's HTTPError.

    A connection that was cut may look like the end of an answer.
    """
    body = b""
    while chunk := reply.read1(65_536):
        body += chunk
        if len(body) > bytes_max:
            raise TooLong
    if wall_now() > end:
        raise urllib3.exceptions.TimeoutError
    reply.release_conn()
    return body


def or_late(error: urllib3.exceptions.HTTPError, end: datetime) -> urllib3.exceptions.HTTPError:
    """Give what went wrong: a connection that we cut when its time was over was too slow."""
    is_cut = isinstance(error, urllib3.exceptions.ProtocolError) and wall_now() >= end
    return urllib3.exceptions.TimeoutError() if is_cut else error


def spare(connection: object) -> None:
    """Let a connection live: its answer is whole."""
    if isinstance(connection, _TimedHttp) and connection.cutter is not None:
        connection.cutter.cancel()
        connection.cutter = None


def _cut(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
