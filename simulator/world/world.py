"""One world: clock, neighbours and portal joined, and everything that passes written down.

Time moves here and nowhere else: `advance` lets whatever is due happen, then lets portal, gateway
and crime system work until none of them has anything left to do.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.messages import Task
from simulator.clock import WorldClock, wall_now, wall_sleep
from simulator.drivers.base import Driver
from simulator.errors import CannotVerify, SuiteError
from simulator.evidence.records import EvidenceLog, MessageAccepted, PersonKnown, PhaseEntered
from simulator.inputs.order import Order
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.gateway.inbox import Accepted
from simulator.world.arrived_messages import ArrivedMessages
from simulator.world.breakdowns import Breakdowns
from simulator.world.inbound import InboundMessages
from simulator.world.integration import Integration
from simulator.world.recipient_guard import Recipients

ROUNDS_MAX = 100
_POLL_SECONDS = 0.05


@dataclass(kw_only=True, eq=False)
class World:
    """Everything around one portal. `wait_seconds_max` is for a portal without a test clock."""

    order: Order
    messages: ArrivedMessages
    crime_system: CrimeSystem
    integration: Integration
    breakdowns: Breakdowns
    inbound: InboundMessages
    wait_seconds_max: float
    #: What was to happen here later no longer does: the clock goes on for others.
    is_over: bool = False
    _officers: list[Callable[[Task], None]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.crime_system.before_record = self.recipients.refuse_to_write
        self.integration.before_delivery = self.messages.catch_up

    @property
    def clock(self) -> WorldClock:
        """The world's one clock."""
        return self.messages.clock

    @property
    def evidence(self) -> EvidenceLog:
        """Where everything that passes is written down."""
        return self.messages.evidence

    @property
    def recipients(self) -> Recipients:
        """Who may be in this world."""
        return self.messages.recipients

    @property
    def now(self) -> datetime:
        """World time, in UTC."""
        return self.clock.now

    @property
    def portal(self) -> Driver:
        """The portal, with its clock at the world's time and something new to do."""
        return self.messages.portal.now()

    @property
    def next_due(self) -> datetime | None:
        """When anything in this world is next due."""
        due = [at for at in (self.clock.next_due, self.messages.portal.due_at) if at is not None]
        return max(min(due), self.now) if due else None

    def meet(self, person: PersonKnown) -> None:
        """Let a person be in the world, holding their phone and mailbox; raises CouldBeReal."""
        self.messages.hold(person)

    def on_message(self, read: Callable[[MessageAccepted, Accepted], None]) -> None:
        """Have somebody read every message as it arrives."""
        self.messages.on_message(read)

    def on_task(self, work: Callable[[Task], None]) -> None:
        """Have somebody take every task the portal raises."""
        self._officers.append(work)

    def advance(self, to: datetime) -> None:
        """Make it `to`, with everything done that falls due on the way."""
        if not self.messages.portal.has_test_clock:
            self._wait(lambda: self.now >= to, to - self.now)
        else:
            advance_together([self], to)

    def wait_for(self, condition: Callable[[], bool], within: timedelta) -> bool:
        """Let time pass until a condition holds, at most `within`; says whether it came to hold."""
        if not self.messages.portal.has_test_clock:
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
        if self.messages.portal.has_test_clock and live_at > self.now:
            self.advance(live_at)
        self.messages.portal.driver.enter_phase(phase)
        self.evidence.append(PhaseEntered(at=self.now, phase=phase))

    def settle(self) -> None:
        """Let portal, gateway and crime system work until nothing is left to do at this moment."""
        for _round in range(ROUNDS_MAX):
            moved = self.integration.deliver()
            if moved or self.messages.portal.is_due:
                self.messages.portal.work()
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
        return self.messages.at(address)

    def link_in(self, message: Accepted) -> str:
        """Find the invitation's link in a message ("" where there is none)."""
        return self.messages.secrets.link_in(message)

    def code_in(self, message: Accepted) -> str:
        """Find the one-time code in a message ("" where there is none)."""
        return self.messages.secrets.code_in(message)

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
        """Take in what the gateway was given, and hand the portal's tasks to officers."""
        moved = self.messages.collect()
        tasks = self.crime_system.tasks_arrived
        while tasks:
            task = tasks.popleft()
            for work in self._officers:
                work(task)
        return moved


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
