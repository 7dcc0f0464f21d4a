"""What becomes of a message that the doubles took: by its status, and by a callback."""

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from simulator.doubles.journal import Journal, MessageKept
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import KeptInbox
from simulator.doubles.standing_evidence import StandingEvidence
from simulator.doubles.to_portal import PortalSecrets, ToPortal
from simulator.evidence.files import read_evidence
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.gateway.inbox import Accepted
from tests.simulator.doubles.crimes import NOW
from tests.simulator.drivers.strange_portals import SECRETS


class _Gateway:
    """An inbox whose clock is moved, with a portal or without one."""

    def __init__(self, portal_url: str = "") -> None:
        self.now = NOW
        self.inbox = KeptInbox(self._time, Journal())
        crimes = KeptCrimeSystem(self._time, Journal(), Rows(self._time))
        secrets = PortalSecrets(events=SECRETS.events, receipts=SECRETS.receipts)
        self.sending = ToPortal(portal_url, secrets, self.inbox, crimes, now=self._time)

    def _time(self) -> datetime:
        return self.now

    def take(self, to: str = "07700900123", **values: Any) -> Accepted:
        """Take a text."""
        usual = {"channel": "text", "subject": "", "sender": "GOVUK", "reference": "r-1"}
        given = {**usual, "body": "An update", "template_id": "t", "to_given": to, **values}
        return self.inbox.accept(to=to, **given)

    def statuses(self, message: Accepted) -> list[str]:
        """Give each status that a portal sees that asks every tenth of a second."""
        seen = [self.inbox.status_of(message.message_id)]
        for _ in range(15):
            self.sending.send_due()
            seen.append(self.inbox.status_of(message.message_id))
            self.now += timedelta(seconds=0.1)
        return list(dict.fromkeys(seen))


class _Portal(ThreadingHTTPServer):
    """Takes its time over the receipts for one number."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[dict[str, Any]] = []
        self.may_answer = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: _Portal

    def do_POST(self) -> None:
        receipt = msgspec.json.decode(self.rfile.read(int(self.headers["content-length"])))
        if receipt["to"] == "07700900456":
            self.server.may_answer.wait(5)
        self.server.got.append(receipt)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def portal() -> Iterator[_Portal]:
    """A portal that takes receipts."""
    with _Portal() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.may_answer.set()
        server.shutdown()
        thread.join()


def _until(portal: _Portal, count: int) -> list[dict[str, Any]]:
    end = time.monotonic() + 10
    while len(portal.got) < count and time.monotonic() < end:
        time.sleep(0.01)
    return portal.got


@pytest.mark.parametrize(
    ("receipt", "seen"),
    [
        ("delivered", ["created", "sending", "delivered"]),
        ("permanent-failure", ["created", "sending", "permanent-failure"]),
        ("temporary-failure", ["created", "sending", "pending", "temporary-failure"]),
        (None, ["created", "sending"]),
    ],
)
def test_a_portal_that_asks_sees_every_status(receipt: Any, seen: list[str]) -> None:
    """So it is without a portal that is called back, too.

    Notify's documentation, of `created`: "It should only remain in this state for a few seconds."
    Of `sending`: "GOV.UK Notify has sent the message to the provider." Of `pending`: "GOV.UK Notify
    received a callback from the provider but the recipient\u2019s device has not yet responded."
    """
    gateway = _Gateway()
    gateway.sending.receipt = receipt

    assert gateway.statuses(gateway.take()) == seen


def test_without_a_portal_nobody_is_told_by_a_receipt(tmp_path: Path) -> None:
    """The evidence says so: a portal that was not called back answers for no receipt."""
    gateway = _Gateway()
    path = tmp_path / "evidence.ndjson"
    gateway.inbox.evidence = StandingEvidence(path, lambda: NOW)
    gateway.statuses(gateway.take())
    gateway.inbox.evidence.close()

    assert [type(each).__name__ for each in read_evidence([path])] == [
        "MessageAccepted",
        "MessageReached",
    ]


def test_an_email_is_never_pending() -> None:
    """Notify's documentation lists no such status for one."""
    gateway = _Gateway()
    gateway.sending.receipt = "temporary-failure"
    email = gateway.take("alex@example.com", channel="email")

    assert gateway.statuses(email) == ["created", "sending", "temporary-failure"]


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("07700900003", "temporary-failure"),
        ("07700900002", "permanent-failure"),
        ("07700900123", "delivered"),
    ],
)
def test_a_test_key_has_receipts(portal: _Portal, number: str, status: str) -> None:
    """A vendor's own tests run with one.

    Notify's documentation, of delivery receipts:

    "This functionality works with test API keys, but does not work with smoke testing phone numbers
    or email addresses."
    """
    gateway = _Gateway(f"http://127.0.0.1:{portal.server_port}")
    message = gateway.take(number, key_kind="test")
    statuses = gateway.statuses(message)
    [receipt] = _until(portal, 1)

    assert (receipt["id"], receipt["to"], receipt["status"]) == (
        message.message_id,
        number,
        status,
    )
    assert statuses[0] == "created"
    assert gateway.inbox.drain() == []


def test_a_slow_handler_holds_no_other_callback_up(portal: _Portal) -> None:
    """Notify calls back from many workers: one that waits is one."""
    gateway = _Gateway(f"http://127.0.0.1:{portal.server_port}")
    gateway.take("07700900456")
    for _ in range(3):
        gateway.take("07700900123")
    gateway.sending.send_due()
    gateway.now += timedelta(seconds=2)
    gateway.sending.send_due()
    got = [each["to"] for each in _until(portal, 3)]
    portal.may_answer.set()

    assert got[:3] == ["07700900123"] * 3
    assert len(_until(portal, 4)) == 4


def test_a_message_of_an_earlier_run_comes_to_its_end() -> None:
    """It was on its way when the doubles were stopped."""
    gateway = _Gateway()
    message = gateway.take()
    again = _Gateway()
    again.inbox.restore(MessageKept(at=NOW, message=message))

    assert again.statuses(message)[-1] == "delivered"
