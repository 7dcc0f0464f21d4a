"""The gateway's double made slow, so that a killed portal has messages on their way.

It waits before it accepts a message and again before it answers, and counts the senders that were
gone by then. Gone before: the message was accepted all the same. Gone after: nobody recorded it.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.processes.asgi import Application

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_SHARE_OF_SLOWEST = 1 / 40
_SLOWEST_IS_TIMES = 20
_LISTS = b'"notifications":[{'


@dataclass
class Counts:
    """Counts at the gateway so far; `found` counts the questions about a known message."""

    arrived: int = 0
    answered: int = 0
    cut_off_before: int = 0
    cut_off_after: int = 0
    asked: int = 0
    found: int = 0

    @property
    def cut_off(self) -> int:
        """The number of messages that were on their way when their sender was killed."""
        return self.cut_off_before + self.cut_off_after


class SlowGateway:
    """An ASGI application in front of the double. `seconds` are its shortest and longest wait.

    It is slow only while `is_slow`.
    """

    def __init__(
        self, application: Application, *, seconds: tuple[float, float], stream: np.random.Generator
    ) -> None:
        self._application = application
        self._seconds = seconds
        self._stream = stream
        self.is_slow = False
        self.counts = Counts()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Accept one request late, and answer it later."""
        if scope["method"] == "GET":
            self.counts.asked += 1
            await self._application(scope, receive, self._looking(send))
        else:
            await self._take(scope, receive, send)

    async def _take(self, scope: Message, receive: Receive, send: Send) -> None:
        body = await _whole(receive)
        self.counts.arrived += 1
        was_gone = await self._is_gone(receive)
        self.counts.cut_off_before += was_gone
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        async def once() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._application(scope, once, keep)
        if await self._is_gone(receive) and not was_gone:
            self.counts.cut_off_after += 1
        for message in answer:
            await send(message)
        self.counts.answered += 1

    async def _is_gone(self, receive: Receive) -> bool:
        """Wait, and return whether the sender disconnected meanwhile."""
        wait = asyncio.create_task(asyncio.sleep(self._drawn_seconds()))
        left = asyncio.create_task(_disconnect(receive))
        await asyncio.wait({wait, left}, return_when=asyncio.FIRST_COMPLETED)
        is_gone = left.done()
        left.cancel()
        await wait
        return is_gone

    def _drawn_seconds(self) -> float:
        """Draw a wait: nearly all are short, as a real gateway's are, and a few are long."""
        (least, most), stream = self._seconds, self._stream
        if not self.is_slow:
            return 0.0
        if stream.random() < _SHARE_OF_SLOWEST:
            return most
        return float(stream.uniform(least, most / _SLOWEST_IS_TIMES))

    def _looking(self, send: Send) -> Send:
        async def look(message: Message) -> None:
            self.counts.found += _LISTS in message.get("body", b"").replace(b" ", b"")
            await send(message)

        return look


async def _whole(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = bool(message.get("more_body"))
    return body


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
