"""Puts a world around a portal: gateway and crime-system doubles, driver, integration, clock.

In process the doubles are called; by URL they listen on loopback. The one place that joins them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from simulator.clock import WorldClock
from simulator.crime_system.api import crime_system_app
from simulator.crime_system.records import CrimeSystem
from simulator.drivers import in_process
from simulator.evidence import EvidenceLog
from simulator.gateway.inbox import Inbox
from simulator.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.integration import Integration, IntegrationFaults
from simulator.order import Order
from simulator.streams import Streams
from simulator.target import SecretValues, Target
from simulator.world import World


def world_in_process(
    target: Target,
    order: Order,
    *,
    name: str,
    clock: WorldClock,
    secrets: SecretValues,
    streams: Streams,
    faults: IntegrationFaults | None = None,
) -> World:
    """Start the portal a target names in this process, with a world around it.

    `name` keeps the event ids of several worlds on one clock apart.
    """

    def now() -> datetime:
        return clock.now

    evidence = EvidenceLog()
    inbox = Inbox(now)
    crime_system = CrimeSystem(now=now, evidence=evidence, source=name)
    driver = in_process.start(
        target,
        order,
        secrets=secrets,
        gateway=notify_app(
            inbox, api_key=secrets.gateway, security_now=now, templates=DEFAULT_TEMPLATES
        ),
        crime_system=crime_system_app(crime_system, token=secrets.crime_system),
        clock_start=clock.now,
        now=now,
    )
    integration = Integration(
        clock=clock,
        driver=driver,
        outgoing=crime_system.outgoing,
        evidence=evidence,
        faults=faults,
        stream=streams.for_(f"{name}:integration"),
    )
    return World(
        clock=clock,
        order=order,
        driver=driver,
        inbox=inbox,
        crime_system=crime_system,
        integration=integration,
        evidence=evidence,
        patterns=target.access.patterns,
        receipts_stream=streams.for_(f"{name}:receipts"),
        wait_seconds_max=target.access.wait_seconds_max,
    )
