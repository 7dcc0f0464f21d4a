"""What breaks around a portal while the world goes on: the crime system and the gateway."""

from collections.abc import Callable
from datetime import datetime

from simulator.crime_system.outage import Outage
from simulator.errors import CannotVerify
from simulator.evidence import (
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    EvidenceLog,
    GatewayCameBack,
    GatewayWentDown,
)
from simulator.gateway.inbox import Inbox
from simulator.recipients import ELSEWHERE, Recipients


class Breakdowns:
    """Takes down what a portal leans on, brings it back, and has both written down."""

    def __init__(
        self,
        *,
        outage: Outage,
        inbox: Inbox,
        recipients: Recipients,
        capabilities: frozenset[str],
        evidence: EvidenceLog,
        now: Callable[[], datetime],
    ) -> None:
        self._outage = outage
        self._inbox = inbox
        self._sends_elsewhere = recipients.handsets is not None or ELSEWHERE in capabilities
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

    def bring_all_back(self) -> None:
        """Have everything answer again."""
        self.bring_crime_system_back()
        self.bring_gateway_back()
