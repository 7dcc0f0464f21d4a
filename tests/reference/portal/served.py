"""Requests to a portal inside an event loop, as a server makes them: in pieces, slow, cut off."""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.types import ASGIApp, Message

from tests.simulator.asgi import Answer

ENDLESS = None


async def ask(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    pieces: Sequence[bytes | None] = (b"",),
    headers: Mapping[str, str] | None = None,
    pause_seconds: float = 0.0,
) -> Answer:
    """Send a request whose body comes in pieces, each after a pause.

    ENDLESS for the last piece has the body go on for ever without another byte.
    """
    left, sent = list(pieces), list[Message]()

    async def receive() -> Message:
        await asyncio.sleep(pause_seconds)
        if not left:
            return {"type": "http.disconnect"}
        piece = left.pop(0)
        if piece is ENDLESS:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": piece, "more_body": bool(left)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
    }
    await app(scope, receive, send)
    start, *parts = sent
    return Answer(
        start["status"],
        {name.decode(): value.decode() for name, value in start["headers"]},
        b"".join(part.get("body", b"") for part in parts),
    )
