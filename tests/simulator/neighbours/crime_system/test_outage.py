"""Rules of the switch before the crime system."""

from typing import Any

from simulator.neighbours.crime_system.outage import Outage
from tests.simulator.asgi import call


async def crime_system(scope: Any, receive: Any, send: Any) -> None:
    """Answer 201 and say what was sent."""
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 201, "headers": [(b"x", b"y")]})
    await send({"type": "http.response.body", "body": scope["path"].encode() + b" " + body})


def test_a_request_is_passed_on_as_it_is() -> None:
    """While the crime system is up, the switch changes nothing."""
    answer = call(Outage(crime_system), "POST", "/tasks", b"{}", headers={})

    assert (answer.status, answer.headers, answer.body) == (201, {"x": "y"}, b"/tasks {}")


def test_nobody_is_there_while_it_is_down() -> None:
    """In an outage every request is answered 503, without a word; afterwards all is as before."""
    outage = Outage(crime_system)
    assert not outage.is_down

    outage.is_down = True
    answer = call(outage, "POST", "/tasks", b"{}", headers={})
    assert (answer.status, answer.body) == (503, b"")
    outage.is_down = False

    assert call(outage, "POST", "/tasks", b"{}", headers={}).status == 201
