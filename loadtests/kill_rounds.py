"""One long burst in rounds: events come in, a portal is killed at a moment, and comes back.

Rounds follow each other while messages of earlier ones still wait to be asked after, as in a burst;
every round has victims of its own, so that each event has one message and shares it with none.
"""

import time
from collections.abc import Callable

from msgspec import Struct

from loadtests.deliveries import Deliveries
from loadtests.kill_moments import KillMoment
from loadtests.mailboxes import Mailboxes
from loadtests.slow_gateway import SlowGateway
from loadtests.stage import Stage
from simulator.clock import wall_sleep
from simulator.errors import SuiteError
from simulator.gateway.inbox import Accepted
from simulator.streams import Streams

VICTIMS_A_ROUND = 40
_SENDERS = 2
_POLL_SECONDS = 0.0005
_MOMENT_SECONDS_MAX = 20.0
#: A message that has not come, while none came for so long, is lost.
_SILENCE_SECONDS = 60.0
#: Once all came: a message that comes twice does so soon.
_QUIET_SECONDS = 2.0


class Killed(Struct, frozen=True, kw_only=True):
    """One kill: what it waited for, how long after the round began, and what was under way."""

    after: str
    seconds: float
    portal: int
    under_way: int


class Rounds:
    """Plays the rounds on a stage. `came` holds (event, address) of every message."""

    def __init__(self, stage: Stage, gateway: SlowGateway, mailboxes: Mailboxes) -> None:
        self._stage = stage
        self._gateway = gateway
        self._mailboxes = mailboxes
        self._killed_at = time.monotonic()
        self._came_at = time.monotonic()
        self.deliveries = Deliveries(stage.drivers, senders=_SENDERS)
        self.came: list[tuple[str, str]] = []

    def invite(self, rounds: int) -> None:
        """Record the crimes of all rounds, and wait until every victim is invited."""
        self.deliveries.begin(self._mailboxes.record(range(rounds * VICTIMS_A_ROUND)))
        self.deliveries.finish()
        self.settle(recovery_seconds=0)
        if len(self.came) != len(self._mailboxes.owed):
            raise SuiteError(
                f"{len(self._mailboxes.owed)} victims had {len(self.came)} invitations before "
                "anything was killed (try portal-suite accept first)"
            )

    def play(self, number: int, moment: KillMoment, streams: Streams) -> Killed:
        """Deliver a round's events, kill at the moment, start again, and deliver what is left."""
        first = number * VICTIMS_A_ROUND
        batches = self._mailboxes.deploy(
            range(first, first + VICTIMS_A_ROUND), streams.for_(f"round {number}")
        )
        began, cut_off = time.monotonic(), self._gateway.counts.cut_off
        reached = self._counter(moment)
        self.deliveries.begin(batches)
        _wait(lambda: reached() >= moment.count)
        wall_sleep(moment.seconds)
        portal = self._stage.portals[moment.portal]
        portal.kill()
        self._killed_at = time.monotonic()
        portal.start()
        self.deliveries.finish()
        return Killed(
            after=moment.after,
            seconds=round(self._killed_at - began, 4),
            portal=moment.portal,
            under_way=self._gateway.counts.cut_off - cut_off,
        )

    def settle(self, *, recovery_seconds: float) -> None:
        """Wait until all that is owed came, and until nothing could still come twice."""
        self._came_at = time.monotonic()
        while True:
            self._collect()
            now = time.monotonic()
            quiet = now - self._came_at
            is_over = now - self._killed_at > recovery_seconds and quiet > _QUIET_SECONDS
            if quiet > _SILENCE_SECONDS or (is_over and self._all_came()):
                return
            wall_sleep(0.05)

    def _collect(self) -> None:
        for each in self._stage.inbox.drain():
            self._came_at = time.monotonic()
            if isinstance(each, Accepted):
                self.came.append((each.reference, each.to))

    def _all_came(self) -> bool:
        return self._mailboxes.owed.keys() <= {event for event, _ in self.came}

    def _counter(self, moment: KillMoment) -> Callable[[], int]:
        """Count from now on what the moment waits for."""
        accepted, counts = self.deliveries.accepted, self._gateway.counts
        if moment.after == "nothing":
            return lambda: moment.count
        if moment.after == "accepted":
            before = len(accepted)
            return lambda: len(accepted) - before
        name = str(moment.after)
        start: int = getattr(counts, name)
        return lambda: getattr(counts, name) - start


def _wait(reached: Callable[[], bool]) -> None:
    """Wait for a moment, which may never come: then it is now."""
    end = time.monotonic() + _MOMENT_SECONDS_MAX
    while not reached() and time.monotonic() < end:
        wall_sleep(_POLL_SECONDS)
