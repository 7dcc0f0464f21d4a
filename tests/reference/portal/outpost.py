"""A portal in this process, and its neighbours over real sockets, which may fall ill in any way.

Time is the test's; hours of it pass at once.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from starlette.types import ASGIApp, Message, Receive
from starlette.types import Send as SendMessage

from reference.contract.events import AnyEvent
from reference.contract.signing import sign
from reference.operations import http_outbound
from reference.operations.http_outbound import HttpOutbound
from reference.operations.service import create_service
from reference.portal.settings import settings_from
from simulator.evidence.records import EvidenceLog
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.neighbours.gateway.notify import (
    DEFAULT_TEMPLATES,
    EMAIL_TEMPLATE_ID,
    TEXT_TEMPLATE_ID,
    notify_app,
)
from simulator.neighbours.gateway.notify_service import NotifyService
from simulator.processes.loopback import free_port, serving
from tests.reference.portal.databases import Storage
from tests.reference.portal.scene import EVENTS_SECRET, SECRETS, SETTINGS, Watch, bearer
from tests.reference.portal.served import ask
from tests.simulator.asgi import Answer

#: How long a portal waits for a neighbour that is ill, and how long one that is late takes.
PATIENCE_SECONDS, LATE_SECONDS = 0.1, 0.2


class Ailment(Struct, frozen=True, kw_only=True):
    """What a neighbour answers; whether it took the request all the same; and how late."""

    status: int
    body: bytes = b""
    takes: bool = False
    seconds: float = 0.0


PATIENT_SECONDS = http_outbound._TIMEOUT_SECONDS
_PAGE = b"<html><title>Bad gateway</title></html>"
NOBODY = Ailment(status=0)
AILMENTS: dict[str, Ailment] = {
    "nobody there": NOBODY,
    "too many": Ailment(status=429, body=b'{"errors":[{"error":"RateLimitError"}]}'),
    "failing": Ailment(status=500),
    "failing, and took it": Ailment(status=504, body=_PAGE, takes=True),
    "garbage": Ailment(status=201, body=_PAGE),
    "garbage, and took it": Ailment(status=201, body=b"\xff\xfe", takes=True),
    "too late, and took it": Ailment(status=201, takes=True, seconds=LATE_SECONDS),
}


class Neighbour:
    """A double behind a socket; `ailment` is what is wrong with it.

    `meanwhile` happens once, in its thread, while the next request is under way.
    """

    def __init__(self, application: ASGIApp, *, on_change: Callable[[float], None]) -> None:
        self._application = application
        self.on_change = on_change
        self._port = free_port()
        self._stack = ExitStack()
        self.url = f"http://127.0.0.1:{self._port}"
        self.ailment: Ailment | None = None
        self.meanwhile: Callable[[], object] | None = None
        self.asked = 0
        self.open()

    def open(self) -> None:
        """Listen."""
        self._stack.enter_context(serving(self, self._port))

    def close(self) -> None:
        """Let nobody in."""
        self._stack.close()

    def fall_ill(self, ailment: Ailment) -> None:
        """Have this wrong with it from now on."""
        self.ailment = ailment
        self.on_change(PATIENCE_SECONDS if ailment.seconds else PATIENT_SECONDS)
        if ailment is NOBODY:
            self.close()

    def recover(self) -> None:
        """Be well again."""
        if self.ailment is NOBODY:
            self.open()
        self.ailment = None
        self.on_change(PATIENT_SECONDS)

    async def __call__(self, scope: Message, receive: Receive, send: SendMessage) -> None:
        """Answer one request."""
        self.asked += 1
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        ill = self.ailment
        if ill is None:
            await self._application(scope, receive, send)
            return
        if ill.takes:
            await self._application(scope, receive, _nowhere)
        await asyncio.sleep(ill.seconds)
        await send({"type": "http.response.start", "status": ill.status, "headers": []})
        await send({"type": "http.response.body", "body": ill.body})


class Outpost:
    """The portal, its neighbours, and a crime system that has things to tell."""

    def __init__(self, folder: Path, storage: Storage, start: datetime, **changes: Any) -> None:
        self._storage = storage
        self._watch = Watch(start)
        self.evidence, self.inbox = EvidenceLog(), Inbox(self._watch.now)
        self.crime_system = CrimeSystem(
            now=self._watch.now, evidence=self.evidence, source="outpost"
        )
        self.gateway = Neighbour(
            notify_app(
                self.inbox,
                service=NotifyService.of_key(SECRETS.gateway),
                security_now=self._watch.now,
                templates=DEFAULT_TEMPLATES,
            ),
            on_change=self._wait_only,
        )
        self.records = Neighbour(
            crime_system_app(self.crime_system, token=SECRETS.crime_system),
            on_change=self._wait_only,
        )
        values = {
            **SETTINGS,
            "gateway_url": self.gateway.url,
            "crime_system_url": self.records.url,
            "text_template_id": TEXT_TEMPLATE_ID,
            "email_template_id": EMAIL_TEMPLATE_ID,
            "test_clock_start": start,
            "database": str(folder / "portal.db"),
            **changes,
        }
        self._outbound = HttpOutbound()
        self.database = storage.open()
        self._app = create_service(
            settings_from(values),
            SECRETS,
            outbound=self._outbound,
            security_clock=self._watch,
            database=self.database,
        )
        self._came: list[Accepted] = []

    def close(self) -> None:
        """Let go of everything."""
        http_outbound._TIMEOUT_SECONDS = PATIENT_SECONDS
        self._storage.run(self._outbound.close())
        self.gateway.close()
        self.records.close()

    @property
    def now(self) -> datetime:
        """The time."""
        return self._watch.time

    @property
    def came(self) -> list[Accepted]:
        """Every message that the gateway took, whatever it answered."""
        self._came += [each for each in self.inbox.drain() if isinstance(each, Accepted)]
        return self._came

    def call(self, method: str, path: str, value: Any = None, *, token: str = "") -> Answer:
        """Send a request with JSON in it."""
        body = b"" if value is None else msgspec.json.encode(value)
        headers = bearer(token) if token else {}
        return self._storage.run(ask(self._app, method, path, pieces=[body], headers=headers))

    def tell(self, *events: AnyEvent) -> list[str]:
        """Have things happen and delivered, until they are taken; answers the events' ids."""
        ids = [self.crime_system.record(each) for each in events]
        bodies = [self.crime_system.outgoing.popleft().body for _ in events]
        while self.deliver(bodies) != 202:
            self.walk(minutes=1)
        self.walk(minutes=0)
        return ids

    def deliver(self, bodies: Sequence[bytes]) -> int:
        """Deliver a batch, signed now; answers the status."""
        body = b"[" + b",".join(bodies) + b"]"
        headers = sign(EVENTS_SECRET, delivery_id="delivery", at=self.now, body=body)
        answer = ask(self._app, "POST", "/crime-events", pieces=[body], headers=headers)
        return self._storage.run(answer).status

    def walk(self, *, minutes: float) -> None:
        """Let time pass, doing at every moment what is due then."""
        end = self.now + timedelta(minutes=minutes)
        next_due = self._work()
        while next_due is not None and next_due <= end:
            self._watch.time = max(next_due, self.now)
            next_due = self._work()
        self._watch.time = end
        self._work()

    def _wait_only(self, seconds: float) -> None:
        """Have the portal wait for its neighbours for so long from now on."""
        http_outbound._TIMEOUT_SECONDS = seconds
        self._storage.run(self._outbound.close())
        self._outbound._session = None

    def _work(self) -> datetime | None:
        answer = self.call("POST", "/test-clock", {"now": self.now}, token=SECRETS.test_clock)
        if answer.status != 200:
            # As the loop that does due work: whatever broke is tried again a little later.
            return self.now + timedelta(seconds=1)
        next_due: str | None = answer.json["next_due"]
        return None if next_due is None else datetime.fromisoformat(next_due)


async def _nowhere(_message: Message) -> None:
    """Nobody hears it."""
