"""The kill proof on one kind of database: a portal is killed in a burst, and its messages counted.

Every event that it answered 202 must lead to exactly one message, however many messages were on
their way at a kill. A run in which hardly any kill hit a message on its way proves nothing.
"""

import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from loadtests.arrivals import Arrivals, Patience
from loadtests.exactly_once import DeliveryComparison, compare
from loadtests.kill_moments import kill_moments
from loadtests.kill_rounds import Kill, Rounds
from loadtests.mailboxes import Mailboxes
from loadtests.portal_cluster import start_cluster
from loadtests.slow_gateway import Counts, SlowGateway
from simulator.inputs.order import Order
from simulator.inputs.target import Target, rehearsal_secrets
from simulator.processes.asgi import Application
from simulator.streams import Streams
from simulator.verdicts import Kind

Store = Literal["sqlite", "postgresql"]
STORES: tuple[Store, ...] = get_args(Store)
_PORTALS: dict[Store, int] = {"sqlite": 1, "postgresql": 2}
_GATEWAY_SECONDS = (0.001, 2.0)
#: At least one kill in so many must hit a portal with messages on their way.
_HITS_ONE_IN = 3
_AFTER_WORDS: dict[str, str] = {
    "accepted": "an answer 202",
    "arrived": "a message at the gateway",
    "answered": "the gateway's answer",
    "nothing": "nothing in particular",
    "asked": "a question from a restarted portal",
}


class Proof(Struct, frozen=True, kw_only=True):
    """The result of all the kills on one kind of database."""

    store: Store
    killed: tuple[Kill, ...]
    compared: DeliveryComparison
    redelivered: int
    gateway: Counts

    @property
    def hits(self) -> int:
        """The number of kills that hit a portal with messages on their way."""
        return sum(each.under_way > 0 for each in self.killed)

    @property
    def verdict(self) -> Kind:
        """FAIL for any harm; INCONCLUSIVE if too few kills could have caused any."""
        if not self.compared.holds:
            return "FAIL"
        return "PASS" if self.hits * _HITS_ONE_IN >= len(self.killed) else "INCONCLUSIVE"

    def lines(self) -> Iterator[str]:
        """Describe the kills and the result."""
        compared, gateway = self.compared, self.gateway
        moments = Counter(each.after for each in self.killed)
        yield f"{self.store}: killed just after " + ", ".join(
            f"{_AFTER_WORDS[after]} ({moments[after]})" for after in _AFTER_WORDS if moments[after]
        )
        yield (
            f"{self.store}: {len(self.killed)} kills, {self.hits} of them with messages on their "
            f"way: {gateway.cut_off_before} not yet accepted, {gateway.cut_off_after} accepted but "
            "not recorded"
        )
        yield (
            f"{self.store}: the gateway was asked about {gateway.asked} messages and knew "
            f"{gateway.found}; {self.redelivered} deliveries were repeated"
        )
        yield (
            f"{self.store}: {compared.owed} events accepted, {compared.came} messages: "
            f"{len(compared.lost)} lost, {len(compared.duplicated)} duplicated, "
            f"{len(compared.strayed)} not due: {self.verdict}"
        )


def prove(
    target: Target,
    order: Order,
    *,
    store: Store,
    kills: int,
    seed: int,
    on_kill: Callable[[], None] = lambda: None,
    stop: threading.Event | None = None,
    patience: Patience | None = None,
) -> Proof:
    """Kill the portal that a target's command starts; raises SuiteError if it cannot run."""
    streams, secrets = Streams(seed), rehearsal_secrets()
    gateways: list[SlowGateway] = []

    def slow_gateway(gateway: Application) -> Application:
        stream = streams.for_("gateway")
        gateways.append(SlowGateway(gateway, seconds=_GATEWAY_SECONDS, stream=stream))
        return gateways[0]

    with (
        tempfile.TemporaryDirectory(prefix="kills-") as folder,
        start_cluster(
            target,
            order,
            secrets=secrets,
            on_postgres=store == "postgresql",
            portals=_PORTALS[store],
            folder=Path(folder),
            before_gateway=slow_gateway,
            name=f"kills-{seed}",
        ) as scene,
    ):
        mailboxes = Mailboxes(scene.crime_system, order, identity_key=secrets.identity)
        arrivals = Arrivals(
            scene.inbox,
            mailboxes.owed,
            patience=patience or Patience(),
            stop=stop or threading.Event(),
        )
        rounds = Rounds(scene, gateways[0], mailboxes, arrivals)
        rounds.invite(kills)
        killed = []
        moments = kill_moments(kills, portals=len(scene.portals), streams=streams)
        for number, moment in enumerate(moments):
            killed.append(rounds.play(number, moment, streams))
            on_kill()
        gateways[0].is_slow = False
        arrivals.settle()
        return Proof(
            store=store,
            killed=tuple(killed),
            compared=compare(mailboxes.owed, arrivals.came),
            redelivered=rounds.deliveries.redelivered,
            gateway=gateways[0].counts,
        )
