"""One world: clock, neighbours and portal together, with everything that happens recorded.

Time moves only here: `advance` does what is due, then lets portal, gateway and crime system work
until none of them has anything left to do.
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
    """Everything around one portal. `wait_seconds_max` is for a portal without a test clock.

    `late_code_seconds_max` is how long, in real time, the code of a portal in a process of its own
    may follow the answer, whatever its test clock says: it may be sent in the background.
    `own_log` is what one story of many on the portal writes to, and reads.
    """

    order: Order
    messages: ArrivedMessages
    crime_system: CrimeSystem
    integration: Integration
    breakdowns: Breakdowns
    inbound: InboundMessages
    wait_seconds_max: float
    late_code_seconds_max: float = 0.0
    own_log: EvidenceLog | None = None
    #: After this, nothing planned in this world happens; the clock may go on for other worlds.
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
        """The log of everything that happens."""
        return self.messages.evidence if self.own_log is None else self.own_log

    @property
    def recipients(self) -> Recipients:
        """The addresses that this world may use."""
        return self.messages.recipients

    @property
    def now(self) -> datetime:
        """World time, in UTC."""
        return self.clock.now

    @property
    def portal(self) -> Driver:
        """The portal, with its clock at the world's time."""
        return self.messages.portal.now()

    @property
    def next_due(self) -> datetime | None:
        """When anything in this world is next due."""
        due = [at for at in (self.clock.next_due, self.messages.portal.due_at) if at is not None]
        return max(min(due), self.now) if due else None

    def meet(self, person: PersonKnown) -> None:
        """Add a person, with their phone and mailbox; raises CouldBeReal."""
        self.messages.hold(person)

    def give_up(self, person_id: str, address: str) -> None:
        """Take a phone or mailbox from a person: what is sent there does not reach them."""
        self.messages.give_up(person_id, address)

    def on_message(self, read: Callable[[MessageAccepted, Accepted], None]) -> None:
        """Call `read` with every message as it arrives."""
        self.messages.on_message(read)

    def on_task(self, work: Callable[[Task], None]) -> None:
        """Call `work` with every task that the portal raises."""
        self._officers.append(work)

    def advance(self, to: datetime) -> None:
        """Move time to `to`, and do everything that falls due on the way."""
        if not self.messages.portal.has_test_clock:
            self._wait(lambda: self.now >= to, to - self.now)
        else:
            advance_together([self], to)

    def wait_for(self, condition: Callable[[], bool], within: timedelta) -> bool:
        """Let time pass until a condition holds, at most `within`; return whether it does."""
        if not self.messages.portal.has_test_clock:
            return self._wait(condition, within)
        end = self.now + within
        self.settle()
        while not condition() and self.now < end:
            # The condition may itself ask the portal: that must not stop the clock.
            self.settle()
            self.clock.run_to(min(end, self.next_due or end))
            self.settle()
        return condition()

    def await_code(self, has_come: Callable[[], bool]) -> None:
        """Wait for a one-time code as long as a victim would, and no longer than it is valid."""
        if not self.messages.portal.has_test_clock:
            self.wait_for(has_come, timedelta(minutes=self.order.sign_in.code_minutes))
            return
        self.settle()
        end = wall_now() + timedelta(seconds=self.late_code_seconds_max)
        while not has_come() and wall_now() < end:
            wall_sleep(_POLL_SECONDS)
            self.settle()

    def enter_phase(self, phase: int) -> None:
        """Move to the day the phase goes live, and put the portal into it.

        With a test clock, enter the phases on the way too: no portal is to skip one.
        """
        for each in range(1, phase + 1):
            is_ahead = self.order.go_live_at(each) > self.now
            if self.messages.portal.has_test_clock and is_ahead:
                self.advance(self.order.go_live_at(each))
            elif each < phase:
                continue
            self.messages.portal.driver.enter_phase(each)
            self.evidence.append(PhaseEntered(at=self.now, phase=each))

    def settle(self) -> None:
        """Let portal, gateway and crime system work until nothing is left to do now."""
        for _round in range(ROUNDS_MAX):
            moved = self.integration.deliver()
            if moved or self.messages.portal.is_due:
                self.messages.portal.work()
                moved = True
            moved = self._collect() or moved
            if not moved:
                return
        raise SuiteError(
            f"at {self.now.isoformat()} the portal still had new work after {ROUNDS_MAX} rounds; "
            "does it send something again and again? The run cannot go on"
        )

    def messages_at(self, address: str) -> list[Accepted]:
        """List what arrived at an address, oldest first, with its links and codes."""
        return self.messages.at(address)

    def not_for_me_link_in(self, message: Accepted) -> str:
        """Find the link by which a stranger stops a message ("" if there is none)."""
        return self.messages.secrets.not_for_me_link_in(message)

    def link_in(self, message: Accepted) -> str:
        """Find the invitation link in a message ("" if there is none)."""
        return self.messages.secrets.link_in(message)

    def code_in(self, message: Accepted) -> str:
        """Find the one-time code in a message ("" if there is none)."""
        return self.messages.secrets.code_in(message)

    def _wait(self, condition: Callable[[], bool], within: timedelta) -> bool:
        """Wait in real time, for a portal that has no test clock."""
        seconds = min(within.total_seconds(), self.wait_seconds_max)
        end = wall_now() + timedelta(seconds=seconds)
        if self.is_met_by(end, condition, pause=lambda: wall_sleep(_POLL_SECONDS)):
            return True
        if within.total_seconds() > self.wait_seconds_max:
            raise CannotVerify(
                f"this takes {within}, the portal has no test clock, and access.wait_seconds_max "
                f"is {self.wait_seconds_max:g}: not verified"
            )
        return False

    def is_met_by(
        self, end: datetime, condition: Callable[[], bool], *, pause: Callable[[], None]
    ) -> bool:
        """Let real time pass until the condition is met or `end` comes; return which."""
        while True:
            self.clock.run_to(wall_now())
            self.settle()
            if condition():
                return True
            if wall_now() >= end:
                return False
            pause()

    def _collect(self) -> bool:
        """Take messages from the gateway, and give the portal's tasks to officers."""
        moved = self.messages.collect()
        tasks = self.crime_system.tasks_arrived
        while tasks:
            task = tasks.popleft()
            for work in self._officers:
                work(task)
        return moved


def advance_together(worlds: Sequence[World], to: datetime) -> None:
    """Move time to `to` in several worlds on one clock; each does what falls due on the way."""
    clock = worlds[0].clock
    for world in worlds:
        world.settle()
    while clock.now < to:
        due = [world.next_due for world in worlds]
        clock.run_to(min([to, *(at for at in due if at is not None)]))
        for world in worlds:
            world.settle()
