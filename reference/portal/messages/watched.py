"""Requests to a neighbour, watched: counted, followed by their correlation id, and seen to move."""

from datetime import datetime

from reference.operations.logs import log
from reference.operations.metrics import Metrics
from reference.portal.clock import Clock
from reference.portal.correlation import HEADER, correlation_id
from reference.portal.errors import NeighbourDown
from reference.portal.messages.outbound import Outbound


class Pulse:
    """Remembers when due work last got on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.last: datetime = clock.now()

    def beat(self) -> None:
        """It got on just now."""
        self.last = self._clock.now()


class WatchedOutbound:
    """Passes requests on to a neighbour and its answers back; says so when it goes and returns.

    A neighbour that does not answer is no standstill: a beat is each answer, and each failure.
    """

    def __init__(
        self, outbound: Outbound, neighbour: str, *, metrics: Metrics, pulse: Pulse
    ) -> None:
        self._outbound = outbound
        self._neighbour = neighbour
        self._metrics = metrics
        self._pulse = pulse
        self._is_down = False

    @property
    def connections(self) -> int:
        """How many requests may be under way at once."""
        return self._outbound.connections

    @connections.setter
    def connections(self, connections: int) -> None:
        self._outbound.connections = connections

    async def send(
        self, method: str, url: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Send a request; answers status and body, or raises NeighbourDown."""
        sent = {**headers, HEADER: correlation_id()}
        try:
            status, reply = await self._outbound.send(method, url, sent, body)
        except NeighbourDown:
            self._note("down", is_down=True)
            raise
        self._note(str(status), is_down=status >= 500)
        return status, reply

    def _note(self, answer: str, *, is_down: bool) -> None:
        self._pulse.beat()
        self._metrics.sent(self._neighbour, answer)
        if is_down != self._is_down:
            self._is_down = is_down
            if is_down:
                log.warning("neighbour_down", neighbour=self._neighbour, result=answer)
            else:
                log.info("neighbour_back", neighbour=self._neighbour)
