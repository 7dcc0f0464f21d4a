"""Marketing Cloud as an ASGI application: tokens, definitions, sends, and notifications.

Clients take the address of REST from the token's answer. The path of a token may be any that ends
in `/v2/token`: sfmc-sdk, pointed at this machine, puts one of its own before it.
"""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.correlation import CORRELATION_ID
from reference.contract.events import Channel as InboxChannel
from simulator.neighbours.gateway.notify_errors import NotifyError
from simulator.neighbours.gateway.notify_limits import NotifyLimits
from simulator.neighbours.gateway.notify_service import Limits
from simulator.neighbours.marketing_cloud import delivery_states
from simulator.neighbours.marketing_cloud.business_unit import BusinessUnit
from simulator.neighbours.marketing_cloud.callbacks import CallbackFace
from simulator.neighbours.marketing_cloud.errors import (
    Failed,
    MarketingCloudError,
    NotAuthorised,
    PlatformError,
    Refused,
    as_json,
)
from simulator.neighbours.marketing_cloud.notifications import Post
from simulator.neighbours.marketing_cloud.openapi import openapi
from simulator.neighbours.marketing_cloud.tokens import Tokens
from simulator.neighbours.marketing_cloud.types import PAGE_MAX, RECIPIENTS_MAX, Channel
from simulator.processes.asgi import Application
from simulator.processes.request_body import BodyTooLarge, read_body

BODY_BYTES_MAX = 4_000_000
_CORRELATION_HEADER = CORRELATION_ID.encode()
_BEGINNINGS = ("/messaging/v1/", "/platform/v1/ens-")
_INBOX_CHANNELS: dict[Channel, InboxChannel] = {"sms": "text", "email": "email"}
_Endpoint = Callable[[Request], Awaitable[Response]]


def marketing_cloud_app(
    unit: BusinessUnit,
    *,
    tokens: Tokens,
    post: Post,
    may_call_anywhere: bool = False,
    requests_a_minute_max: int = 0,
) -> Starlette:
    """Make the double of a business unit; `post` brings a callback its verification key.

    Callbacks are on this machine, unless they may be anywhere. Sending needs no event loop if
    `receive` and `send` do not wait.
    """
    limits = NotifyLimits(Limits(requests_a_minute_max=requests_a_minute_max), tokens.now)
    face = _Face(unit, tokens, limits)
    calls = CallbackFace(
        unit.notifications, post, tokens.check, may_call_anywhere=may_call_anywhere
    )
    routes = []
    for channel in ("sms", "email"):
        base = f"/messaging/v1/{channel}"
        one = Route(
            f"{base}/messages/{{key:path}}", face.messages(channel), methods=["GET", "POST"]
        )
        routes += [
            one,
            Route(f"{base}/messages", face.messages(channel), methods=["GET", "POST"]),
            Route(f"{base}/definitions", face.definitions(channel), methods=["GET", "POST"]),
            Route(f"{base}/definitions/", face.definitions(channel), methods=["GET", "POST"]),
            Route(
                f"{base}/definitions/{{key}}",
                face.definition(channel),
                methods=["GET", "PATCH", "DELETE"],
            ),
        ]
    document = as_json(200, openapi())

    async def described(_request: Request) -> Response:
        return document

    app = Starlette(
        routes=[
            *routes,
            *calls.routes,
            Route("/openapi.json", described, methods=["GET"]),
            Route("/v2/token", face.token, methods=["POST"]),
            Route("/{before:path}/v2/token", face.token, methods=["POST"]),
        ],
        exception_handlers={
            MarketingCloudError: _refuse,
            BodyTooLarge: _too_large,
            HTTPException: _no_such_page,
        },
    )
    app.router.redirect_slashes = False
    return app


def beside(notify: Application, make: Callable[[], Application]) -> Application:
    """Answer as Marketing Cloud at its own addresses, and as Notify at any other.

    Marketing Cloud is made when a portal asks it first: most never do.
    """
    made: list[Application] = []

    async def either(scope: Any, receive: Any, send: Any) -> None:
        path: str = scope["path"]
        is_here = path.startswith(_BEGINNINGS) or path.endswith("/v2/token")
        if is_here and not made:
            made.append(make())
        await (made[0] if is_here else notify)(scope, receive, send)

    return either


