"""One request to a portal and its reply: over sockets, or straight into an ASGI application."""

import re
from collections.abc import Callable, Coroutine, Generator, MutableMapping
from contextlib import suppress
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import urllib3
from msgspec import Struct

from simulator.clock import wall_now
from simulator.drivers.timed_connection import (
    TooLong,
    or_late,
    read_whole,
    spare,
    timed_pool,
)
from simulator.errors import PortalNonsense, PortalUnreachable, SuiteError
from simulator.processes.asgi import Application

_ANSWER_BYTES_MAX = 10_000_000
#: Asking again changes nothing.
_SAFE_METHODS = ("GET", "HEAD")

#: How an error begins if the application raised an exception.
CRASHED = "the application broke"


class Reply(Struct, frozen=True):
    """The portal's answer; `origin` is its address, if it has one, and `date` its Date header."""

    status: int
    body: bytes
    origin: str = ""
    date: str = ""


class Exchange(Protocol):
    """A way to send a request to the portal."""

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Reply:
        """Send one request; raises PortalUnreachable."""

    def close(self) -> None:
        """Close the connections."""


class HttpExchange:
    """Sends requests over sockets, and waits as long as the target file says.

    `how_it_ended` says how a portal that the suite started has stopped ("" while it runs).
    """

    def __init__(
        self, url: str, *, wait_seconds_max: float, how_it_ended: Callable[[], str] = lambda: ""
    ) -> None:
        self._how_it_ended = how_it_ended
        self._url = url.rstrip("/")
        self._wait_seconds_max = wait_seconds_max
        self._pool = timed_pool(wait_seconds_max)

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Reply:
        """Send one request; raises PortalUnreachable naming the address."""
        end = wall_now() + timedelta(seconds=self._wait_seconds_max)
        try:
            reply = self._reply(method, path, headers, body)
        except urllib3.exceptions.HTTPError as error:
            why = self._why_not(or_late(error, end), f"{method} {shown(path)}")
            self._refuse_stopped(f"{method} {shown(path)}")
            raise PortalUnreachable(
                f"{self._url}: {why}; is it running, and is access.portal_url right?"
            ) from None
        connection = getattr(reply, "connection", None)
        try:
            whole = read_whole(reply, end=end, bytes_max=_ANSWER_BYTES_MAX)
            return Reply(reply.status, whole, self._url, reply.headers.get("date", ""))
        except urllib3.exceptions.HTTPError as error:
            reply.close()
            why = self._why(or_late(error, end))
            self._refuse_stopped(f"{method} {shown(path)}")
            raise PortalUnreachable(
                f"{self._url}: the portal's answer to {method} {shown(path)} {why}"
            ) from None
        finally:
            spare(connection)

    def _refuse_stopped(self, asked: str) -> None:
        """Raise PortalUnreachable with the portal's own last words, if it has stopped."""
        if ended := self._how_it_ended():
            raise PortalUnreachable(f"{self._url}: no answer to {asked}: {ended}") from None

    def _reply(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> urllib3.BaseHTTPResponse:
        """Ask once; once more if the portal closed the connection, and asking changes nothing.

        A portal may close a connection that was idle, just when the next request is on its way.
        """
        try:
            return self._request(method, path, headers, body)
        except urllib3.exceptions.ProtocolError as error:
            if method not in _SAFE_METHODS or not _was_closed(error):
                raise
        return self._request(method, path, headers, body)

    def _request(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> urllib3.BaseHTTPResponse:
        return self._pool.request(
            method,
            self._url + path,
            headers=headers,
            body=body or None,
            redirect=False,
            preload_content=False,
        )

    def _why_not(self, error: urllib3.exceptions.HTTPError, asked: str) -> str:
        """Explain why there was no answer."""
        if isinstance(error, urllib3.exceptions.NewConnectionError):
            why = getattr(error.__cause__, "strerror", None) or type(error).__name__
            return f"no connection to it is possible ({why})"
        if isinstance(error, urllib3.exceptions.TimeoutError):
            patience = f"within {self._wait_seconds_max:g} s ({type(error).__name__})"
            return f"the portal did not answer {asked} {patience}"
        return f"what is there broke off at {asked} ({type(error).__name__})"

    def _why(self, error: urllib3.exceptions.HTTPError) -> str:
        """Explain what was wrong with an answer that had begun, and how to fix it."""
        cause = error.args[1] if len(error.args) > 1 else None
        if isinstance(cause, urllib3.exceptions.IncompleteRead) and cause.expected:
            whole = cause.partial + cause.expected
            return f"broke off after {cause.partial:,} of the {whole:,} bytes in its Content-Length"
        if isinstance(error, urllib3.exceptions.TimeoutError):
            return (
                f"was not whole within {self._wait_seconds_max:g} s; is it stuck, or is "
                "access.wait_seconds_max too short?"
            )
        if isinstance(error, TooLong):
            return f"is longer than {_ANSWER_BYTES_MAX:,} bytes; is access.portal_url right?"
        if isinstance(error, urllib3.exceptions.DecodeError):
            return "is not packed as its Content-Encoding says"
        return f"broke off before its end ({type(error).__name__})"

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()


def _was_closed(error: urllib3.exceptions.ProtocolError) -> bool:
    """Say whether the other side closed the connection before it answered anything."""
    return any(isinstance(each, ConnectionError) for each in error.args)


def shown(path: str) -> str:
    """Return a path without the token or the reference in it, for an error."""
    named = re.sub(r"/crimes/[^/]+", "/crimes/{reference}", path)
    return re.sub(r"/invitation/.+", "/invitation/…", named)


class InProcessExchange:
    """Calls an ASGI application directly: no socket, no thread, no event loop."""

    def __init__(self, application: Application) -> None:
        self.begin(application)

    def begin(self, application: Application) -> None:
        """Start an application, and send it all requests from now on."""
        self._application = application
        self._life = _live(application)
        # An application may ignore the lifespan protocol: it returns at once, or raises.
        try:
            self._life.send(None)
        except SuiteError:
            raise
        except (Exception, StopIteration):  # noqa: BLE001  it does not know of a lifespan
            self._life.close()

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Reply:
        """Call the application; return its reply."""
        try:
            return Reply(*run(call(self._application, method, path, headers, body)))
        except PortalNonsense as error:
            raise PortalNonsense(f"{method} {shown(path)}: {error}") from error.__cause__

    def close(self) -> None:
        """Shut the application down, so that it closes what it has open."""
        with suppress(Exception):
            self._life.send(None)
        self._life.close()


class _Pause:
    """What an application waits for between its start and its end."""

    def __await__(self) -> Generator[None, None, None]:
        yield


async def _live(application: Application) -> None:
    """Start an application, pause while it is used, and shut it down: ASGI's lifespan."""
    messages = iter(("lifespan.startup", "lifespan.shutdown"))

    async def receive() -> MutableMapping[str, Any]:
        message = next(messages)
        if message == "lifespan.shutdown":
            await _Pause()
        return {"type": message}

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"].endswith(".failed"):
            raise SuiteError(f"the application did not start: {message.get('message', '')}")

    await application({"type": "lifespan", "asgi": _ASGI, "state": {}}, receive, send)


async def call(
    application: Application, method: str, path: str, headers: dict[str, str], body: bytes
) -> tuple[int, bytes]:
    """Call an ASGI application with one request; return status and body."""
    parts = urlsplit(path)
    status = 500
    chunks: list[bytes] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            chunks.append(message.get("body", b""))

    scope = {
        "type": "http",
        "asgi": _ASGI,
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "root_path": "",
        "query_string": parts.query.encode(),
        "headers": [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
        ],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
    }
    await application(scope, receive, send)
    return status, b"".join(chunks)


def run(coroutine: Coroutine[Any, Any, tuple[int, bytes]]) -> tuple[int, bytes]:
    """Run a coroutine that never waits, without an event loop.

    An event loop for each call would take ten times as long as the call. Raises SuiteError if the
    coroutine waits, and PortalNonsense if it raises.
    """
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: tuple[int, bytes] = done.value
        return result
    except SuiteError:
        raise
    except Exception as error:
        if "no running event loop" in str(error):
            raise SuiteError(_WAITED) from None
        raise PortalNonsense(f"{CRASHED}: {type(error).__name__}") from error
    coroutine.close()
    raise SuiteError(_WAITED)


_WAITED = "the application waited on something outside it; reach it by URL instead"


_ASGI = {"version": "3.0"}
