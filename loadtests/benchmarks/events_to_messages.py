"""Signed events in to messages out, through the whole reference portal in process.

One event and a commit at a time, and a hundred to a batch; the database is a file. Beside it a bare
Starlette endpoint, which takes the same signed bodies from the same driver and does nothing.
"""

import gc
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median

from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from loadtests.burst_victims import BurstVictims
from reference.contract.events import BATCH_EVENTS_MAX, AnyEvent, OfficerDeployed
from simulator.drivers import in_process
from simulator.drivers.base import Delivery
from simulator.drivers.exchange import InProcessExchange
from simulator.drivers.http import HttpDriver
from simulator.errors import SuiteError
from simulator.inputs.order import Order, read_order
from simulator.inputs.target import read_target, rehearsal_secrets
from simulator.world.builder import neighbours

ROOT = Path(__file__).parents[2]
SIZES = {"one_at_a_time": 1, "in_batches_of_100": BATCH_EVENTS_MAX}
_NAME = "events_to_messages"


class Measured(Struct, frozen=True):
    """Median seconds for all events of one run, ours and the bare endpoint's."""

    portal_seconds: float
    bare_seconds: float


def measure(*, events: int = 2000, runs: int = 5) -> Iterator[str]:
    """Measure single events and batches; return one line for each number."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = _Bench(events, database=str(Path(folder) / "portal.db"))
        yield f"note {_NAME} on SQLite with synchronous=NORMAL: no commit waits for the disk"
        for way, size in SIZES.items():
            found = bench.measure(size, runs)
            yield f"rate {_NAME}_{way} {events / found.portal_seconds:.0f} events/s"
            yield f"rate bare_endpoint_{way} {events / found.bare_seconds:.0f} events/s"
            yield f"ratio {_NAME}_{way} {found.portal_seconds / found.bare_seconds:.2f}"
        bench.close()


class _Bench:
    """The portal with invited victims who want texts, in phase 1, on a working morning."""

    def __init__(self, events: int, *, database: str) -> None:
        target = read_target(ROOT / "scenarios" / "targets" / "reference.toml")
        order = read_order(ROOT / target.order)
        self._now = order.working_days.next_morning(order.go_live_at(1))
        self._deliveries = 0
        secrets = rehearsal_secrets()
        self._around = neighbours(
            source="bench", now=self._clock, security_now=self._clock, secrets=secrets
        )
        self._portal = in_process.start(
            target,
            order,
            secrets=secrets,
            gateway=self._around.gateway_app,
            crime_system=self._around.outage,
            clock_start=self._now,
            now=self._clock,
            database=database,
        )
        self._bare = HttpDriver(
            InProcessExchange(_bare_application()),
            secrets=secrets,
            capabilities=frozenset(),
            security_now=self._clock,
        )
        self._crowd = _crowd(order, events)
        invited = [
            self._crowd.recorded(each, self._now, secrets.identity) for each in range(events)
        ]
        self._through_portal(self._bodies(invited), BATCH_EVENTS_MAX)

    def measure(self, size: int, runs: int) -> Measured:
        """Time both in turn, after a warm-up round that does not count."""
        ours, bare = [], []
        for _run in range(runs + 1):
            bodies = self._bodies(
                [
                    OfficerDeployed(
                        crime_reference=self._crowd.crime_reference(each), deployed_at=self._now
                    )
                    for each in range(self._crowd.count)
                ]
            )
            self._around.inbox.drain()
            ours.append(self._through_portal(bodies, size))
            arrived = len(self._around.inbox.drain())
            if arrived != len(bodies):
                raise SuiteError(f"{len(bodies)} events made {arrived} messages; not measured")
            bare.append(self._to_bare_endpoint(bodies, size))
        return Measured(median(ours[1:]), median(bare[1:]))

    def close(self) -> None:
        """Close both."""
        self._portal.close()
        self._bare.close()

    def _through_portal(self, bodies: Sequence[bytes], size: int) -> float:
        """Deliver the events and send the messages to the gateway; return the seconds."""
        with _quiet():
            start = time.perf_counter()
            for delivery in self._deliver_by(bodies, size):
                self._portal.deliver(delivery)
                self._portal.advance_to(self._now)
            return time.perf_counter() - start

    def _to_bare_endpoint(self, bodies: Sequence[bytes], size: int) -> float:
        with _quiet():
            start = time.perf_counter()
            for delivery in self._deliver_by(bodies, size):
                self._bare.deliver(delivery)
            return time.perf_counter() - start

    def _deliver_by(self, bodies: Sequence[bytes], size: int) -> Iterator[Delivery]:
        for first in range(0, len(bodies), size):
            self._deliveries += 1
            yield Delivery(f"bench-{self._deliveries}", bodies[first : first + size])

    def _bodies(self, events: Sequence[AnyEvent]) -> list[bytes]:
        crime_system = self._around.crime_system
        for event in events:
            crime_system.record(event)
        return [crime_system.outgoing.popleft().body for _ in events]

    def _clock(self) -> datetime:
        return self._now


def _crowd(order: Order, count: int) -> BurstVictims:
    force = next(iter(order.forces))
    return BurstVictims(
        run="bench",
        count=count,
        force=force,
        reference_prefix=order.forces[force].reference_prefix,
        offence_subgroup=order.eligibility.offence_subgroups[0],
    )


def _bare_application() -> Starlette:
    async def take(request: Request) -> Response:
        await request.body()
        return Response(status_code=202)

    return Starlette(routes=[Route("/crime-events", take, methods=["POST"])])


@contextmanager
def _quiet() -> Iterator[None]:
    """Turn garbage collection off meanwhile, because it belongs to neither side."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
