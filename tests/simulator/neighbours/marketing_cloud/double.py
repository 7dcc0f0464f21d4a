"""A double of Marketing Cloud with a clock that stands still, and a receiver that notes all."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, get_args
from urllib.parse import quote, unquote

import msgspec

from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.neighbours.marketing_cloud.api import marketing_cloud_app
from simulator.neighbours.marketing_cloud.business_unit import BusinessUnit, Kept
from simulator.neighbours.marketing_cloud.tokens import Package, Tokens
from simulator.neighbours.marketing_cloud.types import EventType
from simulator.neighbours.marketing_cloud.unit_settings import UnitSettings
from tests.simulator.asgi import Answer

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PACKAGE = Package(client_id="the-package", client_secret="its-secret-of-many-characters")
SMS, EMAIL = "/messaging/v1/sms", "/messaging/v1/email"
ENS = "/platform/v1/ens"
URL = "http://127.0.0.1:9/ens"
DELIVERED = "TransactionalSendEvents.SmsDelivered"
#: A phone and a mailbox of nobody.
PHONE, MAILBOX = "447700900123", "alex@example.com"


class Receiver:
    """Where notifications go: it answers `status`, and verifies with stdlib hmac alone."""

    def __init__(self) -> None:
        self.status: int | None = 200
        self.posts: list[tuple[str, bytes, dict[str, str]]] = []

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> int | None:
        """Note one call, and answer."""
        self.posts.append((url, body, headers))
        return self.status

    def batches(self, key: str) -> list[list[dict[str, Any]]]:
        """Give the batches that are signed with the key."""
        return [
            msgspec.json.decode(body)
            for _, body, given in self.posts
            if is_signed(given, body, key)
        ]


def is_signed(headers: Mapping[str, str], body: bytes, key: str) -> bool:
    """Check a signature as a receiver does."""
    digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
    given = headers.get("x-sfmc-ens-signature", "")
    return hmac.compare_digest(base64.b64decode(given), digest)


class MarketingCloud:
    """The double, with a token that may do everything."""

    def __init__(
        self,
        *,
        kept: list[Kept] | None = None,
        receiver: Receiver | None = None,
        **settings: Any,
    ) -> None:
        self.now = NOW
        self.receiver = receiver or Receiver()
        self.changes: list[Kept] = []
        self.inbox = Inbox(lambda: self.now)
        self.unit = BusinessUnit(
            self.inbox, UnitSettings(**settings), kept=kept or (), on_change=self.changes.append
        )
        self.app = self._app()
        self.token = self.new_token()

    def limited(self, requests_a_minute_max: int) -> None:
        """Throttle from now on."""
        self.app = self._app(requests_a_minute_max)
        self.token = self.new_token()

    def _app(self, requests_a_minute_max: int = 0) -> Any:
        return marketing_cloud_app(
            self.unit,
            tokens=Tokens(PACKAGE, lambda: self.now),
            post=self.receiver.post,
            requests_a_minute_max=requests_a_minute_max,
        )

    def new_token(self, **more: Any) -> str:
        """Get a token."""
        return str(self.asked_token(**more).json["access_token"])

    def asked_token(self, path: str = "/v2/token", **more: Any) -> Answer:
        """Ask for a token."""
        usual = {
            "grant_type": "client_credentials",
            "client_id": PACKAGE.client_id,
            "client_secret": PACKAGE.client_secret,
        }
        return self.ask("POST", path, {**usual, **more}, token="")

    def ask(
        self,
        method: str,
        target: str,
        body: Any = None,
        *,
        token: str | None = None,
        **headers: str,
    ) -> Answer:
        """Make one request, with the token unless another is given."""
        content = body if isinstance(body, bytes) else b""
        if body is not None and not isinstance(body, bytes):
            content = msgspec.json.encode(body)
        token = self.token if token is None else token
        given = {"host": "double.test", "authorization": f"Bearer {token}", **headers}
        return asyncio.run(_asked(self.app, method, target, content, given))

    def send(self, key: str, to: str = PHONE, *, channel: str = SMS, **more: Any) -> Answer:
        """Send one message with the definition that holds any words."""
        recipient = {
            "contactKey": f"contact of {to}",
            "to": to,
            "attributes": {"subject": "An update", "body": "There is news.", **more},
        }
        definition = "any-text" if channel == SMS else "any-email"
        asked = {"definitionKey": definition, "recipient": recipient}
        return self.ask("POST", f"{channel}/messages/{quote(key, safe='')}", asked)

    def arrived(self) -> list[Accepted]:
        """List the messages that arrived since the last time."""
        return [each for each in self.inbox.drain() if isinstance(each, Accepted)]

    def callback(self, url: str = URL, **more: Any) -> tuple[str, str]:
        """Register a callback and verify it; return its id and its signature key."""
        [made] = self.ask(
            "POST", f"{ENS}-callbacks", [{"callbackName": "cb1", "url": url, **more}]
        ).json
        told = msgspec.json.decode(self.receiver.posts.pop()[1])
        assert self.ask("POST", f"{ENS}-verify", told).status == 200
        return made["callbackId"], made["signatureKey"]

    def subscribe(self, callback_id: str, *types: str, **more: Any) -> Answer:
        """Subscribe to events, to all that a message may have if none is named."""
        names = list(types) or list(get_args(EventType))
        asked = {"subscriptionName": "s1", "callbackId": callback_id, "eventCategoryTypes": names}
        return self.ask("POST", f"{ENS}-subscriptions", [{**asked, **more}])

    def deliver(self, status: Any = "delivered") -> None:
        """Let what arrived have an outcome, and send what is due."""
        for each in self.arrived():
            self.inbox.tell(each, status, self.now)
        self.push()

    def push(self) -> None:
        """Send what is due now."""
        while self.unit.notifications.send_due(self.receiver.post):
            pass

    def wait(self, **more: float) -> None:
        """Let time pass."""
        self.now += timedelta(**more)


async def _asked(
    app: Any, method: str, target: str, body: bytes, headers: dict[str, str]
) -> Answer:
    path, _, query = target.partition("?")
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ],
        "server": ("double.test", 80),
    }
    await app(scope, receive, send)
    start, *parts = sent
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(part["body"] for part in parts))
