"""The proof that no crash loses or repeats a message: `python -m loadtests.kills`, `make proof`.

In one long burst of events the portal is killed with SIGKILL, again and again, at moments drawn
from a seed, and started again. Every event that it answered 202 must be notified exactly once, as
its victim sees it. A run in which hardly any kill hit a message under way proves nothing.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from loadtests.exactly_once import Compared, compare
from loadtests.kill_moments import kill_moments
from loadtests.kill_rounds import Killed, Rounds
from loadtests.mailboxes import Mailboxes
from loadtests.slow_gateway import Counts, SlowGateway
from loadtests.stage import stage
from simulator.drivers.exchange import Application
from simulator.errors import BadInput, SuiteError
from simulator.judge.verdicts import Kind, exit_code, worst
from simulator.order import Order, read_order
from simulator.streams import Streams
from simulator.target import Target, read_target, rehearsal_secrets

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "scenarios" / "targets" / "reference-for-load.toml"
Store = Literal["sqlite", "postgresql"]
STORES: tuple[Store, ...] = get_args(Store)
_PORTALS: dict[Store, int] = {"sqlite": 1, "postgresql": 2}
_KILLS_MAX = 2000
_GATEWAY_SECONDS = (0.001, 2.0)
#: How long after a crash its messages may still be asked after and sent.
_RECOVERY_SECONDS = 15.0


class Proof(Struct, frozen=True, kw_only=True):
    """What came of all the kills on one kind of database."""

    store: Store
    killed: tuple[Killed, ...]
    compared: Compared
    redelivered: int
    gateway: Counts

    @property
    def hits(self) -> int:
        """How many kills hit a portal with messages under way."""
        return sum(each.under_way > 0 for each in self.killed)

    @property
    def verdict(self) -> Kind:
        """FAIL for any harm; INCONCLUSIVE where too few kills could have done any."""
        if not self.compared.holds:
            return "FAIL"
        return "PASS" if self.hits * 3 >= len(self.killed) else "INCONCLUSIVE"

    def lines(self) -> Iterator[str]:
        """Say what was done and found."""
        compared, gateway = self.compared, self.gateway
        yield (
            f"{self.store}: {len(self.killed)} kills, {self.hits} of them with messages under way: "
            f"{gateway.cut_off_before} about to be taken, {gateway.cut_off_after} taken and not "
            "written down"
        )
        yield (
            f"{self.store}: the gateway was asked after {gateway.asked} messages and knew "
            f"{gateway.found}; {self.redelivered} deliveries were made again"
        )
        yield (
            f"{self.store}: {compared.owed} events accepted, {compared.came} messages: "
            f"{len(compared.lost)} lost, {len(compared.duplicated)} twice, "
            f"{len(compared.strayed)} to nobody who was owed one: {self.verdict}"
        )


def prove(
    target: Target,
    order: Order,
    *,
    store: Store,
    kills: int,
    seed: int,
    on_kill: Callable[[Killed], None] = lambda _killed: None,
) -> Proof:
    """Kill the portal that a target's command starts; raises SuiteError where that cannot be."""
    streams, secrets = Streams(seed), rehearsal_secrets()
    in_front: list[SlowGateway] = []

    def slowed(gateway: Application) -> Application:
        stream = streams.for_("gateway")
        in_front.append(SlowGateway(gateway, seconds=_GATEWAY_SECONDS, stream=stream))
        return in_front[0]

    with tempfile.TemporaryDirectory(prefix="kills-") as folder, stage(
        target,
        order.staying_in(1),
        secrets=secrets,
        on_postgres=store == "postgresql",
        portals=_PORTALS[store],
        folder=Path(folder),
        before_gateway=slowed,
        name=f"kills-{seed}",
    ) as scene:
        mailboxes = Mailboxes(
            scene.crime_system, order, identity_key=secrets.identity, name=f"k{seed}"
        )
        rounds = Rounds(scene, in_front[0], mailboxes)
        rounds.invite(kills)
        killed = []
        for number, moment in enumerate(
            kill_moments(kills, portals=len(scene.portals), streams=streams)
        ):
            killed.append(rounds.play(number, moment, streams))
            on_kill(killed[-1])
        rounds.settle(recovery_seconds=_RECOVERY_SECONDS)
        return Proof(
            store=store,
            killed=tuple(killed),
            compared=compare(mailboxes.owed, rounds.came),
            redelivered=rounds.deliveries.redelivered,
            gateway=in_front[0].counts,
        )
