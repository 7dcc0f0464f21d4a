"""Outages of the crime system and the gateway; restarts and a second worker of the portal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from simulator.errors import CannotVerify
from simulator.evidence.records import (
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    GatewayCameBack,
    GatewayWentDown,
    PortalRestarted,
    Record,
    SecondWorkerStarted,
)
from simulator.neighbours.crime_system.outage import Outage
from simulator.neighbours.gateway.inbox import ANSWER_LOST
from simulator.world.arrived_messages import ArrivedMessages
from simulator.world.recipient_guard import ELSEWHERE

#: Kills a portal and starts it again, at this world time.
Restart: TypeAlias = Callable[[datetime], None]
#: Stops a portal for good.
Stop: TypeAlias = Callable[[], None]


class TakesSecondWorker(Protocol):
    """A portal of which a second process can serve the same database."""

    def start_second_worker(self, at: datetime) -> None:
        """Start it, at this world time; every other request goes to it."""

    def stop_second_worker(self) -> None:
        """Shut it down, if there is one."""


@dataclass(kw_only=True)
class Breakdowns:
    """Takes down what a portal relies on, brings it back, and writes both down.

    `restart` is None if we did not start the portal, `workers` if we cannot start a second worker,
    `stop` if the portal has no process of its own.
    """

    messages: ArrivedMessages
    outage: Outage
    restart: Restart | None = None
    stop: Stop | None = None
    workers: TakesSecondWorker | None = None
    crime_system_is_ours: bool = True
    #: Called after each restart: sessions may be lost.
    on_restart: list[Callable[[], None]] = field(default_factory=list)

    def take_crime_system_down(self) -> None:
        """Stop the crime system answering; raises CannotVerify if it is the force's own."""
        if not self.crime_system_is_ours:
            raise CannotVerify(
                "the force's test crime system cannot be taken down for this: not verified"
            )
        self.outage.is_down = True
        self._write_down(CrimeSystemWentDown(at=self._now))

    def take_gateway_down(self) -> None:
        """Stop the gateway taking messages; raises CannotVerify if the portal uses another."""
        if self._goes_elsewhere():
            raise CannotVerify(
                "this portal does not send by our gateway, the only one that we can take down: "
                "not verified"
            )
        self.messages.inbox.is_down = True
        self._write_down(GatewayWentDown(at=self._now))

    def lose_answer(self, address: str) -> None:
        """Have our gateway take the next message to an address, not say so, and list it late."""
        self.messages.plan_refusal(address, ANSWER_LOST)

    @property
    def is_gateway_down(self) -> bool:
        """Whether the gateway takes no messages now."""
        return self.messages.inbox.is_down

    def bring_crime_system_back(self) -> None:
        """Let the crime system answer again."""
        if self.outage.is_down:
            self.outage.is_down = False
            self._write_down(CrimeSystemCameBack(at=self._now))

    def bring_gateway_back(self) -> None:
        """Let the gateway take messages again."""
        if self.messages.inbox.is_down:
            self.messages.inbox.is_down = False
            self._write_down(GatewayCameBack(at=self._now))

    def restart_portal(self) -> None:
        """Kill the portal and start it again; raises CannotVerify if we did not start it."""
        if self.restart is None:
            raise CannotVerify(
                "we did not start this portal, so we cannot kill and restart it: not verified"
            )
        self.restart(self._now)
        self._write_down(PortalRestarted(at=self._now))
        self.messages.portal.driver.advance_to(self._now)
        for lose_session in self.on_restart:
            lose_session()

    def stop_portal(self) -> None:
        """Stop the portal for good; raises CannotVerify if we did not start its process."""
        if self.stop is None:
            raise CannotVerify("we did not start this portal, so we cannot stop it: not verified")
        self.stop()

    def start_second_worker(self) -> None:
        """Start a second worker of the portal; raises CannotVerify if that is not ours to do."""
        if self.workers is None:
            raise CannotVerify(
                "we can start a second worker only of a portal in this process: not verified"
            )
        self.workers.start_second_worker(self._now)
        self._write_down(SecondWorkerStarted(at=self._now))
        self.messages.portal.driver.advance_to(self._now)

    def stop_second_worker(self) -> None:
        """Shut the second worker down, if there is one."""
        if self.workers is not None:
            self.workers.stop_second_worker()

    def bring_all_back(self) -> None:
        """End every outage."""
        self.bring_crime_system_back()
        self.bring_gateway_back()

    @property
    def _now(self) -> datetime:
        return self.messages.clock.now

    def _write_down(self, record: Record) -> None:
        self.messages.evidence.append(record)

    def _goes_elsewhere(self) -> bool:
        """Say whether this portal sends its messages by another gateway than ours."""
        has_handsets = self.messages.recipients.handsets is not None
        return has_handsets or ELSEWHERE in self.messages.portal.driver.capabilities
