"""Portals that answer whatever a test says, in process or as bytes on a socket."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec

from simulator.drivers.base import Session, Step
from simulator.drivers.exchange import Exchange, InProcessExchange
from simulator.drivers.http import HttpDriver
from simulator.inputs.capabilities import Capability
from simulator.inputs.target import SecretValues
from simulator.processes.asgi import Application

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
SECRETS = SecretValues(
    events="whsec_" + "c2VjcmV0LW9mLWEtdGVzdC1zZWNyZXQtb2YtYS10ZXN0",
    receipts="receipts-token-of-a-test",
    gateway="gateway-key-of-a-test",
    crime_system="crime-system-token-of-a-test",
    identity="identity-key-of-a-test",
    test_clock="test-clock-token-of-a-test",
)
LINK = "https://portal.example/invitation/invitation-token-of-a-test"
SESSION = Session("session-token-of-a-test")
STEP = Step("step-of-a-test", "agreed_word")
REFERENCE = "43260000001"
EVERYTHING: frozenset[Capability] = frozenset(
    {"test_clock", "correlates", "receipts", "two_way", "text", "email"}
)


class Asked:
    """One request as a portal got it."""

    def __init__(self, scope: Any, body: bytes) -> None:
        self.line = f"{scope['method']} {scope['path']}"
        self.headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.body = body

    @property
    def json(self) -> Any:
        """The body read as JSON."""
        return msgspec.json.decode(self.body)


class StrangePortal:
    """Gives one answer to everything, and remembers what it was asked."""

    def __init__(
        self, status: int = 200, body: bytes = b"{}", *, headers: dict[str, str] | None = None
    ) -> None:
        self.status = status
        self.body = body
        self.headers = headers or {}
        self.asked: list[Asked] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        self.asked.append(Asked(scope, (await receive())["body"]))
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


async def _live(receive: Any, send: Any) -> None:
    while True:
        event = (await receive())["type"]
        await send({"type": f"{event}.complete"})
        if event == "lifespan.shutdown":
            return


def lasting(application: Application) -> Application:
    """Give an application a beginning and an end, which a server asks for and most tests do not."""

    async def lives(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        else:
            await application(scope, receive, send)

    return lives


async def _echoes(scope: Any, receive: Any, send: Any) -> None:
    """Break, and say what it was asked, as a debugging page does."""
    body = (await receive())["body"]
    headers = b" ".join(value for name, value in scope["headers"] if name == b"authorization")
    await send({"type": "http.response.start", "status": 500, "headers": []})
    await send({"type": "http.response.body", "body": headers + body + scope["path"].encode()})


echoes = lasting(_echoes)


def answers(value: Any, *, status: int = 200) -> StrangePortal:
    """Give a portal that answers this as JSON."""
    return StrangePortal(status, msgspec.json.encode(value))


def driver_for(
    application: Application | None = None,
    *,
    exchange: Exchange | None = None,
    capabilities: frozenset[Capability] = EVERYTHING,
) -> HttpDriver:
    """Drive an application in process, or whatever is at the other end of an exchange."""
    if exchange is None:
        assert application is not None
        exchange = InProcessExchange(application)
    return HttpDriver(
        exchange, secrets=SECRETS, capabilities=capabilities, security_now=lambda: NOW
    )


# What reads an answer: every one of these must understand it, or say that it is nonsense.
READS: dict[str, Callable[[HttpDriver], Any]] = {
    "open_invitation": lambda driver: driver.open_invitation(LINK),
    "begin_sign_in": lambda driver: driver.begin_sign_in("07700900123"),
    "prove": lambda driver: driver.prove(STEP, "word-of-a-test"),
    "enter_code": lambda driver: driver.enter_code(STEP, "493817"),
    "crimes": lambda driver: driver.crimes(SESSION),
    "timeline": lambda driver: driver.timeline(SESSION, REFERENCE),
    "advice": lambda driver: driver.advice(SESSION),
    "conversation": lambda driver: driver.conversation(SESSION, REFERENCE),
    "contact": lambda driver: driver.contact(SESSION),
    "withdraw_support": lambda driver: driver.withdraw_support(SESSION, REFERENCE, "confirmed"),
    "advance_to": lambda driver: driver.advance_to(NOW),
}
# What only asks whether it was done.
WRITES: dict[str, Callable[[HttpDriver], Any]] = {
    "sign_out": lambda driver: driver.sign_out(SESSION),
    "ask_officer": lambda driver: driver.ask_officer(SESSION, REFERENCE, "When?"),
    "ask_officer_about": lambda driver: driver.ask_officer_about(
        SESSION, REFERENCE, "When?", "bail"
    ),
    "choose_contact": lambda driver: driver.choose_contact(SESSION, ("email",)),
    "stop_messages": lambda driver: driver.stop_messages(SESSION),
}


@contextmanager
def on_a_socket(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """Listen on loopback and let `talk` handle each connection; yields the URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    talk(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
