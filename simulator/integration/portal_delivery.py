"""Delivers events to a portal over HTTP, signed as the contract says.

An answer must be whole in time: a portal that sends a byte now and then holds nothing up.
"""

from typing import Protocol
from uuid import uuid4

from reference.contract.correlation import CORRELATION_ID
from reference.contract.signing import sign
from simulator.clock import Now
from simulator.drivers.exchange import HttpExchange
from simulator.errors import PortalUnreachable

EVENTS_PATH = "/crime-events"
TIMEOUT_SECONDS = 30.0
_SAID_BYTES_MAX = 4096


class Portal(Protocol):
    """Where events go."""

    def close(self) -> None:
        """Close the connections."""

    def deliver(self, events: list[bytes], *, correlation_id: str) -> tuple[int | None, str]:
        """Deliver one batch; return the status, None for no answer, and what it said."""


class PortalDelivery:
    """One portal, by its URL; each delivery is signed afresh."""

    def __init__(
        self, url: str, *, secret: str, now: Now, wait_seconds_max: float = TIMEOUT_SECONDS
    ) -> None:
        self._secret = secret
        self._now = now
        self._portal = HttpExchange(url, wait_seconds_max=wait_seconds_max)

    def close(self) -> None:
        """Close the connections."""
        self._portal.close()

    def deliver(self, events: list[bytes], *, correlation_id: str) -> tuple[int | None, str]:
        """Deliver one batch; return the status, None for no answer, and what it said."""
        body = b"[" + b",".join(events) + b"]"
        headers = sign(self._secret, delivery_id=str(uuid4()), at=self._now(), body=body)
        try:
            answer = self._portal.send(
                "POST", EVENTS_PATH, {**headers, CORRELATION_ID: correlation_id}, body
            )
        except PortalUnreachable as error:
            return None, str(error)
        said = answer.body[:_SAID_BYTES_MAX].decode("utf-8", "replace")
        return answer.status, "" if answer.status == 202 else said
