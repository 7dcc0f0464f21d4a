"""Delivers events to a portal over HTTP, signed as the contract says."""

from typing import Protocol
from uuid import uuid4

import urllib3

from reference.contract.correlation import CORRELATION_ID
from reference.contract.signing import sign
from simulator.clock import Now

EVENTS_PATH = "/crime-events"
TIMEOUT_SECONDS = 30.0
_ANSWER_BYTES_MAX = 4096


class Portal(Protocol):
    """Where events go."""

    def close(self) -> None:
        """Close the connections."""

    def deliver(self, events: list[bytes], *, correlation_id: str) -> tuple[int | None, str]:
        """Deliver one batch; return the status, None for no answer, and what it said."""


class PortalDelivery:
    """One portal, by its URL; each delivery is signed afresh."""

    def __init__(self, url: str, *, secret: str, now: Now) -> None:
        self._url = f"{url.rstrip('/')}{EVENTS_PATH}"
        self._secret = secret
        self._now = now
        self._http = urllib3.PoolManager(retries=False, timeout=TIMEOUT_SECONDS)

    def close(self) -> None:
        """Close the connections."""
        self._http.clear()

    def deliver(self, events: list[bytes], *, correlation_id: str) -> tuple[int | None, str]:
        """Deliver one batch; return the status, None for no answer, and what it said."""
        body = b"[" + b",".join(events) + b"]"
        headers = sign(self._secret, delivery_id=str(uuid4()), at=self._now(), body=body)
        try:
            answer = self._http.request(
                "POST",
                self._url,
                body=body,
                headers={**headers, CORRELATION_ID: correlation_id},
                redirect=False,
                preload_content=False,
            )
            said = answer.read(_ANSWER_BYTES_MAX).decode("utf-8", "replace")
            answer.release_conn()
        except urllib3.exceptions.HTTPError as error:
            return None, type(error).__name__
        return answer.status, "" if answer.status == 202 else said
