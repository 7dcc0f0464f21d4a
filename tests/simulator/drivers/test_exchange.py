"""Rules of one request and its reply: the same in process and over sockets, and with an end."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from simulator.clock import Now
from simulator.drivers import exchange
from simulator.drivers.base import Delivery
from simulator.drivers.exchange import HttpExchange, InProcessExchange
from simulator.drivers.http import HttpDriver
from simulator.errors import PortalNonsense, PortalUnreachable
from simulator.processes.loopback import HOST, free_port, serving
from tests.simulator.drivers.strange_portals import (
    LINK,
    NOW,
    READS,
    SECRETS,
    StrangePortal,
    driver_for,
    lasting,
    on_a_socket,
)

PATIENCE_SECONDS = 0.3
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def over_sockets(url: str) -> HttpDriver:
    """Drive whatever is at a URL, with little patience."""
    return driver_for(exchange=HttpExchange(url, wait_seconds_max=PATIENCE_SECONDS))


def read_request(connection: socket.socket) -> None:
    """Take a request off a socket."""
    connection.settimeout(5)
    connection.recv(65_536)


def says_nothing(connection: socket.socket) -> None:
    """Take a request and never answer it."""
    read_request(connection)
    connection.recv(1)


def hangs_up(connection: socket.socket) -> None:
    """Take a request and close."""
    read_request(connection)


def speaks_ssh(connection: socket.socket) -> None:
    """Be another kind of server."""
    read_request(connection)
    connection.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")


def stops_in_the_middle(connection: socket.socket) -> None:
    """Promise more than there is."""
    read_request(connection)
    connection.sendall(ANSWER + b'content-length: 1000\r\n\r\n{"crimes": [')


def packs_what_is_not_packed(connection: socket.socket) -> None:
    """Claim a compression that is none."""
    read_request(connection)
    connection.sendall(ANSWER + b"content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}")


def drips(connection: socket.socket) -> None:
    """Send a byte at a time, each within the patience, for several times as long."""
    read_request(connection)
    connection.sendall(ANSWER + b"content-length: 14\r\n\r\n")
    for byte in b'{"crimes": []}':
        time.sleep(PATIENCE_SECONDS / 2)
        connection.sendall(bytes([byte]))


def drips_headers(connection: socket.socket) -> None:
    """Send the status line and headers so, without end."""
    read_request(connection)
    while True:
        time.sleep(PATIENCE_SECONDS / 2)
        connection.sendall(b"H")


def drips_in_chunks(connection: socket.socket) -> None:
    """Send the size of a chunk so, without end."""
    read_request(connection)
    connection.sendall(ANSWER + b"transfer-encoding: chunked\r\n\r\n")
    while True:
        time.sleep(PATIENCE_SECONDS / 2)
        connection.sendall(b"0")


def breaks_off_a_chunk(connection: socket.socket) -> None:
    """Promise a chunk and more, and send part of it."""
    read_request(connection)
    connection.sendall(ANSWER + b'transfer-encoding: chunked\r\n\r\ne\r\n{"crim')


def drips_a_handshake(connection: socket.socket) -> None:
    """Send a TLS record so, without end: 16 KB of a handshake message are announced."""
    read_request(connection)
    connection.sendall(b"\x16\x03\x03\x40\x00")
    while True:
        time.sleep(PATIENCE_SECONDS / 2)
        connection.sendall(b"\x02")


def reads_nothing(connection: socket.socket) -> None:
    """Never take a request off the socket."""
    time.sleep(4 * PATIENCE_SECONDS)


SILENT = "the portal did not answer GET /api/crimes within 0.3 s (ReadTimeoutError)"
BROKEN_OFF = "what is there broke off at GET /api/crimes (ProtocolError)"


@pytest.mark.parametrize(
    ("talk", "why"),
    [
        (says_nothing, SILENT),
        (drips_headers, SILENT.replace("ReadTimeoutError", "TimeoutError")),
        (hangs_up, BROKEN_OFF),
        (speaks_ssh, BROKEN_OFF),
    ],
)
def test_a_portal_that_gives_no_answer_is_unreachable(
    talk: Callable[[socket.socket], None], why: str
) -> None:
    """Every failure to answer names the address; only silence depends on the wait."""
    with on_a_socket(talk) as url, pytest.raises(PortalUnreachable) as caught:
        READS["crimes"](over_sockets(url))

    mend = "is it running, and is access.portal_url right?"
    assert str(caught.value) == f"{url}: {why}; {mend}"
    assert caught.value.exit_code == 3


def test_a_portal_that_drips_tls_is_unreachable() -> None:
    """The time for a TLS handshake is a total too: each byte of it came in good time."""
    begun = time.monotonic()
    with on_a_socket(drips_a_handshake) as url, pytest.raises(PortalUnreachable) as caught:
        READS["crimes"](over_sockets(url.replace("http:", "https:")))

    assert time.monotonic() - begun < 4 * PATIENCE_SECONDS
    assert SILENT in str(caught.value)


def test_a_portal_that_takes_no_request_is_unreachable() -> None:
    """A request that fills every buffer is given up too: the time to send it is bounded."""
    words = b"?" * 30_000_000
    with on_a_socket(reads_nothing) as url, pytest.raises(PortalUnreachable) as caught:
        HttpExchange(url, wait_seconds_max=PATIENCE_SECONDS).send("POST", "/api", {}, words)

    assert "did not answer POST /api within 0.3 s" in str(caught.value)


@pytest.mark.parametrize(
    ("talk", "why"),
    [
        (stops_in_the_middle, "broke off after 12 of the 1,000 bytes in its Content-Length"),
        (breaks_off_a_chunk, "broke off before its end (ProtocolError)"),
        (
            drips_in_chunks,
            "was not whole within 0.3 s; is it stuck, or is access.wait_seconds_max too short?",
        ),
        (packs_what_is_not_packed, "is not packed as its Content-Encoding says"),
        (
            drips,
            "was not whole within 0.3 s; is it stuck, or is access.wait_seconds_max too short?",
        ),
    ],
)
def test_an_answer_that_is_not_whole_is_no_silence(
    talk: Callable[[socket.socket], None], why: str
) -> None:
    """The portal did answer: the sentence says what was wrong with that, and judges nothing."""
    with on_a_socket(talk) as url, pytest.raises(PortalUnreachable) as caught:
        READS["crimes"](over_sockets(url))

    assert str(caught.value) == f"{url}: the portal's answer to GET /api/crimes {why}"
    assert caught.value.exit_code == 3


class ClosesFirst:
    """Closes the first connections after it has read a request, and answers on all others."""

    def __init__(self, times: int) -> None:
        self.times, self.requests = times, 0

    def __call__(self, connection: socket.socket) -> None:
        """Handle one connection."""
        read_request(connection)
        self.requests += 1
        if self.requests > self.times:
            connection.sendall(ANSWER + b'content-length: 14\r\n\r\n{"crimes": []}')


def test_a_closed_connection_is_asked_again_once() -> None:
    """A portal may close a connection that was idle; a second one that is closed is no answer."""
    once, twice = ClosesFirst(1), ClosesFirst(2)

    with on_a_socket(once) as url:
        assert READS["crimes"](over_sockets(url)) == []
    with on_a_socket(twice) as url, pytest.raises(PortalUnreachable, match="broke off at GET"):
        READS["crimes"](over_sockets(url))

    assert (once.requests, twice.requests) == (2, 2)


def test_what_changes_something_is_not_sent_again() -> None:
    """The portal may have done it before it closed the connection."""
    closes = ClosesFirst(1)

    with on_a_socket(closes) as url, pytest.raises(PortalUnreachable, match="broke off at POST"):
        over_sockets(url).begin_sign_in("07700900123")

    assert closes.requests == 1


def test_an_answer_without_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer longer than the contract allows is not kept in memory, and is reported."""
    monkeypatch.setattr(exchange, "_ANSWER_BYTES_MAX", 10)

    def talks_on(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(ANSWER + b'content-length: 14\r\n\r\n{"crimes": []}')

    with on_a_socket(talks_on) as url, pytest.raises(PortalUnreachable, match="longer than 10 by"):
        READS["crimes"](over_sockets(url))


def test_nonsense_names_the_portal_and_the_mend() -> None:
    """The error names the portal that answered, and what it should have answered."""
    portal = StrangePortal(200, b"<html>Welcome</html>")

    with serving(portal, free_port()) as url:
        for read in READS.values():
            with pytest.raises(PortalNonsense) as caught:
                read(over_sockets(url))
            said = str(caught.value)
            assert said.startswith(f"{url}/")
            assert said.endswith(
                "JSON is malformed (a page of 20 bytes); answer as "
                "reference/contract/portal.openapi.yaml says, or fix access.portal_url"
            )
        with pytest.raises(PortalNonsense, match=f"^GET {url}/api/crimes without a session"):
            over_sockets(url).check()


def test_nobody_there_is_unreachable() -> None:
    """Where nothing listens there is no portal, whatever is asked of it."""
    driver = over_sockets(f"http://{HOST}:{free_port()}")

    for read in READS.values():
        with pytest.raises(PortalUnreachable):
            read(driver)
    with pytest.raises(PortalUnreachable):
        driver.deliver(Delivery("d", [b"{}"]))
    with pytest.raises(PortalUnreachable):
        driver.check()


@pytest.mark.parametrize(
    "url", ["http://portal.invalid", "http://[::1", "http://127.0.0.1:{port}", "http://a..b"]
)
def test_an_address_that_is_none_is_unreachable(url: str) -> None:
    """A host that does not exist, or a misspelt address, is a portal that does not answer."""
    with pytest.raises(PortalUnreachable):
        READS["crimes"](over_sockets(url))


def test_an_invitation_is_in_no_message() -> None:
    """The path of a link is a secret: the error does not contain it."""
    driver = over_sockets(f"http://{HOST}:{free_port()}")

    with pytest.raises(PortalUnreachable) as caught:
        driver.visit(LINK)

    assert LINK.rpartition("/")[2] not in str(caught.value)


def test_a_portal_that_is_too_slow_is_unreachable() -> None:
    """An application that thinks for longer than the target's patience did not answer."""

    async def slow(_scope: Any, _receive: Any, send: Any) -> None:
        await asyncio.sleep(3 * PATIENCE_SECONDS)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"crimes": []}'})

    with serving(slow, free_port()) as url, pytest.raises(PortalUnreachable, match=r"0\.3 s"):
        READS["crimes"](over_sockets(url))


