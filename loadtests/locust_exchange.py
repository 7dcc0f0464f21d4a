"""Carries the suite's own driver over Locust's client, so that Locust counts what is sent."""

import re
from typing import Any

from simulator.drivers.exchange import Reply
from simulator.errors import PortalUnreachable


class LocustExchange:
    """Requests by the client of a FastHttpUser, counted by path without the crime's reference."""

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
