"""The portal as its entry points see it: use cases, clock, and all due work in one place."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from reference.portal.cases.cases import Cases
from reference.portal.cases.conversations import Conversations
from reference.portal.cases.journeys import Journeys
from reference.portal.clock import Clock
from reference.portal.force.errands import Errands
from reference.portal.messages.delivery import Delivery
from reference.portal.messages.outbound import Pulse
from reference.portal.observer import Observer
from reference.portal.people.choices import Choices
from reference.portal.people.details import Details
from reference.portal.people.not_for_me import NotForMe
from reference.portal.people.sign_in import SignIn
from reference.portal.settings import Secrets, Settings
from reference.portal.storage.audit import Audit
from reference.portal.storage.case_file import CaseFile
from reference.portal.storage.due import Diary, Worker
from reference.portal.storage.people import People
from reference.portal.storage.retention import Retention
from reference.portal.storage.store import Store, moment, seconds
from reference.portal.words.advice import Advice
from reference.portal.words.catalogue import Catalogue

ROUNDS_MAX = 1000  # work makes work, and a mistake in it must not go on for ever


@dataclass(frozen=True, kw_only=True)
class Portal:
    """Everything `assembly.py` put together."""

    settings: Settings
    secrets: Secrets
    clock: Clock
    security_clock: Clock
    store: Store
    people: People
    case_file: CaseFile
    details: Details
    cases: Cases
    delivery: Delivery
    not_for_me: NotForMe
    journeys: Journeys
    errands: Errands
    sign_in: SignIn
    conversations: Conversations
    choices: Choices
    audit: Audit
    retention: Retention
    diary: Diary
    advice: Advice
    words: Catalogue
    observer: Observer
    pulse: Pulse
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def note(self, person_id: str, action: str, crime: str = "") -> None:
        """Write into the audit what a signed-in victim did."""
        await self.audit.note(person_id, action, self.clock.now(), person=person_id, crime=crime)

    async def run_due(self, now: datetime) -> datetime | None:
        """Do all work due by `now`, but begin none when stopping; answers when the next is due."""
        await self.retention.run_due(now)
        until = seconds(now)
        parts: tuple[Worker, ...] = (
            *(self.not_for_me, self.details, self.journeys, self.delivery),
            *(self.conversations, self.errands),
        )
        for _ in range(ROUNDS_MAX):
            due = await self.diary.next()
            if due.first is None or due.first > until or self.stopping.is_set():
                break
            for at, part in zip(due, parts, strict=True):
                if at is not None and at <= until and not self.stopping.is_set():
                    # Rounds take their time: what was day at the first is night at the last.
                    await part.run_due(self.clock.now())
        return None if due.first is None else moment(due.first)
