"""When the crime system or the gateway was down: what was due there may come a little later.

Messages that waited for the gateway catch up outside quiet hours.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from simulator.evidence.records import (
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    GatewayCameBack,
    GatewayWentDown,
    MessageRefused,
)
from simulator.inputs.order import Order

#: An outage is of hours. After one of most of a day, a person may be asked to tell the news.
_LONG = timedelta(hours=20)
#: What a gateway answers that has too much to do or fails, by HTTP or by SMTP.
_TRY_AGAIN = (429, 451, 500, 503)


class Outages:
    """The outages of one system so far; `opens` gives when a message that waits may go there."""

    def __init__(
        self, order: Order, *, opens: Callable[[datetime], datetime] = lambda at: at
    ) -> None:
        self._order = order
        self._opens = opens
        self._down_since: datetime | None = None
        self._over: list[tuple[datetime, datetime]] = []

    @property
    def is_down(self) -> bool:
        """Whether the system is down now."""
        return self._down_since is not None

    @property
    def allowance(self) -> timedelta:
        """How long a message or a task may take."""
        return timedelta(minutes=self._order.messages.minutes_max)

    def is_long(self, at: datetime, begun_at: datetime | None = None) -> bool:
        """Say whether the newest outage has kept what was begun by then for most of a day."""
        since = self._down_since or (self._over[-1][0] if self._over else at)
        return at - max(since, begun_at or since) >= _LONG

    def went_down(self, record: CrimeSystemWentDown | GatewayWentDown) -> None:
        """Note that the system is down from now on."""
        self._down_since = record.at

    def came_back(self, record: CrimeSystemCameBack | GatewayCameBack) -> None:
        """Note that the system answers again."""
        if self._down_since is not None:
            self._over.append((self._down_since, record.at))
            self._down_since = None

    def refused(self, record: MessageRefused) -> None:
        """Note that the gateway answered that it could not take a message: it may come later."""
        if not self.is_down and record.status in _TRY_AGAIN:
            self._over.append((record.at, record.at))

    def since(self, at: datetime) -> datetime:
        """Find how long ago a task that is raised at `at` may have been written.

        It may have waited for the system, and for the portal to catch up.
        """
        waited = at - self.allowance
        if self._down_since is not None:
            waited = min(waited, self._down_since)
        for began, ended in reversed(self._over):
            if self._caught_up_by(ended) >= waited:
                waited = min(waited, began)
        return waited

    def had_waiting(self, at: datetime) -> bool:
        """Say whether what goes to the system at `at` may have waited for it."""
        lately = at - self.allowance
        waited = self.since(at) < lately
        return waited or self.is_down or any(ended >= lately for _began, ended in self._over)

    def due_at(self, begun_at: datetime) -> datetime | None:
        """Find when a task begun at `begun_at` is due; None while the system is down."""
        return self.put_off(begun_at, begun_at + self.allowance)

    def put_off(self, begun_at: datetime, due_at: datetime) -> datetime | None:
        """Find the due time after every outage on the way; None while the system is down."""
        for began, ended in self._over:
            if began <= due_at and begun_at <= ended:
                due_at = max(due_at, self._caught_up_by(ended))
        return None if self._down_since is not None and due_at >= self._down_since else due_at

    def _caught_up_by(self, ended: datetime) -> datetime:
        catch_up = timedelta(minutes=self._order.two_way.catch_up_minutes_max)
        by = self._opens(ended) + catch_up
        opens = self._opens(by)
        return by if opens == by else opens + catch_up
