"""Puts a world around a portal: gateway and crime-system doubles, driver, integration, clock.

In process the doubles are called; by URL they listen on loopback. The one place that joins them.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from simulator.clock import Now, WorldClock, wall_now
from simulator.crime_system.api import crime_system_app
from simulator.crime_system.outage import Outage
from simulator.crime_system.records import CrimeSystem
from simulator.drivers import in_process
from simulator.drivers.base import Driver
from simulator.drivers.exchange import Application, HttpExchange
from simulator.drivers.http import HttpDriver
from simulator.drivers.named import named
from simulator.drivers.operator import reference_settings
from simulator.drivers.surroundings import Surroundings
from simulator.evidence import EvidenceLog
from simulator.gateway.inbox import Inbox
from simulator.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.integration import Integration, IntegrationFaults
from simulator.loopback import free_port, running, serving, write_settings
from simulator.order import Order
from simulator.streams import Streams
from simulator.target import SecretValues, Target
from simulator.world import World


@dataclass(frozen=True)
class Neighbours:
    """The doubles around one portal, and the log they write to."""

    evidence: EvidenceLog
    inbox: Inbox
    crime_system: CrimeSystem
    gateway_app: Application
    outage: Outage


def neighbours(*, name: str, now: Now, security_now: Now, secrets: SecretValues) -> Neighbours:
    """Make the doubles. `name` keeps the event ids of several worlds on one clock apart."""
    evidence = EvidenceLog()
    inbox = Inbox(now)
    crime_system = CrimeSystem(now=now, evidence=evidence, source=name)
    return Neighbours(
        evidence=evidence,
        inbox=inbox,
        crime_system=crime_system,
        gateway_app=notify_app(
            inbox, api_key=secrets.gateway, security_now=security_now, templates=DEFAULT_TEMPLATES
        ),
        outage=Outage(crime_system_app(crime_system, token=secrets.crime_system)),
    )


@contextmanager
def world_around(
    target: Target,
    order: Order,
    *,
    name: str,
    clock: WorldClock,
    secrets: SecretValues,
    streams: Streams,
    faults: IntegrationFaults | None = None,
) -> Iterator[World]:
    """Put a world around the portal a target names, starting it where the target says how."""

    def now() -> datetime:
        return clock.now

    in_this_process = bool(target.access.application)
    around = neighbours(
        name=name, now=now, security_now=now if in_this_process else wall_now, secrets=secrets
    )
    with ExitStack() as stack:
        if in_this_process:
            driver: Driver = in_process.start(
                target,
                order,
                secrets=secrets,
                gateway=around.gateway_app,
                crime_system=around.outage,
                clock_start=clock.now,
                now=now,
            )
        else:
            driver = stack.enter_context(
                _over_sockets(target, order, around, secrets=secrets, clock_start=clock.now)
            )
        stack.callback(driver.close)
        yield World(
            clock=clock,
            order=order,
            driver=driver,
            inbox=around.inbox,
            crime_system=around.crime_system,
            outage=around.outage,
            integration=Integration(
                clock=clock,
                driver=driver,
                outgoing=around.crime_system.outgoing,
                evidence=around.evidence,
                faults=faults,
                stream=streams.for_(f"{name}:integration"),
            ),
            evidence=around.evidence,
            patterns=target.access.patterns,
            receipts_stream=streams.for_(f"{name}:receipts"),
            wait_seconds_max=target.access.wait_seconds_max,
        )


@contextmanager
def _over_sockets(
    target: Target,
    order: Order,
    around: Neighbours,
    *,
    secrets: SecretValues,
    clock_start: datetime,
) -> Iterator[Driver]:
    """Let the doubles listen on loopback, start the portal if the target says how, and drive it."""
    port = target.access.neighbours_port
    has_test_clock = "test_clock" in target.claims.capabilities
    started = clock_start if has_test_clock else None
    with ExitStack() as stack:
        gateway_url = stack.enter_context(serving(around.gateway_app, port or free_port()))
        crime_system_url = stack.enter_context(
            serving(around.outage, port + 1 if port else free_port())
        )
        url = stack.enter_context(
            portal_process(
                target,
                order,
                secrets=secrets,
                gateway_url=gateway_url,
                crime_system_url=crime_system_url,
                clock_start=started,
            )
        )
        yield _driver(
            target,
            Surroundings(
                portal_url=url,
                gateway_url=gateway_url,
                crime_system_url=crime_system_url,
                secrets=secrets,
                order=order,
                capabilities=frozenset(target.claims.capabilities),
                clock_start=started,
                wait_seconds_max=target.access.wait_seconds_max,
            ),
        )


def _driver(target: Target, surroundings: Surroundings) -> Driver:
    """Make the driver that the target names; by default, the one of the contract."""
    if target.access.driver:
        driver: Driver = named("access.driver", target.access.driver)(surroundings)
        return driver
    over_http = HttpDriver(
        HttpExchange(surroundings.portal_url, wait_seconds_max=surroundings.wait_seconds_max),
        secrets=surroundings.secrets,
        capabilities=surroundings.capabilities,
        security_now=wall_now,
    )
    over_http.check()
    return over_http


@contextmanager
def portal_process(
    target: Target,
    order: Order,
    *,
    secrets: SecretValues,
    gateway_url: str,
    crime_system_url: str,
    clock_start: datetime | None,
) -> Iterator[str]:
    """Start the portal as the target's command says; gives its URL. Without one it runs already."""
    if not target.access.command:
        yield target.access.portal_url
        return
    port = free_port()
    url = target.access.portal_url.replace("{port}", str(port))
    with tempfile.TemporaryDirectory(prefix="portal-") as folder:
        settings = write_settings(
            Path(folder),
            reference_settings(
                order,
                public_url=url,
                gateway_url=gateway_url,
                crime_system_url=crime_system_url,
                database=str(Path(folder) / "portal.db"),
                test_clock_start=clock_start,
            ),
        )
        names = msgspec.structs.asdict(target.access.secrets)
        values = msgspec.structs.asdict(secrets)
        environment = {names[each]: values[each] for each in names}
        environment["PORTAL_SETTINGS"] = str(settings)
        # A line for each request would count in what is measured.
        environment["PORTAL_LOG_LEVEL"] = "WARNING"
        with running(target.access.command, port=port, environment=environment):
            yield url
