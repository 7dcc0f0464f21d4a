"""The portal's edge: every answer carries its correlation id and security headers, and is observed.

The observer gets the declared route, `/invitation/{token}`, and never the path: a path may hold a
token or a crime's reference. An error of the portal's own is answered too.
"""

from dataclasses import dataclass
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference.portal import correlation
from reference.portal.clock import is_served
from reference.portal.errors import Problem
from reference.portal.observer import Observer
from reference.portal.web.requests import problem_answer

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
    " frame-ancestors 'none'; base-uri 'none'"
)
# What a browser would allow by default: these pages use none of it.
PERMISSIONS_POLICY = (
    "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(),"
    " gyroscope=(), microphone=(), payment=(), publickey-credentials-get=(), usb=()"
)
STRICT_TRANSPORT_SECURITY = "max-age=31536000; includeSubDomains"
ADDRESS_BYTES_MAX = 4096
HEADERS_BYTES_MAX = 16 * 1024
Raw = list[tuple[bytes, bytes]]
_STATIC = "/static/"
_STATIC_SECONDS = 300
_ALWAYS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": PERMISSIONS_POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_ID = correlation.HEADER.encode()
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# A caller who sends a body too slowly, or too much, would otherwise go on doing so.
_CLOSE = dict.fromkeys((408, 414, 431), ((b"connection", b"close"),))
_BROKEN = Problem(500, "Something went wrong here", detail="It has been noted. Try again later.")


class SecurityHeaders:
    """What every answer tells a browser: keep nothing, run nothing, show this inside nothing.

    A route that needs another value sets it itself, and it stays. `is_https` says whether victims
    reach the portal by https.
    """

    def __init__(self, *, is_https: bool) -> None:
        always = dict(_ALWAYS)
        if is_https:
            always["strict-transport-security"] = STRICT_TRANSPORT_SECURITY
        self._private = _raw({**always, "cache-control": "no-store"})
        self._static = _raw({**always, "cache-control": f"public, max-age={_STATIC_SECONDS}"})
        self._names = {name for name, _value in self._private}

    def added_to(self, headers: Raw, *, path: str, status: int) -> Raw:
        """Return an answer's raw headers with those it does not set itself."""
        is_kept = path.startswith(_STATIC) and status in (200, 304)
        ours = self._static if is_kept else self._private
        said = {name for name, _value in headers}
        if not said.isdisjoint(self._names):
            ours = [each for each in ours if each[0] not in said]
        return [*headers, *ours]


@dataclass(frozen=True)
class Answers:
    """Sees each request in and its answer out: one layer for all, as each costs a microsecond."""

    app: ASGIApp
    observer: Observer
    security: SecurityHeaders

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; an error is observed, and answered with 500 and no more."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        chosen = correlation.id_of(scope["headers"])
        path, status, began = scope["path"], 0, perf_counter()

        async def stamped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # A new list: a handler may answer with one Response many times.
                headers = self.security.added_to(message["headers"], path=path, status=status)
                message["headers"] = [*headers, (_ID, chosen), *_CLOSE.get(status, ())]
            await send(message)

        token = correlation.enter(chosen)
        try:
            if too_large := _too_large(scope):
                await problem_answer(too_large)(scope, receive, stamped)
                return
            await self.app(scope, receive, stamped)
        except Exception as error:
            if not is_served():
                raise  # a caller in this process has a use for it
            self.observer.request_failed(_route(scope), error)
            if not status:
                await problem_answer(_BROKEN)(scope, receive, stamped)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            seconds = perf_counter() - began
            self.observer.request_answered(method, _route(scope), status, seconds)
            correlation.leave(token)


def _too_large(scope: Scope) -> Problem | None:
    """Find what is larger than any request of ours; a body has its own limit."""
    if len(scope["path"]) + len(scope["query_string"]) > ADDRESS_BYTES_MAX:
        return Problem(414, "Too long", detail=f"At most {ADDRESS_BYTES_MAX} bytes are taken.")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS_BYTES_MAX:
        detail = f"At most {HEADERS_BYTES_MAX} bytes of headers are taken."
        return Problem(431, "Headers too large", detail=detail)
    return None


def _raw(headers: dict[str, str]) -> Raw:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _route(scope: Scope) -> str:
    """Return the route as it is declared ("" where there is none), never what was asked for."""
    return str(getattr(scope.get("route"), "path", ""))
