"""Reaches the neighbours over sockets; loaded only where there are any."""

import aiohttp

from reference.portal.errors import NeighbourDown

_TIMEOUT_SECONDS = 10.0
REPLY_BYTES_MAX = 1_000_000


class HttpOutbound:
    """Requests over sockets, on connections that are kept.

    They follow no redirect, which could carry a token to another host.
    """

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
            async with self._session.request(
                method, url, headers=headers, data=body, allow_redirects=False
            ) as reply:
                return reply.status, await _read(reply)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise NeighbourDown(f"{type(error).__name__} from a neighbour") from None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


async def _read(reply: aiohttp.ClientResponse) -> bytes:
    """Read a body, no further than its limit; raises NeighbourDown."""
    body = bytearray()
    async for chunk in reply.content.iter_any():
        body += chunk
        if len(body) > REPLY_BYTES_MAX:
            raise NeighbourDown(f"more than {REPLY_BYTES_MAX:,} bytes from a neighbour")
    return bytes(body)
