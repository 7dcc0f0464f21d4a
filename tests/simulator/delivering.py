"""An integration between a queue that tests fill and a portal that tests script."""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from simulator.clock import WorldClock
from simulator.drivers.base import Delivery
from simulator.errors import PortalUnreachable
from simulator.evidence.records import EventDelivered, EvidenceLog
from simulator.files.checked_toml import Amount, Share
from simulator.neighbours.crime_system.outgoing import Outgoing
from simulator.streams import Streams
from simulator.world.integration import Feed, Integration, IntegrationFaults
from tests.simulator.scripted_driver import ScriptedDriver

START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def faults(*, twice: float = 0, late: float = 0, minutes: float = 20) -> IntegrationFaults:
    """Say how often events come twice or late."""
    return IntegrationFaults(
        twice=Share(twice, "share", assumed="a test"),
        late=Share(late, "share", assumed="a test"),
        late_minutes_mean=Amount(minutes, "minutes", assumed="a test"),
    )


class Setting:
    """An integration with its clock, its queue and a scripted portal."""

    def __init__(
        self,
        *,
        seed: int = 1,
        given: IntegrationFaults | None = None,
        feed: Feed | None = None,
    ) -> None:
        self.clock = WorldClock(START)
        self.portal = ScriptedDriver()
        self.queue: deque[Outgoing] = deque()
        self.log = EvidenceLog()
        self.integration = Integration(
            clock=self.clock,
            driver=self.portal,
            outgoing=self.queue,
            evidence=self.log,
            faults=given,
            draws=Streams(seed).of_occasions("integration"),
            feed=feed,
        )

    def record(self, *numbers: int) -> list[str]:
        """Have the crime system record some events; gives their ids."""
        for number in numbers:
            body = msgspec.json.encode({"id": f"e-{number}"})
            self.queue.append(Outgoing(f"e-{number}", body))
        return [f"e-{number}" for number in numbers]

    def answers(self, statuses: Sequence[int | None], then: int = 202) -> None:
        """Have the portal answer these statuses in turn, None being no answer at all."""
        waiting: Iterator[int | None] = iter(statuses)

        def answer(_delivery: Delivery) -> int:
            status = next(waiting, then)
            if status is None:
                raise PortalUnreachable("nobody there")
            return status

        self.portal.on_deliver = answer

    @property
    def delivered(self) -> list[tuple[str, int]]:
        """What was written down: events and the portal's answers."""
        records = [each for each in self.log.records if isinstance(each, EventDelivered)]
        return [(each.event_id, each.status) for each in records]
