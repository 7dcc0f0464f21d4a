"""Requests over sockets: whatever the network calls it, a neighbour that fails is down."""

import asyncio
import socket
from contextlib import suppress

import pytest

from reference.operations.http_outbound import REPLY_BYTES_MAX, HttpOutbound
from reference.portal.errors import NeighbourDown


def test_a_neighbour_that_does_not_listen_is_down() -> None:
    """It is a trouble of today's, to be tried again."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/tasks"

    async def send() -> None:
        outbound = HttpOutbound(connections=1)
        try:
            await outbound.send("POST", url, {}, b"")
        finally:
            await outbound.close()

    with pytest.raises(NeighbourDown, match="from a neighbour"):
        asyncio.run(send())


def test_a_neighbour_answers_with_status_and_body() -> None:
    """Whatever the status, the answer is the caller's to judge."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"hello")
        writer.write(b"HTTP/1.1 429 Busy\r\ncontent-length: 5\r\nconnection: close\r\n\r\nlater")
        await writer.drain()
        writer.close()

    async def send() -> tuple[int, bytes]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        outbound = HttpOutbound(connections=1)
        try:
            return await outbound.send("POST", f"http://127.0.0.1:{port}/", {}, b"hello")
        finally:
            await outbound.close()
            server.close()

    assert asyncio.run(send()) == (429, b"later")


def served(reply: bytes) -> tuple[int, bytes, list[bytes]]:
    """Ask a neighbour that answers with these bytes; give the answer, and what it was asked."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(reply)
        with suppress(OSError):
            await writer.drain()
        writer.close()

    async def send() -> tuple[int, bytes]:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        outbound = HttpOutbound(connections=1)
        try:
            url = f"http://127.0.0.1:{port}/"
            return await outbound.send("GET", url, {"authorization": "Bearer ours"}, b"")
        finally:
            await outbound.close()
            server.close()

    return *asyncio.run(send()), asked


def test_no_redirect_is_followed() -> None:
    """It could carry our token to another host."""
    head = b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n"
    status, body, asked = served(head + b"connection: close\r\n\r\n")

    assert (status, body, len(asked)) == (302, b"", 1)


@pytest.mark.parametrize(
    ("size", "is_read"), [(REPLY_BYTES_MAX, True), (REPLY_BYTES_MAX + 1, False)]
)
def test_a_neighbour_s_answer_has_a_size(size: int, *, is_read: bool) -> None:
    """One that goes on for ever is in trouble, and takes no memory of ours."""
    head = f"HTTP/1.1 200 OK\r\ncontent-length: {size}\r\nconnection: close\r\n\r\n"
    if is_read:
        assert len(served(head.encode() + b"a" * size)[1]) == size
        return
    with pytest.raises(NeighbourDown, match="more than 1,000,000 bytes"):
        served(head.encode() + b"a" * size)


def test_closing_what_was_never_used_is_no_error() -> None:
    """A portal that sent nothing has nothing to let go of."""
    outbound = HttpOutbound()

    asyncio.run(outbound.close())

    assert outbound._session is None
