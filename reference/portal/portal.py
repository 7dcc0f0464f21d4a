"""The parts of the portal, and the only place that joins them; all due work is done from here."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from reference.portal.cases.cases import Cases
from reference.portal.cases.changes import Changes
from reference.portal.cases.closures import Closures
from reference.portal.cases.conversations import Conversations
from reference.portal.cases.developments import Developments
from reference.portal.cases.journeys import Journeys
from reference.portal.cases.timeline import Timeline
from reference.portal.clock import Clock
from reference.portal.force.crime_system import CrimeSystem
from reference.portal.force.errands import Errands
from reference.portal.force.tasks import Tasks
from reference.portal.messages.announcer import Announcer
from reference.portal.messages.gateway import Gateway
from reference.portal.messages.immediate import ImmediateMessages
from reference.portal.messages.outbound import NeighbourLine, Outbound
from reference.portal.messages.sending import Sending
from reference.portal.observer import Observer
from reference.portal.people.bounces import Bounces
from reference.portal.people.choices import Choices
from reference.portal.people.details import Details
from reference.portal.people.flags import Flags
from reference.portal.people.not_for_me import NotForMe
from reference.portal.people.retention import Retention
from reference.portal.people.sessions import Sessions
from reference.portal.people.sign_in import SignIn
from reference.portal.people.tokens import Tokens
from reference.portal.settings import Secrets, Settings
from reference.portal.storage.audit import Audit
from reference.portal.storage.case_file import CaseFile
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.database import Database
from reference.portal.storage.errand_queue import ErrandQueue
from reference.portal.storage.held_closures import HeldClosures
from reference.portal.storage.holds import Holds
from reference.portal.storage.outbox import Claims, Outbox
from reference.portal.storage.people import People
from reference.portal.storage.personal_records import PersonalRecords
from reference.portal.storage.posts import Posts
from reference.portal.storage.received import Received
from reference.portal.storage.schedule import Schedule
from reference.portal.storage.sign_in_records import SignInRecords
from reference.portal.storage.stranger_reports import StrangerReports
from reference.portal.timestamps import moment, seconds
from reference.portal.words import advice, catalogue
from reference.portal.words.advice import Advice
from reference.portal.words.catalogue import Catalogue

ROUNDS_MAX = 1000  # work makes more work, and a mistake in it must not go on for ever


class Worker(Protocol):
    """Whatever does work of one kind."""

    async def run_due(self, now: datetime) -> None:
        """Do what is due by now, or a batch of it."""


@dataclass(frozen=True, kw_only=True)
class Portal:
    """Everything that entry points use. `workers` are in the order of `storage.schedule.Due`."""

    settings: Settings
    secrets: Secrets
    clock: Clock
    security_clock: Clock
    crimes: Crimes
    people: People
    case_file: CaseFile
    cases: Cases
    bounces: Bounces
    not_for_me: NotForMe
    sign_in: SignIn
    sessions: Sessions
    conversations: Conversations
    choices: Choices
    audit: Audit
    retention: Retention
    schedule: Schedule
    workers: tuple[Worker, ...]
    advice: Advice
    words: Catalogue
    observer: Observer
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def note(self, person_id: str, action: str, crime: str = "") -> None:
        """Note in the audit what a signed-in victim did."""
        await self.audit.note(person_id, action, self.clock.now(), person=person_id, crime=crime)

    async def run_due(self, now: datetime) -> datetime | None:
        """Do all work due by `now`, but begin none when stopping; return when the next is due."""
        await self.retention.run_due(now)
        until = seconds(now)
        for _ in range(ROUNDS_MAX):
            due = await self.schedule.next()
            if due.first is None or due.first > until or self.stopping.is_set():
                break
            for at, worker in zip(due, self.workers, strict=True):
                if at is not None and at <= until and not self.stopping.is_set():
                    # Rounds take time: it may be night at the last when it was day at the first.
                    await worker.run_due(self.clock.now())
        return None if due.first is None else moment(due.first)


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
    """Join the parts."""
    words = catalogue.load()
    gateway = Gateway(
        outbound=NeighbourLine(outbound, "gateway", observer),
        key=secrets.gateway,
        security_clock=security_clock,
        observer=observer,
        settings=settings,
    )
    errands = Errands(
        queue=ErrandQueue(database),
        crime_system=CrimeSystem(
            outbound=NeighbourLine(outbound, "crime_system", observer),
            url=settings.crime_system_url,
            token=secrets.crime_system,
        ),
        elapsing=security_clock,
    )
    shared = _Shared(database, errands, words, secrets, settings)
    immediate = ImmediateMessages(
        crimes=shared.crimes, gateway=gateway, catalogue=words, settings=settings
    )
    bounces, not_for_me = _bounces(shared), _not_for_me(shared, observer)
    return Portal(
        settings=settings,
        secrets=secrets,
        clock=clock,
        security_clock=security_clock,
        crimes=shared.crimes,
        people=shared.people,
        case_file=shared.case_file,
        cases=_cases(shared),
        bounces=bounces,
        not_for_me=not_for_me,
        sign_in=_sign_in(shared, immediate),
        sessions=shared.sessions,
        conversations=shared.conversations,
        choices=_choices(shared, immediate),
        audit=shared.audit,
        retention=_retention(shared, database),
        schedule=Schedule(database=database, automatic_from=seconds(settings.go_live[1])),
        workers=(
            *(not_for_me, shared.details, shared.journeys, _sending(shared, gateway, bounces)),
            *(shared.conversations, errands),
        ),
        advice=advice.load_advice(),
        words=words,
        observer=observer,
    )


class _Shared:
    """The parts that several others are made of, each once."""

    def __init__(
        self,
        database: Database,
        errands: Errands,
        words: Catalogue,
        secrets: Secrets,
        settings: Settings,
    ) -> None:
        self.words, self.settings, self.identity_key = words, settings, secrets.identity
        records = SignInRecords(database)
        self.tokens = tokens = Tokens(records=records, key=secrets.identity, settings=settings)
        self.crimes = crimes = Crimes(database)
        self.people = people = People(database=database, digest=tokens.digest)
        self.case_file, self.posts = CaseFile(database), Posts(database)
        self.received, self.audit, self.outbox = (
            Received(database),
            Audit(database),
            Outbox(database),
        )
        self.tasks = Tasks(crimes=crimes, errands=errands, settings=settings)
        self.sessions = Sessions(crimes=crimes, records=records, tokens=tokens, settings=settings)
        self.details = Details(
            crimes=crimes,
            people=people,
            flags=Flags(people=people, settings=settings),
            outbox=self.outbox,
            tasks=self.tasks,
            sessions=self.sessions,
            settings=settings,
        )
        self.timeline = Timeline(
            crimes=crimes, case_file=self.case_file, catalogue=words, settings=settings
        )
        self.announcer = Announcer(outbox=self.outbox, settings=settings)
        self.journeys = Journeys(
            crimes=crimes, timeline=self.timeline, announcer=self.announcer, settings=settings
        )
        self.conversations = Conversations(
            crimes=crimes,
            case_file=self.case_file,
            posts=self.posts,
            errands=errands,
            audit=self.audit,
            settings=settings,
        )


def _cases(shared: _Shared) -> Cases:
    changes = Changes(
        crimes=shared.crimes,
        details=shared.details,
        journeys=shared.journeys,
        timeline=shared.timeline,
        case_file=shared.case_file,
        posts=shared.posts,
        outbox=shared.outbox,
        tasks=shared.tasks,
    )
    closures = Closures(
        crimes=shared.crimes,
        held=HeldClosures(shared.crimes.database),
        details=shared.details,
        journeys=shared.journeys,
        timeline=shared.timeline,
        outbox=shared.outbox,
        tasks=shared.tasks,
        settings=shared.settings,
    )
    developments = Developments(
        crimes=shared.crimes,
        details=shared.details,
        journeys=shared.journeys,
        changes=changes,
        closures=closures,
        timeline=shared.timeline,
        conversations=shared.conversations,
    )
    return Cases(
        crimes=shared.crimes,
        received=shared.received,
        details=shared.details,
        journeys=shared.journeys,
        changes=changes,
        developments=developments,
        timeline=shared.timeline,
    )


def _bounces(shared: _Shared) -> Bounces:
    return Bounces(
        crimes=shared.crimes,
        people=shared.people,
        details=shared.details,
        outbox=shared.outbox,
        announcer=shared.announcer,
        tasks=shared.tasks,
    )


def _sending(shared: _Shared, gateway: Gateway, bounces: Bounces) -> Sending:
    return Sending(
        outbox=shared.outbox,
        claims=Claims(shared.crimes.database),
        gateway=gateway,
        catalogue=shared.words,
        invite=shared.tokens.invite,
        give_up=bounces.give_up,
        settings=shared.settings,
    )


def _choices(shared: _Shared, immediate: ImmediateMessages) -> Choices:
    return Choices(
        crimes=shared.crimes,
        people=shared.people,
        details=shared.details,
        tasks=shared.tasks,
        immediate=immediate,
        received=shared.received,
        audit=shared.audit,
    )


def _retention(shared: _Shared, database: Database) -> Retention:
    return Retention(
        records=PersonalRecords(database=database, people=shared.people),
        people=shared.people,
        crimes=shared.crimes,
        received=shared.received,
        holds=Holds(database),
        audit=shared.audit,
        retention_days=shared.settings.retention_days,
    )


def _not_for_me(shared: _Shared, observer: Observer) -> NotForMe:
    return NotForMe(
        crimes=shared.crimes,
        people=shared.people,
        details=shared.details,
        reports=StrangerReports(shared.crimes.database),
        records=shared.tokens.records,
        tasks=shared.tasks,
        audit=shared.audit,
        observer=observer,
        digest=shared.tokens.digest,
        per_hour_max=shared.settings.not_for_me_per_hour_max,
        per_client_max=shared.settings.not_for_me_per_client_max,
    )


def _sign_in(shared: _Shared, immediate: ImmediateMessages) -> SignIn:
    return SignIn(
        people=shared.people,
        tasks=shared.tasks,
        audit=shared.audit,
        records=shared.tokens.records,
        sessions=shared.sessions,
        immediate=immediate,
        tokens=shared.tokens,
        identity_key=shared.identity_key,
        settings=shared.settings,
    )
