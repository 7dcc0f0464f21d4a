"""The reference portal under uvicorn, with invited victims, ready for events."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import msgspec
from msgspec import Struct

from loadtests.benchmarks.quick_sender import request, send
from loadtests.mailboxes import Mailboxes
from loadtests.portal_cluster import environment_of
from loadtests.postgres import postgres_server
from reference.contract.signing import sign
from simulator.clock import wall_now, wall_sleep
from simulator.drivers.exchange import HttpExchange
from simulator.drivers.operator import reference_settings, write_settings
from simulator.errors import SuiteError
from simulator.evidence.records import EvidenceLog
from simulator.inputs.order import read_order
from simulator.inputs.target import SecretValues, read_target, rehearsal_secrets
from simulator.neighbours.crime_system.outgoing import Outgoing
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.processes.loopback import HOST, free_port
from simulator.processes.server_process import ServerProcess

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "scenarios" / "targets" / "reference-for-load.toml"
GATEWAY = ("{python}", "-m", "loadtests.benchmarks.quick_gateway", "{port}")
_STARTED = "portal_started"
_SECONDS_MAX = 60.0
_WAIT_SECONDS_MAX = 10.0
_LOOK_SECONDS = 0.05


class Run(Struct, frozen=True):
    """Seconds until all events were at the gateway, and for each from its 202 to there."""

    seconds: float
    latencies: list[float]


class MeasuredPortal:
    """A portal and its gateway. Every run has so many events, each of another victim."""

    def __init__(
        self, url: str, gateway_url: str, mailboxes: Mailboxes, secrets: SecretValues, events: int
    ) -> None:
        self._url = url
        self._gateway = HttpExchange(gateway_url, wait_seconds_max=_WAIT_SECONDS_MAX)
        self._mailboxes = mailboxes
        self._secrets = secrets
        self._events = events
        self._deliveries = count(1)

    def invite(self) -> None:
        """Record the crimes, and wait until every victim is invited."""
        batches = self._mailboxes.record(range(self._events))
        self._run([each.events for each in batches], None)

    def run(self, size: int, *, events: int | None = None, a_second: float | None = None) -> Run:
        """Send the events, so many to a delivery: as fast as they are taken, or at a steady rate.

        Raises SuiteError where one is not taken, or its message does not come.
        """
        numbers = (each % self._events for each in range(events or self._events))
        outgoing = self._mailboxes.deploy(numbers)
        batches = [outgoing[each : each + size] for each in range(0, len(outgoing), size)]
        return self._run(batches, a_second)

    def close(self) -> None:
        """Close the connection to the gateway."""
        self._gateway.close()

    def body(self, size: int) -> bytes:
        """Make a delivery of this size, as a bare route may take it."""
        return _body(self._mailboxes.deploy(range(size)))

    def _run(self, batches: Sequence[Sequence[Outgoing]], a_second: float | None) -> Run:
        sent = send(self._url, [self._request(each) for each in batches], a_second=a_second)
        answered = {
            event.event_id: at
            for batch, at in zip(batches, sent.answered, strict=True)
            for event in batch
        }
        came = self._came(len(answered))
        return Run(
            max(came.values()) - sent.began,
            # A message may arrive before the sender of the event has read the answer.
            [max(0.0, came[event] - at) for event, at in answered.items()],
        )

    def _request(self, batch: Sequence[Outgoing]) -> bytes:
        body = _body(batch)
        delivery_id = f"bench-{next(self._deliveries)}"
        headers = sign(self._secrets.events, delivery_id=delivery_id, at=wall_now(), body=body)
        return request(self._url, "/crime-events", headers, body)

    def _came(self, wanted: int) -> dict[str, float]:
        """Wait until so many messages came; return the time of each by its event."""
        came: dict[str, float] = {}
        end = time.monotonic() + _SECONDS_MAX
        while len(came) < wanted:
            if time.monotonic() > end:
                raise SuiteError(f"{wanted} events made {len(came)} messages; not measured")
            wall_sleep(_LOOK_SECONDS)
            listed = self._gateway.send("GET", "/", {}).body
            came |= dict(msgspec.json.decode(listed, type=list[tuple[str, float]]))
        return came


@contextmanager
def measured_portal(
    events: int, *, workers: int, on_postgres: bool, folder: Path
) -> Iterator[MeasuredPortal]:
    """Start the portal, with so many victims invited; raises SuiteError."""
    target, secrets = read_target(TARGET), rehearsal_secrets()
    order = read_order(ROOT / target.order).staying_in(1)
    words = folder / "portal.txt"
    with ExitStack() as stack:
        gateway = stack.enter_context(ServerProcess(GATEWAY, words=folder / "gateway.txt"))
        gateway.start()
        postgres = stack.enter_context(postgres_server()) if on_postgres else None
        command = (*target.access.command, "--workers", str(workers))
        portal = stack.enter_context(ServerProcess(command, words=words))
        values = reference_settings(
            order,
            public_url=portal.url,
            gateway_url=gateway.url,
            crime_system_url=f"http://{HOST}:{free_port()}",
            database=str(folder / "portal.db"),
            test_clock_start=None,
        )
        environment = environment_of(target, secrets, postgres)
        environment["PORTAL_SETTINGS"] = str(write_settings(folder, values))
        portal.start(environment)
        _await_workers(words, workers)
        crime_system = CrimeSystem(now=wall_now, evidence=EvidenceLog(), source="bench")
        mailboxes = Mailboxes(crime_system, order, identity_key=secrets.identity)
        measured = MeasuredPortal(portal.url, gateway.url, mailboxes, secrets, events)
        stack.callback(measured.close)
        measured.invite()
        yield measured


def _await_workers(words: Path, workers: int) -> None:
    """Wait until each worker has logged its start: the port is open before that."""
    end = time.monotonic() + _SECONDS_MAX
    while words.read_text(encoding="utf-8").count(_STARTED) < workers:
        if time.monotonic() > end:
            raise SuiteError(f"not {workers} workers after {_SECONDS_MAX:g} s; not measured")
        wall_sleep(_LOOK_SECONDS)


def _body(batch: Sequence[Outgoing]) -> bytes:
    return b"[" + b",".join(each.body for each in batch) + b"]"
