"""A world by hand with a tester who types what a test says, and no portal."""

from typing import TypeVar

from reference.contract.events import CrimeRecorded, VictimRecord
from simulator.by_hand.driver import ByHandDriver
from simulator.by_hand.keyed_crime_system import KeyedCrimeSystem
from simulator.by_hand.references import References
from simulator.by_hand.tester_observations import ObservedByTester
from simulator.by_hand.victim import VictimByHand
from simulator.by_hand.world import MessagesByHand, SecretsByHand, WorldByHand
from simulator.clock import WorldClock
from simulator.drivers.base import Driver
from simulator.evidence.records import EvidenceLog, PersonKnown, Recorded
from simulator.inputs.handsets import Handsets
from simulator.inputs.target import Patterns
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.crime_system.outage import Outage
from simulator.neighbours.gateway.inbox import Inbox
from simulator.streams import Streams
from simulator.world.breakdowns import Breakdowns
from simulator.world.inbound import InboundMessages
from simulator.world.integration import Integration
from simulator.world.recipient_guard import Recipients
from simulator.world.timed_portal import TimedPortal
from tests.simulator.by_hand.typed import Typed
from tests.simulator.worlds import MOBILE, START, TWO_FORCES, crime, person

HANDSETS = Handsets(vouched_by="Dana Okafor", mobiles=(MOBILE,), mailboxes=("@example.com",))
THEIRS = "T-0001"
T = TypeVar("T", bound=Recorded)


class AroundByHand:
    """Everything is by hand: the tester keys into a crime system and reads handsets."""

    def __init__(
        self,
        *lines: str,
        portal_driver: Driver | None = None,
        reads_handsets: bool = True,
        wait_seconds_max: float = 900,
    ) -> None:
        self.typed = Typed(*lines)
        self.clock = WorldClock(START)
        self.evidence = EvidenceLog()
        self.references = References()
        self.inbox = Inbox(lambda: self.typed.now)
        self.records = KeyedCrimeSystem(
            now=lambda: self.clock.now,
            evidence=self.evidence,
            source="by-hand",
            tester=self.typed.tester,
            references=self.references,
            move_clock=self.clock.run_to,
        )
        self.observed = ObservedByTester(
            self.typed.tester,
            self.references,
            inbox=self.inbox,
            crime_system=self.records,
            people=lambda: [each for each in self.evidence.records if type(each) is PersonKnown],
            now=lambda: self.clock.now,
        )
        self.driver = self._driver(portal_driver, reads_handsets=reads_handsets)
        self.world = self._world(wait_seconds_max, reads_handsets=reads_handsets)

    def _driver(self, portal_driver: Driver | None, *, reads_handsets: bool) -> ByHandDriver:
        """Make the driver that asks the tester."""
        return ByHandDriver(
            self.typed.tester,
            self.references,
            by_tester=VictimByHand(
                self.typed.tester,
                observed=self.observed,
                reads_handsets=reads_handsets,
                now=lambda: self.clock.now,
            ),
            portal_driver=portal_driver,
            capabilities=frozenset({"text", "email"}),
        )

    def _world(self, wait_seconds_max: float, *, reads_handsets: bool) -> WorldByHand:
        """Join all of it."""
        messages = MessagesByHand(
            clock=self.clock,
            portal=TimedPortal(self.driver, self.clock),
            inbox=self.inbox,
            evidence=self.evidence,
            recipients=Recipients(HANDSETS if reads_handsets else None),
            secrets=SecretsByHand(Patterns()),
            stream=Streams(1).for_("by hand"),
            references=self.references,
            crime_system=self.records,
        )
        return WorldByHand(
            order=TWO_FORCES,
            messages=messages,
            crime_system=self.records,
            integration=Integration(
                clock=self.clock,
                driver=self.driver,
                outgoing=self.records.outgoing,
                evidence=self.evidence,
            ),
            breakdowns=Breakdowns(
                messages=messages,
                outage=Outage(crime_system_app(self.records, token="a token")),
            ),
            inbound=InboundMessages(messages, TWO_FORCES.contact.not_for_me_per_client_max),
            wait_seconds_max=wait_seconds_max,
            tester=self.typed.tester,
            observed=self.observed,
            reads_handsets=reads_handsets,
        )

    def meet(self) -> None:
        """Let Zoe be in the world."""
        self.world.meet(person())


def recorded() -> CrimeRecorded:
    """Record Zoe's crime."""
    return crime(START, VictimRecord(person_id="p", given_name="Zoe", mobile_phone=MOBILE))


def found(around: AroundByHand, kind: type[T]) -> list[T]:
    """List the records of one kind."""
    return [each for each in around.evidence.records if isinstance(each, kind)]
