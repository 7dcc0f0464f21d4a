"""A database outage in mid-burst: accepted events are told once, the rest are delivered again."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from loadtests.arrivals import Arrivals, Patience
from loadtests.deliveries import Deliveries
from loadtests.exactly_once import DeliveryComparison, compare
from loadtests.kill_proof import Store
from loadtests.kills import TARGET
from loadtests.mailboxes import Mailboxes
from loadtests.portal_cluster import PortalCluster, start_cluster
from loadtests.slow_gateway import SlowGateway
from simulator.clock import wall_sleep
from simulator.inputs.order import read_order
from simulator.inputs.target import read_target, rehearsal_secrets
from simulator.processes.asgi import Application
from simulator.streams import Streams
from tests.simulator.real_files import ROOT

VICTIMS = 120
#: Longer than the portal waits for a locked file, so that some requests fail.
LOCKED_SECONDS = 7.0
#: Workers that cannot see each other take each other for dead; one alone knows what it was doing.
PATIENCE: dict[Store, Patience] = {"postgresql": Patience(), "sqlite": Patience(recovery=4.0)}


class Outcome(NamedTuple):
    """The result of a burst, with its repeated deliveries and its questions about messages."""

    compared: DeliveryComparison
    redelivered: int
    asked: int


class Scene(NamedTuple):
    """What an outage may touch and watch."""

    cluster: PortalCluster
    gateway: SlowGateway

    @property
    def on_their_way_count(self) -> int:
        """The messages that the gateway took and did not answer yet."""
        return self.gateway.counts.arrived - self.gateway.counts.answered


def burst_with(outage: Callable[[Scene], None], store: Store, folder: Path) -> Outcome:
    """Run a burst with an outage in the middle."""
    target = read_target(TARGET)
    order = read_order(ROOT / target.order).staying_in(1)
    secrets, streams = rehearsal_secrets(), Streams(1)
    slow: list[SlowGateway] = []

    def slowed(gateway: Application) -> Application:
        slow.append(SlowGateway(gateway, seconds=(0.1, 4.0), stream=streams.for_("gateway")))
        return slow[0]

    on_postgres = store == "postgresql"
    with start_cluster(
        target,
        order,
        secrets=secrets,
        on_postgres=on_postgres,
        portals=2 if on_postgres else 1,
        folder=folder,
        before_gateway=slowed,
    ) as cluster:
        scene = Scene(cluster, slow[0])
        mailboxes = Mailboxes(cluster.crime_system, order, identity_key=secrets.identity)
        arrivals = Arrivals(
            cluster.inbox, mailboxes.owed, patience=PATIENCE[store], stop=threading.Event()
        )
        deliveries = Deliveries(cluster.drivers, senders=2)
        deliveries.begin(mailboxes.record(range(VICTIMS)))
        deliveries.finish()
        arrivals.settle()
        slow[0].is_slow = True
        deliveries.begin(mailboxes.close(range(VICTIMS), streams.for_("burst")))
        while len(deliveries.accepted) < VICTIMS + 10 or slow[0].counts.arrived <= VICTIMS:
            wall_sleep(0.002)
        outage(scene)
        arrivals.note_break()
        deliveries.finish()
        arrivals.settle()
        compared = compare(mailboxes.owed, arrivals.came)
        return Outcome(compared, deliveries.redelivered, slow[0].counts.asked)


def restart_postgres(scene: Scene) -> None:
    """Stop the server with messages on their way; start it when their answers could not be kept."""
    postgres = scene.cluster.postgres
    assert postgres is not None
    while scene.on_their_way_count < 5:
        wall_sleep(0.001)
    postgres.stop()
    while scene.on_their_way_count:
        wall_sleep(0.01)
    postgres.start()


def lock_the_file(scene: Scene) -> None:
    """Lock the file as another program's backup might."""
    with closing(
        sqlite3.connect(scene.cluster.database, isolation_level=None, timeout=30)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        wall_sleep(LOCKED_SECONDS)
        other.execute("ROLLBACK")


# Killed with messages on their way, on both databases: tests/loadtests/test_kills.py.
@pytest.mark.proof
@pytest.mark.parametrize(
    ("store", "outage"),
    [
        ("postgresql", restart_postgres),
        ("sqlite", lock_the_file),
    ],
)
@pytest.mark.slow(seconds=19, waits=True)
def test_an_outage_of_the_database_loses_and_repeats_nothing(
    store: Store, outage: Callable[[Scene], None], tmp_path: Path
) -> None:
    """Events that could not be stored were not accepted, and come again; messages are sent once."""
    outcome = burst_with(outage, store, tmp_path)

    assert outcome.compared.holds, outcome
    assert outcome.compared.came == 2 * VICTIMS
    assert outcome.redelivered
    # One process on a file knows what it was doing, unless it dies.
    assert outcome.asked or store == "sqlite"
