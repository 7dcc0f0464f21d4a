"""The quick sender and the quick gateway agree with HTTP, and with each other's clocks."""

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from loadtests.benchmarks.bare_route import create_app
from loadtests.benchmarks.measured_portal import GATEWAY
from loadtests.benchmarks.quick_sender import request, send, share
from simulator.drivers.exchange import HttpExchange
from simulator.errors import SuiteError
from simulator.processes.loopback import free_port, serving
from simulator.processes.server_process import ServerProcess


@pytest.fixture
def bare_url() -> Iterator[str]:
    """A bare route on loopback."""
    with serving(create_app(), free_port()) as url:
        yield url


def test_every_request_is_answered_once(bare_url: str) -> None:
    """More requests than connections: each has a time of its answer after it was sent."""
    requests = [request(bare_url, "/crime-events", {}, b"%d" % each) for each in range(100)]
    began = time.monotonic()
    sent = send(bare_url, requests)

    assert len(sent.answered) == 100
    assert all(began <= sent.began < each <= time.monotonic() for each in sent.answered)


def test_a_steady_rate_is_kept(bare_url: str) -> None:
    """The last is not sent before its time, to within a turn of the event loop."""
    requests = [request(bare_url, "/crime-events", {}, b"{}")] * 20
    sent = send(bare_url, requests, a_second=100)

    assert max(sent.answered) - sent.began >= 18.5 / 100


def test_what_is_not_taken_is_not_measured(bare_url: str) -> None:
    """An answer other than 202 ends it."""
    with pytest.raises(SuiteError, match="answered 404"):
        send(bare_url, [request(bare_url, "/nowhere", {}, b"")])


def test_the_gateway_tells_when_each_came(tmp_path: Path) -> None:
    """Each message is answered with an id of its own and listed by its reference, once."""
    gateway = ServerProcess(GATEWAY, words=tmp_path / "words.txt")
    try:
        gateway.start()
        exchange = HttpExchange(gateway.url, wait_seconds_max=5)
        replies = [
            exchange.send("POST", "/v2/notifications/sms", {}, msgspec.json.encode(each))
            for each in ({"reference": "one"}, {"reference": "two", "x": "y" * 100_000})
        ]
        listed = msgspec.json.decode(exchange.send("GET", "/", {}).body)
        again = msgspec.json.decode(exchange.send("GET", "/", {}).body)
        exchange.close()
    finally:
        gateway.stop()

    assert [each.status for each in replies] == [201, 201]
    assert len({msgspec.json.decode(each.body)["id"] for each in replies}) == 2
    assert [reference for reference, _at in listed] == ["one", "two"]
    assert again == []


def test_shares_are_of_the_values_in_order() -> None:
    """Half are at or below the median, and all at or below the whole."""
    assert list(share([3.0, 1.0, 2.0, 4.0], 0.0, 0.5, 0.99, 1.0)) == [1.0, 3.0, 4.0, 4.0]