class _Face:
    def __init__(self, unit: BusinessUnit, tokens: Tokens, limits: NotifyLimits) -> None:
        self._unit = unit
        self._tokens = tokens
        self._limits = limits

    async def token(self, request: Request) -> Response:
        body = await read_body(request, bytes_max=BODY_BYTES_MAX)
        if self._unit.inbox.is_down:
            raise Failed(503)
        root = f"{request.scope['scheme']}://{_header(request, b'host') or 'localhost'}"
        return self._tokens.give(body, root)

    def messages(self, channel: Channel) -> _Endpoint:
        """Make the endpoint of messages: send, or ask for a status."""

        async def endpoint(request: Request) -> Response:
            if request.method == "POST":
                return await self._send(request, channel)
            self._check(request, f"{channel}_read")
            key = request.path_params.get("key", "")
            if not key:
                return as_json(200, self._not_sent(request, channel))
            sent = self._unit.sender.sent(key)
            if sent is None or sent.channel != channel:
                raise Refused(404, 30003, "no message has this messageKey")
            return as_json(200, delivery_states.status_of(sent, self._unit.inbox))

        return endpoint

    def definitions(self, channel: Channel) -> _Endpoint:
        """Make the endpoint of all definitions: list them, or make one."""

        async def endpoint(request: Request) -> Response:
            if request.method == "GET":
                self._check_definitions(request, f"{channel}_read")
                page = _whole_number(request, "$page", usual=1, most=1_000_000)
                size = _whole_number(request, "$pageSize", usual=50, most=PAGE_MAX)
                return as_json(200, self._unit.definitions.page(channel, page, size))
            self._check_definitions(request, f"{channel}_write")
            made = self._unit.definitions.make(channel, await _json(request))
            return as_json(201, made.whole)

        return endpoint

    def definition(self, channel: Channel) -> _Endpoint:
        """Make the endpoint of one definition."""

        async def endpoint(request: Request) -> Response:
            key = request.path_params["key"]
            if request.method == "GET":
                self._check_definitions(request, f"{channel}_read")
                return as_json(200, self._unit.definitions.get(channel, key).whole)
            self._check_definitions(request, f"{channel}_write")
            if request.method == "DELETE":
                return as_json(200, self._unit.definitions.remove(channel, key))
            changed = self._unit.definitions.change(channel, key, await _json(request))
            if changed.is_active:
                self._unit.sender.release(changed)
            return as_json(200, changed.whole)

        return endpoint

    async def _send(self, request: Request, channel: Channel) -> Response:
        # Read before the token is checked, so that the evidence shows who was not told.
        body = await read_body(request, bytes_max=BODY_BYTES_MAX)
        try:
            self._check(request, f"{channel}_send")
            self._count()
            return as_json(*self._sent(request, channel, body))
        except MarketingCloudError as error:
            for to in _given(body):
                self._unit.inbox.refuse(
                    channel=_INBOX_CHANNELS[channel],
                    to=to[:320],
                    status=error.status,
                    reason=error.message,
                )
            raise

    def _sent(self, request: Request, channel: Channel, body: bytes) -> tuple[int, dict[str, Any]]:
        key = request.path_params.get("key", "")
        followed_by = _header(request, _CORRELATION_HEADER)
        if key:
            return self._unit.sender.send_one(channel, key, body, correlation_id=followed_by)
        return self._unit.sender.send_many(channel, body, correlation_id=followed_by)

    def _not_sent(self, request: Request, channel: Channel) -> dict[str, Any]:
        if request.query_params.get("type") != "notSent":
            raise Refused(400, 10005, "type is notSent")
        after = _whole_number(request, "lastEventId", usual=0, most=10**12)
        size = _whole_number(request, "$pagesize", usual=50, most=PAGE_MAX, least=1)
        sender, inbox = self._unit.sender, self._unit.inbox
        return delivery_states.not_sent(sender, inbox, channel, after, size)

    def _check(self, request: Request, scope: str) -> None:
        if self._unit.inbox.is_down:
            raise Failed(503)
        self._tokens.check(_header(request, b"authorization"), scope)

    def _check_definitions(self, request: Request, scope: str) -> None:
        """Check as definitions do, which have codes of their own for it."""
        if not _header(request, b"authorization"):
            raise Refused(401, 40001, "there is no token")
        try:
            self._check(request, scope)
        except NotAuthorised as error:
            if error.status == 403:
                raise Refused(403, 40000, f"the token lacks {scope}") from None
            raise

    def _count(self) -> None:
        try:
            self._limits.count_request("live")
        except NotifyError:
            raise Failed(429) from None


def _given(body: bytes) -> Iterator[str]:
    """Give the recipients of a refused request, as they were written."""
    try:
        whole = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        whole = {}
    asked = whole if isinstance(whole, dict) else {}
    many = asked.get("recipients")
    found = many if isinstance(many, list) else [asked.get("recipient")]
    for each in found[:RECIPIENTS_MAX]:
        to = each.get("to") if isinstance(each, dict) else ""
        yield to if isinstance(to, str) else ""


async def _json(request: Request) -> Any:
    try:
        return msgspec.json.decode(await read_body(request, bytes_max=BODY_BYTES_MAX))
    except (msgspec.DecodeError, RecursionError):
        raise Refused(400, 10000, "the body is not JSON") from None


def _whole_number(request: Request, name: str, *, usual: int, most: int, least: int = 0) -> int:
    given = request.query_params.get(name, str(usual))
    least = least or min(usual, 1)
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 14 else -1
    if not least <= number <= most:
        raise Refused(400, 10005, f"{name} is a whole number, {least} to {most}")
    return number


def _header(request: Request, name: bytes) -> str:
    """Read a header as the server gives it, in lower case: a load test asks thousands of times."""
    for each, value in request.scope["headers"]:
        if each == name:
            found: bytes = value
            return found.decode("latin-1")
    return ""


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, MarketingCloudError)
    return error.response


async def _too_large(_request: Request, _error: Exception) -> Response:
    return PlatformError(413, f"At most {BODY_BYTES_MAX} bytes are taken.").response


async def _no_such_page(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = PlatformError(error.status_code, error.detail).response
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer
