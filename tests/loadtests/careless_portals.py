"""Careless versions of the reference, each in one way: the kill proof must find them.

Started as processes by a target's command.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any
from unittest.mock import patch

from msgspec import structs

from reference.operations.service import create_app
from reference.portal.storage import outbox
from reference.portal.storage.outbox import Claim, Claims
from simulator.processes.asgi import Application

_AFTER_SECONDS = 0.2
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def never_unsure() -> Application:
    """Send again whatever was not recorded as sent, without asking the gateway."""
    take = Claims.take

    async def boldly(self: Claims, now: datetime) -> list[Claim]:
        return [structs.replace(each, is_unsure=False) for each in await take(self, now)]

    patch.object(Claims, "take", boldly).start()
    patch.object(outbox, "LISTED_SECONDS_MAX", 0).start()
    return create_app()


def answers_first() -> Application:
    """Answer 202 to any events, and look at them a moment later."""
    patch.object(outbox, "LISTED_SECONDS_MAX", 3).start()
    application = create_app()
    tasks = set()

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/crime-events":
            await application(scope, receive, send)
            return
        body = [await receive()]
        while body[-1].get("more_body"):
            body.append(await receive())
        await send({"type": "http.response.start", "status": 202, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        task = asyncio.create_task(_later(application, scope, body))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    return answer


async def _later(application: Application, scope: Message, body: list[Message]) -> None:
    async def receive() -> Message:
        return body.pop(0)

    async def send(_message: Message) -> None:
        """Nobody waits for it."""

    await asyncio.sleep(_AFTER_SECONDS)
    await application(scope, receive, send)