def test_a_redirect_is_not_followed() -> None:
    """What is asked of the portal is not asked of another: sessions stay with it."""
    portal = StrangePortal(307, b"", headers={"location": "http://elsewhere.invalid/"})

    with serving(portal, free_port()) as url, pytest.raises(PortalNonsense, match="answered 307"):
        READS["crimes"](over_sockets(url))

    assert len(portal.asked) == 1


def test_connections_are_let_go() -> None:
    """A connection is kept for the next request, and closed with the driver."""
    open_after_answer, closed = threading.Event(), threading.Event()

    def answers_and_listens(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(ANSWER + b'content-length: 14\r\n\r\n{"crimes": []}')
        open_after_answer.set()
        if connection.recv(1) == b"":
            closed.set()

    with on_a_socket(answers_and_listens) as url:
        driver = over_sockets(url)
        assert READS["crimes"](driver) == []
        assert open_after_answer.wait(5)
        assert not closed.wait(0.1)
        driver.close()
        assert closed.wait(5)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/crimes", b""),
        ("GET", "/api/crimes/43%2F26%201/timeline", b""),
        ("GET", "/api/crimes?page=2&q=a%20b", b""),
        ("POST", "/crime-events", b'[{"id": "1"}]'),
        ("HEAD", "/invitation/a-token", b""),
    ],
)
def test_a_portal_is_asked_the_same_in_process_as_over_sockets(
    method: str, path: str, body: bytes
) -> None:
    """An application cannot tell how it is reached: path, query, headers and body are the same."""
    seen: list[tuple[Any, ...]] = []
    kinds = ("type", "method", "path", "raw_path", "query_string", "root_path", "scheme")

    async def looks(scope: Any, receive: Any, send: Any) -> None:
        headers = dict(scope["headers"])
        told = {name: headers.get(name) for name in (b"x-one", b"authorization")}
        seen.append((*(scope[kind] for kind in kinds), told, (await receive())["body"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})

    sent = {"x-one": "1", "authorization": "Bearer a"}
    here = InProcessExchange(lasting(looks)).send(method, path, sent, body)
    with serving(looks, free_port()) as url:
        there = HttpExchange(url, wait_seconds_max=5).send(method, path, sent, body)

    assert seen[0] == seen[1]
    assert here.status == there.status == 200


def test_signatures_are_stamped_with_the_time_given() -> None:
    """Security stamps are of the clock that the driver is given, at each delivery."""
    portal = StrangePortal(202, b"")
    times = iter([NOW, NOW.replace(hour=10)])
    now: Now = lambda: next(times)  # noqa: E731
    driver = HttpDriver(
        InProcessExchange(portal), secrets=SECRETS, capabilities=frozenset(), security_now=now
    )

    driver.deliver(Delivery("a", [b"{}"]))
    driver.deliver(Delivery("b", [b"{}"]))

    stamps = [int(each.headers["webhook-timestamp"]) for each in portal.asked]
    assert stamps[1] - stamps[0] == 3600
