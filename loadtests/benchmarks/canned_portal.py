"""A portal that does nothing: each request of a visit has its answer ready, as fast as can be.

A process of its own: `python -m loadtests.benchmarks.canned_portal PORT`. What sends requests to it
is measured, not what answers them. It is the visitors' telephone too, and has every code at once.
"""

import asyncio
import sys

import uvloop

from loadtests.benchmarks.pipelined_requests import PipelinedRequests
from simulator.processes.loopback import HOST

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


class _Portal(PipelinedRequests):
    """One connection."""

    def answer_to(self, request: bytes) -> bytes:
        """Give the answer that is ready."""
        return next(body for beginning, body in _READY if request.startswith(beginning))


async def _serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Portal, HOST, port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
