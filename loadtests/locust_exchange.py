"""Send the requests of the suite's driver through Locust's client, so that Locust counts them."""

from collections.abc import Callable
from typing import Any

from simulator.drivers.exchange import Reply
from simulator.errors import PortalUnreachable

_CRIME = "/api/crimes/"


class LocustExchange:
    """Requests through a FastHttpUser's client, counted by `journey` and by path.

    `before` is called before each request, and may wait; `after` is told the status, 0 for none.
    """

    def __init__(
        self, client: Any, *, before: Callable[[], None], after: Callable[[int], None]
    ) -> None:
        self._client = client
        self._before = before
        self._after = after
        self.journey = ""
        self._names: dict[tuple[str, str], str] = {}

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Reply:
        """Send one request; raises PortalUnreachable."""
        self._before()
        response = self._client.request(
            method,
            path,
            name=self._named(path),
            headers=headers,
            data=body or None,
            allow_redirects=False,
        )
        self._after(response.status_code)
        if not response.status_code:
            raise PortalUnreachable(f"no answer to {method} ({type(response.error).__name__})")
        return Reply(response.status_code, response.content or b"")

    def close(self) -> None:
        """Locust closes its own connections."""

    def _named(self, path: str) -> str:
        """Name a row of Locust's tables; one counts all crimes, whatever their reference."""
        if path.startswith(_CRIME):
            path = f"{_CRIME}{{reference}}/{path.rpartition('/')[2]}"
        key = (self.journey, path)
        if key not in self._names:
            self._names[key] = f"{self.journey}: {path}".removeprefix(": ")
        return self._names[key]
