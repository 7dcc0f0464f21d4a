"""The parts of the portal, and the only place that joins them; all due work is done from here."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from reference.portal.cases.cases import Cases
from reference.portal.cases.closures import Closures
from reference.portal.cases.conversations import Conversations
from reference.portal.cases.developments import Developments
from reference.portal.cases.incidents import Incidents
from reference.portal.cases.journeys import Journeys
from reference.portal.cases.reclassified_and_merged import Changes
from reference.portal.cases.sensitive_milestones import SensitiveMilestones
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
from reference.portal.people.merged_persons import MergedPersons
from reference.portal.people.not_for_me import NotForMe
from reference.portal.people.retention import Retention
from reference.portal.people.sessions import Sessions
from reference.portal.people.sign_in import SignIn
from reference.portal.people.sign_in_limits import SignInLimits
from reference.portal.people.tokens import Tokens
from reference.portal.people.withdrawals import Withdrawals
from reference.portal.settings import Secrets, Settings, Support
from reference.portal.storage.audit import Audit
from reference.portal.storage.case_file import CaseFile
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.database import Database
from reference.portal.storage.errand_queue import ErrandQueue
from reference.portal.storage.held_closures import HeldClosures
from reference.portal.storage.held_milestones import HeldMilestones
from reference.portal.storage.holds import Holds
from reference.portal.storage.outbox import Claims, Outbox
from reference.portal.storage.people import People
from reference.portal.storage.person_mergers import PersonMergers
from reference.portal.storage.personal_records import PersonalRecords
from reference.portal.storage.posts import Posts
from reference.portal.storage.received_events import Received
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
    withdrawals: Withdrawals
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


def _support_services(settings: Settings) -> tuple[tuple[str, Support], ...]:
    return tuple((key, each.support) for key, each in settings.forces.items() if each.support)


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
    crimes, case_file, posts = Crimes(database), CaseFile(database), Posts(database)
    audit, received, outbox = Audit(database), Received(database), Outbox(database)
    records, mergers = SignInRecords(database), PersonMergers(database)
    tokens = Tokens(records, secrets.identity, settings)
    limits = SignInLimits(records, tokens, settings, observer)
    people = People(database, tokens.digest)
    personal, holds = PersonalRecords(database, people), Holds(database)
    sessions = Sessions(crimes, mergers, records, tokens, settings)

    gateway, errands = _neighbours(settings, secrets, database, outbound, security_clock, observer)
    tasks, flags = Tasks(crimes, errands, settings), Flags(people, mergers, settings)

    details = Details(crimes, people, flags, outbox, tasks, sessions, settings)
    announcer = Announcer(outbox, settings)
    immediate = ImmediateMessages(crimes, gateway, words, settings)
    bounces = Bounces(crimes, people, details, outbox, announcer, tasks)
    made, late = (tokens.invite, tokens.not_for_me), (bounces.give_up, announcer.put_off)
    sending = Sending(outbox, Claims(database), gateway, words, *made, *late, settings)
    reports = StrangerReports(database)
    not_for_me = NotForMe(crimes, people, details, reports, tokens, tasks, audit, observer)

    timeline = Timeline(crimes, case_file, words, settings)
    journeys = Journeys(crimes, timeline, announcer, settings)
    conversations = Conversations(crimes, case_file, posts, errands, audit, settings)
    return Portal(
        settings=settings,
        secrets=secrets,
        clock=clock,
        security_clock=security_clock,
        crimes=crimes,
        people=people,
        case_file=case_file,
        cases=_cases(received, details, journeys, conversations),
        bounces=bounces,
        not_for_me=not_for_me,
        sign_in=SignIn(people, tasks, audit, records, sessions, immediate, tokens, limits),
        sessions=sessions,
        conversations=conversations,
        choices=Choices(crimes, people, details, not_for_me, tasks, immediate, received, audit),
        withdrawals=Withdrawals(crimes, tasks, audit),
        audit=audit,
        retention=Retention(personal, people, crimes, mergers, received, holds, audit, settings),
        schedule=Schedule(database, seconds(settings.go_live[1])),
        workers=(not_for_me, details, journeys, sending, conversations, errands),
        advice=advice.load_advice(_support_services(settings)),
        words=words,
        observer=observer,
    )


def _neighbours(
    settings: Settings,
    secrets: Secrets,
    database: Database,
    outbound: Outbound,
    security_clock: Clock,
    observer: Observer,
) -> tuple[Gateway, Errands]:
    line = NeighbourLine(outbound, "gateway", observer)
    gateway = Gateway(line, secrets.gateway, security_clock, observer, settings)
    line = NeighbourLine(outbound, "crime_system", observer)
    crime_system = CrimeSystem(line, settings.crime_system_url, secrets.crime_system)
    return gateway, Errands(ErrandQueue(database), crime_system, security_clock)


def _cases(
    received: Received, details: Details, journeys: Journeys, conversations: Conversations
) -> Cases:
    crimes, outbox, tasks = details.crimes, details.outbox, details.tasks
    timeline = journeys.timeline
    held, settings = HeldClosures(crimes.database), details.settings
    milestones = SensitiveMilestones(HeldMilestones(crimes.database), tasks, settings)
    changes = Changes(crimes, details, journeys, timeline, outbox, conversations, milestones)
    closures = Closures(crimes, held, milestones, details, journeys, timeline, settings)
    developments = Developments(
        crimes, details, journeys, changes, closures, milestones, timeline, conversations
    )
    incidents = Incidents(crimes, details, MergedPersons(details), journeys.announcer)
    return Cases(crimes, received, details, journeys, changes, developments, timeline, incidents)
