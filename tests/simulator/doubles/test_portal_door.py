"""The door passes on all that an integration delivers, and notes what the force signed."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
import urllib3
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.signing import sign
from simulator.clock import wall_now
from simulator.doubles.matched_deliveries import MatchedDeliveries
from simulator.doubles.portal_door import BODY_BYTES_MAX, portal_door
from simulator.evidence.records import EventDelivered, Record
from simulator.processes.loopback import free_port, serving
from tests.simulator.doubles.crimes import allocated
from tests.simulator.drivers.strange_portals import SECRETS


class _Door:
    def __init__(self, url: str) -> None:
        self.notes: list[Record] = []
        self.deliveries = MatchedDeliveries(self.notes.append, lambda _id, _as_id: None, wall_now)
        self.deliveries.recorded("e-1", allocated())
        self._app = portal_door(url, self.deliveries, wall_now, secret=SECRETS.events)

    def deliver(
        self, *, secret: str = SECRETS.events, body: bytes = b""
    ) -> urllib3.BaseHTTPResponse:
        event = {
            "specversion": "1.0",
            "id": "theirs",
            "source": "integration",
            "type": "CrimeAllocated",
            "time": wall_now(),
            "data": allocated(),
        }
        body = body or msgspec.json.encode([event])
        headers = sign(secret, delivery_id="d-1", at=wall_now(), body=body)
        with serving(self._app, free_port()) as url, urllib3.PoolManager(retries=False) as http:
            return http.request("POST", f"{url}/crime-events", body=body, headers=headers)


@pytest.fixture
def portal() -> Iterator[tuple[str, list[Any]]]:
    """A portal that remembers what came."""
    taken: list[Any] = []

    async def events(request: Request) -> Response:
        taken.append((request.headers["webhook-id"], await request.body()))
        return Response(b"as it is", 202, media_type="text/weather")

    app = Starlette(routes=[Route("/crime-events", events, methods=["POST"])])
    with serving(app, free_port()) as url:
        yield url, taken


def test_a_delivery_goes_on_unchanged_and_is_noted(portal: Any) -> None:
    """The portal's own answer comes back; the event is the one that the force recorded."""
    url, taken = portal
    door = _Door(url)
    answer = door.deliver()
    [noted] = door.notes

    assert (answer.status, answer.data) == (202, b"as it is")
    assert answer.headers["content-type"].startswith("text/weather")
    assert [delivery_id for delivery_id, _body in taken] == ["d-1"]
    assert isinstance(noted, EventDelivered)
    assert (noted.event_id, noted.status) == ("e-1", 202)


@pytest.mark.parametrize("body", [b"", b"not JSON", b"[" * 5000])
def test_what_the_force_did_not_sign_or_nobody_can_read_is_passed_on_and_not_noted(
    portal: Any, body: bytes
) -> None:
    """It is the portal that must refuse it."""
    url, taken = portal
    door = _Door(url)
    answer = door.deliver(body=body, secret=SECRETS.events if body else "whsec_b3RoZXI=")

    assert (answer.status, len(taken), door.notes) == (202, 1, [])


def test_a_portal_that_does_not_answer_is_502(portal: Any) -> None:
    """The integration tries again: nothing was delivered."""
    door = _Door(f"http://127.0.0.1:{free_port()}")
    answer = door.deliver()

    assert (answer.status, answer.json()["title"], door.notes) == (
        502,
        "The portal did not answer",
        [],
    )


def test_a_delivery_that_is_too_large_is_413(portal: Any) -> None:
    """No more than a batch of the contract."""
    door = _Door(portal[0])

    assert door.deliver(body=b" " * (BODY_BYTES_MAX + 1)).status == 413
