"""The portal as its entry points see it: use cases, clock, and all due work in one place."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from reference.portal.advice import Advice
from reference.portal.cases import Cases
from reference.portal.clock import Clock
from reference.portal.conversations import Conversations
from reference.portal.errands import Errands
from reference.portal.journey_plan import JourneyPlan
from reference.portal.outbox import Outbox
from reference.portal.settings import Secrets, Settings
from reference.portal.sign_in import SignIn
from reference.portal.store import Store, moment, seconds


@dataclass(frozen=True, kw_only=True)
class Portal:
    """Everything `app.py` put together."""

    settings: Settings
    secrets: Secrets
    clock: Clock
    security_clock: Clock
    store: Store
    cases: Cases
    plan: JourneyPlan
    outbox: Outbox
    errands: Errands
    sign_in: SignIn
    conversations: Conversations
    advice: Advice
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def run_due(self, now: datetime) -> datetime | None:
        """Do all work due by `now`; answers when the next is due."""
        await self.cases.send_journeys(now)
        await self.cases.send_due(now)
        await self.errands.run_due(now)
        journey_at = await self.plan.next_due()
        if journey_at is not None:
            # What waits for phase 2 is due when phase 2 goes live, however old it is.
            journey_at = max(journey_at, seconds(self.settings.go_live[1]))
        due = (journey_at, await self.outbox.next_due(), await self.errands.next_due())
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
