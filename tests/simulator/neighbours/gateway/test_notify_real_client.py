"""GOV.UK Notify's own Python client, unmodified, works against the double over real HTTP."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import uvicorn
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from simulator.clock import wall_now
from simulator.neighbours.gateway.inbox import PAGE_MESSAGES, Accepted, Inbox
from simulator.neighbours.gateway.notify import (
    DEFAULT_TEMPLATES,
    EMAIL_TEMPLATE_ID,
    TEXT_TEMPLATE_ID,
    notify_app,
)
from simulator.neighbours.gateway.notify_service import NotifyService
from simulator.neighbours.gateway.received_texts import PAGE_TEXTS
from tests.simulator.neighbours.gateway.double import API_KEY

START_SECONDS_MAX = 10.0


@contextmanager
def _served(inbox: Inbox, security_now: Callable[[], datetime]) -> Iterator[str]:
    """Serve the double on a free loopback port, in a thread, for as long as it is needed."""
    app = notify_app(
        inbox,
        service=NotifyService.of_key(API_KEY),
        security_now=security_now,
        templates=DEFAULT_TEMPLATES,
    )
    config = uvicorn.Config(app, log_level="warning", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            give_up = time.monotonic() + START_SECONDS_MAX
            while not server.started and thread.is_alive() and time.monotonic() < give_up:
                time.sleep(0.01)
            assert server.started
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def _client(url: str, *, api_key: str = API_KEY) -> Iterator[Any]:
    client = NotificationsAPIClient(api_key, base_url=url)  # type: ignore[no-untyped-call]
    client.request_session.trust_env = False  # a proxy of this machine's is not for loopback
    with client.request_session:
        yield client


@pytest.fixture(scope="module")
def inbox() -> Inbox:
    """The inbox behind the served double."""
    return Inbox(wall_now)


@pytest.fixture(scope="module")
def url(inbox: Inbox) -> Iterator[str]:
    """Where the double is served."""
    with _served(inbox, wall_now) as address:
        yield address


@pytest.fixture
def client(url: str, inbox: Inbox) -> Iterator[Any]:
    """Notify's own client with the right key, and nothing undrained from the test before."""
    inbox.drain()
    with _client(url) as made:
        yield made


def _send_text(client: Any, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = client.send_sms_notification(
        "+44 7700 900123", TEXT_TEMPLATE_ID, personalisation={"body": "There is an update."}, **more
    )
    return answer


def test_client_sends_a_text(client: Any, inbox: Inbox) -> None:
    """A text sent by the client arrives as it was written, under the id the client was given."""
    answer = _send_text(client, reference="event-1", sms_sender_id=str(uuid4()))
    (arrived,) = inbox.drain()

    assert isinstance(arrived, Accepted)
    assert answer["id"] == arrived.message_id
    assert (arrived.to, arrived.body, arrived.reference) == (
        "07700900123",
        "There is an update.",
        "event-1",
    )


def test_client_sends_an_email(client: Any, inbox: Inbox) -> None:
    """An email sent by the client with all it can say arrives."""
    answer = client.send_email_notification(
        "A.Victim@mail.example",
        EMAIL_TEMPLATE_ID,
        personalisation={"subject": "An update", "body": "Sign in."},
        email_reply_to_id=str(uuid4()),
        one_click_unsubscribe_url="https://portal.example/stop",
    )
    (arrived,) = inbox.drain()

    assert isinstance(arrived, Accepted)
    assert answer["content"]["subject"] == arrived.subject == "An update"
    assert arrived.to == "a.victim@mail.example"


def test_client_follows_a_message_to_its_receipt(client: Any, inbox: Inbox) -> None:
    """The client reads by id what the receipt said."""
    message_id = _send_text(client)["id"]

    assert client.get_notification_by_id(message_id)["status"] == "created"

    inbox.receipt(message_id, "delivered", wall_now())

    assert client.get_notification_by_id(message_id)["status"] == "delivered"


def test_client_iterates_over_pages(client: Any) -> None:
    """The client's iterator meets every message once, over more than one page, and ends."""
    sent = [_send_text(client, reference="many")["id"] for _ in range(PAGE_MESSAGES + 1)]
    found = client.get_all_notifications_iterator(template_type="sms", reference="many")

    assert [each["id"] for each in found] == sent[::-1]


def test_client_lists_by_status(client: Any, inbox: Inbox) -> None:
    """The client's filters are understood."""
    message_id = _send_text(client, reference="by-status")["id"]
    inbox.receipt(message_id, "temporary-failure", wall_now())
    found = client.get_all_notifications(status="failed", reference="by-status", include_jobs=True)

    assert [each["id"] for each in found["notifications"]] == [message_id]


def test_client_reads_templates(client: Any) -> None:
    """The client finds templates by type, id and version, and previews one."""
    (email,) = client.get_all_templates(template_type="email")["templates"]
    preview = client.post_template_preview(TEXT_TEMPLATE_ID, {"body": "Sign in."})

    assert email == client.get_template(EMAIL_TEMPLATE_ID)
    assert email == client.get_template_version(EMAIL_TEMPLATE_ID, 1)
    assert (preview["type"], preview["body"]) == ("sms", "Sign in.")


def test_client_finds_no_received_texts(client: Any) -> None:
    """The client's iterator over received texts ends at once where there are none."""
    assert list(client.get_received_texts_iterator()) == []


def test_client_finds_every_received_text(client: Any, inbox: Inbox) -> None:
    """Page by page the client's iterator gives them all, the newest first."""
    sent = [
        inbox.received.take("07700900123", f"text {number}").id for number in range(PAGE_TEXTS + 2)
    ]

    assert [each["id"] for each in client.get_received_texts_iterator()] == sent[::-1]


def test_client_is_told_of_an_unknown_template(client: Any) -> None:
    """The client raises Notify's 400 for a template that is not there."""
    with pytest.raises(HTTPError) as caught:
        client.send_sms_notification("07700900123", str(uuid4()))

    assert caught.value.status_code == 400
    assert caught.value.message == [{"error": "BadRequestError", "message": "Template not found"}]


def test_client_with_another_key_is_refused(url: str) -> None:
    """The right service with the wrong secret is 403."""
    with (
        _client(url, api_key=API_KEY[:-36] + str(uuid4())) as stranger,
        pytest.raises(HTTPError) as caught,
    ):
        _send_text(stranger)

    assert caught.value.status_code == 403
    assert caught.value.message == [
        {"error": "AuthError", "message": "Invalid token: API key not found"}
    ]


def test_client_whose_clock_is_wrong_is_refused() -> None:
    """A client 40 seconds behind the service is 403, in Notify's words."""
    inbox = Inbox(wall_now)
    with (
        _served(inbox, lambda: wall_now() + timedelta(seconds=40)) as address,
        _client(address) as late,
        pytest.raises(HTTPError) as caught,
    ):
        _send_text(late)

    assert caught.value.status_code == 403
    assert caught.value.message == [
        {
            "error": "AuthError",
            "message": "Error: Your system clock must be accurate to within 30 seconds",
        }
    ]
    assert [each.to for each in inbox.drain()] == ["+44 7700 900123"]
