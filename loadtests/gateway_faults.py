"""Our gateway as a burst needs it: with a limit, slowed down, or out of order for a while.

It stands in front of doubles of one service that share an inbox: one takes whatever comes, one has
the burst's own limit, and one Notify's documented limit. Each request goes to the one that applies
when it comes.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import structs

from simulator.clock import wall_now
from simulator.neighbours.gateway.inbox import Inbox
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.neighbours.gateway.notify_service import (
    REQUESTS_A_MINUTE_MAX,
    Limits,
    NotifyService,
)
from simulator.processes.asgi import Application
from simulator.world.both_gateways import BothGateways


class GatewayFaults:
    """An ASGI application. `slower_seconds` and `is_limited` may change at any time.

    The limit of the burst applies once it `has_begun`: the invitations before it are no part of it.
    """

    def __init__(
        self,
        inbox: Inbox,
        *,
        key: str,
        per_minute_max: int,
        has_begun: Callable[[], bool] = lambda: True,
    ) -> None:
        service = NotifyService.of_key(key)
        self._inbox = inbox
        self._has_begun = has_begun
        both = BothGateways(inbox, key=key, security_now=wall_now)

        def double(a_minute_max: int) -> Application:
            notify = _double(inbox, service, a_minute_max)
            return both.beside(notify, requests_a_minute_max=a_minute_max)

        self._before, self._ordinary = double(0), double(per_minute_max)
        self._limited = double(REQUESTS_A_MINUTE_MAX)
        self.slower_seconds = 0.0
        self.is_limited = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, later if the gateway is slowed down."""
        if self.slower_seconds:
            await asyncio.sleep(self.slower_seconds)
        application = self._ordinary if self._has_begun() else self._before
        if self.is_limited:
            application = self._limited
        await application(scope, receive, send)

    def set_down(self, *, is_down: bool) -> datetime:
        """Put the gateway out of order, or back; return when."""
        self._inbox.is_down = is_down
        return wall_now()


def _double(inbox: Inbox, service: NotifyService, per_minute_max: int) -> Application:
    limits = Limits(requests_a_minute_max=per_minute_max)
    return notify_app(
        inbox,
        service=structs.replace(service, limits=limits),
        security_now=wall_now,
        templates=DEFAULT_TEMPLATES,
    )
