"""The gateway as GOV.UK Notify's REST API, version 2, which portals in UK government use.

It takes texts and emails into the inbox and answers as Notify does, so a portal can use its own
unmodified Notify client. It must own the root of its host: clients drop any path prefix.
Source: GOV.UK Notify's published API code, github.com/alphagov/notifications-api, and its REST
documentation.
"""

from collections.abc import Callable
from datetime import datetime

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.correlation import CORRELATION_ID
from reference.contract.events import Channel
from simulator.neighbours.gateway.inbox import ANSWER_LOST, Inbox, Kept, Letter
from simulator.neighbours.gateway.notify_answers import (
    TEMPLATE_VERSION,
    notification,
    preview,
    template_body,
)
from simulator.neighbours.gateway.notify_auth import NotifyAuth
from simulator.neighbours.gateway.notify_errors import (
    NotifyError,
    as_json,
    bad_request,
    no_result,
    out_of_order,
    validation_error,
)
from simulator.neighbours.gateway.notify_letters import Letters
from simulator.neighbours.gateway.notify_limits import NotifyLimits
from simulator.neighbours.gateway.notify_listing import (
    TEMPLATE_TYPES,
    listing,
    not_one_of,
    read_query,
    received_listing,
)
from simulator.neighbours.gateway.notify_requests import given_recipient, read_personalisation
from simulator.neighbours.gateway.notify_schema import is_uuid
from simulator.neighbours.gateway.notify_sending import Sender, filled
from simulator.neighbours.gateway.notify_service import TYPE_NAMES, ApiKey, NotifyService
from simulator.neighbours.gateway.notify_templates import (
    DEFAULT_TEMPLATES,
    EMAIL_TEMPLATE_ID,
    TEXT_TEMPLATE_ID,
    Template,
    Templates,
)
from simulator.processes.request_body import BodyTooLarge, read_body

__all__ = [
    "DEFAULT_TEMPLATES",
    "EMAIL_TEMPLATE_ID",
    "TEXT_TEMPLATE_ID",
    "Template",
    "Templates",
    "notify_app",
]

_CORRELATION_HEADER = CORRELATION_ID.encode()
REQUEST_BYTES_MAX = 4_000_000  # our choice: Notify does not publish its limit


def notify_app(
    inbox: Inbox,
    *,
    service: NotifyService,
    security_now: Callable[[], datetime],
    templates: Templates,
    own_mobile: Callable[[str], str] | None = None,
) -> Starlette:
    """Make the double of one service, as an ASGI application.

    Needs no event loop if `receive` and `send` do not wait. The inbox notes every refused message.
    `own_mobile` reads a mobile that a run in one process takes and Notify would refuse ("" for any
    other).
    """
    face = _Face(inbox, service, security_now, templates, own_mobile)
    get, post = ["GET"], ["POST"]
    app = Starlette(
        routes=[
            Route("/v2/notifications/sms", face.send_text, methods=post),
            Route("/v2/notifications/email", face.send_email, methods=post),
            Route("/v2/notifications/letter", face.send_letter, methods=post),
            Route("/v2/notifications", face.notifications, methods=get),
            Route("/v2/notifications/{id}", face.notification, methods=get),
            Route("/v2/notifications/{id}/pdf", face.letter_pdf, methods=get),
            Route("/v2/templates", face.templates, methods=get),
            Route("/v2/template/{id}", face.template, methods=get),
            Route("/v2/template/{id}/version/{version:int}", face.template, methods=get),
            Route("/v2/template/{id}/preview", face.preview, methods=post),
            Route("/v2/received-text-messages", face.received_texts, methods=get),
            # Notify's clients still ask here for the versions of a template.
            Route("/service/{service}/template/{id}/versions", face.versions, methods=get),
        ],
        exception_handlers={NotifyError: _refuse, HTTPException: _no_such_page},
    )
    app.router.redirect_slashes = False
    return app


