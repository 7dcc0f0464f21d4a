"""Salesforce Core over HTTP: sign-in, the REST API, CometD, as one ASGI application.

Any version from 37.0 on is answered as the one that was asked for.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.correlation import CORRELATION_ID
from simulator.neighbours.salesforce.calls import Answer, Call, read_json, refused
from simulator.neighbours.salesforce.errors import SalesforceError, no_method, no_session, not_found
from simulator.neighbours.salesforce.events import Events
from simulator.neighbours.salesforce.oauth import ConnectedApp, OAuth, Session
from simulator.neighbours.salesforce.openapi import openapi
from simulator.neighbours.salesforce.records import ORG_ID, Records
from simulator.neighbours.salesforce.rest import BATCH_ROWS_MAX, Rest
from simulator.neighbours.salesforce.soql_conditions import View
from simulator.neighbours.salesforce.streaming import CONNECT_SECONDS_MAX, Streaming
from simulator.processes.request_body import BodyTooLarge, read_body

BODY_BYTES_MAX = 4_000_000
STREAMING_BYTES_MAX = 32_768
URI_BYTES_MAX = 16_384
CALLS_A_DAY = 15_000
#: The newest version (Winter '27), and the oldest that takes platform events.
NEWEST, OLDEST = 68, 37
_VERSION = re.compile(r"v?(\d{2})\.0")
_CLIENT = re.compile(r"client=([A-Za-z0-9_/.-]{1,100})")


def salesforce_app(
    records: Records,
    *,
    app: ConnectedApp,
    now: Callable[[], datetime],
    calls_max: int = 0,
    page_rows: int = BATCH_ROWS_MAX,
    connect_seconds: float = CONNECT_SECONDS_MAX,
) -> Starlette:
    """Make the double of one org; above `calls_max` calls it refuses, 0 for no limit."""
    face = _Face(records, OAuth(app, now), now, page_rows)
    face.calls_max, face.connect_seconds = calls_max, connect_seconds
    methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
    made = Starlette(
        routes=[
            *face.oauth.routes,
            Route("/openapi.json", _described, methods=["GET"]),
            Route("/id/{org}/{user}", face.identity, methods=["GET"]),
            Route("/services/data", face.versions, methods=["GET"]),
            Route("/services/data/", face.versions, methods=["GET"]),
            Route("/services/data/{version}", face.one, methods=methods),
            Route("/services/data/{version}/{path:path}", face.one, methods=methods),
            Route("/cometd/{version}", face.cometd, methods=["POST"]),
            Route("/cometd/{version}/", face.cometd, methods=["POST"]),
        ],
        exception_handlers={SalesforceError: _refuse, HTTPException: _refuse},
    )
    made.router.redirect_slashes = False
    return made


class _Face:
    def __init__(
        self, records: Records, oauth: OAuth, now: Callable[[], datetime], page_rows: int
    ) -> None:
        self.oauth = oauth
        self.calls_max = 0
        self.connect_seconds = CONNECT_SECONDS_MAX
        self._records = records
        self._now = now
        events = Events(records)
        self._rest = Rest(records, events, page_rows=page_rows)
        self._rest.limits = self._limits
        self._streaming = Streaming(events, now)
        self._calls = 0
        self._day = now().date()

    async def versions(self, _request: Request) -> Response:
        """List the versions, to anybody."""
        return _json(
            [
                {"label": f"v{each}", "url": f"/services/data/v{each}.0", "version": f"{each}.0"}
                for each in range(OLDEST, NEWEST + 1)
            ]
        )

    async def identity(self, request: Request) -> Response:
        """Say who signed in."""
        session = self._session(request)
        return _json({"id": str(request.url), "organization_id": ORG_ID, "user_id": session.user})

    async def one(self, request: Request) -> Response:
        """Answer one call to the REST API."""
        session = self._session(request)
        self._count()
        if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > URI_BYTES_MAX:
            raise SalesforceError(414, "URI_TOO_LONG", f"A URI has {URI_BYTES_MAX} bytes at most")
        body = read_json(await _body(request, BODY_BYTES_MAX))
        version = request.path_params["version"]
        found = _VERSION.fullmatch(version)
        if found is None or not OLDEST <= int(found[1]) <= NEWEST or version[0] != "v":
            raise not_found()
        headers = dict(request.headers)
        call = Call(
            method=request.method,
            parts=_parts(request),
            parameters=dict(request.query_params),
            headers=headers,
            body=body,
            view=View(
                records=self._records, now=self._now(), version=version, is_portal=session.is_portal
            ),
        )
        cause = headers.get(CORRELATION_ID, "")
        with self._records.asked_by(session.user, _origin(headers), cause):
            answer = self._rest.answer(call)
        return self._response(answer)

    async def cometd(self, request: Request) -> Response:
        """Answer the messages of a subscriber."""
        if _VERSION.fullmatch(request.path_params["version"]) is None:
            raise not_found()
        given = read_json(await _body(request, STREAMING_BYTES_MAX))
        messages = given if isinstance(given, list) else [given]
        if not messages or not all(isinstance(each, dict) for each in messages):
            raise SalesforceError(400, "JSON_PARSER_ERROR", "The body is no list of messages")
        session = self.oauth.session(request.headers.get("authorization", ""))
        replies = await self._streaming.answer(
            messages,
            is_known=session is not None,
            is_portal=session is not None and session.is_portal,
            seconds=self.connect_seconds,
        )
        return _json(replies)

    def _session(self, request: Request) -> Session:
        found = self.oauth.session(request.headers.get("authorization", ""))
        if found is None:
            raise no_session()
        return found

    def _count(self) -> None:
        if self._day != (today := self._now().date()):
            self._day, self._calls = today, 0
        if self.calls_max and self._calls >= self.calls_max:
            message = "TotalRequests Limit exceeded."
            raise SalesforceError(403, "REQUEST_LIMIT_EXCEEDED", message)
        self._calls += 1

    def _limits(self) -> dict[str, Any]:
        most = self.calls_max or CALLS_A_DAY
        left = {"Max": most, "Remaining": max(0, most - self._calls)}
        storage = {"Max": 1_000, "Remaining": 1_000}
        return {"DailyApiRequests": left, "DataStorageMB": storage}

    def _response(self, answer: Answer) -> Response:
        usage = f"api-usage={self._calls}/{self.calls_max or CALLS_A_DAY}"
        headers = {"sforce-limit-info": usage, **answer.headers}
        if answer.body is None:
            return Response(None, answer.status, headers=headers)
        return _json(answer.body, answer.status, headers)


async def _described(_request: Request) -> Response:
    return _json(openapi())


async def _refuse(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        allowed = (error.headers or {}).get("Allow", "")
        error = no_method(request.method, allowed) if allowed else not_found()
    assert isinstance(error, SalesforceError)
    answer = refused(error)
    return _json(answer.body, answer.status, dict(answer.headers))


def _parts(request: Request) -> tuple[str, ...]:
    """Split the address where it was sent: a value of an external id may hold a slash."""
    raw = request.scope["raw_path"].partition(b"?")[0].decode("latin-1")
    return tuple(unquote(each) for each in raw.strip("/").split("/")[3:] if each)


def _origin(headers: dict[str, str]) -> str:
    found = _CLIENT.search(headers.get("sforce-call-options", ""))
    return "" if found is None else found[1]


async def _body(request: Request, bytes_max: int) -> bytes:
    try:
        return await read_body(request, bytes_max=bytes_max)
    except BodyTooLarge:
        message = f"A request has {bytes_max} bytes at most"
        raise SalesforceError(413, "REQUEST_TOO_LARGE", message) from None


def _json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    body = msgspec.json.encode(content)
    return Response(body, status, headers=headers, media_type="application/json;charset=UTF-8")
