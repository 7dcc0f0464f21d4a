"""Joins the parts of the portal: the only place that knows the concrete classes."""

from reference.portal.cases.cases import Cases
from reference.portal.cases.changes import Changes
from reference.portal.cases.closures import Closures
from reference.portal.cases.conversations import Conversations
from reference.portal.cases.journeys import Journeys
from reference.portal.cases.timeline import Timeline
from reference.portal.clock import Clock
from reference.portal.force.crime_system import CrimeSystem
from reference.portal.force.errands import Errands
from reference.portal.force.tasks import Tasks
from reference.portal.messages.delivery import Delivery
from reference.portal.messages.gateway import Gateway
from reference.portal.messages.outbound import NeighbourLine, Outbound, Pulse
from reference.portal.messages.outbox import Outbox
from reference.portal.messages.sending import Sending
from reference.portal.observer import Observer
from reference.portal.people.choices import Choices
from reference.portal.people.details import Details
from reference.portal.people.flags import Flags
from reference.portal.people.not_for_me import NotForMe
from reference.portal.people.same_person import SamePerson
from reference.portal.people.sign_in import SignIn
from reference.portal.people.tokens import Tokens
from reference.portal.portal import Portal
from reference.portal.settings import Secrets, Settings
from reference.portal.storage.attempts import Attempts
from reference.portal.storage.audit import Audit
from reference.portal.storage.case_file import CaseFile
from reference.portal.storage.claims import Claims
from reference.portal.storage.database import Database
from reference.portal.storage.due import Diary
from reference.portal.storage.journey_plan import JourneyPlan
from reference.portal.storage.people import People
from reference.portal.storage.received import Received
from reference.portal.storage.retention import Retention
from reference.portal.storage.store import Store
from reference.portal.words import advice, catalogue


def build(
    settings: Settings,
    secrets: Secrets,
    *,
    database: Database,
    outbound: Outbound,
    clock: Clock,
    security_clock: Clock,
    observer: Observer,
) -> Portal:
    """Join them."""
    pulse = Pulse(clock)
    to_gateway = NeighbourLine(outbound, "gateway", observer, pulse)
    to_crime_system = NeighbourLine(outbound, "crime_system", observer, pulse)
    gateway = Gateway(
        outbound=to_gateway,
        key=secrets.gateway,
        security_clock=security_clock,
        observer=observer,
        settings=settings,
    )
    crime_system = CrimeSystem(
        outbound=to_crime_system, token=secrets.crime_system, settings=settings
    )
    errands = Errands(database=database, crime_system=crime_system, elapsing=security_clock)
    parts = _Parts(database, gateway, errands, secrets, settings)
    return Portal(
        settings=settings,
        secrets=secrets,
        clock=clock,
        security_clock=security_clock,
        store=parts.store,
        people=parts.people,
        case_file=parts.case_file,
        details=parts.details,
        cases=parts.cases(),
        delivery=parts.delivery(),
        not_for_me=parts.not_for_me(observer),
        journeys=parts.journeys,
        errands=errands,
        sign_in=parts.sign_in,
        conversations=parts.conversations,
        choices=parts.choices(),
        audit=parts.audit,
        retention=Retention(
            database=database, people=parts.people, audit=parts.audit, settings=settings
        ),
        diary=Diary(database=database, settings=settings),
        advice=advice.load_advice(),
        words=parts.words,
        observer=observer,
        pulse=pulse,
    )


class _Parts:
    """What several of the use cases are made of, each once."""

    def __init__(
        self,
        database: Database,
        gateway: Gateway,
        errands: Errands,
        secrets: Secrets,
        settings: Settings,
    ) -> None:
        self.settings, self.database, self.gateway = settings, database, gateway
        self.words = words = catalogue.load()
        self.store = store = Store(database)
        self.tokens = tokens = Tokens(database=database, key=secrets.identity, settings=settings)
        self.people = people = People(database, tokens)
        self.case_file = case_file = CaseFile(database)
        self.audit = audit = Audit(database)
        self.received = Received(database)
        self.tasks = tasks = Tasks(store=store, errands=errands, settings=settings)
        self.outbox = outbox = Outbox(database=database, settings=settings)
        self.sign_in = sign_in = SignIn(
            store=store,
            people=people,
            tasks=tasks,
            audit=audit,
            attempts=Attempts(database=database, settings=settings),
            same_person=SamePerson(database=database, identity_key=secrets.identity),
            gateway=gateway,
            catalogue=words,
            tokens=tokens,
            identity_key=secrets.identity,
            settings=settings,
        )
        self.details = Details(
            store=store,
            people=people,
            flags=Flags(database=database, settings=settings),
            outbox=outbox,
            tasks=tasks,
            sign_in=sign_in,
            settings=settings,
        )
        self.timeline = timeline = Timeline(
            store=store, case_file=case_file, catalogue=words, settings=settings
        )
        plan = JourneyPlan(database)
        self.journeys = Journeys(
            store=store, plan=plan, timeline=timeline, outbox=outbox, settings=settings
        )
        self.conversations = Conversations(
            store=store,
            case_file=case_file,
            errands=errands,
            audit=audit,
            settings=settings,
        )

    def cases(self) -> Cases:
        changes = Changes(
            store=self.store,
            details=self.details,
            journeys=self.journeys,
            timeline=self.timeline,
            case_file=self.case_file,
            outbox=self.outbox,
            tasks=self.tasks,
        )
        return Cases(
            store=self.store,
            received=self.received,
            details=self.details,
            journeys=self.journeys,
            changes=changes,
            closures=Closures(database=self.database, tasks=self.tasks, settings=self.settings),
            timeline=self.timeline,
            outbox=self.outbox,
            conversations=self.conversations,
            settings=self.settings,
        )

    def delivery(self) -> Delivery:
        sending = Sending(
            database=self.database,
            claims=Claims(self.database),
            gateway=self.gateway,
            catalogue=self.words,
            tokens=self.tokens,
            settings=self.settings,
        )
        return Delivery(
            store=self.store,
            people=self.people,
            details=self.details,
            outbox=self.outbox,
            sending=sending,
            tasks=self.tasks,
        )

    def not_for_me(self, observer: Observer) -> NotForMe:
        return NotForMe(
            store=self.store,
            people=self.people,
            details=self.details,
            tasks=self.tasks,
            audit=self.audit,
            tokens=self.tokens,
            observer=observer,
            settings=self.settings,
        )

    def choices(self) -> Choices:
        return Choices(
            store=self.store,
            people=self.people,
            details=self.details,
            tasks=self.tasks,
            gateway=self.gateway,
            catalogue=self.words,
            received=self.received,
            audit=self.audit,
            settings=self.settings,
        )
