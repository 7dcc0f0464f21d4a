"""The type of an ASGI application: a portal in process, or one of our doubles."""

from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

Application = Callable[
    [
        MutableMapping[str, Any],
        Callable[[], Awaitable[MutableMapping[str, Any]]],
        Callable[[MutableMapping[str, Any]], Awaitable[None]],
    ],
    Coroutine[Any, Any, None],
]
