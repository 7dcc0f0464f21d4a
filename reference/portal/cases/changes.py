"""What moves a crime in, out of, or within the portal: reclassified, merged, cancelled.

Access follows eligibility, the victim is led to the right page, and what a person should say is
left to a person.
"""

from datetime import datetime

from msgspec import structs

from reference.contract.events import (
    AnyEvent,
    CloudEvent,
    CrimeCancelled,
    CrimeMerged,
    CrimeReclassified,
)
from reference.portal.cases.journeys import Journeys
from reference.portal.cases.timeline import Timeline, happened_at
from reference.portal.force.tasks import Tasks
from reference.portal.messages.outbox import Outbox
from reference.portal.people.details import Details
from reference.portal.rules.crime_state import after
from reference.portal.storage.case_file import CaseFile
from reference.portal.storage.store import Crime, Store, Victim, instant, moment, seconds


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
        await self._timeline.show(changed, event, now)
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
        if into.reference == crime.reference:
            return
        changed = after(crime, structs.replace(event, into=into.reference), now)
        await self._store.update_crime(crime, changed)
        if changed.status != "merged":
            return
        before = {each.person_id: each for each in await self._store.victims(crime.reference)}
        already = {person_id for person_id, _ in await self._store.people_of(into.reference)}
        for person_id, invited_at in await self._store.people_of(crime.reference):
            await self._case_file.move(crime.reference, into.reference, person_id)
            await self._outbox.move(crime.reference, into.reference, person_id)
            if person_id not in already:
                await self._store.keep_victim(into.reference, person_id, "new", seconds(now))
                if invited_at is not None:
                    await self._store.set_invited(into.reference, person_id, invited_at)
            # A victim of either is a victim of both, which are one.
            role = (await self._store.links_of(person_id))[crime.reference].role
            if role == "victim" or person_id not in already:
                at = instant(event.merged_at)
                await self._store.set_role(into.reference, person_id, role, at)
            excluded = await self._details.reconsider_known(into.reference, person_id, now)
            await self._timeline.show_for(crime, event, person_id, now, into=into)
            if not excluded:
                await self._lead_on(event_id, into, person_id, before.get(person_id), now)
            elif person_id in before and invited_at is not None:
                why = "tell the victim that the crime is looked into as part of another"
                await self._tasks.say_in_person(before[person_id], why, event_id, now)
            await self._details.reconsider_known(crime.reference, person_id, now)

    async def follow(
        self, envelope: CloudEvent, crime: Crime, into: Crime, event: AnyEvent, now: datetime
    ) -> None:
        """Show and tell the victims of a merged crime what happened before it was merged.

        What is written down of it after that is about a record, and not about their case.
        """
        said_at = envelope.time
        if instant(happened_at(event, said_at)) > crime.merged_at:
            return
        for person_id, _ in await self._store.people_of(crime.reference):
            await self._timeline.show_for(crime, event, person_id, said_at, into=into)
            victim = await self._store.victim(into.reference, person_id)
            if victim is not None and into.is_live:
                await self._journeys.tell(envelope.id, into, victim, event, now)

    async def _lead_on(
        self, event_id: str, into: Crime, person_id: str, before: Victim | None, now: datetime
    ) -> None:
        """Go on telling a victim what comes by itself, about the crime that theirs is part of."""
        victim = await self._store.victim(into.reference, person_id)
        assert victim is not None
        if not await self._journeys.invite(event_id, into, victim, now):
            advice_sent = victim.advice_sent or (before is not None and before.advice_sent)
            news_at = max(victim.last_news_at, before.last_news_at if before else 0)
            await self._journeys.plan(
                into, victim, moment(news_at), advice_sent=advice_sent, event_id=event_id
            )

    async def _reconsider(
        self, event_id: str, crime: Crime, before: dict[str, Victim], why: str, now: datetime
    ) -> None:
        """Judge anew every victim of a crime; who was invited and is now out hears it in person."""
        for person_id, invited_at in await self._store.people_of(crime.reference):
            # What the crime is marked as may be of the person, in every crime of theirs.
            await self._details.reconsider_all(person_id, now)
            excluded = await self._details.reconsider_known(crime.reference, person_id, now)
            if excluded and person_id in before and invited_at is not None:
                await self._tasks.say_in_person(before[person_id], why, event_id, now)
