"""Marketing Cloud beside the other doubles: one inbox, one judge, and callbacks that stay."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.doubles.run import CLIENT_ID, Settings, running_doubles
from simulator.errors import BadInput
from simulator.neighbours.marketing_cloud.notifications import ANSWER_SECONDS_MAX
from simulator.processes.loopback import free_port, serving
from tests.simulator.doubles.test_run import _free_ports
from tests.simulator.neighbours.marketing_cloud.double import DELIVERED, ENS, PHONE, SMS, is_signed

SECRET = "a-secret-of-more-than-24-characters"
SECONDS_MAX = 30


class _Receiver:
    """Verifies with stdlib hmac alone; the first `slow` notifications are answered too late."""

    def __init__(self, *, slow: int = 0) -> None:
        self.verification: dict[str, str] = {}
        self.taken: list[tuple[bytes, dict[str, str]]] = []
        self._slow = slow
        self.app = Starlette(routes=[Route("/ens", self._take, methods=["POST"])])

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        if "x-sfmc-ens-signature" not in request.headers:
            self.verification = json.loads(body)
            return Response()
        self.taken.append((body, dict(request.headers)))
        if len(self.taken) <= self._slow:
            await asyncio.sleep(ANSWER_SECONDS_MAX + 0.5)
        return Response()


class _Portal:
    """A client of Marketing Cloud, by plain HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = urllib3.PoolManager(retries=False)
        asked = {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
        }
        answer = self.http.request("POST", f"{url}/v2/token", json=asked)
        self.headers = {"authorization": f"Bearer {answer.json()['access_token']}"}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return self.http.request(method, self.url + path, json=body, headers=self.headers)

    def send(self, key: str) -> Any:
        recipient = {
            "contactKey": "alex",
            "to": PHONE,
            "attributes": {"body": "There is news.", "reference": "event-1"},
        }
        asked = {"definitionKey": "any-text", "recipient": recipient}
        return self.ask("POST", f"{SMS}/messages/{key}", asked)

    def subscribe(self, url: str, receiver: _Receiver) -> str:
        [made] = self.ask("POST", f"{ENS}-callbacks", [{"callbackName": "c", "url": url}]).json()
        assert self.ask("POST", f"{ENS}-verify", receiver.verification).status == 200
        wanted = {
            "subscriptionName": "s",
            "callbackId": made["callbackId"],
            "eventCategoryTypes": [DELIVERED],
        }
        assert self.ask("POST", f"{ENS}-subscriptions", [wanted]).status == 201
        return str(made["signatureKey"])


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKETING_CLOUD_CLIENT_SECRET", SECRET)


def _until(is_true: Callable[[], Any]) -> None:
    end = time.monotonic() + SECONDS_MAX
    while not is_true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def _records(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["record"] for line in lines]


def test_a_text_is_in_inbox_and_evidence_and_its_delivery_is_told(tmp_path: Path) -> None:
    """The judge reads it as it reads Notify's; a restart forgets neither key nor callback."""
    receiver, evidence = _Receiver(), tmp_path / "evidence.ndjson"
    settings = Settings(
        first_port=_free_ports(), state=tmp_path / "state", evidence=evidence, seed=1
    )
    with serving(receiver.app, free_port()) as url:
        with running_doubles(settings) as running:
            portal = _Portal(running.marketing_cloud_url)
            key = portal.subscribe(f"{url}/ens", receiver)
            assert portal.send("k-1").status == 202
            _until(lambda: receiver.taken)
            found = portal.http.request(
                "GET", f"{running.inspection_url}/api/v1/search?query=reference:event-1"
            ).json()
        with running_doubles(settings) as running:
            portal = _Portal(running.marketing_cloud_url)
            again = portal.send("k-1").json()
            portal.send("k-2")
            _until(lambda: len(receiver.taken) == 2)

    assert [each["Snippet"] for each in found["messages"]] == ["There is news."]
    assert again["responses"][0]["errorcode"] == 109110
    assert all(is_signed(headers, body, key) for body, headers in receiver.taken)
    keys = [each["info"]["messageKey"] for body, _ in receiver.taken for each in json.loads(body)]
    assert keys == ["k-1", "k-2"]
    kinds = [each["kind"] for each in _records(evidence) if each["kind"] != "RequestAnswered"]
    assert kinds == ["MessageAccepted", "MessageReached", "ReceiptSent"] * 2


def test_nobody_is_said_to_be_told_who_did_not_subscribe(tmp_path: Path) -> None:
    """A portal without a callback knows nothing of a failure: the judge does not hear otherwise."""
    evidence = tmp_path / "evidence.ndjson"
    settings = Settings(first_port=_free_ports(), evidence=evidence)
    with running_doubles(settings) as running:
        portal = _Portal(running.marketing_cloud_url)
        faults = {"receipt": "technical-failure"}
        portal.http.request("PUT", f"{running.control_url}/faults", json=faults)
        portal.send("k-1")
        _until(
            lambda: (
                "NotSent" in portal.ask("GET", f"{SMS}/messages/k-1").json()["eventCategoryType"]
            )
        )

    assert "ReceiptSent" not in {each["kind"] for each in _records(evidence)}


@pytest.mark.slow(seconds=5, waits=True)
def test_a_receiver_that_takes_longer_than_three_seconds_gets_the_batch_again() -> None:
    """The answer that comes later counts for nothing."""
    receiver = _Receiver(slow=1)
    with (
        serving(receiver.app, free_port()) as url,
        running_doubles(Settings(first_port=_free_ports())) as running,
    ):
        portal = _Portal(running.marketing_cloud_url)
        portal.subscribe(f"{url}/ens", receiver)
        portal.send("k-1")
        _until(lambda: len(receiver.taken) == 2)

    assert receiver.taken[0][0] == receiver.taken[1][0]


def test_a_fault_is_in_the_words_of_marketing_cloud() -> None:
    """429 is 50100 with Retry-After; it is of this double, and not of the other gateway."""
    with running_doubles(Settings(first_port=_free_ports())) as running:
        portal = _Portal(running.marketing_cloud_url)
        faults = {"marketing_cloud": {"limited_share": 1}}
        portal.http.request("PUT", f"{running.control_url}/faults", json=faults)
        answer = portal.send("k-1")
        logged = portal.http.request("GET", f"{running.control_url}/requests").json()

    assert (answer.status, answer.json()["errorcode"]) == (429, 50100)
    newest = logged[0]
    assert (newest["double"], newest["status"]) == ("marketing cloud", 429)
    assert "k-1" not in newest["path"]


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        ('retries = "never"', "retries"),
        ("no_valid_recipient_status = 200", "no_valid_recipient_status"),
        ('[[emails]]\nsubject = "x"', "customer_key"),
    ],
)
def test_a_mistake_in_the_file_of_the_unit_is_named(tmp_path: Path, words: str, mend: str) -> None:
    """One sentence, with file and field."""
    path = tmp_path / "unit.toml"
    path.write_text(words, encoding="utf-8")

    with (
        pytest.raises(BadInput, match=f"unit.toml.*{mend}"),
        running_doubles(Settings(first_port=_free_ports(), marketing_cloud=path)),
    ):
        pass
