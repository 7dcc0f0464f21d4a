"""How the portal reaches its neighbours: one HTTP request out, one reply back."""

from dataclasses import dataclass
from typing import Protocol

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


@dataclass
class NeighbourLine:
    """The line to one neighbour: adds the correlation id and tells the observer of each answer."""

    outbound: Outbound
    neighbour: str
    observer: Observer

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
            self.observer.neighbour_answered(self.neighbour, 0)
            raise
        self.observer.neighbour_answered(self.neighbour, status)
        return status, reply
