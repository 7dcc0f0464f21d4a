"""Takes "this is not for me", and has the force look into a breach.

The link of an email that arrived at an address stops messages there and sign-in by it; a text that
says so stops messages and ends links, and shuts nobody out, as its sender can be forged. Anyone may
report any address: that becomes a task. The answer, and its time, are the same for any address.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from reference.portal.errors import Problem
from reference.portal.force.tasks import Tasks
from reference.portal.observer import Observer
from reference.portal.people.details import Details
from reference.portal.people.tokens import Tokens
from reference.portal.storage.audit import Audit
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.people import People
from reference.portal.storage.stranger_reports import StrangerReport, StrangerReports
from reference.portal.timestamps import seconds

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NotForMe:
    """The use case behind the page "this is not for me"."""

    crimes: Crimes
    people: People
    details: Details
    reports: StrangerReports
    tokens: Tokens
    tasks: Tasks
    audit: Audit
    observer: Observer

    async def say(self, address: str, client: str, now: datetime) -> None:
        """Take a report about an address; `client` is where the request came from ("" if unknown).

        The work is done afterwards: the answer takes as long for an address of nobody. Only a
        digest of the client is kept. Raises Problem 503 when too many reports wait.
        """
        client = self.tokens.digest(f"client:{client}")
        if not await self.reports.add(address, client, seconds(now)):
            raise Problem(503, "Too many people are telling us this. Try again in a few minutes")

    async def say_by_link(self, token: str, now: datetime) -> None:
        """Take a report by the link of a message that arrived; raises Problem 410 for any other."""
        message = self.tokens.message_in(token)
        address = "" if message is None else await self.details.outbox.sent_to(message)
        known = "" if message is None else self.tokens.not_for_me(message, address)
        if not (address and hmac.compare_digest(known, token)):
            raise Problem(
                410,
                "This link does not work any more",
                detail="Tell us the number or address the message came to.",
            )
        await self.reports.add_proved(address, seconds(now))

    async def run_due(self, now: datetime) -> None:
        """Take the reports that wait, one after another: a batch of them."""
        database = self.reports.database
        for report in await self.reports.waiting():
            async with database.transaction():
                await database.lock([f"address:{report.address}", "not for me"])
                if not await self.reports.take(report):
                    continue
                # A report about an address of nobody leaves nothing behind.
                people = await self.people.ever_reached_at(report.address)
                if people and report.is_proved:
                    await self._stop(report.address, people, now)
                elif people and not await self.people.is_disowned(report.address):
                    await self._ask(report, people, now)

    async def _stop(self, address: str, people: list[str], now: datetime) -> None:
        await self.details.stop(address, "not for me", now)
        for person_id in people:
            await self.audit.note("somebody", "said not for me", now, person=person_id)
            await self._shut(address, person_id)
            await self.crimes.forget_invitation(person_id)
        # What was told of a merged record went by the details of the one that survives.
        for person_id in await self.details.flags.mergers.merged_into(people):
            await self.tasks.look_into_breach(address, person_id, now)
        self.observer.not_for_me("stopped")

    async def _ask(self, report: StrangerReport, people: list[str], now: datetime) -> None:
        is_usual = await self._is_usual(report.client, now)
        for person_id in people:
            await self.tasks.judge_not_for_me(report.address, person_id, now, is_usual=is_usual)
        self.observer.not_for_me("left_to_the_force" if is_usual else "over_the_limit")

    async def _shut(self, address: str, person_id: str) -> None:
        """End what leads to a person's pages from an address that is not theirs.

        A link that was sent elsewhere still works; a session or a step they can soon begin again.
        """
        await self.tokens.records.end_all_at(address, person_id)

    async def _is_usual(self, client: str, now: datetime) -> bool:
        """Say whether this hour's limits leave room, and count the report if they do."""
        taken, of_client = await self.reports.counted_since(seconds(now - _HOUR), client)
        limits = self.details.settings
        if taken >= limits.not_for_me_per_hour_max or of_client >= limits.not_for_me_per_client_max:
            return False
        await self.reports.count(client, seconds(now))
        return True
