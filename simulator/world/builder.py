"""Puts a world around a portal: gateway and crime-system doubles, driver, integration, clock.

In process the doubles are called; by URL they listen on loopback.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

import msgspec

from simulator.clock import Now, WorldClock, wall_now
from simulator.drivers import in_process
from simulator.drivers.accessibility_check import AccessibilityCheck
from simulator.drivers.base import Driver
from simulator.drivers.exchange import HttpExchange
from simulator.drivers.http import HttpDriver
from simulator.drivers.own_record import KeepsOwnRecord
from simulator.drivers.pages import PagesDriver
from simulator.drivers.program import ProgramDriver
from simulator.drivers.surroundings import Surroundings
from simulator.drivers.vendor import VendorDriver
from simulator.drivers.vendor_class import ClassDriver
from simulator.evidence.records import EvidenceLog
from simulator.files.paths import ROOT, found
from simulator.inputs.order import Order, read_order
from simulator.inputs.order_text import order_text
from simulator.inputs.selectors import read_selectors
from simulator.inputs.target import Access, SecretValues, Target
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.crime_system.outage import Outage
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.gateway.inbox import Inbox
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.neighbours.gateway.notify_service import NotifyService
from simulator.population.crowd_numbers import read_crowd_mobile
from simulator.processes.asgi import Application
from simulator.processes.loopback import free_port, serving
from simulator.streams import Occasions, Streams
from simulator.world.arrived_messages import ArrivedMessages
from simulator.world.both_gateways import BothGateways
from simulator.world.breakdowns import Breakdowns, Restart
from simulator.world.inbound import InboundMessages
from simulator.world.integration import Integration, IntegrationFaults
from simulator.world.message_secrets import MessageSecrets
from simulator.world.portal_process import StartedPortal, own_folder, portal_process
from simulator.world.recipient_guard import Recipients
from simulator.world.timed_portal import TimedPortal
from simulator.world.vendor_record import VendorRecord
from simulator.world.world import World

#: A portal may send a code up to a second after its answer, so that the answer tells nothing.
_LATE_CODE_SECONDS_MAX = 3.0


@dataclass(frozen=True)
class Neighbours:
    """The doubles around one portal, and the log they write to."""

    evidence: EvidenceLog
    inbox: Inbox
    crime_system: CrimeSystem
    gateway_app: Application
    outage: Outage


def neighbours(
    *,
    source: str,
    now: Now,
    security_now: Now,
    secrets: SecretValues,
    run: str = "",
    crowd_numbers: bool = False,
    evidence: EvidenceLog | None = None,
) -> Neighbours:
    """Make the doubles. `source` names the crime system, and keeps events of two worlds apart.

    `run` keeps the message ids of several runs apart on a portal that knows the runs before. With
    `crowd_numbers` the gateway takes the mobiles of a crowd, which Notify would refuse. They write
    to `evidence`, or to a log in memory.
    """
    evidence = EvidenceLog() if evidence is None else evidence
    inbox = Inbox(now, run=run)
    crime_system = CrimeSystem(now=now, evidence=evidence, source=source)
    return Neighbours(
        evidence=evidence,
        inbox=inbox,
        crime_system=crime_system,
        gateway_app=BothGateways(inbox, key=secrets.gateway, security_now=security_now).beside(
            notify_app(
                inbox,
                service=NotifyService.of_key(secrets.gateway),
                security_now=security_now,
                templates=DEFAULT_TEMPLATES,
                own_mobile=read_crowd_mobile if crowd_numbers else None,
            )
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
    may_restart: bool = False,
    source: str = "",
    run: str = "",
    in_memory: bool = False,
    phase: int | None = None,
    crowd_numbers: bool = False,
    evidence: EvidenceLog | None = None,
    on_disk: bool = False,
) -> Iterator[World]:
    """Put a world around the portal that a target names; start it if the target says how.

    A vendor's driver is told the `phase` that the run is in (None: by the days of the order alone).
    Events come from `source`, or `name`, and each `run` has its own ids. A portal that
    `may_restart` in this process has a file as database, and perhaps a second worker. The files of
    one in a process of its own are `in_memory`; without `on_disk` so is the database of one in this
    process. What happens is written to `evidence`, or to a log in memory. Raises BadInput for
    `crowd_numbers` where something leaves this process.
    """
    now: Now = partial(getattr, clock, "now")
    recipients = Recipients.of(target, crowd_numbers=crowd_numbers)
    around = neighbours(
        source=(source or name) + run,
        now=now,
        security_now=now if target.access.application else wall_now,
        secrets=secrets,
        run=run,
        crowd_numbers=crowd_numbers,
        evidence=evidence,
    )
    reach = (
        partial(_within, may_restart=may_restart, on_disk=on_disk, crowd_numbers=crowd_numbers)
        if target.access.application
        else partial(_over_sockets, in_memory=in_memory, phase=phase)
    )
    with ExitStack() as stack:
        reached = reach(target, order, around, secrets=secrets, now=now)
        driver, restart = stack.enter_context(reached)
        stack.callback(driver.close)
        _read_own_record(driver, around, now)
        messages = _arrived(target, around, driver, clock, recipients, streams, name)
        draws = streams.of_occasions(f"{name}:integration")
        yield World(
            order=order,
            messages=messages,
            crime_system=around.crime_system,
            integration=_integration(target, around, driver, clock, draws, faults, run),
            breakdowns=_breakdowns(messages, around.outage, driver, restart),
            inbound=InboundMessages(messages, order.contact.not_for_me_per_client_max),
            wait_seconds_max=target.access.wait_seconds_max,
            late_code_seconds_max=0.0 if target.access.application else _LATE_CODE_SECONDS_MAX,
        )


def _arrived(
    target: Target,
    around: Neighbours,
    driver: Driver,
    clock: WorldClock,
    recipients: Recipients,
    streams: Streams,
    name: str,
) -> ArrivedMessages:
    """Make the phones and mailboxes at which the portal's messages arrive."""
    return ArrivedMessages(
        clock=clock,
        portal=TimedPortal(driver, clock),
        inbox=around.inbox,
        evidence=around.evidence,
        recipients=recipients,
        secrets=MessageSecrets(target.access.patterns),
        stream=streams.for_(f"{name}:receipts"),
    )


