"""A gateway that does almost nothing, so that the portal is measured and not our double.

A process of its own: `python -m loadtests.benchmarks.quick_gateway PORT`. It takes every message,
notes when each reference came by a clock that all processes share, and tells on GET.
"""

import asyncio
import re
import sys
import time
from itertools import count
from typing import cast

import msgspec
import uvloop

from simulator.processes.loopback import HOST

_REFERENCE = re.compile(rb'"reference":\s*"([^"]*)"')
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"


class _Gateway(asyncio.Protocol):
    """One connection. All share `came`, which has the time of each message in order."""

    def __init__(self, came: list[tuple[str, float]], numbers: "count[int]") -> None:
        self._came = came
        self._numbers = numbers
        self._left = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not by type: uvloop's transport is not asyncio's, although it does the same.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._left += data
        while (end := self._left.find(_END)) >= 0:
            found = _LENGTH.search(self._left, 0, end + 2)
            whole = end + len(_END) + (int(found[1]) if found else 0)
            if len(self._left) < whole:
                return
            request, self._left = self._left[:whole], self._left[whole:]
            self._answer(request)

    def _answer(self, request: bytes) -> None:
        if request.startswith(b"POST"):
            reference = _REFERENCE.search(request)
            self._came.append((reference[1].decode() if reference else "", time.monotonic()))
            body, status = b'{"id":"%d"}' % next(self._numbers), b"201 Created"
        else:
            body, status = msgspec.json.encode(self._came), b"200 OK"
            self._came.clear()
        assert self._transport is not None
        head = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        self._transport.write(head % (status, len(body)) + body)


async def _serve(port: int) -> None:
    came: list[tuple[str, float]] = []
    numbers = count(1)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Gateway(came, numbers), HOST, port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
