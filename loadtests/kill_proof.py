"""The proof, on one kind of database: a portal killed in a burst, and what its victims heard.

Every event that it answered 202 must be notified exactly once, however many messages were under way
at a kill. A run in which hardly any kill hit a message under way proves nothing.
"""

import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, get_args

from msgspec import Struct

from loadtests.arrivals import Arrivals, Patience
from loadtests.exactly_once import Compared, compare
from loadtests.kill_moments import kill_moments
from loadtests.kill_rounds import Killed, Rounds
from loadtests.mailboxes import Mailboxes
from loadtests.slow_gateway import Counts, SlowGateway
from loadtests.stage import stage
from simulator.inputs.order import Order
from simulator.inputs.target import Target, rehearsal_secrets
from simulator.processes.asgi import Application
from simulator.streams import Streams
from simulator.verdicts import Kind

Store = Literal["sqlite", "postgresql"]
STORES: tuple[Store, ...] = get_args(Store)
_PORTALS: dict[Store, int] = {"sqlite": 1, "postgresql": 2}
_GATEWAY_SECONDS = (0.001, 2.0)
#: One kill in so many at least must hit a portal with messages under way.
_HITS_ONE_IN = 3
_SAID: dict[str, str] = {
    "accepted": "an answer 202",
    "arrived": "a message at the gateway",
    "answered": "the gateway's answer",
    "nothing": "nothing in particular",
    "asked": "a question by a portal that came back",
}


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
        return "PASS" if self.hits * _HITS_ONE_IN >= len(self.killed) else "INCONCLUSIVE"

    def lines(self) -> Iterator[str]:
        """Say what was done and found."""
        compared, gateway = self.compared, self.gateway
        moments = Counter(each.after for each in self.killed)
        yield f"{self.store}: killed just after " + ", ".join(
            f"{_SAID[after]} ({moments[after]})" for after in _SAID if moments[after]
        )
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
    on_kill: Callable[[], None] = lambda: None,
    stop: threading.Event | None = None,
    patience: Patience | None = None,
) -> Proof:
    """Kill the portal that a target's command starts; raises SuiteError where that cannot be."""
    streams, secrets = Streams(seed), rehearsal_secrets()
    in_front: list[SlowGateway] = []

    def slowed(gateway: Application) -> Application:
        stream = streams.for_("gateway")
        in_front.append(SlowGateway(gateway, seconds=_GATEWAY_SECONDS, stream=stream))
        return in_front[0]

    with (
        tempfile.TemporaryDirectory(prefix="kills-") as folder,
        stage(
            target,
            order,
            secrets=secrets,
            on_postgres=store == "postgresql",
            portals=_PORTALS[store],
            folder=Path(folder),
            before_gateway=slowed,
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
        rounds = Rounds(scene, in_front[0], mailboxes, arrivals)
        rounds.invite(kills)
        killed = []
        moments = kill_moments(kills, portals=len(scene.portals), streams=streams)
        for number, moment in enumerate(moments):
            killed.append(rounds.play(number, moment, streams))
            on_kill()
        in_front[0].is_slow = False
        arrivals.settle()
        return Proof(
            store=store,
            killed=tuple(killed),
            compared=compare(mailboxes.owed, arrivals.came),
            redelivered=rounds.deliveries.redelivered,
            gateway=in_front[0].counts,
        )
