"""Send requests that were made in advance, and record when each was answered.

As fast as they are answered, or at a steady rate whatever the answers do.
"""

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

import uvloop
from msgspec import Struct

from simulator.errors import SuiteError

CONNECTIONS = 32
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_SECONDS_MAX = 120.0


class Sent(Struct, frozen=True):
    """When the first request was sent, and when each was answered, by the monotonic clock."""

    began: float
    answered: list[float]


def request(url: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Write a POST request as bytes."""
    named = {
        "host": urlsplit(url).netloc,
        "content-type": "application/json",
        "content-length": str(len(body)),
        **headers,
    }
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join(lines).encode() + _END + body


def send(url: str, requests: Sequence[bytes], *, a_second: float | None = None) -> Sent:
    """Send all requests; raises SuiteError if one is not answered 202."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(asyncio.wait_for(_send(url, requests, a_second), _SECONDS_MAX))


async def _send(url: str, requests: Sequence[bytes], a_second: float | None) -> Sent:
    parts = urlsplit(url)
    answered = [0.0] * len(requests)
    connections = [
        await asyncio.open_connection(parts.hostname, parts.port) for _ in range(CONNECTIONS)
    ]
    began = time.monotonic()
    turns = iter(range(len(requests)))

    async def use(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for turn in turns:
            if a_second is not None:
                await asyncio.sleep(began + turn / a_second - time.monotonic())
            writer.write(requests[turn])
            status = await _status(reader)
            answered[turn] = time.monotonic()
            if status != 202:
                raise SuiteError(f"the portal answered {status} where 202 was due; not measured")

    try:
        async with asyncio.TaskGroup() as all_of_them:
            for each in connections:
                all_of_them.create_task(use(*each))
    except* SuiteError as refused:
        raise refused.exceptions[0] from None
    finally:
        for _reader, writer in connections:
            writer.close()
            await writer.wait_closed()
    return Sent(began, answered)


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(_END)
    length = _LENGTH.search(head)
    if length:
        await reader.readexactly(int(length[1]))
    return int(head.split(b" ", 2)[1])


def share(values: Sequence[float], *shares: float) -> Iterator[float]:
    """Return the time by which this share of them was answered."""
    ordered = sorted(values)
    for each in shares:
        yield ordered[min(len(ordered) - 1, int(each * len(ordered)))]
