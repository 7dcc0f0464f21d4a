"""The entry points for machines: crime events in, delivery receipts in, the test clock.

Each parses, calls one use case, and translates the answer.
"""

import base64
import binascii
import hmac
import logging
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from standardwebhooks import Webhook
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.events import BATCH_EVENTS_MAX, EVENT_BYTES_MAX, CloudEvent, Moment
from reference.contract.messages import DeliveryReceipt, ReceivedText
from reference.portal.clock import TestClock
from reference.portal.errors import Problem
from reference.portal.event_reader import Reader
from reference.portal.logs import log
from reference.portal.portal import Portal
from reference.portal.requests import YEARS, answer, body_of, check_bearer, decode

TOLERANCE_SECONDS = 300


class _Now(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    now: Moment


def hook_routes(portal: Portal) -> list[Route]:
    """Routes that other systems call."""
    webhook = Webhook(portal.secrets.events)
    reader = Reader(portal.settings.forces)
    receipts = msgspec.json.Decoder(DeliveryReceipt)
    texts = msgspec.json.Decoder(ReceivedText)
    moments = msgspec.json.Decoder(_Now)

    async def crime_events(request: Request) -> Response:
        try:
            body = await body_of(request, BATCH_EVENTS_MAX * EVENT_BYTES_MAX)
            _check_signature(webhook, request, body, portal.security_clock.now())
            batch = reader.read(body)
        except Problem as problem:
            portal.metrics.refused(problem.title)
            log.warning("delivery_refused", status=problem.status, reason=problem.title)
            raise
        now = portal.clock.now()
        await portal.cases.receive(batch, now)
        portal.woken.set()
        portal.metrics.received(batch, now)
        if log.is_on(logging.INFO):
            _note([envelope for envelope, _event in batch])
        return Response(status_code=202)

    async def delivery_receipts(request: Request) -> Response:
        check_bearer(request, portal.secrets.receipts)
        receipt = decode(await body_of(request), receipts)
        await portal.delivery.receive_receipt(receipt, portal.clock.now())
        portal.woken.set()
        return Response(status_code=204)

    async def received_texts(request: Request) -> Response:
        check_bearer(request, portal.secrets.receipts)
        received = decode(await body_of(request), texts)
        await portal.choices.receive_text(received, portal.clock.now())
        portal.woken.set()
        return Response(status_code=204)

    async def test_clock(request: Request) -> Response:
        check_bearer(request, portal.secrets.test_clock)
        now = decode(await body_of(request), moments).now
        if now.year not in YEARS:
            raise Problem(400, "Not as agreed", detail=f"The year is {now.year}.", field="now")
        wanted = now.astimezone(UTC)
        if not isinstance(portal.clock, TestClock):
            raise Problem(409, "This portal keeps the time of day")
        try:
            portal.clock.move(wanted)
        except ValueError as error:
            raise Problem(409, "Time goes forward only", detail=str(error), field="now") from None
        next_due = await portal.run_due(wanted)
        return answer({"now": wanted, "next_due": next_due})

    routes = [
        Route("/crime-events", crime_events, methods=["POST"]),
        Route("/delivery-receipts", delivery_receipts, methods=["POST"]),
        Route("/received-texts", received_texts, methods=["POST"]),
    ]
    if isinstance(portal.clock, TestClock):
        routes.append(Route("/test-clock", test_clock, methods=["POST"]))
    return routes


def _note(envelopes: Sequence[CloudEvent]) -> None:
    log.info(
        "events_received",
        count=len(envelopes),
        types=sorted({each.type for each in envelopes}),
        event_ids=[each.id for each in envelopes],
    )


def _check_signature(webhook: Webhook, request: Request, body: bytes, now: datetime) -> None:
    """Let only fresh deliveries signed by the crime system through; raises Problem 401."""
    delivery = request.headers.get("webhook-id", "")
    stamped = request.headers.get("webhook-timestamp", "")
    given = request.headers.get("webhook-signature", "")
    if not (delivery and given and stamped.isascii() and stamped.isdigit() and len(stamped) < 12):
        raise Problem(401, "Not signed", detail="Send Standard Webhooks headers.")
    at = datetime.fromtimestamp(int(stamped), UTC)
    try:
        expected = webhook.sign(delivery, at, body.decode())
    except UnicodeDecodeError:
        raise Problem(400, "Not JSON", detail="The body is not UTF-8.") from None
    if not any(hmac.compare_digest(_raw(expected), _raw(each)) for each in given.split()):
        raise Problem(401, "Signature does not match")
    if abs((now - at).total_seconds()) > TOLERANCE_SECONDS:
        raise Problem(401, "Signature is stale", detail="Sign each delivery afresh.")


def _raw(signature: str) -> bytes:
    version, _, encoded = signature.partition(",")
    try:
        return base64.b64decode(encoded, validate=True) if version == "v1" else b""
    except (binascii.Error, ValueError):
        return b""
