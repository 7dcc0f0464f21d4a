"""A world around a scripted portal, with the people and messages that tests put into it."""

from datetime import UTC, datetime

from reference.contract.events import Channel, CrimeRecorded, VictimRecord
from simulator.clock import WorldClock
from simulator.evidence.records import EvidenceLog, PersonKnown, Recorded
from simulator.inputs.order import read_order
from simulator.inputs.target import Patterns
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.crime_system.outage import Outage
from simulator.neighbours.crime_system.records import CrimeSystem
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.streams import Streams
from simulator.world.arrived_messages import ArrivedMessages
from simulator.world.breakdowns import Breakdowns, Restart
from simulator.world.inbound import InboundMessages
from simulator.world.integration import Integration
from simulator.world.message_secrets import MessageSecrets
from simulator.world.recipient_guard import Recipients
from simulator.world.timed_portal import TimedPortal
from simulator.world.world import World
from tests.simulator.real_files import ORDER
from tests.simulator.scripted_driver import ScriptedDriver

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
TWO_FORCES = read_order(ORDER)
MOBILE = "07700900123"
EMAIL = "zoe.elm@example.com"
REFERENCE = "43260000001"
VICTIM = VictimRecord(person_id="p", mobile_phone=MOBILE)


class Around:
    """One world with its scripted portal, and the doubles that the world has within."""

    def __init__(
        self,
        *,
        clock: WorldClock | None = None,
        portal: ScriptedDriver | None = None,
        name: str = "world",
        wait_seconds_max: float = 10,
        recipients: Recipients | None = None,
        restart: Restart | None = None,
    ) -> None:
        self.clock = clock or WorldClock(START)
        self.portal = portal or ScriptedDriver()
        self.evidence = EvidenceLog()
        self.inbox = Inbox(lambda: self.clock.now)
        self.crime_system = CrimeSystem(
            now=lambda: self.clock.now, evidence=self.evidence, source=name
        )
        self.outage = Outage(crime_system_app(self.crime_system, token="a token"))
        messages = ArrivedMessages(
            clock=self.clock,
            portal=TimedPortal(self.portal, self.clock),
            inbox=self.inbox,
            evidence=self.evidence,
            recipients=recipients or Recipients(comes_to_us=True),
            secrets=MessageSecrets(Patterns()),
            stream=Streams(1).for_(f"{name}: receipts"),
        )
        self.world = World(
            order=TWO_FORCES,
            messages=messages,
            crime_system=self.crime_system,
            integration=Integration(
                clock=self.clock,
                driver=self.portal,
                outgoing=self.crime_system.outgoing,
                evidence=self.evidence,
            ),
            breakdowns=Breakdowns(messages=messages, outage=self.outage, restart=restart),
            inbound=InboundMessages(messages, TWO_FORCES.contact.not_for_me_per_client_max),
            wait_seconds_max=wait_seconds_max,
        )

    def meet(self, *, mobile: str = MOBILE, email: str = EMAIL, person_id: str = "p") -> None:
        """Let a victim be in the world."""
        self.world.meet(person(mobile=mobile, email=email, person_id=person_id))

    def send(
        self, body: str, *, to: str = MOBILE, subject: str = "", channel: Channel = "text"
    ) -> Accepted:
        """Have the portal send a message, which the gateway takes."""
        return self.inbox.accept(
            channel=channel,
            to=to,
            to_given=to,
            subject=subject,
            body=body,
            sender="force",
            reference="e-1",
            template_id="template",
        )

    def record_crime(self) -> None:
        """Have the crime system record a crime."""
        self.crime_system.record(crime(self.clock.now))


def person(*, mobile: str = MOBILE, email: str = EMAIL, person_id: str = "p") -> PersonKnown:
    """Give a victim who truly holds a phone and a mailbox."""
    return PersonKnown(
        at=START,
        person_id=person_id,
        role="victim",
        given_name="Zoe",
        family_name="Elm",
        mobile_phone=mobile,
        email=email,
    )


def crime(
    at: datetime, victim: VictimRecord = VICTIM, *, reference: str = REFERENCE
) -> CrimeRecorded:
    """Record a stolen bicycle."""
    return CrimeRecorded(
        crime_reference=reference,
        force="thames_valley",
        offence_code="131",
        offence_subgroup="Bicycle theft",
        offence="Theft of a pedal cycle",
        recorded_at=at,
        victims=(victim,),
    )


def found(around: Around, kind: type[Recorded]) -> list[Recorded]:
    """List what was written down of one kind."""
    return [each for each in around.evidence.records if isinstance(each, kind)]
