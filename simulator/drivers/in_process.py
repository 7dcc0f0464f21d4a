"""Starts a portal in this process and drives it over its real interfaces, without a socket.

The only module that knows the reference portal's settings; a broken portal is started the same way.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from reference.portal.settings import Secrets, settings_from
from simulator.clock import Now
from simulator.drivers.entry_point import import_named, not_an_entry_point
from simulator.drivers.exchange import InProcessExchange, call
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


class InProcessDriver(HttpDriver):
    """The driver of a portal in this process, which can be restarted."""

    def __init__(
        self, make: Callable[[datetime], Application], clock_start: datetime, **parts: Any
    ) -> None:
        self._make = make
        self._within = InProcessExchange(make(clock_start))
        super().__init__(self._within, **parts)

    def restart(self, at: datetime) -> None:
        """Restart it at this time; it keeps only its database."""
        self._within.close()
        self._within.begin(self._make(at))


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
) -> InProcessDriver:
    """Start the application that a target names, with our doubles as its neighbours."""
    create_app = import_named("access.application", target.access.application)

    def make(clock_start: datetime) -> Application:
        values = reference_settings(
            order,
            public_url=PUBLIC_URL,
            gateway_url=GATEWAY_URL,
            crime_system_url=CRIME_SYSTEM_URL,
            database=database,
            test_clock_start=clock_start,
        )
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
