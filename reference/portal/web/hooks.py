"""The entry points for machines: crime events in, delivery receipts in, the test clock.

Each parses, calls one use case, and translates the answer.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
from standardwebhooks import Webhook
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.events import BATCH_EVENTS_MAX, EVENT_BYTES_MAX, Moment
from reference.contract.messages import DeliveryReceipt, ReceivedText
from reference.portal.cases.cases import Delivered
from reference.portal.clock import TestClock
from reference.portal.errors import Problem
from reference.portal.portal import Portal
from reference.portal.storage.database import TransactionConflict
from reference.portal.web.event_reader import Reader
from reference.portal.web.requests import YEARS, answer, body_of, check_bearer, decode, is_within

TOLERANCE_SECONDS = 300
CONFLICTS_MAX = 3
LARGE_AT_ONCE_MAX = 4


class _Now(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    now: Moment


def hook_routes(portal: Portal) -> list[Route]:
    """Routes that other systems call."""
    hooks = _Hooks(portal)
    routes = [
        Route("/crime-events", hooks.crime_events, methods=["POST"]),
        Route("/delivery-receipts", hooks.delivery_receipts, methods=["POST"]),
        Route("/received-texts", hooks.received_texts, methods=["POST"]),
    ]
    if isinstance(portal.clock, TestClock):
        routes.append(Route("/test-clock", hooks.test_clock, methods=["POST"]))
    return routes


class _Hooks:
    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._webhook = Webhook(portal.secrets.events)
        self._reader = Reader(portal.settings.forces)
        self._receipts = msgspec.json.Decoder(DeliveryReceipt)
        self._texts = msgspec.json.Decoder(ReceivedText)
        self._moments = msgspec.json.Decoder(_Now)
        self._large, self._signed_from = 0, set[str]()

    async def crime_events(self, request: Request) -> Response:
        portal = self._portal
        try:
            batch = self._reader.read(await self._events_of(request), portal.clock.now())
        except Problem as problem:
            portal.observer.delivery_refused(problem)
            raise
        now = portal.clock.now()
        await self._receive(batch, now)
        portal.woken.set()
        portal.observer.events_received(batch, now)
        return Response(status_code=202)

    async def _events_of(self, request: Request) -> bytes:
        """Read a signed delivery; of large ones a few at once, but where a signed one came from."""
        at = _check_headers(request, self._portal.security_clock.now())
        host = request.client.host if request.client is not None else ""
        is_large = host not in self._signed_from and not is_within(request)
        if is_large and self._large >= LARGE_AT_ONCE_MAX:
            detail = "Send it again in a minute. One of at most 64 KB is always read."
            raise Problem(503, "Too many large deliveries", detail=detail)
        self._large += is_large
        try:
            body = await body_of(request, BATCH_EVENTS_MAX * EVENT_BYTES_MAX)
        finally:
            self._large -= is_large
        _check_signature(self._webhook, request, body, at)
        self._signed_from |= {host} - {""}
        return body

    async def delivery_receipts(self, request: Request) -> Response:
        check_bearer(request, self._portal.secrets.receipts)
        receipt = decode(await body_of(request), self._receipts)
        await self._portal.bounces.receive_receipt(receipt, self._portal.clock.now())
        self._portal.woken.set()
        return Response(status_code=204)

    async def received_texts(self, request: Request) -> Response:
        check_bearer(request, self._portal.secrets.receipts)
        received = decode(await body_of(request), self._texts)
        await self._portal.choices.receive_text(received, self._portal.clock.now())
        self._portal.woken.set()
        return Response(status_code=204)

    async def test_clock(self, request: Request) -> Response:
        portal = self._portal
        check_bearer(request, portal.secrets.test_clock)
        now = decode(await body_of(request), self._moments).now
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

    async def _receive(self, batch: Sequence[Delivered], now: datetime) -> None:
        """Take a batch; where another worker wanted the same rows, begin again."""
        for _ in range(CONFLICTS_MAX):
            with suppress(TransactionConflict):
                await self._portal.cases.receive(batch, now)
                return
        await self._portal.cases.receive(batch, now)


def _check_headers(request: Request, now: datetime) -> datetime:
    """Accept only fresh deliveries that say they are signed, before any of the body is read."""
    said = [request.headers.get(f"webhook-{name}", "") for name in ("id", "signature", "timestamp")]
    stamped = said[-1]
    if not (all(said) and stamped.isascii() and stamped.isdigit() and len(stamped) < 12):
        raise Problem(401, "Not signed", detail="Send Standard Webhooks headers.")
    at = datetime.fromtimestamp(int(stamped), UTC)
    if abs((now - at).total_seconds()) > TOLERANCE_SECONDS:
        raise Problem(401, "Signature is stale", detail="Sign each delivery afresh.")
    return at


def _check_signature(webhook: Webhook, request: Request, body: bytes, at: datetime) -> None:
    given = request.headers["webhook-signature"]
    try:
        expected = webhook.sign(request.headers["webhook-id"], at, body.decode())
    except UnicodeDecodeError:
        raise Problem(400, "Not JSON", detail="The body is not UTF-8.") from None
    if not any(hmac.compare_digest(_raw(expected), _raw(each)) for each in given.split()):
        raise Problem(401, "Signature does not match")


def _raw(signature: str) -> bytes:
    version, _, encoded = signature.partition(",")
    try:
        return base64.b64decode(encoded, validate=True) if version == "v1" else b""
    except (binascii.Error, ValueError):
        return b""
