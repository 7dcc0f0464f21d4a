"""Events in to messages out over sockets: one worker on SQLite, four that share a PostgreSQL.

All on this machine's cores: the portal under uvicorn, its database, a sender, and a gateway that
does next to nothing. Beside it a bare Starlette route under the same uvicorn, measured by wrk, and
what the disk can do: an event that came alone waits for two commits to be on it.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from msgspec import Struct

from loadtests.benchmarks import wrk
from loadtests.benchmarks.measured_portal import TARGET, measured_portal
from loadtests.benchmarks.quick_sender import share
from reference.contract.events import BATCH_EVENTS_MAX
from simulator.inputs.target import read_target
from simulator.processes.server_process import ServerProcess

WAYS = {"one_at_a_time": 1, "in_batches_of_100": BATCH_EVENTS_MAX}
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
_PORTAL = "reference.operations.service:create_app"
_BARE = "loadtests.benchmarks.bare_route:create_app"


class Setting(Struct, frozen=True):
    """The number of workers and their database."""

    name: str
    workers: int
    on_postgres: bool
    synced: str


SETTINGS = (
    Setting("sqlite", 1, on_postgres=False, synced="synchronous=FULL"),
    Setting("postgresql", 4, on_postgres=True, synced="synchronous_commit=on"),
)


class Found(Struct, frozen=True):
    """Events a second from the first sent to the last at the gateway; seconds from 202 to there.

    The latter while events come at a `steady` rate.
    """

    a_second: dict[str, float]
    steady: float
    latencies: list[float]
    bodies: dict[str, bytes]


def measure(*, events: int = 1000, runs: int = 3, seconds: int = 4) -> Iterator[str]:
    """Measure both settings; gives a line for each number.

    A run has so many `events`, and the median of runs counts. Latencies are taken over `seconds`,
    at half the rate that was found; wrk takes `seconds` too.
    """
    tool = wrk.bring()
    yield f"rate disk_synced_writes {_synced_writes():.0f} writes/s"
    for setting in SETTINGS:
        name = f"over_sockets_{setting.name}"
        yield f"note {name} with {setting.synced}: every commit waits for the disk"
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            found = _measure(setting, Path(folder), events=events, runs=runs, seconds=seconds)
            for way, size in WAYS.items():
                yield f"rate {name}_{way} {found.a_second[way]:.0f} events/s"
                bare = f"bare_route_{setting.workers}_workers_{way}"
                try:
                    with _bare_route(setting.workers, Path(folder)) as url:
                        requests = wrk.requests_a_second(
                            tool, url, found.bodies[way], folder=Path(folder), seconds=seconds
                        )
                except ValueError as why:
                    yield f"note {bare} could not be measured: {why}"
                else:
                    yield f"rate {bare} {requests * size:.0f} events/s"
                    yield f"ratio {name}_{way} {requests * size / found.a_second[way]:.2f}"
        yield f"rate {name}_202_to_gateway_at {found.steady:.0f} events/s"
        for which, value in zip(SHARES, share(found.latencies, *SHARES.values()), strict=True):
            yield f"rate {name}_202_to_gateway_{which} {value * 1000:.1f} ms"


def _measure(setting: Setting, folder: Path, *, events: int, runs: int, seconds: int) -> Found:
    """Measure the portal, after a warm-up run of each kind that does not count."""
    with measured_portal(
        events, workers=setting.workers, on_postgres=setting.on_postgres, folder=folder
    ) as portal:
        took = {
            way: median([portal.run(size).seconds for _run in range(runs + 1)][1:])
            for way, size in WAYS.items()
        }
        a_second = {way: events / each for way, each in took.items()}
        steady = a_second["one_at_a_time"] / 2
        count = min(events, int(steady * seconds))
        return Found(
            a_second=a_second,
            steady=steady,
            latencies=portal.run(1, events=count, a_second=steady).latencies,
            bodies={way: portal.body(size) for way, size in WAYS.items()},
        )


def _synced_writes(seconds: float = 1.0) -> float:
    """Return how many synchronous writes a second this disk can do."""
    with tempfile.TemporaryFile(buffering=0) as file:
        began, writes = time.monotonic(), 0
        while time.monotonic() - began < seconds:
            file.write(bytes(4096))
            os.fsync(file.fileno())
            writes += 1
        return writes / (time.monotonic() - began)


@contextmanager
def _bare_route(workers: int, folder: Path) -> Iterator[str]:
    """Serve the bare route as the portal is served; return its URL."""
    command = [each.replace(_PORTAL, _BARE) for each in read_target(TARGET).access.command]
    command += ["--workers", str(workers)]
    with ServerProcess(command, words=folder / "bare.txt") as bare:
        bare.start()
        yield f"{bare.url}/crime-events"
