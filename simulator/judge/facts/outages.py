"""When the crime system or the gateway answered nobody: what was to reach it may come a bit later.

What waited for the gateway is to catch up by day: the end of an outage does not end quiet hours.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from simulator.evidence.records import (
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    GatewayCameBack,
    GatewayWentDown,
)
from simulator.inputs.order import Order


class Outages:
    """The outages of one system so far; `opens` says from when on what waits may go there."""

    def __init__(
        self, order: Order, *, opens: Callable[[datetime], datetime] = lambda at: at
    ) -> None:
        self._order = order
        self._opens = opens
        self._down_since: datetime | None = None
        self._over: list[tuple[datetime, datetime]] = []

    @property
    def allowance(self) -> timedelta:
        """How long anything may take."""
        return timedelta(minutes=self._order.messages.minutes_max)

    def went_down(self, record: CrimeSystemWentDown | GatewayWentDown) -> None:
        """Note that nothing gets there from now on."""
        self._down_since = record.at

    def came_back(self, record: CrimeSystemCameBack | GatewayCameBack) -> None:
        """Note that things get there again, and are to catch up."""
        if self._down_since is not None:
            self._over.append((self._down_since, record.at))
            self._down_since = None

    def due_at(self, begun_at: datetime) -> datetime | None:
        """Find when what is begun now is due in the crime system; None while it is down."""
        return self.put_off(begun_at, begun_at + self.allowance)

    def put_off(self, begun_at: datetime, due_at: datetime) -> datetime | None:
        """Find when what is begun now and due then is due after all; None while it is down."""
        for began, ended in self._over:
            if began <= due_at and begun_at <= ended:
                due_at = max(due_at, self._caught_up_by(ended))
        return None if self._down_since is not None and due_at >= self._down_since else due_at

    def _caught_up_by(self, ended: datetime) -> datetime:
        catch_up = timedelta(minutes=self._order.two_way.catch_up_minutes_max)
        by = self._opens(ended) + catch_up
        opens = self._opens(by)
        return by if opens == by else opens + catch_up
