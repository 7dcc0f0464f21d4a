"""Build the world around a portal whose test crime system a tester keys into.

Our gateway listens for a portal that is pointed at it. Time is the time of day.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from simulator.by_hand.console import Tester
from simulator.by_hand.driver import ByHandDriver
from simulator.by_hand.keyed_crime_system import KeyedCrimeSystem
from simulator.by_hand.references import References
from simulator.by_hand.tester_observations import ObservedByTester
from simulator.by_hand.victim import VictimByHand
from simulator.by_hand.world import MessagesByHand, SecretsByHand, WorldByHand
from simulator.clock import WorldClock, wall_now
from simulator.drivers.base import Driver
from simulator.drivers.surroundings import Surroundings
from simulator.evidence.records import EvidenceLog, PersonKnown
from simulator.inputs.order import Order
from simulator.inputs.target import SecretValues, Target
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.crime_system.outage import Outage
from simulator.neighbours.gateway.inbox import Inbox
from simulator.neighbours.gateway.notify import DEFAULT_TEMPLATES, notify_app
from simulator.neighbours.gateway.notify_service import NotifyService
from simulator.processes.loopback import free_port, serving
from simulator.streams import Streams
from simulator.world.breakdowns import Breakdowns
from simulator.world.builder import driver_to, order_file
from simulator.world.inbound import InboundMessages
from simulator.world.integration import Integration
from simulator.world.recipient_guard import Recipients
from simulator.world.timed_portal import TimedPortal


@contextmanager
def world_by_hand(
    target: Target, order: Order, tester: Tester, *, secrets: SecretValues, streams: Streams
) -> Iterator[WorldByHand]:
    """Start our gateway, connect to the portal if the target says how, and ask the tester."""
    clock = WorldClock(wall_now())
    evidence, references = EvidenceLog(), References()
    # A message may come while the tester keys in, so it gets the time of day.
    inbox = Inbox(wall_now)
    records = KeyedCrimeSystem(
        now=lambda: clock.now,
        evidence=evidence,
        source="by-hand",
        tester=tester,
        references=references,
        move_clock=clock.run_to,
    )
    reads_handsets = target.access.handsets is not None
    observed = ObservedByTester(
        tester,
        references,
        inbox=inbox,
        crime_system=records,
        people=lambda: [each for each in evidence.records if isinstance(each, PersonKnown)],
        now=lambda: clock.now,
    )
    with ExitStack() as stack:
        behind = _portal_driver(target, order, secrets, inbox, evidence, clock)
        portal_driver = stack.enter_context(behind)
        by_tester = VictimByHand(
            tester, observed=observed, reads_handsets=reads_handsets, now=lambda: clock.now
        )
        driver = _driver_by_hand(target, tester, references, by_tester, portal_driver)
        stack.callback(driver.close)
        messages = MessagesByHand(
            clock=clock,
            portal=TimedPortal(driver, clock),
            inbox=inbox,
            evidence=evidence,
            recipients=Recipients.of(target),
            secrets=SecretsByHand(target.access.patterns),
            stream=streams.for_("by hand: receipts"),
            references=references,
            crime_system=records,
        )
        integration = Integration(
            clock=clock, driver=driver, outgoing=records.outgoing, evidence=evidence
        )
        outage = Outage(crime_system_app(records, token=secrets.crime_system))
        yield WorldByHand(
            order=order,
            messages=messages,
            crime_system=records,
            integration=integration,
            breakdowns=Breakdowns(messages=messages, outage=outage),
            inbound=InboundMessages(messages, order.contact.not_for_me_per_client_max),
            wait_seconds_max=target.access.wait_seconds_max,
            tester=tester,
            observed=observed,
            reads_handsets=reads_handsets,
        )


def _driver_by_hand(
    target: Target,
    tester: Tester,
    references: References,
    by_tester: VictimByHand,
    portal_driver: Driver | None,
) -> ByHandDriver:
    return ByHandDriver(
        tester,
        references,
        by_tester=by_tester,
        portal_driver=portal_driver,
        capabilities=frozenset(target.claims.capabilities),
    )


@contextmanager
def _portal_driver(
    target: Target,
    order: Order,
    secrets: SecretValues,
    inbox: Inbox,
    evidence: EvidenceLog,
    clock: WorldClock,
) -> Iterator[Driver | None]:
    """Serve our gateway, and give the driver of the portal's API or pages, if it has one."""
    port = target.access.neighbours_port
    with ExitStack() as stack:
        gateway_url = ""
        if target.access.handsets is None:
            gateway = notify_app(
                inbox,
                service=NotifyService.of_key(secrets.gateway),
                security_now=wall_now,
                templates=DEFAULT_TEMPLATES,
            )
            gateway_url = stack.enter_context(serving(gateway, port or free_port()))
        if not target.access.portal_url:
            yield None
            return
        surroundings = Surroundings(
            portal_url=target.access.portal_url,
            gateway_url=gateway_url,
            mail_server="",
            crime_system_url="",
            secrets=secrets,
            order=order,
            capabilities=frozenset(target.claims.capabilities),
            clock_start=None,
            wait_seconds_max=target.access.wait_seconds_max,
        )
        yield driver_to(
            target,
            surroundings,
            evidence,
            lambda: clock.now,
            order_path=stack.enter_context(order_file(target, order)),
        )
