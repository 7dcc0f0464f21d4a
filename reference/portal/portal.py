"""The portal as its entry points see it: use cases, clock, and all due work in one place."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from reference.portal.advice import Advice
from reference.portal.audit import Audit
from reference.portal.case_file import CaseFile
from reference.portal.cases import Cases
from reference.portal.choices import Choices
from reference.portal.clock import Clock
from reference.portal.conversations import Conversations
from reference.portal.delivery import Delivery
from reference.portal.errands import Errands
from reference.portal.journeys import Journeys
from reference.portal.people import People
from reference.portal.sending import Sending
from reference.portal.settings import Secrets, Settings
from reference.portal.sign_in import SignIn
from reference.portal.store import Store, moment


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
    cases: Cases
    delivery: Delivery
    journeys: Journeys
    sending: Sending
    errands: Errands
    sign_in: SignIn
    conversations: Conversations
    choices: Choices
    audit: Audit
    advice: Advice
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def run_due(self, now: datetime) -> datetime | None:
        """Do all work due by `now`; answers when the next is due."""
        await self.journeys.send_due(now)
        await self.delivery.send_due(now)
        await self.conversations.send_due(now)
        await self.errands.run_due(now)
        due = [
            await each.next_due()
            for each in (self.journeys, self.sending, self.conversations, self.errands)
        ]
        times = [at for at in due if at is not None]
        return moment(min(times)) if times else None

    async def run_forever(self, idle_seconds_max: float = 1.0) -> None:
        """Do due work as it falls due: whoever leaves some says so by `woken`."""
        while True:
            self.woken.clear()
            now = self.clock.now()
            next_due = await self.run_due(now)
            wait = idle_seconds_max
            if next_due is not None:
                wait = min(wait, max(0.0, (next_due - self.clock.now()).total_seconds()))
            try:
                await asyncio.wait_for(self.woken.wait(), wait)
            except TimeoutError:
                continue