class _Face:
    def __init__(
        self,
        inbox: Inbox,
        service: NotifyService,
        security_now: Callable[[], datetime],
        templates: Templates,
        own_mobile: Callable[[str], str] | None,
    ) -> None:
        self._inbox = inbox
        self._service = service
        self._auth = NotifyAuth(service, security_now)
        self._templates = templates
        limits = NotifyLimits(service.limits, security_now)
        self._sender = Sender(inbox, service, limits, templates, inbox.now, own_mobile)
        self._letters = Letters(inbox, service, limits, templates)

    async def send_text(self, request: Request) -> Response:
        return await self._send(request, "text")

    async def send_email(self, request: Request) -> Response:
        return await self._send(request, "email")

    async def send_letter(self, request: Request) -> Response:
        body = await _body(request)
        key = self._check(request)
        return as_json(201, self._letters.send(_root(request), key, body))

    async def letter_pdf(self, request: Request) -> Response:
        letter = self._found(request)
        if not isinstance(letter, Letter):
            raise bad_request("Notification is not a letter")
        return Response(self._letters.pdf(letter), media_type="application/pdf")

    async def notifications(self, request: Request) -> Response:
        key = self._check(request)
        query = read_query(request.query_params)
        return as_json(200, listing(_root(request), self._inbox, query, key.kind))

    async def notification(self, request: Request) -> Response:
        message = self._found(request)
        return as_json(200, notification(_root(request), self._inbox, message))

    async def templates(self, request: Request) -> Response:
        self._check(request)
        types = request.query_params.getlist("type")
        if faults := list(not_one_of("type", types, TEMPLATE_TYPES)):
            raise validation_error(faults)
        found = [
            template_body(each)
            for each in self._templates.by_id.values()
            if not each.is_deleted and (not types or TYPE_NAMES[each.channel] in types)
        ]
        return as_json(200, {"templates": found})

    async def template(self, request: Request) -> Response:
        self._check(request)
        template = self._templates.by_id.get(_id(request, "id"))
        version = request.path_params.get("version", TEMPLATE_VERSION)
        if template is None or version != TEMPLATE_VERSION:
            raise no_result()
        return as_json(200, template_body(template))

    async def preview(self, request: Request) -> Response:
        self._check(request)
        personalisation = read_personalisation(await _body(request))
        template = self._templates.by_id.get(_id(request, "id"))
        if template is None:
            raise no_result()
        return as_json(200, preview(template, filled(template, personalisation)))

    async def versions(self, request: Request) -> Response:
        self._check(request)
        template = self._templates.by_id.get(_id(request, "id"))
        if request.path_params["service"].lower() != self._service.id or template is None:
            raise no_result()
        return as_json(200, {"data": [template_body(template)]})

    async def received_texts(self, request: Request) -> Response:
        self._check(request)
        found = received_listing(
            _root(request), self._service.id, self._inbox.received, request.query_params
        )
        return as_json(200, found)

    def _check(self, request: Request) -> ApiKey:
        if self._inbox.is_down:
            raise out_of_order()
        return self._auth.check(_header(request, b"authorization"))

    def _found(self, request: Request) -> Kept:
        """Find the message that a request names, whatever key it was sent with."""
        self._check(request)
        message = self._inbox.message(_id(request, "notification_id"))
        if message is None or not self._inbox.is_listed(message):
            raise no_result()
        return message

    async def _send(self, request: Request, channel: Channel) -> Response:
        body = b""
        try:
            # Read before the token is checked, so that the evidence shows who was not told.
            body = await _body(request)
            key = self._check(request)
            followed_by = _header(request, _CORRELATION_HEADER)
            answer = self._sender.send(
                _root(request), key, channel, body, correlation_id=followed_by
            )
            return as_json(201, answer)
        except NotifyError as error:
            if error.status != ANSWER_LOST:
                to, status = given_recipient(body, channel), error.status
                self._inbox.refuse(channel=channel, to=to, status=status, reason=error.reason)
            raise


async def _body(request: Request) -> bytes:
    try:
        return await read_body(request, bytes_max=REQUEST_BYTES_MAX)
    except BodyTooLarge:
        reason = f"Your request is too long. It cannot be longer than {REQUEST_BYTES_MAX} bytes."
        raise NotifyError(413, [("BadRequestError", reason)]) from None


def _root(request: Request) -> str:
    return f"{request.scope['scheme']}://{_header(request, b'host') or 'localhost'}"


def _header(request: Request, name: bytes) -> str:
    """Read a header as the server gives it, in lower case: a load test asks thousands of times."""
    for each, value in request.scope["headers"]:
        if each == name:
            found: bytes = value
            return found.decode("latin-1")
    return ""


def _id(request: Request, name: str) -> str:
    given: str = request.path_params["id"]
    if not is_uuid(given):
        raise validation_error([f"{name} is not a valid UUID"])
    return given.lower()


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotifyError)
    return error.response


async def _no_such_page(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return no_result().response
    answer = NotifyError(error.status_code, [("BadRequestError", error.detail)]).response
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer
