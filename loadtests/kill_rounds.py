"""One long burst in rounds: events are delivered, a portal is killed at a moment, and restarted.

A round begins while the portal still asks about messages of earlier rounds, as in a burst. Every
round has its own victims, so each event has its own message.
"""

import time
from collections.abc import Callable

from msgspec import Struct

from loadtests.arrivals import Arrivals
from loadtests.deliveries import Deliveries
from loadtests.kill_moments import KillMoment
from loadtests.mailboxes import Mailboxes
from loadtests.portal_cluster import PortalCluster
from loadtests.slow_gateway import SlowGateway
from simulator.clock import wall_sleep
from simulator.errors import SuiteError
from simulator.streams import Streams

VICTIMS_A_ROUND = 40
_SENDERS = 2
_POLL_SECONDS = 0.0005
_MOMENT_SECONDS_MAX = 20.0


class Kill(Struct, frozen=True, kw_only=True):
    """One kill: what it waited for, its time in the round, and the messages on their way."""

    after: str
    seconds: float
    portal: int
    under_way: int


class Rounds:
    """Run the rounds on a cluster; raises SuiteError if that fails."""

    def __init__(
        self, cluster: PortalCluster, gateway: SlowGateway, mailboxes: Mailboxes, arrivals: Arrivals
    ) -> None:
        self._cluster = cluster
        self._gateway = gateway
        self._mailboxes = mailboxes
        self._arrivals = arrivals
        self.deliveries = Deliveries(cluster.drivers, senders=_SENDERS, stop=arrivals.stop)

    def invite(self, rounds: int) -> None:
        """Record the crimes of all rounds, and wait until every victim is invited."""
        self.deliveries.begin(self._mailboxes.record(range(rounds * VICTIMS_A_ROUND)))
        self.deliveries.finish()
        self._arrivals.settle()
        owed, came = len(self._mailboxes.owed), len(self._arrivals.came)
        if came != owed:
            raise SuiteError(
                f"{owed} victims had {came} invitations before the first kill "
                "(run portal-suite accept first)"
            )

    def play(self, number: int, moment: KillMoment, streams: Streams) -> Kill:
        """Deliver a round's events, kill at the moment, restart, and deliver the rest."""
        first = number * VICTIMS_A_ROUND
        batches = self._mailboxes.close(
            range(first, first + VICTIMS_A_ROUND), streams.for_(f"round {number}")
        )
        self._gateway.is_slow = True
        began, cut_off = time.monotonic(), self._gateway.counts.cut_off
        reached = self._counter(moment)
        self.deliveries.begin(batches)
        self._wait_until(lambda: reached() >= moment.count)
        wall_sleep(moment.seconds)
        portal = self._cluster.portals[moment.portal]
        portal.kill()
        seconds = time.monotonic() - began
        portal.start()
        self._arrivals.note_break()
        self.deliveries.finish()
        return Kill(
            after=moment.after,
            seconds=round(seconds, 4),
            portal=moment.portal,
            under_way=self._gateway.counts.cut_off - cut_off,
        )

    def _wait_until(self, reached: Callable[[], bool]) -> None:
        """Wait for a moment; if it does not come in time, continue."""
        end = time.monotonic() + _MOMENT_SECONDS_MAX
        while not reached() and time.monotonic() < end:
            self._arrivals.pause(_POLL_SECONDS)

    def _counter(self, moment: KillMoment) -> Callable[[], int]:
        """Return a counter, from now on, of what the moment waits for."""
        accepted, counts = self.deliveries.accepted, self._gateway.counts
        if moment.after == "nothing":
            return lambda: moment.count
        if moment.after == "accepted":
            before = len(accepted)
            return lambda: len(accepted) - before
        name = str(moment.after)
        start: int = getattr(counts, name)
        return lambda: getattr(counts, name) - start
