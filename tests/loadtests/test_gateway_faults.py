"""Our gateway is slowed down, limited or out of order for a while, and then as before."""

import asyncio
import time

import jwt
import msgspec
import pytest

from loadtests.gateway_faults import GatewayFaults
from simulator.clock import wall_now
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.neighbours.gateway.notify import TEXT_TEMPLATE_ID
from simulator.neighbours.gateway.notify_service import parts_of_key
from tests.simulator.neighbours.gateway.double import API_KEY


def _send(gateway: GatewayFaults, times: int = 1) -> list[int]:
    """Send texts; gives the status of each."""
    service, secret = parts_of_key(API_KEY)
    token = jwt.encode({"iss": service, "iat": int(wall_now().timestamp())}, secret, "HS256")
    body = msgspec.json.encode(
        {
            "phone_number": "07700900123",
            "template_id": TEXT_TEMPLATE_ID,
            "personalisation": {"body": "There is an update."},
        }
    )
    statuses: list[int] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v2/notifications/sms",
        "query_string": b"",
        "scheme": "http",
        "headers": [(b"authorization", f"Bearer {token}".encode())],
    }

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(str(message["status"])))

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def all_of_them() -> None:
        for _ in range(times):
            await gateway(dict(scope), receive, send)

    asyncio.run(all_of_them())
    return statuses


@pytest.fixture
def inbox() -> Inbox:
    """An inbox that the gateway fills."""
    return Inbox(wall_now)


def test_the_documented_limit_turns_messages_away(inbox: Inbox) -> None:
    """After Notify's burst of 1,000 there is 429; without the limit there is not."""
    gateway = GatewayFaults(inbox, key=API_KEY, per_minute_max=0)
    assert set(_send(gateway, 20)) == {201}
    gateway.is_limited = True
    statuses = _send(gateway, 1200)
    gateway.is_limited = False

    assert statuses[:1000] == [201] * 1000
    assert 429 in statuses
    assert _send(gateway) == [201]
    taken = [each for each in inbox.drain() if isinstance(each, Accepted)]
    assert len(taken) == 21 + statuses.count(201)


def test_a_burst_may_give_the_gateway_a_limit(inbox: Inbox) -> None:
    """Six a minute let three through at once: a third and one."""
    gateway = GatewayFaults(inbox, key=API_KEY, per_minute_max=6)

    assert _send(gateway, 5) == [201, 201, 201, 429, 429]


def test_the_limit_of_a_burst_applies_from_its_beginning(inbox: Inbox) -> None:
    """The invitations before it go as fast as they come."""
    begun = [False]
    gateway = GatewayFaults(inbox, key=API_KEY, per_minute_max=6, has_begun=lambda: begun[0])

    assert _send(gateway, 5) == [201] * 5
    begun[0] = True
    assert _send(gateway, 5) == [201, 201, 201, 429, 429]


def test_a_slow_gateway_answers_later(inbox: Inbox) -> None:
    """The message is taken all the same."""
    gateway = GatewayFaults(inbox, key=API_KEY, per_minute_max=0)
    gateway.slower_seconds = 0.2
    began = time.monotonic()

    assert _send(gateway) == [201]
    assert time.monotonic() - began >= 0.2


def test_a_gateway_out_of_order_takes_nothing(inbox: Inbox) -> None:
    """It answers with an error until it is back."""
    gateway = GatewayFaults(inbox, key=API_KEY, per_minute_max=0)
    gateway.set_down(is_down=True)
    assert _send(gateway)[0] >= 500
    gateway.set_down(is_down=False)
    assert _send(gateway) == [201]
