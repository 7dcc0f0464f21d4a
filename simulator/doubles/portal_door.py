"""The portal's door: an integration delivers here, and the doubles pass it on and note the answer.

So the evidence has what reached the portal, by an integration that the suite knows nothing of.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import msgspec
import urllib3
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.correlation import CORRELATION_ID
from reference.contract.events import BATCH_EVENTS_MAX, EVENT_BYTES_MAX, CloudEvent
from simulator.doubles.matched_deliveries import MatchedDeliveries
from simulator.doubles.to_portal import EVENTS_PATH
from simulator.drivers.timed_connection import TimedClient
from simulator.neighbours.crime_system.problems import REFUSALS, Problem
from simulator.processes.request_body import BodyTooLarge, read_body

BODY_BYTES_MAX = BATCH_EVENTS_MAX * EVENT_BYTES_MAX
WAIT_SECONDS_MAX = 30.0
#: What belongs to one connection, and not to the delivery.
_NOT_PASSED_ON = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "expect"}
)


def portal_door(
    portal_url: str, deliveries: MatchedDeliveries, now: Callable[[], datetime], *, secret: str
) -> Starlette:
    """Make the door as an ASGI application.

    What is not signed by the force's `secret` is passed on too, and counts as no delivery.
    """
    url, portal = f"{portal_url.rstrip('/')}{EVENTS_PATH}", TimedClient(WAIT_SECONDS_MAX)

    async def pass_on(request: Request) -> Response:
        try:
            body = await read_body(request, bytes_max=BODY_BYTES_MAX)
        except BodyTooLarge:
            detail = f"It may be {BODY_BYTES_MAX} bytes at most."
            raise Problem(413, "The delivery is too large", detail=detail) from None
        headers = {
            name: value for name, value in request.headers.items() if name not in _NOT_PASSED_ON
        }
        events, at = _events(body) if _is_signed(secret, request, body) else [], now()
        first = deliveries.arrived(events)
        try:
            answer = await run_in_threadpool(portal.ask, "POST", url, body, headers)
        except urllib3.exceptions.HTTPError:
            deliveries.unanswered(events)
            raise Problem(502, "The portal did not answer") from None
        followed_by = request.headers.get(CORRELATION_ID, "")
        deliveries.delivered(events, answer.status, followed_by, at, first)
        kind = answer.headers.get("content-type")
        return Response(answer.body, answer.status, media_type=kind)

    return Starlette(
        routes=[Route(EVENTS_PATH, pass_on, methods=["POST"])],
        exception_handlers=REFUSALS,
    )


def _is_signed(secret: str, request: Request, body: bytes) -> bool:
    try:
        Webhook(secret).verify(body, dict(request.headers))
    except (WebhookVerificationError, ValueError, RecursionError):
        return False
    return True


def _events(body: bytes) -> list[CloudEvent]:
    """Read one event or a batch; none of what the contract would not take."""
    with suppress(msgspec.DecodeError, RecursionError):
        return msgspec.json.decode(body, type=list[CloudEvent])
    with suppress(msgspec.DecodeError, RecursionError):
        return [msgspec.json.decode(body, type=CloudEvent)]
    return []
