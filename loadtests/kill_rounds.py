"""One long burst in rounds: events come in, a portal is killed at a moment, and comes back.

Rounds follow each other while messages of earlier ones still wait to be asked after, as in a burst;
every round has victims of its own, so that each event has one message and shares it with none.
"""

import time
from collections.abc import Callable

from msgspec import Struct

from loadtests.arrivals import Arrivals
from loadtests.deliveries import Deliveries
from loadtests.kill_moments import KillMoment
from loadtests.mailboxes import Mailboxes
from loadtests.slow_gateway import SlowGateway
from loadtests.stage import Stage
from simulator.clock import wall_sleep
from simulator.errors import SuiteError
from simulator.streams import Streams

VICTIMS_A_ROUND = 40
_SENDERS = 2
_POLL_SECONDS = 0.0005
_MOMENT_SECONDS_MAX = 20.0


class Killed(Struct, frozen=True, kw_only=True):
    """One kill: what it waited for, how long after the round began, and what was under way."""

    after: str
    seconds: float
    portal: int
    under_way: int


class Rounds:
    """Plays the rounds on a stage; raises SuiteError when that cannot be."""

    def __init__(
        self, stage: Stage, gateway: SlowGateway, mailboxes: Mailboxes, arrivals: Arrivals
    ) -> None:
        self._stage = stage
        self._gateway = gateway
        self._mailboxes = mailboxes
        self._arrivals = arrivals
        self.deliveries = Deliveries(stage.drivers, senders=_SENDERS)

    def invite(self, rounds: int) -> None:
        """Record the crimes of all rounds, and wait until every victim is invited."""
        self.deliveries.begin(self._mailboxes.record(range(rounds * VICTIMS_A_ROUND)))
        self.deliveries.finish()
        self._arrivals.settle()
        owed, came = len(self._mailboxes.owed), len(self._arrivals.came)
        if came != owed:
            raise SuiteError(
                f"{owed} victims had {came} invitations before anything was killed "
                "(try portal-suite accept first)"
            )

    def play(self, number: int, moment: KillMoment, streams: Streams) -> Killed:
        """Deliver a round's events, kill at the moment, start again, and deliver what is left."""
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
        portal = self._stage.portals[moment.portal]
        portal.kill()
        seconds = time.monotonic() - began
        portal.start()
        self._arrivals.note_break()
        self.deliveries.finish()
        return Killed(
            after=moment.after,
            seconds=round(seconds, 4),
            portal=moment.portal,
            under_way=self._gateway.counts.cut_off - cut_off,
        )

    def _wait_until(self, reached: Callable[[], bool]) -> None:
        """Wait for a moment, which may never come: then it is now."""
        end = time.monotonic() + _MOMENT_SECONDS_MAX
        while not reached() and time.monotonic() < end:
            self._arrivals.pause(_POLL_SECONDS)

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
