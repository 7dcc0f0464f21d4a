"""Starts a portal in this process and drives it over its real interfaces, without a socket.

The only module that knows the reference portal's settings; a broken portal is started the same way.
"""

from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

import msgspec

from reference.portal.settings import Secrets, settings_from
from simulator.clock import Now
from simulator.drivers.entry_point import import_named, not_an_entry_point
from simulator.drivers.exchange import InProcessExchange, Reply, call
from simulator.drivers.http import HttpDriver
from simulator.drivers.operator import reference_settings
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues, Target
from simulator.processes.asgi import Application

PUBLIC_URL = "https://portal.example"
GATEWAY_URL = "http://gateway.invalid"
CRIME_SYSTEM_URL = "http://crime-system.invalid"


class NeighboursInProcess:
    """How the portal calls our doubles: directly, one call at a time."""

    connections = 1

    def __init__(self, *, gateway: Application, crime_system: Application) -> None:
        self._applications = {GATEWAY_URL: gateway, CRIME_SYSTEM_URL: crime_system}

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Call the double at this address."""
        scheme, _, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        application = self._applications[f"{scheme}://{host}"]
        return await call(application, method, slash + path, headers, body)


class SharedClock:
    """The world's clock: in process, both ends date and check signatures by it."""

    def __init__(self, now: Now) -> None:
        self.now = now


class WorkersInTurn:
    """The workers of one portal behind a load balancer: each request goes to the next in turn."""

    def __init__(self, first: InProcessExchange) -> None:
        self.workers = [first]
        self._turns = count()

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> Reply:
        """Call the worker whose turn it is; return its reply."""
        worker = self.workers[next(self._turns) % len(self.workers)]
        return worker.send(method, path, headers, body)

    def close(self) -> None:
        """Shut every worker down."""
        for worker in self.workers:
            worker.close()


class InProcessDriver(HttpDriver):
    """The driver of a portal in this process: it can be restarted, and get a second worker."""

    def __init__(
        self, make: Callable[[datetime], Application], clock_start: datetime, **parts: Any
    ) -> None:
        self._make = make
        self._in_turn = WorkersInTurn(InProcessExchange(make(clock_start)))
        super().__init__(self._in_turn, **parts)

    def restart(self, at: datetime) -> None:
        """Restart every worker at this time; they keep only their database."""
        self._in_turn.close()
        for worker in self._in_turn.workers:
            worker.begin(self._make(at))

    def start_second_worker(self, at: datetime) -> None:
        """Start a second worker on the same database, at this time; it takes every other request.

        The database must be a file: one in memory has no second connection.
        """
        self._in_turn.workers.append(InProcessExchange(self._make(at)))

    def stop_second_worker(self) -> None:
        """Shut the second worker down, if there is one."""
        for worker in self._in_turn.workers[1:]:
            worker.close()
        del self._in_turn.workers[1:]

    def advance_to(self, now: datetime) -> datetime | None:
        """Move the clock of each worker, which does all due work; return when the next is due."""
        # Each call takes one turn, so that every worker gets one.
        due = [super(InProcessDriver, self).advance_to(now) for _ in self._in_turn.workers]
        return min((each for each in due if each is not None), default=None)


def start(
    target: Target,
    order: Order,
    *,
    secrets: SecretValues,
    gateway: Application,
    crime_system: Application,
    clock_start: datetime,
    now: Now,
    database: str = ":memory:",
    crowd_numbers: bool = False,
) -> InProcessDriver:
    """Start the application that a target names, with our doubles as its neighbours.

    It is told of `crowd_numbers` only if there are any: a broken portal may know no such setting.
    """
    create_app = import_named("access.application", target.access.application)

    def make(clock_start: datetime) -> Application:
        values = reference_settings(
            order,
            public_url=PUBLIC_URL,
            gateway_url=GATEWAY_URL,
            crime_system_url=CRIME_SYSTEM_URL,
            database=database,
            test_clock_start=clock_start,
        ) | ({"crowd_numbers": True} if crowd_numbers else {})
        try:
            application: Application = create_app(
                settings_from(values),
                Secrets(**msgspec.structs.asdict(secrets)),
                outbound=NeighboursInProcess(gateway=gateway, crime_system=crime_system),
                security_clock=SharedClock(now),
            )
        except TypeError:
            raise not_an_entry_point("access.application", target.access.application) from None
        return application

    return InProcessDriver(
        make,
        clock_start,
        secrets=secrets,
        capabilities=frozenset(target.claims.capabilities),
        security_now=now,
    )
