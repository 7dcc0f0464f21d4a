"""Requests over sockets: whatever the network calls it, a neighbour that fails is down."""

import asyncio
import socket

import pytest

from reference.operations.http_outbound import HttpOutbound
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


def test_closing_what_was_never_used_is_no_error() -> None:
    """A portal that sent nothing has nothing to let go of."""
    asyncio.run(HttpOutbound().close())
