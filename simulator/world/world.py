"""One world: clock, neighbours and portal joined, and everything that passes written down.

Time moves here and nowhere else: `advance` lets whatever is due happen, then lets portal, gateway
and crime system work until none of them has anything left to do.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import numpy as np

from reference.contract.messages import DeliveryStatus, Task
from simulator.clock import WorldClock, wall_now, wall_sleep
from simulator.drivers.base import Driver
from simulator.errors import CannotVerify, SuiteError
from simulator.evidence.records import (
    EvidenceLog,
    MessageAccepted,
    MessageReached,
    MessageRefused,
    PersonKnown,
    PhaseEntered,
    ReceiptSent,
)
from simulator.inputs.order import Order
from simulator.inputs.target import Patterns
from simulator.neighbours.crime_system.outage import Outage
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.world.breakdowns import Breakdowns, Restart
from simulator.world.inbound import SaidBack
from simulator.world.integration import Integration
from simulator.world.message_secrets import MessageSecrets
from simulator.world.recipient_guard import Recipients

ROUNDS_MAX = 100
_POLL_SECONDS = 0.05


class World:
    """Everything around one portal."""

    def __init__(
        self,
        *,
        clock: WorldClock,
        order: Order,
        driver: Driver,
        inbox: Inbox,
        crime_system: CrimeSystem,
        outage: Outage,
        integration: Integration,
        evidence: EvidenceLog,
        patterns: Patterns,
        recipients: Recipients,
        receipts_stream: np.random.Generator,
        wait_seconds_max: float,
        restart: Restart | None = None,
    ) -> None:
        self.clock = clock
        self.order = order
        self._driver = driver
        self.crime_system = crime_system
        self.integration = integration
        self.evidence = evidence
        self._inbox = inbox
        self._secrets = MessageSecrets(patterns)
        self.recipients = recipients
        crime_system.before_record = recipients.refuse_to_write
        self.breakdowns = Breakdowns(
            outage=outage,
            inbox=inbox,
            recipients=recipients,
            driver=driver,
            restart=restart,
            evidence=evidence,
            now=lambda: self.now,
        )
        self.said_back = SaidBack(
            portal=lambda: self.portal,
            inbox=inbox,
            evidence=evidence,
            catch_up=self._hear_out,
            stopped_an_hour_max=order.contact.not_for_me_per_client_max,
            now=lambda: self.now,
        )
        self._stream = receipts_stream
        self.wait_seconds_max = wait_seconds_max
        self._virtual = "test_clock" in driver.capabilities
        self._portal_now = clock.start
        self._portal_due: datetime | None = clock.start
        integration.before_delivery = self._catch_up
        self._holders: Counter[str] = Counter()
        self._arrived: dict[str, list[Accepted]] = defaultdict(list)
        self._reading: list[Callable[[MessageAccepted, Accepted], None]] = []
        self._working: list[Callable[[Task], None]] = []
        #: What was to happen here later no longer does: the clock goes on for others.
        self.is_over = False

    @property
    def now(self) -> datetime:
        """World time, in UTC."""
        return self.clock.now

    def meet(self, person: PersonKnown) -> None:
        """Let a person be in the world, holding their phone and mailbox; raises CouldBeReal."""
        self.recipients.refuse_real([person])
        self.evidence.append(person)
        for address in (person.mobile_phone, person.email.lower()):
            if address:
                self._holders[address] += 1

    def on_message(self, read: Callable[[MessageAccepted, Accepted], None]) -> None:
        """Have somebody read every message as it arrives."""
        self._reading.append(read)

    def on_task(self, work: Callable[[Task], None]) -> None:
        """Have somebody take every task the portal raises."""
        self._working.append(work)

    @property
    def portal(self) -> Driver:
        """The portal, with its clock at the world's time and something new to do."""
        if self._portal_now < self.now:
            self._move_portal()
        self._portal_due = self.now
        return self._driver

    def advance(self, to: datetime) -> None:
        """Make it `to`, with everything done that falls due on the way."""
        if not self._virtual:
            self._wait(lambda: self.now >= to, to - self.now)
        else:
            advance_together([self], to)

    def wait_for(self, condition: Callable[[], bool], within: timedelta) -> bool:
        """Let time pass until a condition holds, at most `within`; says whether it came to hold."""
        if not self._virtual:
            return self._wait(condition, within)
        end = self.now + within
        self.settle()
        while not condition() and self.now < end:
            # Whoever looks may give the portal something to do: that is no reason to stand still.
            self.settle()
            self.clock.run_to(min(end, self.next_due or end))
            self.settle()
        return condition()

    def enter_phase(self, phase: int) -> None:
        """Go to the day the phase goes live, and have the portal be in it."""
        live_at = self.order.go_live_at(phase)
        if self._virtual and live_at > self.now:
            self.advance(live_at)
        self._driver.enter_phase(phase)
        self.evidence.append(PhaseEntered(at=self.now, phase=phase))

    def settle(self) -> None:
        """Let portal, gateway and crime system work until nothing is left to do at this moment."""
        for _round in range(ROUNDS_MAX):
            moved = self.integration.deliver()
            if moved or (self._portal_due is not None and self._portal_due <= self.now):
                self._move_portal()
                moved = True
            moved = self._collect() or moved
            if not moved:
                return
        raise SuiteError(
            f"at {self.now.isoformat()} portal and neighbours kept giving each other work for "
            f"{ROUNDS_MAX} rounds; the run cannot go on"
        )

    def messages_at(self, address: str) -> list[Accepted]:
        """List what arrived at an address, oldest first, with its links and codes."""
        return self._arrived[address.lower()]

    def link_in(self, message: Accepted) -> str:
        """Find the invitation's link in a message ("" where there is none)."""
        return self._secrets.link_in(message)

    def code_in(self, message: Accepted) -> str:
        """Find the one-time code in a message ("" where there is none)."""
        return self._secrets.code_in(message)

    def _catch_up(self) -> None:
        """Make it the world's time in the portal before it hears anything, late events too.

        What it sends on the way is written down before what it then hears.
        """
        if self._portal_now < self.now:
            self._move_portal()
            self._collect()

    def _hear_out(self) -> None:
        """Take in all that the portal sent by now, so that it stands before what it then hears."""
        self._catch_up()
        self._collect()

    def _move_portal(self) -> None:
        self._portal_now = self.now
        due = self._driver.advance_to(self.now)
        # The world goes by whole seconds: what is due between two is due at the second.
        if due is not None and due.microsecond:
            due = due.replace(microsecond=0) + timedelta(seconds=1)
        self._portal_due = due

    @property
    def next_due(self) -> datetime | None:
        """When anything in this world is next due."""
        due = [at for at in (self.clock.next_due, self._portal_due) if at is not None]
        return max(min(due), self.now) if due else None

    def _wait(self, condition: Callable[[], bool], within: timedelta) -> bool:
        """Wait in real time, for a portal that has no test clock."""
        seconds = min(within.total_seconds(), self.wait_seconds_max)
        end = wall_now() + timedelta(seconds=seconds)
        while True:
            self.clock.run_to(wall_now())
            self.settle()
            if condition():
                return True
            if wall_now() >= end:
                break
            wall_sleep(_POLL_SECONDS)
        if within.total_seconds() > self.wait_seconds_max:
            raise CannotVerify(
                f"this takes {within}, the portal has no test clock, and access.wait_seconds_max "
                f"is {self.wait_seconds_max:g}: not verified"
            )
        return False

    def _collect(self) -> bool:
        """Take in what the gateway was given, and let it arrive."""
        arrived = self._inbox.drain()
        for each in arrived:
            if isinstance(each, Accepted):
                if each.how == "intercepted":
                    self.recipients.message_came()
                self._take(each)
            else:
                self.evidence.append(
                    MessageRefused(
                        at=self.now,
                        to=each.to,
                        channel=each.channel,
                        status=each.status,
                        reason=each.reason,
                    )
                )
        tasks = self.crime_system.tasks_arrived
        while tasks:
            task = tasks.popleft()
            for work in self._working:
                work(task)
        return bool(arrived)

    def _take(self, message: Accepted) -> None:
        record = self._secrets.as_evidence(message)
        self.evidence.append(record)
        self._arrived[message.to.lower()].append(message)
        holders = self._holders[message.to.lower()]
        self.evidence.append(
            MessageReached(at=self.now, message_id=message.message_id, holders=holders)
        )
        self._send_receipt(message, "delivered" if holders else "permanent-failure")
        for read in self._reading:
            read(record, message)

    def _send_receipt(self, message: Accepted, status: DeliveryStatus) -> None:
        if "receipts" not in self._driver.capabilities or message.how != "intercepted":
            return
        when = self.now + timedelta(seconds=int(self._stream.integers(2, 60)))

        def arrive() -> None:
            receipt = self._inbox.receipt(message.message_id, status, self.now)
            self.evidence.append(
                ReceiptSent(at=self.now, message_id=message.message_id, status=status)
            )
            self.portal.deliver_receipt(receipt)

        self.clock.at(when, arrive)


def advance_together(worlds: Sequence[World], to: datetime) -> None:
    """Make it `to` in several worlds that share one clock, each doing what falls due on the way."""
    clock = worlds[0].clock
    for world in worlds:
        world.settle()
    while clock.now < to:
        due = [world.next_due for world in worlds]
        clock.run_to(min([to, *(at for at in due if at is not None)]))
        for world in worlds:
            world.settle()
