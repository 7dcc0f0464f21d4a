"""How much one user may ask for: 429 with Retry-After above it, as Dataverse's service protection.

In any 300 seconds a user may make 6,000 requests, which take 20 minutes together; only so many may
run at once. One who goes on
regardless waits longer. Source: Microsoft's documentation of service protection API limits,
learn.microsoft.com (power-apps/developer/data-platform/api-limits).
"""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from simulator.neighbours.dataverse.errors import (
    too_many_at_once,
    too_many_requests,
    too_much_time,
)

WINDOW_SECONDS = 300
REQUESTS_MAX = 6000
EXECUTION_MS_MAX = 1_200_000
AT_ONCE_MAX = 52
_WAIT_SECONDS = 5


class ServiceLimits(Struct, frozen=True, kw_only=True):
    """The limits for one user; 0 is none."""

    requests_max: int = 0
    execution_ms_max: int = 0
    at_once_max: int = 0


DOCUMENTED_LIMITS = ServiceLimits(
    requests_max=REQUESTS_MAX, execution_ms_max=EXECUTION_MS_MAX, at_once_max=AT_ONCE_MAX
)


class Throttle:
    """Counts one user's requests."""

    def __init__(self, limits: ServiceLimits, now: Callable[[], datetime]) -> None:
        self._limits = limits
        self._now = now
        self._begun: deque[datetime] = deque()
        self._took: deque[tuple[datetime, float]] = deque()
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
            longer = min(WINDOW_SECONDS, wait + _WAIT_SECONDS * (self._refused - 1))
            raise too_many_requests(limits.requests_max, longer)
        if limits.execution_ms_max and self._execution_ms(now) >= limits.execution_ms_max:
            raise too_much_time(limits.execution_ms_max, _WAIT_SECONDS)
        if limits.at_once_max and self._running >= limits.at_once_max:
            raise too_many_at_once(limits.at_once_max, _WAIT_SECONDS)
        self._refused = 0
        self._begun.append(now)
        self._running += 1

    def end(self, took_ms: float) -> None:
        """Note that a request is over, and how long it took."""
        self._running -= 1
        if self._limits.execution_ms_max:
            self._took.append((self._now(), took_ms))

    def _execution_ms(self, now: datetime) -> float:
        while self._took and self._took[0][0] <= now - timedelta(seconds=WINDOW_SECONDS):
            self._took.popleft()
        return sum(took for _at, took in self._took)

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
