"""Rules of a request in process: called as a server would, or the error says why not."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest

from simulator.drivers.exchange import InProcessExchange, Reply, call, run
from simulator.errors import PortalNonsense, SuiteError
from tests.simulator.drivers.strange_portals import READS, StrangePortal, driver_for, lasting


def test_an_answer_in_parts_is_one_answer() -> None:
    """An application may send its body piece by piece."""

    async def parts(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 201, "headers": []})
        for each in (b"a", b"b", b""):
            await send({"type": "http.response.body", "body": each, "more_body": bool(each)})

    assert InProcessExchange(lasting(parts)).send("GET", "/", {}) == Reply(201, b"ab")


def test_an_application_that_asks_twice_hears_that_it_is_over() -> None:
    """A request has one body: after it comes the end of the connection."""

    async def listens(_scope: Any, receive: Any, send: Any) -> None:
        said = [(await receive())["type"] for _time in range(3)]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": " ".join(said).encode()})

    reply = InProcessExchange(lasting(listens)).send("POST", "/", {}, b"x")

    assert reply.body == b"http.request http.disconnect http.disconnect"


def test_an_application_that_answers_nothing_has_failed() -> None:
    """No answer at all is what a server would make a 500 of."""

    async def silent(_scope: Any, _receive: Any, _send: Any) -> None:
        return

    assert InProcessExchange(lasting(silent)).send("GET", "/", {}).status == 500


@pytest.mark.parametrize("waits", [lambda: asyncio.sleep(0), lambda: asyncio.sleep(1)])
def test_an_application_that_waits_is_told_apart(waits: Callable[[], Any]) -> None:
    """In process a portal cannot wait: the error says so, and what to do instead."""

    async def patient(_scope: Any, _receive: Any, send: Any) -> None:
        await waits()

    with pytest.raises(SuiteError, match="reach it by URL instead"):
        InProcessExchange(lasting(patient)).send("GET", "/", {})


def test_an_application_that_breaks_is_no_break_of_ours() -> None:
    """A fault in the portal's code is the portal's failure, as it is over sockets."""
    numbers = count()

    async def broken(_scope: Any, _receive: Any, _send: Any) -> None:
        raise KeyError(next(numbers))

    with pytest.raises(PortalNonsense, match="GET /api/crimes"):
        READS["crimes"](driver_for(lasting(broken)))


@pytest.mark.parametrize("how", ["returns", "raises"])
def test_an_application_need_not_know_of_a_lifespan(how: str) -> None:
    """As a server does, we go on where an application takes no notice of its start and end."""

    async def simple(scope: Any, _receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            assert how == "returns", "this application knows requests only"
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})

    exchange = InProcessExchange(simple)

    assert exchange.send("GET", "/", {}) == Reply(200, b"ok")
    exchange.close()


def test_an_application_is_started_and_shut_down() -> None:
    """It gets its startup before the first request, and its shutdown at the close."""
    heard: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            heard.append("asked")
            await send({"type": "http.response.start", "status": 204, "headers": []})
            return
        while "lifespan.shutdown" not in heard:
            heard.append((await receive())["type"])
            await send({"type": f"{heard[-1]}.complete"})

    exchange = InProcessExchange(application)
    exchange.send("GET", "/", {})
    exchange.close()

    assert heard == ["lifespan.startup", "asked", "lifespan.shutdown"]


def test_an_application_that_cannot_start_says_why() -> None:
    """A start that failed is an error with the application's own words."""

    async def application(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(SuiteError, match="did not start: no database"):
        InProcessExchange(application)


def test_a_coroutine_that_does_not_wait_is_run() -> None:
    """An application is called without an event loop."""
    portal = StrangePortal(204, b"")

    assert run(call(portal, "GET", "/", {}, b"")) == (204, b"")
