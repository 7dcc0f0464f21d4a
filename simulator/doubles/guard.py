"""Refuses what a web page in the tester's browser could send to a double.

A page of another site reaches loopback by a name of its own (`Host`), or says where it comes from
(`Origin`, `Sec-Fetch-Site`), or sends a body of a kind that needs no leave: no double takes those.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.neighbours.crime_system.problems import Problem
from simulator.processes.loopback import is_loopback

_OWN_SITES = (b"none", b"same-origin")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Stands in front of a double.

    `other_bodies` are the ends of the paths that take a form or a batch; to `pages` a browser is
    sent by another site. With `any_host` other machines may connect, by names that nobody here
    knows: every call then wants a secret.
    """

    def __init__(
        self,
        application: ASGIApp,
        *,
        other_bodies: Iterable[str] = (),
        pages: Iterable[str] = (),
        any_host: bool = False,
    ) -> None:
        self._application = application
        self._other_bodies = tuple(other_bodies)
        self._pages = frozenset(pages)
        self._any_host = any_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless it is a stranger's."""
        refused = self.refusal(scope)
        await (self._application if refused is None else refused)(scope, receive, send)

    def refusal(self, scope: Scope) -> Response | None:
        """Word why a request is not taken; None if it is."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        host = headers.get(b"host", b"")
        if host and not self._any_host and not _is_here(host.decode("latin-1")):
            return _refused(403, "It is for another host", "host", "Ask 127.0.0.1 or localhost")
        origin = headers.get(b"origin", b"")
        if origin and origin.partition(b"://")[2] != host:
            return _refused(403, "A page of another site asks", "origin", "No browser may ask")
        is_page = scope["path"] in self._pages and headers.get(b"sec-fetch-mode") == b"navigate"
        if headers.get(b"sec-fetch-site", b"none") not in _OWN_SITES and not is_page:
            detail = "No page of another site may ask"
            return _refused(403, "A page of another site asks", "sec-fetch-site", detail)
        if scope["method"] not in _READING and self._is_other_body(scope["path"], headers):
            detail = "Send application/json"
            return _refused(415, "The body is not JSON", "content-type", detail)
        return None

    def _is_other_body(self, path: str, headers: dict[bytes, bytes]) -> bool:
        if headers.get(b"content-length", b"0") == b"0" and b"transfer-encoding" not in headers:
            return False
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        is_json = kind.startswith(b"application/") and kind.endswith((b"/json", b"+json"))
        return not is_json and not path.endswith(self._other_bodies)


def _is_here(host: str) -> bool:
    try:
        return is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


def _refused(status: int, title: str, field: str, detail: str) -> Response:
    return Problem(status, title, field=field, detail=f"{detail}.").response
