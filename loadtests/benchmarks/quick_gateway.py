"""A gateway that does almost nothing, so that the portal is measured and not our double.

A process of its own: `python -m loadtests.benchmarks.quick_gateway PORT`. It takes every message,
notes when each reference came by a clock that all processes share, and tells on GET.
"""

import asyncio
import re
import sys
import time
from itertools import count

import msgspec
import uvloop

from loadtests.benchmarks.pipelined_requests import PipelinedRequests
from simulator.processes.loopback import HOST

_REFERENCE = re.compile(rb'"reference":\s*"([^"]*)"')


class _Gateway(PipelinedRequests):
    """One connection. All share `came`, which has the time of each message in order."""

    def __init__(self, came: list[tuple[str, float]], numbers: "count[int]") -> None:
        super().__init__()
        self._came = came
        self._numbers = numbers

    def answer_to(self, request: bytes) -> bytes:
        """Note a message and take it, or tell what came."""
        if request.startswith(b"POST"):
            reference = _REFERENCE.search(request)
            self._came.append((reference[1].decode() if reference else "", time.monotonic()))
            body, status = b'{"id":"%d"}' % next(self._numbers), b"201 Created"
        else:
            body, status = msgspec.json.encode(self._came), b"200 OK"
            self._came.clear()
        head = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
        return head % (status, len(body)) + body


async def _serve(port: int) -> None:
    came: list[tuple[str, float]] = []
    numbers = count(1)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Gateway(came, numbers), HOST, port)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
