"""How much one user may ask for: 429 with Retry-After above it, as Dataverse's service protection.

In any 300 seconds a user may make 6,000 requests; only so many may run at once. One who goes on
regardless waits longer. Source: Microsoft's documentation of service protection API limits,
learn.microsoft.com (power-apps/developer/data-platform/api-limits).
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from simulator.neighbours.dataverse.errors import (
    TOO_MANY_AT_ONCE,
    TOO_MANY_REQUESTS,
    DataverseError,
)

WINDOW_SECONDS = 300
REQUESTS_MAX = 6000
AT_ONCE_MAX = 52
_WAIT_SECONDS = 5


class ServiceLimits(Struct, frozen=True, kw_only=True):
    """The limits for one user; 0 is none."""

    requests_max: int = 0
    at_once_max: int = 0


DOCUMENTED_LIMITS = ServiceLimits(requests_max=REQUESTS_MAX, at_once_max=AT_ONCE_MAX)


class Throttle:
    """Counts one user's requests."""

    def __init__(self, limits: ServiceLimits, now: Callable[[], datetime]) -> None:
        self._limits = limits
        self._now = now
        self._begun: deque[datetime] = deque()
        self._running = 0
        self._refused = 0

    def begin(self) -> None:
        """Take one request; raises DataverseError above a limit."""
        now = self._now()
        while self._begun and self._begun[0] <= now - timedelta(seconds=WINDOW_SECONDS):
            self._begun.popleft()
        limits = self._limits
        if limits.requests_max and len(self._begun) >= limits.requests_max:
            self._refused += 1
            free_at = self._begun[0] + timedelta(seconds=WINDOW_SECONDS)
            wait = max(1, round((free_at - now).total_seconds()))
            raise DataverseError(
                429,
                f"Number of requests exceeded the limit of {limits.requests_max} over time window "
                f"of {WINDOW_SECONDS} seconds.",
                code=TOO_MANY_REQUESTS,
                wait=min(WINDOW_SECONDS, wait + _WAIT_SECONDS * (self._refused - 1)),
            )
        if limits.at_once_max and self._running >= limits.at_once_max:
            raise DataverseError(
                429,
                f"Number of concurrent requests exceeded the limit of {limits.at_once_max}.",
                code=TOO_MANY_AT_ONCE,
                wait=_WAIT_SECONDS,
            )
        self._refused = 0
        self._begun.append(now)
        self._running += 1

    def end(self) -> None:
        """Note that a request is over."""
        self._running -= 1

    @property
    def headers(self) -> dict[str, str]:
        """The debug headers that tell a client what it has left."""
        if not self._limits.requests_max:
            return {}
        left = max(0, self._limits.requests_max - len(self._begun))
        return {
            "x-ms-ratelimit-burst-remaining-xrm-requests": str(left),
            "x-ms-ratelimit-time-remaining-xrm-requests": str(WINDOW_SECONDS),
        }
