"""Changes in the force's records are pushed to those who asked, by the rules of each face."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.doubles.to_subscribers import (
    ToSubscribers,
    WebhookCalls,
    url_fault,
    webhook_of,
)
from simulator.errors import BadInput
from simulator.neighbours.dataverse import webhooks
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.dataverse.tables import TABLES
from simulator.neighbours.force_api.feed import Feed
from simulator.neighbours.force_api.fields import read_fields
from simulator.neighbours.force_api.subscriptions import Subscriptions
from simulator.processes.loopback import free_port, serving
from tests.simulator.doubles.crimes import NOW
from tests.simulator.dripping import DRIPS, PATIENCE_SECONDS
from tests.simulator.drivers.strange_portals import on_a_socket


class _Receiver:
    """Answers each call with the next status, 200 when there is none."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = list(statuses)
        self.called: list[tuple[str, Any]] = []

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve it; yields its URL."""
        app = Starlette(routes=[Route("/hook", self._hook, methods=["POST"])])
        with serving(app, free_port()) as url:
            yield f"{url}/hook"

    async def _hook(self, request: Request) -> Response:
        self.called.append((request.url.query, await request.json()))
        return Response(status_code=self._statuses.pop(0) if self._statuses else 200)


def test_a_webhook_is_called_with_each_change_and_once_more_after_503() -> None:
    """502, 503 and 504 are tried again at once; 500 is not, and the change is not sent again."""
    receiver = _Receiver(503, 200, 500)
    rows = Rows(lambda: NOW)
    calls = WebhookCalls(rows, lambda: NOW)
    with receiver.served() as url:
        calls.registered = (webhook_of(url, "a-key", may_go_anywhere=False),)
        for name in ("Hill", "Moss"):
            rows.create(TABLES["contact"], {"lastname": name})
        while calls.send_due():
            pass

    assert [query for query, _ in receiver.called] == ["code=a-key"] * 3
    assert {body["PrimaryEntityName"] for _, body in receiver.called} == {"contact"}
    assert [(each.status, each.is_second_try) for each in reversed(calls.last)] == [
        (503, False),
        (200, True),
        (500, False),
    ]


def test_a_subscriber_is_sent_each_change_until_it_has_it() -> None:
    """A receiver that is not there, and then is, gets the change."""
    rows = Rows(lambda: NOW)
    subscriptions = Subscriptions(Feed(read_fields(), rows), rows, lambda: NOW)
    sender = ToSubscribers(rows, subscriptions)
    nowhere = subscriptions.add(f"http://127.0.0.1:{free_port()}/hook", [])
    receiver = _Receiver()
    with receiver.served() as url:
        here = subscriptions.add(url, ["person.created"])
        rows.create(TABLES["contact"], {"lastname": "Hill"})
        assert sender.send_due()
        assert not sender.send_due()

    found = {each.id: each for each in subscriptions.all()}
    assert [body[0]["type"] for _, body in receiver.called] == ["person.created"]
    assert (found[here.id].after, found[here.id].tries) == (rows.version, 0)
    assert (found[nowhere.id].tries, found[nowhere.id].last_answer) == (1, "no answer")


@pytest.mark.parametrize(
    "url",
    ["", "127.0.0.1", "ftp://127.0.0.1", "http://[", "http://", "http://h/a b", "http://h/\n"],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """The sentence says what to give."""
    with pytest.raises(BadInput, match=r"--webhook .*give http:// or https://"):
        webhook_of(url, "", may_go_anywhere=True)


def test_another_machine_is_called_only_if_it_may() -> None:
    """What victims are told does not leave this machine by mistake."""
    url = "https://integration.example/hook"

    assert "another machine" in url_fault(url, may_go_anywhere=False)
    assert url_fault(url, may_go_anywhere=True) == ""
    assert url_fault("http://localhost:1/hook", may_go_anywhere=False) == ""


@pytest.mark.parametrize("talk", DRIPS)
def test_a_receiver_that_drips_holds_nothing_up(
    talk: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It counts as one that gave no answer."""
    monkeypatch.setattr(webhooks, "TIMEOUT_SECONDS", PATIENCE_SECONDS)
    rows = Rows(lambda: NOW)
    calls = WebhookCalls(rows, lambda: NOW)
    with on_a_socket(talk) as url:
        calls.registered = (webhook_of(url, "a-key", may_go_anywhere=False),)
        rows.create(TABLES["contact"], {"lastname": "Hill"})
        begun = time.monotonic()
        calls.send_due()
        took = time.monotonic() - begun

    assert took < 5 * PATIENCE_SECONDS
    assert [each.status for each in calls.last] == [None]
