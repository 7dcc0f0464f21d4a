"""Joins the parts of the portal: the only place that knows the concrete classes."""

from reference.portal import advice, catalogue
from reference.portal.audit import Audit
from reference.portal.case_file import CaseFile
from reference.portal.cases import Cases
from reference.portal.changes import Changes
from reference.portal.choices import Choices
from reference.portal.claims import Claims
from reference.portal.clock import Clock
from reference.portal.closures import Closures
from reference.portal.conversations import Conversations
from reference.portal.crime_system import CrimeSystem
from reference.portal.database import Database
from reference.portal.delivery import Delivery
from reference.portal.details import Details
from reference.portal.errands import Errands
from reference.portal.gateway import Gateway
from reference.portal.journey_plan import JourneyPlan
from reference.portal.journeys import Journeys
from reference.portal.outbound import Outbound
from reference.portal.outbox import Outbox
from reference.portal.people import People
from reference.portal.portal import Portal
from reference.portal.received import Received
from reference.portal.sending import Sending
from reference.portal.settings import Secrets, Settings
from reference.portal.sign_in import SignIn
from reference.portal.store import Store
from reference.portal.tasks import Tasks
from reference.portal.timeline import Timeline
from reference.portal.tokens import Tokens


def build(
    settings: Settings,
    secrets: Secrets,
    *,
    database: Database,
    outbound: Outbound,
    clock: Clock,
    security_clock: Clock,
) -> Portal:
    """Join them."""
    store, people, case_file = Store(database), People(database), CaseFile(database)
    audit, words = Audit(database), catalogue.load()
    tokens = Tokens(database=database, key=secrets.identity, settings=settings)
    gateway = Gateway(
        outbound=outbound, key=secrets.gateway, security_clock=security_clock, settings=settings
    )
    crime_system = CrimeSystem(outbound=outbound, token=secrets.crime_system, settings=settings)
    errands = Errands(database=database, crime_system=crime_system)
    tasks = Tasks(store=store, errands=errands, settings=settings)
    outbox = Outbox(database=database, settings=settings)
    sign_in = SignIn(
        store=store,
        people=people,
        tasks=tasks,
        audit=audit,
        gateway=gateway,
        catalogue=words,
        tokens=tokens,
        identity_key=secrets.identity,
        settings=settings,
    )
    details = Details(
        store=store,
        people=people,
        outbox=outbox,
        tasks=tasks,
        sign_in=sign_in,
        settings=settings,
    )
    timeline = Timeline(store=store, case_file=case_file, catalogue=words, settings=settings)
    plan = JourneyPlan(database)
    journeys = Journeys(store=store, plan=plan, outbox=outbox, settings=settings)
    conversations = Conversations(store=store, errands=errands, settings=settings)
    closures = Closures(database=database, tasks=tasks, settings=settings)
    sending = Sending(
        database=database,
        claims=Claims(database),
        gateway=gateway,
        catalogue=words,
        tokens=tokens,
        settings=settings,
    )
    return Portal(
        settings=settings,
        secrets=secrets,
        clock=clock,
        security_clock=security_clock,
        store=store,
        people=people,
        case_file=case_file,
        cases=Cases(
            store=store,
            received=Received(database),
            details=details,
            journeys=journeys,
            changes=Changes(
                store=store,
                details=details,
                journeys=journeys,
                timeline=timeline,
                case_file=case_file,
                outbox=outbox,
                tasks=tasks,
            ),
            closures=closures,
            timeline=timeline,
            outbox=outbox,
            conversations=conversations,
            audit=audit,
            settings=settings,
        ),
        delivery=Delivery(
            store=store,
            people=people,
            details=details,
            outbox=outbox,
            sending=sending,
            tasks=tasks,
            audit=audit,
        ),
        journeys=journeys,
        sending=sending,
        errands=errands,
        sign_in=sign_in,
        conversations=conversations,
        choices=Choices(
            store=store,
            people=people,
            details=details,
            tasks=tasks,
            gateway=gateway,
            catalogue=words,
            settings=settings,
        ),
        audit=audit,
        advice=advice.load_advice(),
    )
