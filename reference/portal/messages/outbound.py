"""How this portal reaches its neighbours: one HTTP request out, one reply back."""

from typing import Protocol


class Outbound(Protocol):
    """One request out. `connections` says how many may be under way at once."""

    connections: int

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Send a request; answers status and body, or raises NeighbourDown."""
