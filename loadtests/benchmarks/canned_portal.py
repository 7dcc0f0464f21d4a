"""A portal that does nothing: each request of a visit has its answer ready, as fast as can be.

A process of its own: `python -m loadtests.benchmarks.canned_portal PORT`. What sends requests to it
is measured, not what answers them. It is the visitors' telephone too, and has every code at once.
"""

import asyncio
import re
import sys
from typing import cast

import uvloop

from simulator.processes.loopback import HOST

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"
_CRIME = (
    b'{"crime_reference":"43000001","offence":"Bicycle theft","status":"open",'
    b'"force":"Thames Valley Police","updated_at":"2026-06-01T09:00:00Z"}'
)
_ENTRY = (
    b'{"at":"2026-06-01T09:00:00Z","kind":"CrimeRecorded",'
    b'"title":"We have recorded what happened","text":"We will tell you what happens next."}'
)
#: By how a request begins; the first that fits.
_ANSWERS: tuple[tuple[bytes, bytes], ...] = (
    (b"POST /api/sign-in/word", b'{"step":"2","asks":"one_time_code"}'),
    (b"POST /api/sign-in/code", b'{"session":"0123456789abcdef"}'),
    (b"POST /api/sign-in", b'{"step":"1","asks":"agreed_word"}'),
    (b"POST /api/sign-out", b"{}"),
    (b"GET /api/crimes/", b'{"timeline":[%s,%s,%s]}' % (_ENTRY, _ENTRY, _ENTRY)),
    (b"GET /api/crimes", b'{"crimes":[%s]}' % _CRIME),
    (b"GET /codes/", b"123456"),
    (b"", b"{}"),
)


def _whole(body: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    return head % len(body) + body


_READY = tuple((beginning, _whole(body)) for beginning, body in _ANSWERS)


class _Portal(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
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
            assert self._transport is not None
            answer = next(body for beginning, body in _READY if request.startswith(beginning))
            self._transport.write(answer)


async def _serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Portal, HOST, port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
