"""What breaks while the world goes on: the crime system, the gateway, and the portal itself."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from simulator.drivers.base import Driver
from simulator.errors import CannotVerify
from simulator.evidence.records import (
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    EvidenceLog,
    GatewayCameBack,
    GatewayWentDown,
    PortalRestarted,
)
from simulator.neighbours.crime_system.outage import Outage
from simulator.neighbours.gateway.inbox import Inbox
from simulator.world.recipient_guard import ELSEWHERE, Recipients

#: Kills a portal and starts it again, at a moment of the world.
Restart: TypeAlias = Callable[[datetime], None]


class Breakdowns:
    """Takes down what a portal leans on, brings it back, and has both written down."""

    def __init__(
        self,
        *,
        outage: Outage,
        inbox: Inbox,
        recipients: Recipients,
        driver: Driver,
        restart: Restart | None,
        evidence: EvidenceLog,
        now: Callable[[], datetime],
    ) -> None:
        self._outage = outage
        self._inbox = inbox
        self._sends_elsewhere = recipients.handsets is not None or ELSEWHERE in driver.capabilities
        self._driver = driver
        self._restart = restart
        self._evidence = evidence
        self._now = now
        self.crime_system_is_ours = True

    def take_crime_system_down(self) -> None:
        """Have the crime system answer nobody; raises CannotVerify where it is the force's own."""
        if not self.crime_system_is_ours:
            raise CannotVerify("a test crime system is not taken down for this")
        self._outage.is_down = True
        self._evidence.append(CrimeSystemWentDown(at=self._now()))

    def take_gateway_down(self) -> None:
        """Have the gateway take no message; raises CannotVerify where messages go by another."""
        if self._sends_elsewhere:
            raise CannotVerify(
                "this portal's messages do not go by our gateway, which alone can be taken down: "
                "not verified"
            )
        self._inbox.is_down = True
        self._evidence.append(GatewayWentDown(at=self._now()))

    def bring_crime_system_back(self) -> None:
        """Have the crime system answer again."""
        if self._outage.is_down:
            self._outage.is_down = False
            self._evidence.append(CrimeSystemCameBack(at=self._now()))

    def bring_gateway_back(self) -> None:
        """Have the gateway take messages again."""
        if self._inbox.is_down:
            self._inbox.is_down = False
            self._evidence.append(GatewayCameBack(at=self._now()))

    def restart_portal(self) -> None:
        """Have the portal die and live again; raises CannotVerify where it is not ours to kill."""
        if self._restart is None:
            raise CannotVerify("this portal is not ours to kill and start again: not verified")
        self._restart(self._now())
        self._evidence.append(PortalRestarted(at=self._now()))
        self._driver.advance_to(self._now())

    def bring_all_back(self) -> None:
        """Have everything answer again."""
        self.bring_crime_system_back()
        self.bring_gateway_back()
