"""Takes "this is not for me": stops the address, and has the force look into a breach.

Anyone may report any address without a name. So that no one can silence victims one after another,
an hourly limit applies to each client and to all; a report over the limit becomes a task for the
officer of the crime, and one for the supervisors. Only an address that the portal knows counts:
made-up addresses use nothing up. The answer is always the same, and takes the same time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

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
    per_hour_max: int
    per_client_max: int

    async def say(self, address: str, client: str, now: datetime) -> None:
        """Take a report about an address; `client` is where the request came from ("" if unknown).

        The work is done afterwards: the answer takes as long for an address of nobody. Only a
        digest of the client is kept.
        """
        await self.reports.add(address, self.tokens.digest(f"client:{client}"), seconds(now))

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
                if people:
                    await self._take(report, people, now)

    async def _take(self, report: StrangerReport, people: list[str], now: datetime) -> None:
        if not await self._may_stop(report.client, now):
            for person_id in people:
                await self.tasks.judge_not_for_me(report.address, person_id, now)
            self.observer.not_for_me("left_to_the_force")
            return
        await self.details.stop(report.address, "not for me", now)
        for person_id in people:
            await self.audit.note("somebody", "said not for me", now, person=person_id)
            await self._shut(report.address, person_id)
            await self.crimes.forget_invitation(person_id)
        # What was told of a merged record went by the details of the one that survives.
        for person_id in await self.details.flags.mergers.merged_into(people):
            await self.tasks.look_into_breach(report.address, person_id, now)
        self.observer.not_for_me("stopped")

    async def _shut(self, address: str, person_id: str) -> None:
        """End what leads to a person's pages from an address that is not theirs.

        A link that was sent elsewhere still works; a session or a step they can soon begin again.
        """
        await self.tokens.records.end_all_at(address, person_id)

    async def _may_stop(self, client: str, now: datetime) -> bool:
        """Say whether this hour's limits leave room, and count the report if they do."""
        stopped, of_client = await self.reports.stopped_since(seconds(now - _HOUR), client)
        if stopped >= self.per_hour_max or of_client >= self.per_client_max:
            return False
        await self.reports.count(client, seconds(now))
        return True