def _integration(
    target: Target,
    around: Neighbours,
    driver: Driver,
    clock: WorldClock,
    draws: Occasions,
    faults: IntegrationFaults | None,
    run: str,
) -> Integration:
    """Make the integration, which hands the crime system's events to the portal."""
    return Integration(
        clock=clock,
        driver=driver,
        outgoing=around.crime_system.outgoing,
        evidence=around.evidence,
        faults=faults,
        draws=draws,
        # A portal to which we push events ourselves reads no change feed.
        feed=around.crime_system.changes if _may_fetch(target) else None,
        run=run,
    )


def _may_fetch(target: Target) -> bool:
    return target.access.has_driver and not target.access.events_path


def _breakdowns(
    messages: ArrivedMessages, outage: Outage, driver: Driver, restart: Restart | None
) -> Breakdowns:
    """Make the breakdowns; only a portal in a process that we started can be stopped."""
    # A portal in this process that can be restarted has a file, which two workers can share.
    in_this_process = driver if isinstance(driver, in_process.InProcessDriver) else None
    return Breakdowns(
        messages=messages,
        outage=outage,
        restart=restart,
        workers=in_this_process if restart is not None else None,
        stop=restart.stop if isinstance(restart, StartedPortal) else None,
    )


def _read_own_record(driver: Driver, around: Neighbours, now: Now) -> None:
    """Take in the portal's own record of messages, if its driver claims to have one."""
    if driver.capabilities & {"messages_since", "stamps_since"}:
        record = VendorRecord(
            cast("KeepsOwnRecord", driver),
            capabilities=driver.capabilities,
            inbox=around.inbox,
            crime_system=around.crime_system,
            evidence=around.evidence,
            now=now,
        )
        around.inbox.before_drain = record.take_in


@contextmanager
def _within(
    target: Target,
    order: Order,
    around: Neighbours,
    *,
    secrets: SecretValues,
    now: Now,
    may_restart: bool,
    on_disk: bool,
    crowd_numbers: bool,
) -> Iterator[tuple[Driver, Restart | None]]:
    """Start the portal in this process, where it calls the doubles directly."""
    with own_folder(in_memory=not on_disk) as folder:
        driver = in_process.start(
            target,
            order,
            secrets=secrets,
            gateway=around.gateway_app,
            crime_system=around.outage,
            clock_start=now(),
            now=now,
            database=str(folder / "portal.db") if may_restart or on_disk else ":memory:",
            crowd_numbers=crowd_numbers,
        )
        yield driver, driver.restart if may_restart else None


