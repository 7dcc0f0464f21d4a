"""Takes events from the crime system: a new crime becomes a case, and waiting events catch up.

A batch is one transaction. Events may come twice, late, or before their crime is recorded.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import Raw

from reference.contract import events
from reference.contract.events import AnyEvent, Channel, CloudEvent, VictimRecord
from reference.portal.cases.developments import Developments
from reference.portal.cases.incidents import Incidents
from reference.portal.cases.journeys import Journeys
from reference.portal.cases.reclassified_and_merged import Changes
from reference.portal.cases.timeline import Timeline
from reference.portal.people.details import Details
from reference.portal.people.merged_persons import MergedPersons
from reference.portal.rules import crime_state
from reference.portal.rules.crime_state import Crime
from reference.portal.rules.recipients import likeness
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.received_events import Received
from reference.portal.timestamps import instant, moment_of, seconds

Delivered = tuple[CloudEvent, AnyEvent]


@dataclass(frozen=True, slots=True)
class Cases:
    """The use case behind `POST /crime-events`."""

    crimes: Crimes
    received: Received
    details: Details
    journeys: Journeys
    changes: Changes
    developments: Developments
    timeline: Timeline
    incidents: Incidents

    @property
    def persons(self) -> MergedPersons:
        """The records of persons, and their mergers."""
        return self.incidents.persons

    async def receive(self, batch: Sequence[Delivered], now: datetime) -> None:
        """Take a batch: each event has its effect once, and all are kept or none."""
        async with self.crimes.database.transaction():
            await self.crimes.database.lock(lock_names(batch))
            for envelope, event in batch:
                if await self.received.first_sight_of(
                    envelope.source,
                    envelope.id,
                    kind=envelope.type,
                    reference=event.crime_reference,
                    at=seconds(now),
                ):
                    await self._take(envelope, event, now)

    async def _take(self, envelope: CloudEvent, event: AnyEvent, now: datetime) -> None:
        if self.developments.closures.is_unconfirmed(event):
            return
        if isinstance(event, events.IncidentReported | events.IncidentClosed):
            await self._take_incident(envelope, event, now)
            return
        crime = await self._recorded(event)
        if isinstance(event, events.CrimeRecorded):
            if crime is None:
                await self._open(envelope, event, now)
            else:
                await self._repeat(envelope, event, now)
        elif isinstance(event, events.VictimDetailsChanged):
            # A person who is not safe to contact is so in every crime: that does not wait for this
            # crime. Their role in this crime does.
            if crime is None:
                await self._wait_for(event.crime_reference, envelope)
            await self.details.set_role(crime, event.victim, instant(envelope.time))
            about = (envelope.id, event.victim, instant(envelope.time), now)
            await self._change_details(*about, is_looked_at=True)
        elif crime is None:
            await self._wait_for(event.crime_reference, envelope)
        elif isinstance(event, events.PersonsMerged | events.PersonsUnmerged):
            await self._take_persons(envelope, event, now)
        elif crime.status == "merged" and not isinstance(
            event, events.CrimeReopened | events.CrimeUnmerged
        ):
            await self.developments.follow(envelope, crime, event, now)
        elif isinstance(event, events.CrimeMerged):
            await self._merge(envelope, crime, event, now)
        else:
            await self.developments.take(envelope, crime, event, now)

    async def _recorded(self, event: AnyEvent) -> Crime | None:
        """Find the crime of an event; a report that is no crime makes way for one."""
        crime = await self.crimes.crime(event.crime_reference)
        if crime is None or crime.status != "reported":
            return crime
        if isinstance(event, events.CrimeRecorded):
            await self.incidents.make_way(crime)
        return None

    async def _take_incident(
        self,
        envelope: CloudEvent,
        event: events.IncidentReported | events.IncidentClosed,
        now: datetime,
    ) -> None:
        """Take a report; where a crime is recorded already there is nothing left to say."""
        crime = await self.crimes.crime(event.crime_reference)
        if isinstance(event, events.IncidentReported):
            if crime is None:
                await self.incidents.report(envelope, event, now)
                of = envelope.id, event.victim.person_id  # It may have newer details of them.
                await self._invite_to_all(*of, (), now, keeps_advice=True)
        elif crime is not None and crime.status == "reported":
            await self.incidents.close(crime, event)

    async def _wait_for(self, reference: str, envelope: CloudEvent) -> None:
        at, data = instant(envelope.time), bytes(envelope.data)
        await self.received.keep_waiting(reference, envelope.id, envelope.type, at, data)

    async def _open(self, envelope: CloudEvent, event: events.CrimeRecorded, now: datetime) -> None:
        crime = Crime(
            reference=event.crime_reference,
            force=event.force,
            offence=event.offence,
            offence_subgroup=event.offence_subgroup,
            safeguarding="|".join(event.safeguarding),
            status="open",
            officer="",
            collar_number="",
            team="",
            recorded_at=seconds(event.recorded_at),
            updated_at=seconds(event.recorded_at),
        )
        await self.crimes.add_crime(crime)
        moved: dict[str, Collection[Channel]] = {}
        for record in sorted(event.victims, key=lambda person: person.role == "victim"):
            await self.crimes.keep_victim(crime.reference, record.person_id, "new", seconds(now))
            await self.details.set_role(crime, record, instant(envelope.time))
            moved[record.person_id] = await self.persons.keep(
                record, instant(envelope.time), now, is_looked_at=False
            )
        await self.timeline.show(crime, event, envelope.time)
        told: dict[str, set[Channel]] = {}
        for victim in await self.crimes.victims(crime.reference):
            await self.details.raise_tasks(victim, envelope.id, now)
            if await self.journeys.invite(envelope.id, crime, victim, now):
                told[victim.person_id] = set(victim.addresses)
        for person_id, channels in moved.items():
            # Their record may be another than the one by which their other crimes were followed.
            told_on = told.get(person_id, set())
            await self._invite_to_all(envelope.id, person_id, channels, now, told_on)
        all_waiting = await self.received.take_waiting(crime.reference)
        by_now = crime
        for waiting in all_waiting:
            # Tasks that the others set off are for the officer in charge by now, if there.
            if isinstance(waiting.event, events.CrimeAllocated | events.OfficerUnavailable):
                by_now = crime_state.after(by_now, waiting.event, envelope.time)
        await self.crimes.update_crime(crime, by_now)
        for waiting in all_waiting:
            waited = CloudEvent(
                specversion="1.0",
                id=waiting.event_id,
                source="waiting",
                type=waiting.type,
                time=moment_of(waiting.at),
                data=Raw(waiting.data),
            )
            await self._take(waited, waiting.event, now)

    async def _repeat(
        self, envelope: CloudEvent, event: events.CrimeRecorded, now: datetime
    ) -> None:
        at, reference = instant(envelope.time), event.crime_reference
        already = {person_id for person_id, _ in await self.crimes.people_of(reference)}
        for record in sorted(event.victims, key=lambda person: person.role == "victim"):
            if record.person_id not in already:
                await self.crimes.keep_victim(reference, record.person_id, "new", seconds(now))
                await self.details.set_role(await self.crimes.crime(reference), record, at)
            if record.person_id not in already or not await self.details.is_kept(record):
                await self._change_details(envelope.id, record, at, now, is_looked_at=False)

    async def _merge(
        self, envelope: CloudEvent, crime: Crime, event: events.CrimeMerged, now: datetime
    ) -> None:
        into = await self.crimes.surviving(event.into)
        if into is None or into.status == "reported":
            # A report is no crime yet: the merger waits until one is recorded there.
            await self._wait_for(event.into, envelope)
        else:
            await self.changes.merge(envelope, crime, event, into, now)

    async def _take_persons(
        self,
        envelope: CloudEvent,
        event: events.PersonsMerged | events.PersonsUnmerged,
        now: datetime,
    ) -> None:
        if isinstance(event, events.PersonsMerged):
            await self.persons.merge(event, envelope.time, now)
            await self._plan_merged(envelope.id, event.into, now)
        else:
            await self.persons.unmerge(event, envelope.time, now)
            merger = await self.persons.mergers.of(event.person_id)
            both = [event.person_id, *([merger.into_person] if merger is not None else [])]
            for each in both:
                await self._invite_to_all(envelope.id, each, (), now, keeps_advice=True)
            await self._plan_merged(envelope.id, event.person_id, now)

    async def _change_details(
        self,
        event_id: str,
        record: VictimRecord,
        written_at: int,
        now: datetime,
        *,
        is_looked_at: bool,
    ) -> None:
        moved = await self.persons.keep(record, written_at, now, is_looked_at=is_looked_at)
        await self._invite_to_all(event_id, record.person_id, moved, now)
        await self._plan_merged(event_id, record.person_id, now)
        await self._plan_again(await self.details.flags.alike(record.person_id))
        await self.journeys.announcer.use_free_places(record.person_id, now)

    async def _plan_again(self, people: Collection[str]) -> None:
        for each in people:
            for reference in await self.crimes.crimes_of(each):
                crime = await self.crimes.crime(reference)
                victim = await self.crimes.victim(reference, each)
                if crime is not None and crime.is_live and victim is not None:
                    await self.journeys.plan_again(crime, victim)

    async def _plan_merged(self, event_id: str, person_id: str, now: datetime) -> None:
        """Plan the automatic messages of merged records by the details of the one that survives.

        Who has the survivor's invitation is as good as invited to the crimes of the others.
        """
        links = await self.crimes.links_of(person_id)
        own = [await self.crimes.victim(each, person_id) for each in links]
        is_invited = any(each is not None and each.invited_at is not None for each in own)
        for merged in (await self.persons.mergers.merged_into([person_id]))[1:]:
            for reference in await self.crimes.crimes_of(merged):
                crime = await self.crimes.crime(reference)
                victim = await self.crimes.victim(reference, merged)
                if crime is None or victim is None or not crime.is_live:
                    continue
                if victim.invited_at is None and is_invited:
                    await self.crimes.set_invited(reference, merged, seconds(now))
                    about = (crime, victim, now)
                    await self.journeys.plan(*about, advice_sent=False, event_id=event_id)
                else:
                    await self.journeys.plan_again(crime, victim)

    async def _invite_to_all(
        self,
        event_id: str,
        person_id: str,
        moved: Collection[Channel],
        now: datetime,
        told_on: Collection[Channel] = (),
        *,
        keeps_advice: bool = False,
    ) -> None:
        """Invite a person by one message to all crimes that they are told of and were not yet.

        It has gone by the channels `told_on` already. Advice that they had they may have had at
        addresses that are not theirs, unless they `keeps_advice`.
        """
        told_on = {*told_on}
        for reference in await self.crimes.crimes_of(person_id):
            crime = await self.crimes.crime(reference)
            victim = await self.crimes.victim(reference, person_id)
            if crime is not None and crime.is_live and victim is not None:
                await self.details.raise_tasks(victim, event_id, now)
                await self.journeys.plan_again(crime, victim)
                if moved and not told_on:
                    told_on |= {*await self.journeys.invite_on(moved, event_id, victim, now)}
                has_advice = keeps_advice and victim.advice_sent
                if await self.journeys.invite(
                    event_id, crime, victim, now, told_on=told_on, advice_sent=has_advice
                ):
                    told_on |= set(victim.addresses)


def lock_names(batch: Sequence[Delivered]) -> set[str]:
    """Name the crimes and people of a batch, which no other worker may change meanwhile.

    People with the same likeness are locked together: what stops one's messages stops the others'.
    """
    names = set()
    for _, event in batch:
        names.add(f"crime:{event.crime_reference}")
        if isinstance(event, events.CrimeMerged):
            names.add(f"crime:{event.into}")
        if isinstance(event, events.PersonsMerged | events.PersonsUnmerged):
            names.add(f"person:{event.person_id}")
        records = event.victims if isinstance(event, events.CrimeRecorded) else ()
        if isinstance(event, events.VictimDetailsChanged | events.IncidentReported):
            records = (event.victim,)
        names |= {f"person:{record.person_id}" for record in records}
        names |= {f"like:{likeness(record)}" for record in records} - {"like:"}
    return names
