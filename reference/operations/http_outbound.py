"""Reaches the neighbours over sockets; loaded only where there are any."""

import aiohttp

from reference.portal.errors import NeighbourDown

_TIMEOUT_SECONDS = 10.0


class HttpOutbound:
    """Requests over sockets, on connections that are kept."""

    def __init__(self, connections: int = 32) -> None:
        self.connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Send a request; return status and body, or raises NeighbourDown."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS),
                connector=aiohttp.TCPConnector(limit=self.connections),
            )
        try:
            async with self._session.request(method, url, headers=headers, data=body) as reply:
                return reply.status, await reply.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NeighbourDown(f"{type(error).__name__} from a neighbour") from None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
