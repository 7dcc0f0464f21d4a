"""What moves a crime in, out of, or within the portal: reclassified, merged, cancelled.

Access follows eligibility, the victim is led to the right page, and what a person should say is
left to a person.
"""

from datetime import datetime

from msgspec import structs

from reference.contract.events import CrimeCancelled, CrimeMerged, CrimeReclassified
from reference.portal.case_file import CaseFile
from reference.portal.details import Details
from reference.portal.journeys import Journeys
from reference.portal.outbox import Outbox
from reference.portal.progress import after
from reference.portal.store import Crime, Store, Victim, seconds
from reference.portal.tasks import Tasks
from reference.portal.timeline import Timeline


class Changes:
    """The use case behind the events that change whose crime is where."""

    def __init__(
        self,
        *,
        store: Store,
        details: Details,
        journeys: Journeys,
        timeline: Timeline,
        case_file: CaseFile,
        outbox: Outbox,
        tasks: Tasks,
    ) -> None:
        self._store = store
        self._details = details
        self._journeys = journeys
        self._timeline = timeline
        self._case_file = case_file
        self._outbox = outbox
        self._tasks = tasks

    async def reclassify(
        self, event_id: str, crime: Crime, event: CrimeReclassified, now: datetime
    ) -> None:
        """Judge anew who is told of a crime that is another offence now."""
        before = {each.person_id: each for each in await self._store.victims(crime.reference)}
        changed = after(crime, event, now)
        await self._store.update_crime(crime, changed)
        await self._timeline.show(changed, event, seconds(now))
        why = "tell the victim that the crime is recorded as another offence"
        await self._reconsider(event_id, changed, before, why, now)
        for victim in await self._store.victims(changed.reference):
            if victim.person_id not in before:
                await self._details.raise_tasks(victim, event_id, now)
                await self._journeys.invite(event_id, changed, victim, now)

    async def cancel(
        self, event_id: str, crime: Crime, event: CrimeCancelled, now: datetime
    ) -> None:
        """Take a cancelled crime out of the portal; an officer tells the victims."""
        before = {each.person_id: each for each in await self._store.victims(crime.reference)}
        changed = after(crime, event, now)
        await self._store.update_crime(crime, changed)
        why = "tell the victim that the record of the crime was cancelled"
        await self._reconsider(event_id, changed, before, why, now)

    async def merge(
        self, event_id: str, crime: Crime, event: CrimeMerged, into: Crime, now: datetime
    ) -> None:
        """Let the victims of a crime follow it into the one it is part of."""
        changed = after(crime, structs.replace(event, into=into.reference), now)
        if not changed.merged_into or into.reference == crime.reference:
            return
        already = {person_id for person_id, _ in await self._store.people_of(into.reference)}
        for person_id, invited_at in await self._store.people_of(crime.reference):
            if person_id not in already:
                await self._case_file.move(crime.reference, into.reference, person_id)
                await self._store.keep_victim(into.reference, person_id, "new", seconds(now))
                if invited_at is not None:
                    await self._store.set_invited(into.reference, person_id, invited_at)
            await self._outbox.move(crime.reference, into.reference, person_id)
            if not await self._details.reconsider_known(into.reference, person_id, now):
                await self._timeline.show_for(crime, event, person_id, seconds(now), into=into)
                victim = await self._store.victim(into.reference, person_id)
                assert victim is not None
                await self._journeys.invite(event_id, into, victim, now)
        await self._store.update_crime(crime, changed)
        for person_id, _ in await self._store.people_of(crime.reference):
            await self._details.reconsider_known(crime.reference, person_id, now)

    async def _reconsider(
        self, event_id: str, crime: Crime, before: dict[str, Victim], why: str, now: datetime
    ) -> None:
        """Judge anew every victim of a crime; who was invited and is now out hears it in person."""
        for person_id, invited_at in await self._store.people_of(crime.reference):
            excluded = await self._details.reconsider_known(crime.reference, person_id, now)
            if excluded and person_id in before and invited_at is not None:
                await self._tasks.say_in_person(before[person_id], why, event_id, now)
