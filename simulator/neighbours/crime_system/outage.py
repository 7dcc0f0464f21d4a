"""A switch in front of the crime system: while it is down it answers 503, as a proxy would."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from simulator.processes.asgi import Application

_Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Outage:
    """An ASGI application in front of another, with a switch."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self.is_down = False

    async def __call__(
        self, scope: MutableMapping[str, Any], receive: _Receive, send: _Send
    ) -> None:
        """Pass a request on, or answer 503 while it is down."""
        if not self.is_down:
            await self._application(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b""})
