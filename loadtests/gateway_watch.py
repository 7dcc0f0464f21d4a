"""Watch the gateway: record its messages, and decide when no more will come."""

import time
from collections.abc import Callable, Collection
from typing import Literal

from loadtests.doubles import PortalWithDoubles
from simulator.clock import wall_sleep
from simulator.evidence.records import MessageRefused, Stamped, TaskRaised
from simulator.neighbours.gateway.inbox import Accepted

_POLL_SECONDS = 0.05
_LOOK_SECONDS = 0.5


class GatewayWatch:
    """Keep the evidence of the gateway. `answered` has the references of all messages so far."""

    def __init__(
        self,
        scene: PortalWithDoubles,
        *,
        tell_receipts: Callable[[str], None],
        show: Callable[[str], None],
    ) -> None:
        self._scene = scene
        self._tell_receipts = tell_receipts
        self._show = show
        self._arrived_at = time.monotonic()
        self.answered: set[str] = set()

    def collect(self) -> None:
        """Record what has arrived since the last time."""
        for each in self._scene.handsets.drain():
            self._arrived_at = time.monotonic()
            if isinstance(each, Accepted):
                self._take(each)
                continue
            self._scene.evidence.append(
                MessageRefused(
                    at=each.refused_at,
                    to=each.to,
                    channel=each.channel,
                    status=each.status,
                    reason=each.reason,
                )
            )

    def wait_while(
        self, going_on: Callable[[], bool], what: str, *, seconds_max: float, of: int
    ) -> None:
        """Record what arrives while something else goes on, at most `seconds_max`.

        It shows how many messages came `of` so many that are due.
        """
        before = len(self.answered)
        end = time.monotonic() + seconds_max
        while going_on() and time.monotonic() < end:
            self.collect()
            self._show(f"{what}: {len(self.answered) - before:,} of {of:,} messages")
            wall_sleep(_POLL_SECONDS)

    def wait_for(
        self,
        wanted: Collection[str],
        *,
        silence_seconds: float,
        seconds_max: float,
        repeats_seconds: float = 1.0,
    ) -> Literal["all", "silence", "time"]:
        """Wait until each reference has had its message, or no more come.

        Returns how it ended: all came, none came for `silence_seconds`, or time was up. When all
        came, `repeats_seconds` more are waited for a message that comes twice.
        """
        start = self._arrived_at = time.monotonic()
        wanted = set(wanted)
        while not wanted <= self.answered:
            self.collect()
            now = time.monotonic()
            if now - self._arrived_at > silence_seconds:
                return "silence"
            if now - start > seconds_max:
                return "time"
            missing = len(wanted - self.answered)
            self._show(f"waiting for {missing:,} of {len(wanted):,} messages")
            wall_sleep(_POLL_SECONDS)
        end = time.monotonic() + repeats_seconds
        while (left := end - time.monotonic()) > 0:
            self.collect()
            self._show(f"all came; {left:.0f} seconds more for what comes twice")
            wall_sleep(min(left, _LOOK_SECONDS))
        self.collect()
        return "all"

    def wait_for_tasks(self, silence_seconds: float, seconds_max: float) -> None:
        """Wait until the portal has raised no task and passed on no question for so long.

        Our crime system writes each down. It takes `seconds_max` at most.
        """
        start = changed_at = time.monotonic()
        count = -1
        while (now := time.monotonic()) - start < seconds_max:
            self.collect()
            records = self._scene.evidence.records
            seen = sum(isinstance(each, TaskRaised | Stamped) for each in records)
            if seen != count:
                count, changed_at = seen, now
            if now - changed_at > silence_seconds:
                return
            self._show(f"{count:,} tasks raised; waiting for more")
            wall_sleep(_LOOK_SECONDS)

    def _take(self, message: Accepted) -> None:
        record = self._scene.handsets.as_evidence(message)
        self._scene.evidence.append(record)
        self._tell_receipts(message.message_id)
        if record.carries != "one_time_code":
            self.answered.add(message.reference)
