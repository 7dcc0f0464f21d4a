"""The slow gateway accepts messages on their way when the sender dies, and counts them."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from loadtests.slow_gateway import Message, Receive, Send, SlowGateway
from simulator.drivers.exchange import HttpExchange
from simulator.processes.loopback import HOST, free_port, serving
from simulator.streams import Streams

#: Twenty times as long is the longest; a twentieth the usual.
SECONDS = (0.2, 4.0)
REQUEST = b"POST /v2/notifications/email HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}"


class Double:
    """A double that accepts messages; `lists` is its answer to questions."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.lists = b'{"notifications": []}'

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = self.lists
        if scope["method"] == "POST":
            self.taken.append((await receive())["body"])
            body = b"taken"
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": body})


class Served:
    """A slow gateway in front of a double, on loopback."""

    def __init__(self, port: int) -> None:
        self.double = Double()
        self.gateway = SlowGateway(self.double, seconds=SECONDS, stream=Streams(1).for_("g"))
        self.port = port

    def post(self) -> bytes:
        """Send a message and wait for the answer."""
        exchange = HttpExchange(f"http://{HOST}:{self.port}", wait_seconds_max=20)
        answer = exchange.send("POST", "/v2/notifications/email", {}, b"{}").body
        exchange.close()
        return answer

    def hang_up_when(self, is_time: Callable[[], object]) -> None:
        """Send a message, and be gone before the answer."""
        with socket.create_connection((HOST, self.port)) as connection:
            connection.sendall(REQUEST)
            await_that(is_time)


def await_that(is_so: Callable[[], object]) -> None:
    """Wait for a condition; fail if it never holds."""
    end = time.monotonic() + 15
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.fixture
def served() -> Iterator[Served]:
    """One that is not slow yet."""
    made = Served(free_port())
    with serving(made.gateway, made.port):
        yield made


def test_it_is_quick_until_it_is_slow(served: Served) -> None:
    """In both states a message is accepted once and gets the double's answer."""
    assert served.post() == b"taken"

    served.gateway.is_slow = True
    began = time.monotonic()

    assert served.post() == b"taken"
    assert time.monotonic() - began > 2 * SECONDS[0]
    assert served.double.taken == [b"{}", b"{}"]
    assert served.gateway.counts.arrived == served.gateway.counts.answered == 2
    assert served.gateway.counts.cut_off == 0


def test_a_message_of_a_dead_sender_is_accepted(served: Served) -> None:
    """The message is accepted after the sender's death, not before."""
    served.gateway.is_slow = True
    served.hang_up_when(lambda: served.gateway.counts.arrived)

    assert served.double.taken == []

    await_that(lambda: served.gateway.counts.answered)

    assert served.double.taken == [b"{}"]
    assert (served.gateway.counts.cut_off_before, served.gateway.counts.cut_off_after) == (1, 0)


def test_a_sender_that_dies_later_gets_no_answer(served: Served) -> None:
    """The message was accepted, but the sender could not record it."""
    served.gateway.is_slow = True
    served.hang_up_when(lambda: served.double.taken)
    await_that(lambda: served.gateway.counts.answered)

    assert (served.gateway.counts.cut_off_before, served.gateway.counts.cut_off_after) == (0, 1)


def test_questions_are_counted_by_their_answers(served: Served) -> None:
    """A question that finds a message prevents a duplicate."""
    exchange = HttpExchange(f"http://{HOST}:{served.port}", wait_seconds_max=5)
    exchange.send("GET", "/v2/notifications?reference=e", {})
    served.double.lists = b'{"notifications": [{"id": "m"}], "links": {}}'
    exchange.send("GET", "/v2/notifications?reference=e", {})
    exchange.close()

    assert (served.gateway.counts.asked, served.gateway.counts.found) == (2, 1)


def test_many_at_once_do_not_wait_for_each_other(served: Served) -> None:
    """One slow request does not delay the others."""
    served.gateway.is_slow = True
    threads = [threading.Thread(target=served.post) for _ in range(8)]
    for thread in threads:
        thread.start()
    await_that(lambda: served.gateway.counts.arrived == 8)

    assert served.gateway.counts.answered == 0

    for thread in threads:
        thread.join()

    assert served.gateway.counts.answered == 8
