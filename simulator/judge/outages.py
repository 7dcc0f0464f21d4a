"""When the crime system answered nobody: what was to reach it then may come a little later."""

from datetime import datetime, timedelta

from simulator.evidence import CrimeSystemCameBack, CrimeSystemWentDown
from simulator.order import Order


class Outages:
    """The crime system's outages so far."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._down_since: datetime | None = None
        self._over: list[tuple[datetime, datetime]] = []

    @property
    def allowance(self) -> timedelta:
        """How long anything may take."""
        return timedelta(minutes=self._order.messages.minutes_max)

    def went_down(self, record: CrimeSystemWentDown) -> None:
        """Note that nothing could be filed from now on."""
        self._down_since = record.at

    def came_back(self, record: CrimeSystemCameBack) -> None:
        """Note that things can be filed again, and are to catch up."""
        if self._down_since is not None:
            self._over.append((self._down_since, record.at))
            self._down_since = None

    def due_at(self, begun_at: datetime) -> datetime | None:
        """Find when what is begun now is due in the crime system; None while it is down."""
        due_at = begun_at + self.allowance
        for began, ended in self._over:
            if began <= due_at and begun_at <= ended:
                catch_up = timedelta(minutes=self._order.two_way.catch_up_minutes_max)
                due_at = max(due_at, ended + catch_up)
        return None if self._down_since is not None and due_at >= self._down_since else due_at
