"""Send the requests of the suite's driver through Locust's client, so that Locust counts them."""

import re
from typing import Any

from simulator.drivers.exchange import Reply
from simulator.errors import PortalUnreachable


class LocustExchange:
    """Requests through a FastHttpUser's client, counted by path without the crime reference."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Reply:
        """Send one request; raises PortalUnreachable."""
        response = self._client.request(
            method,
            path,
            name=re.sub(r"/crimes/[^/]+", "/crimes/{reference}", path),
            headers=headers,
            data=body or None,
            allow_redirects=False,
        )
        if not response.status_code:
            raise PortalUnreachable(f"no answer to {method} ({type(response.error).__name__})")
        return Reply(response.status_code, response.content or b"")

    def close(self) -> None:
        """Locust closes its own connections."""
