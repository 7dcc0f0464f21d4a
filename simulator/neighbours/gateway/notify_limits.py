"""How fast and how much a service may send: 429 above it, in Notify's words.

A bucket of tokens for each kind of key fills at the rate a minute; a burst may take a third of a
minute's requests and one, at most 1,000. A count for each channel begins anew at midnight UTC.
Source: GOV.UK Notify's published API code, github.com/alphagov/notifications-api
(app/notifications/validators.py; notifications-utils, redis_client token bucket).
"""

from collections.abc import Callable
from datetime import UTC, datetime

from simulator.neighbours.gateway.inbox import MessageKind
from simulator.neighbours.gateway.notify_errors import NotifyError
from simulator.neighbours.gateway.notify_service import TYPE_NAMES, KeyKind, Limits, a_day_max

WINDOW_SECONDS = 60
BURST_MAX = 1000


class NotifyLimits:
    """Counts requests and messages of one service; `now` is the time that Notify keeps."""

    def __init__(self, limits: Limits, now: Callable[[], datetime]) -> None:
        self._limits = limits
        self._now = now
        self._tokens: dict[KeyKind, tuple[float, datetime]] = {}
        self._sent: dict[MessageKind, tuple[str, int]] = {}

    def count_request(self, kind: KeyKind) -> None:
        """Take one request of a kind of key; raises NotifyError above the rate."""
        rate = self._limits.requests_a_minute_max
        if not rate:
            return
        now, burst = self._now(), min(-(-rate // 3) + 1, BURST_MAX)
        tokens, at = self._tokens.get(kind, (float(burst), now))
        seconds = max((now - at).total_seconds(), 0.0)
        tokens = min(float(burst), tokens + seconds * rate / WINDOW_SECONDS)
        if tokens < 1:
            self._tokens[kind] = tokens, now
            what = f"Exceeded rate limit for key type {kind.upper()}"
            raise NotifyError(
                429,
                [("RateLimitError", f"{what} of {rate} requests per {WINDOW_SECONDS} seconds")],
            )
        self._tokens[kind] = tokens - 1, now

    def count_message(self, kind: KeyKind, channel: MessageKind) -> None:
        """Take one message to be sent; raises NotifyError above the day's number.

        A test key sends nothing and is not counted.
        """
        most = a_day_max(self._limits, channel)
        if kind == "test" or not most:
            return
        today = self._now().astimezone(UTC).date().isoformat()
        day, count = self._sent.get(channel, (today, 0))
        count = count if day == today else 0
        if count >= most:
            name = TYPE_NAMES[channel]
            raise NotifyError(
                429,
                [("TooManyRequestsError", f"Exceeded send limits ({name}: {most}) for today")],
            )
        self._sent[channel] = today, count + 1
