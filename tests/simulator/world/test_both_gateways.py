"""One gateway answers as Notify and as Marketing Cloud, whose package is that of Notify's key."""

import json
from typing import Any

from starlette.responses import PlainTextResponse

from simulator.clock import wall_now
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.processes.asgi import Application
from simulator.world.both_gateways import BothGateways
from tests.simulator.asgi import Answer, call
from tests.simulator.neighbours.gateway.double import API_KEY, SECRET, SERVICE_ID
from tests.simulator.neighbours.marketing_cloud.double import PHONE, SMS

NOTIFY: Any = PlainTextResponse("Notify")


def _ask(gateway: Application, path: str, body: Any, token: str = "") -> Answer:
    headers = {"host": "double.test", "authorization": f"Bearer {token}"}
    return call(gateway, "POST", path, json.dumps(body).encode(), headers=headers)


def _token(gateway: Application) -> str:
    asked = {"grant_type": "client_credentials", "client_id": SERVICE_ID, "client_secret": SECRET}
    return str(_ask(gateway, "/v2/token", asked).json["access_token"])


def _send(gateway: Application, key: str, token: str) -> int:
    recipient = {"contactKey": "alex", "to": PHONE, "attributes": {"body": "News."}}
    asked = {"definitionKey": "any-text", "recipient": recipient}
    return _ask(gateway, f"{SMS}/messages/{key}", asked, token).status


def test_each_address_is_answered_by_its_own() -> None:
    """What is not Marketing Cloud's goes to Notify, as before."""
    inbox = Inbox(wall_now)
    gateway = BothGateways(inbox, key=API_KEY, security_now=wall_now).beside(NOTIFY)

    assert _ask(gateway, "/v2/notifications/sms", {}).body == b"Notify"
    assert _send(gateway, "k-1", _token(gateway)) == 202
    [text] = inbox.drain()
    assert isinstance(text, Accepted)
    assert (text.to, text.message_key) == ("07700900123", "k-1")


def test_gateways_with_other_limits_are_one_business_unit() -> None:
    """A burst changes from one to the other: tokens and keys are known to both."""
    both = BothGateways(Inbox(wall_now), key=API_KEY, security_now=wall_now)
    free, limited = both.beside(NOTIFY), both.beside(NOTIFY, requests_a_minute_max=3)
    token = _token(free)

    assert _send(free, "k-1", token) == 202
    assert [_send(limited, each, token) for each in ("k-1", "k-2", "k-3")] == [400, 202, 429]


def test_nobody_is_told_who_did_not_subscribe() -> None:
    """What became of the message is known all the same."""
    inbox = Inbox(wall_now)
    gateway = BothGateways(inbox, key=API_KEY, security_now=wall_now).beside(NOTIFY)
    _send(gateway, "k-1", _token(gateway))
    [text] = inbox.drain()
    assert isinstance(text, Accepted)

    assert not inbox.tell(text, "permanent-failure", wall_now())
    assert inbox.status_of(text.message_id) == "permanent-failure"
