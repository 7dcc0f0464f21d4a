"""Deletes, once a day, what is old: crimes that ended long ago, and people who have no other crime.

A hold on a person or a crime keeps it, however old. The audit keeps that it was erased, and what is
still owed to the crime system stays owed.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from reference.portal.settings import Settings
from reference.portal.storage.audit import Audit
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.holds import Holds
from reference.portal.storage.people import People
from reference.portal.storage.person_mergers import PersonMergers
from reference.portal.storage.personal_records import PersonalRecords
from reference.portal.storage.received_events import Received
from reference.portal.timestamps import SECOND, seconds

_NOBODYS = timedelta(days=30)  # a stranger who failed to sign in


@dataclass(slots=True)
class Retention:
    """The daily retention, after the settings' `retention_days`.

    What anybody can leave behind by beginning to sign in is deleted every hour.
    """

    records: PersonalRecords
    people: People
    crimes: Crimes
    mergers: PersonMergers
    received: Received
    holds: Holds
    audit: Audit
    settings: Settings
    _last_hour: tuple[date, int] | None = field(default=None, init=False)
    _last_retention: date | None = field(default=None, init=False)

    async def run_due(self, now: datetime) -> list[str]:
        """Once a day delete what is old: crimes that ended long ago and have no hold.

        Returns their references.
        """
        day = now.date()
        hour = (day, now.hour)
        if hour != self._last_hour:
            self._last_hour = hour
            await self.records.delete_run_out(seconds(now))
        if day == self._last_retention:
            return []
        self._last_retention = day
        kept_since = seconds(now - timedelta(days=self.settings.audit_days))
        await self.audit.prune(kept_since, seconds(now - _NOBODYS))
        before = seconds(now - timedelta(days=self.settings.retention_days))
        ended = await self.crimes.ended_before(before)
        for reference in ended:
            async with self.records.database.transaction():
                await self._delete_crime(reference, now)
        await self._delete_waiting(before * SECOND)
        for person_id in await self.people.without_crimes(before * SECOND):
            async with self.records.database.transaction():
                await self.records.delete_person(person_id)
        return ended

    async def _delete_waiting(self, before: int) -> None:
        held = await self.holds.all()
        for each in await self.received.waiting():
            if each.at < before and held.isdisjoint({each.crime_reference, each.person_id}):
                await self.received.remove(each)

    async def _delete_crime(self, reference: str, now: datetime) -> None:
        """Delete a crime, and those of its people who have no other, nor a merged record that has.

        By a record that survives the person still signs in, and reads the crimes of both.
        """
        people = await self.crimes.people_of(reference)
        await self.records.delete_crime(reference)
        await self.audit.note("retention", "erased", now, crime=reference)
        for person_id, _ in people:
            records = await self.mergers.merged_into([person_id])
            if not [one for each in records for one in await self.crimes.crimes_of(each)]:
                await self.records.delete_person(person_id)
                await self.audit.note("retention", "erased", now, person=person_id)
