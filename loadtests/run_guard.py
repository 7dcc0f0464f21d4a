"""What stops a burst by itself: a portal that answers nothing, and more requests than were agreed.

Pure: it is told of every request and its answer. A refusal is an answer; nothing, and "not now"
(429, 502, 503, 504), are none.
"""

from collections.abc import Callable, Sequence

_NOT_NOW = frozenset({0, 429, 502, 503, 504})


class RunGuard:
    """Says when a burst must stop. Times are in seconds, by any clock.

    While one of our `faults` lasts, from when to when, a portal need not answer. `answered_at` is
    when it last did, None for never.
    """

    def __init__(
        self,
        *,
        requests_max: int,
        down_seconds_max: float,
        faults: Sequence[tuple[float, float]] = (),
    ) -> None:
        self._requests_max = requests_max
        self._down_seconds_max = down_seconds_max
        self._faults = faults
        self._failing_since: float | None = None
        self.answered_at: float | None = None
        self.requests = 0

    def begin_request(self) -> None:
        """Count a request that is about to be sent."""
        self.requests += 1

    def answered(self, status: int, now: Callable[[], float]) -> None:
        """Note an answer; 0 is none."""
        if status not in _NOT_NOW:
            self._failing_since, self.answered_at = None, now()
        elif self._failing_since is None:
            self._failing_since = now()

    def why_stop(self, now: float) -> str:
        """Explain why the burst must stop, "" if it may go on."""
        if self.requests >= self._requests_max:
            return f"{self.requests:,} requests are the most that this burst may send"
        if self.silent_since(now) is not None:
            return f"the portal answered nothing for {self._down_seconds_max:g} s"
        return ""

    def silent_since(self, now: float) -> float | None:
        """Say since when the portal has answered nothing for too long, None if it has not.

        It has all that time after a fault of ours, too.
        """
        if self._failing_since is None:
            return None
        ended = [end for begin, end in self._faults if begin <= now]
        since = max([self._failing_since, *ended])
        return since if now - since > self._down_seconds_max else None
