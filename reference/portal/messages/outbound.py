"""How the portal reaches its neighbours: one HTTP request out, one reply back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reference.portal.clock import Clock
from reference.portal.correlation import HEADER, correlation_id
from reference.portal.errors import NeighbourDown
from reference.portal.observer import Observer


class Outbound(Protocol):
    """One request out. `connections` is how many may be under way at once."""

    connections: int

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Send a request; return status and body. Raises NeighbourDown."""


class Pulse:
    """Remembers when due work last made progress."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.last: datetime = clock.now()

    def beat(self) -> None:
        """Note progress now."""
        self.last = self._clock.now()


@dataclass
class NeighbourLine:
    """The line to one neighbour: adds the correlation id and tells the observer of each answer.

    Every answer and every failure counts as progress: a neighbour that is down does not mean that
    due work is stuck.
    """

    outbound: Outbound
    neighbour: str
    observer: Observer
    pulse: Pulse

    @property
    def connections(self) -> int:
        """How many requests may be under way at once."""
        return self.outbound.connections

    @connections.setter
    def connections(self, connections: int) -> None:
        self.outbound.connections = connections

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Send a request; return status and body. Raises NeighbourDown."""
        sent = {**headers, HEADER: correlation_id()}
        try:
            status, reply = await self.outbound.send(method, url, sent, body)
        except NeighbourDown:
            self._note(0)
            raise
        self._note(status)
        return status, reply

    def _note(self, status: int) -> None:
        self.pulse.beat()
        self.observer.neighbour_answered(self.neighbour, status)
