"""Portals in processes of their own, on one database, with doubles around them in threads.

There is one process on an SQLite file, or several that share a PostgreSQL. All use the time of day.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from loadtests.postgres import PostgresServer, postgres_server
from simulator.clock import wall_now
from simulator.drivers.exchange import HttpExchange
from simulator.drivers.http import HttpDriver
from simulator.drivers.operator import reference_settings, write_settings
from simulator.evidence.records import EvidenceLog
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues, Target
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.gateway.inbox import Inbox
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.neighbours.gateway.notify_service import NotifyService
from simulator.processes.asgi import Application
from simulator.processes.loopback import free_port, serving
from simulator.processes.server_process import ServerProcess

DATABASE_URL = "PORTAL_DATABASE_URL"


#: Our gateway lists at once what it took: the reference need not wait minutes for that.
_REFERENCE, _ASKS_SOON = (
    "reference.operations.service:create_app",
    "reference.operations.asks_soon:create_app",
)


@dataclass(frozen=True)
class PortalCluster:
    """The running portals. `postgres` is None if the portal uses the file `database`."""

    secrets: SecretValues
    inbox: Inbox
    crime_system: CrimeSystem
    portals: Sequence[ServerProcess]
    postgres: PostgresServer | None
    database: Path
    patience_seconds: float

    def drivers(self) -> list[HttpDriver]:
        """Make a driver for each process, with its own connections."""
        return [
            HttpDriver(
                HttpExchange(each.url, wait_seconds_max=self.patience_seconds),
                secrets=self.secrets,
                capabilities=frozenset(),
                security_now=wall_now,
            )
            for each in self.portals
        ]


@contextmanager
def start_cluster(
    target: Target,
    order: Order,
    *,
    secrets: SecretValues,
    on_postgres: bool,
    portals: int,
    folder: Path,
    before_gateway: Callable[[Application], Application] = lambda each: each,
    before_crime_system: Callable[[Application], Application] = lambda each: each,
    name: str = "cluster",
) -> Iterator[PortalCluster]:
    """Start portals and doubles in an empty folder; raises SuiteError.

    `before_…` puts an application in front of a double.
    """
    inbox = Inbox(wall_now)
    crime_system = CrimeSystem(now=wall_now, evidence=EvidenceLog(), source=name)
    gateway = notify_app(
        inbox,
        service=NotifyService.of_key(secrets.gateway),
        security_now=wall_now,
        templates=DEFAULT_TEMPLATES,
    )
    records = crime_system_app(crime_system, token=secrets.crime_system)
    with ExitStack() as stack:
        postgres = stack.enter_context(postgres_server()) if on_postgres else None
        environment = environment_of(target, secrets, postgres)
        ports = [free_port(), free_port()]
        database = folder / "portal.db"
        command = [_ASKS_SOON if each == _REFERENCE else each for each in target.access.command]
        processes = [
            stack.enter_context(ServerProcess(command, words=folder / f"portal-{each}.txt"))
            for each in range(portals)
        ]
        values: dict[str, Any] = reference_settings(
            order,
            public_url=processes[0].url,
            gateway_url=stack.enter_context(serving(before_gateway(gateway), ports[0])),
            crime_system_url=stack.enter_context(serving(before_crime_system(records), ports[1])),
            database=str(database),
            test_clock_start=None,
        )
        environment["PORTAL_SETTINGS"] = str(write_settings(folder, values))
        for process in processes:
            process.start(environment)
        yield PortalCluster(
            secrets=secrets,
            inbox=inbox,
            crime_system=crime_system,
            portals=processes,
            postgres=postgres,
            database=database,
            patience_seconds=target.access.wait_seconds_max,
        )


def environment_of(
    target: Target, secrets: SecretValues, postgres: PostgresServer | None
) -> dict[str, str]:
    """Make the portal's environment: its secrets and database, by the target's names."""
    names = msgspec.structs.asdict(target.access.secrets)
    values = msgspec.structs.asdict(secrets)
    environment = {names[each]: str(values[each]) for each in names}
    if postgres is not None:
        environment[DATABASE_URL] = postgres.url
    return environment