@contextmanager
def _over_sockets(
    target: Target,
    order: Order,
    around: Neighbours,
    *,
    secrets: SecretValues,
    now: Now,
    in_memory: bool,
    phase: int | None,
) -> Iterator[tuple[Driver, Restart | None]]:
    """Serve the doubles on loopback, and start the portal if the target says how."""
    # A portal in this process has no use for a mail server.
    from simulator.neighbours.gateway.smtp import smtp_serving

    port = target.access.neighbours_port
    has_test_clock = "test_clock" in target.claims.capabilities
    started = now() if has_test_clock else None
    with ExitStack() as stack:
        gateway_url = stack.enter_context(serving(around.gateway_app, port or free_port()))
        crime_system_url = stack.enter_context(
            serving(around.outage, port + 1 if port else free_port())
        )
        mail_server = stack.enter_context(
            smtp_serving(around.inbox, port=port + 2 if port else free_port())
        )
        url, restart = stack.enter_context(
            portal_process(
                target,
                order,
                secrets=secrets,
                gateway_url=gateway_url,
                crime_system_url=crime_system_url,
                clock_start=started,
                in_memory=in_memory,
            )
        )
        driver = driver_to(
            target,
            Surroundings(
                portal_url=url,
                gateway_url=gateway_url,
                mail_server=mail_server,
                crime_system_url=crime_system_url,
                secrets=secrets,
                order=order,
                capabilities=frozenset(target.claims.capabilities),
                clock_start=started,
                wait_seconds_max=target.access.wait_seconds_max,
                phase=phase,
            ),
            around.evidence,
            now,
            order_path=stack.enter_context(order_file(target, order)),
            how_portal_ended=restart.how_it_ended if restart is not None else lambda: "",
        )
        yield driver, restart


@contextmanager
def order_file(target: Target, order: Order) -> Iterator[Path]:
    """Give the file of the order that this run is judged by.

    In a run that stays in a phase the next goes live later than the target's file says, and a story
    may have other limits: a portal configured from that file would do what nobody asked.
    """
    path = found(Path(target.order)).absolute()
    if read_order(path) == order:
        yield path
        return
    with own_folder(in_memory=True) as folder:
        copy = folder / path.name
        copy.write_text(order_text(order), encoding="utf-8")
        yield copy


def driver_to(
    target: Target,
    surroundings: Surroundings,
    evidence: EvidenceLog,
    now: Now,
    *,
    order_path: Path,
    how_portal_ended: Callable[[], str] = lambda: "",
) -> Driver:
    """Make the driver that the target names, or by default the one for the contract.

    `how_portal_ended` says how a portal that the suite started has stopped ("" while it runs).
    """
    access = target.access
    over_http = HttpDriver(
        HttpExchange(
            surroundings.portal_url,
            wait_seconds_max=surroundings.wait_seconds_max,
            how_it_ended=how_portal_ended,
        ),
        secrets=surroundings.secrets,
        capabilities=surroundings.capabilities,
        security_now=wall_now,
        events_path=access.events_path or "/crime-events",
    )
    if access.has_driver:
        own = _own_driver(access, surroundings, order_path)
        own.how_portal_ended = how_portal_ended
        if access.events_path:
            # A driver that is not asked to deliver can hide no repeat.
            vars(own).update(
                deliver=over_http.deliver, deliver_signed_by=over_http.deliver_signed_by
            )
        return cast("Driver", own)
    if access.selectors:
        by_pages = PagesDriver(
            surroundings.portal_url,
            read_selectors(ROOT / access.selectors),
            file=access.selectors,
            by_http=over_http,
            look=AccessibilityCheck(evidence, now).look,
            wait_seconds_max=surroundings.wait_seconds_max,
        )
        by_pages.check()
        return by_pages
    over_http.check()
    return over_http


def _own_driver(access: Access, surroundings: Surroundings, order_path: Path) -> VendorDriver:
    """Make the vendor's own driver."""
    if access.driver:
        return ClassDriver(access.driver, surroundings)
    # The program gets secrets by its pipe only.
    named_there = msgspec.structs.asdict(access.secrets).values()
    seen = {name: value for name, value in os.environ.items() if name not in named_there}
    return ProgramDriver(access.program, surroundings, order_path=str(order_path), environment=seen)
