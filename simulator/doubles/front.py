"""What stands in front of each double: its guard, its faults in its own words, and the log.

The log names method, path, status and time, never a header or a body: they hold secrets and what
victims are told. Of a path only what the double could know stays.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from random import Random
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct
from starlette.responses import Response

from reference.contract.correlation import CORRELATION_ID
from simulator.doubles.guard import Guard
from simulator.doubles.struck_words import struck_path
from simulator.processes.asgi import Application

REQUESTS_KEPT_MAX = 10_000
_DOWN, _TOO_MANY, _LOST = 503, 429, 504
_CORRELATION_HEADER = CORRELATION_ID.encode()

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


class Request(Struct, frozen=True, kw_only=True, gc=False):
    """One request to a double, as it was answered; `correlation_id` "" if it had none."""

    at: datetime
    double: str
    method: str
    path: str
    status: int
    took_ms: float
    correlation_id: str = ""


_Share = Annotated[float, Meta(ge=0, le=1)]


class Fault(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is wrong with a double.

    It is down; each answer takes some seconds; a share of requests fails before it does anything,
    with `failing_status`, or is one too many (429), or fails after it did all, so that the answer
    is lost. A mail server has codes of its own for these.
    """

    is_down: bool = False
    slow_seconds: Annotated[float, Meta(ge=0, le=60)] = 0.0
    failing_share: _Share = 0.0
    failing_status: Literal[500, 502, 503, 504] = 503
    limited_share: _Share = 0.0
    lost_answers_share: _Share = 0.0


class Draws:
    """Draws which requests a fault strikes: the same in the same order meet the same faults."""

    def __init__(self, double: str, seed: int) -> None:
        self._random = Random(f"{double} {seed}")  # noqa: S311  not a secret

    def is_struck(self, share: float) -> bool:
        """Draw whether a fault of this share strikes now."""
        return share > 0 and self._random.random() < share


class Requests:
    """The last requests to all doubles."""

    def __init__(self) -> None:
        self._kept: deque[Request] = deque(maxlen=REQUESTS_KEPT_MAX)
        self.listener: Callable[[Request], None] | None = None

    def add(self, request: Request) -> None:
        """Keep one."""
        self._kept.append(request)
        if self.listener is not None:
            self.listener(request)

    def newest_first(self, limit: int) -> list[Request]:
        """List the last ones."""
        kept = list(self._kept)
        return kept[::-1][:limit]


class Front:
    """An ASGI application in front of a double; `fault` may be replaced at any time.

    `failed` words the double's own answer for a status: 429, 500, 502, 503 or 504. For
    `other_bodies`, `pages` and `any_host` see `Guard`.
    """

    def __init__(
        self,
        double: str,
        application: Application,
        *,
        requests: Requests,
        now: Callable[[], datetime],
        failed: Callable[[int], Response],
        seed: int = 0,
        other_bodies: tuple[str, ...] = (),
        pages: tuple[str, ...] = (),
        any_host: bool = False,
    ) -> None:
        self.fault = Fault()
        self._guard = Guard(application, other_bodies=other_bodies, pages=pages, any_host=any_host)
        self._failed = failed
        self._draws = Draws(double, seed)
        self._double = double
        self._application = application
        self._requests = requests
        self._now = now

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Pass a request on, or meet it with the fault that is switched on."""
        begun, at, status = time.perf_counter(), self._now(), 0

        async def noted(message: _Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        fault = self.fault
        if fault.slow_seconds:
            await asyncio.sleep(fault.slow_seconds)
        if (foreign := self._guard.refusal(scope)) is not None:
            await foreign(scope, receive, noted)
        elif refused := self._refused(fault):
            await self._failed(refused)(scope, receive, noted)
        elif self._draws.is_struck(fault.lost_answers_share):
            await self._application(scope, receive, _unheard)
            await self._failed(_LOST)(scope, receive, noted)
        else:
            await self._application(scope, receive, noted)
        self._requests.add(
            Request(
                at=at,
                double=self._double,
                method=scope["method"],
                path=struck_path(scope["path"]),
                status=status,
                took_ms=round((time.perf_counter() - begun) * 1000, 3),
                correlation_id=_correlation_id(scope),
            )
        )

    def _refused(self, fault: Fault) -> int:
        """Draw the status that a request is refused with; 0 if it is not."""
        if fault.is_down:
            return _DOWN
        if self._draws.is_struck(fault.failing_share):
            return fault.failing_status
        return _TOO_MANY if self._draws.is_struck(fault.limited_share) else 0


async def _unheard(_message: _Message) -> None:
    """Let an answer go nowhere."""


def _correlation_id(scope: _Message) -> str:
    for name, value in scope["headers"]:
        if name == _CORRELATION_HEADER:
            found: bytes = value
            return found.decode("latin-1")
    return ""
