"""The portal's edge: every answer bears its id and the security headers, is counted and logged.

The route, `/invitation/{token}`, stands where an access log has the path: a path may hold a token
or a crime's reference. What breaks on the way is answered too.
"""

import logging
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference.operations.logs import error_fields, log
from reference.operations.metrics import Metrics
from reference.portal import correlation
from reference.portal.errors import Problem
from reference.portal.web.requests import is_served, problem_answer
from reference.portal.web.security_headers import SecurityHeaders

_ID = correlation.HEADER.encode()
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Whoever sends a body too slowly would else go on doing so.
_CLOSE = {408: ((b"connection", b"close"),)}
_BROKEN = Problem(500, "Something went wrong here", detail="It has been noted. Try again later.")


class Answers:
    """Sees each request in and its answer out; one layer for all, for each costs a microsecond."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, security: SecurityHeaders) -> None:
        self._app = app
        self._metrics = metrics
        self._security = security

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; what breaks is logged, and answered with 500 and no more."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        chosen = correlation.id_of(scope["headers"])
        path, status, began = scope["path"], 0, perf_counter()

        async def stamped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                # A new list: a handler may answer with one Response many times.
                headers = self._security.added_to(message["headers"], path=path, status=status)
                message["headers"] = [*headers, (_ID, chosen), *_CLOSE.get(status, ())]
            await send(message)

        token = correlation.enter(chosen)
        try:
            await self._app(scope, receive, stamped)
        except Exception as error:
            if not is_served():
                raise  # a caller in this process has a use for it
            log.error("request_broke", route=_route(scope), **error_fields(error))
            if not status:
                await problem_answer(_BROKEN)(scope, receive, stamped)
        finally:
            self._note(scope, status, began)
            correlation.leave(token)

    def _note(self, scope: Scope, status: int, began: float) -> None:
        route = _route(scope)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.answered(method, route, status)
        if log.is_on(logging.INFO):
            took_ms = round(1000 * (perf_counter() - began), 1)
            log.info(
                "request_answered", method=method, route=route, status=status, duration_ms=took_ms
            )


def _route(scope: Scope) -> str:
    """Give the route as it is declared ("" where there is none): never what was asked for."""
    return str(getattr(scope.get("route"), "path", ""))
