"""What the crime system says becomes a case: kept, shown on its page, and announced.

All of a batch is one transaction. Events may come twice, late, or before their crime is recorded.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Raw, structs

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    AppointmentCancelled,
    AppointmentChanged,
    AppointmentMade,
    CloudEvent,
    CrimeCancelled,
    CrimeClosed,
    CrimeMerged,
    CrimeReclassified,
    CrimeRecorded,
    CrimeReopened,
    CrimeTransferred,
    OfficerReplied,
    VictimContacted,
    VictimDetailsChanged,
    VictimRecord,
)
from reference.portal.cases.changes import Changes
from reference.portal.cases.closures import Closures
from reference.portal.cases.conversations import Conversations
from reference.portal.cases.journeys import Journeys
from reference.portal.cases.timeline import Timeline
from reference.portal.messages.outbox import Outbox
from reference.portal.people.details import Details
from reference.portal.rules import outcomes
from reference.portal.rules.crime_state import after
from reference.portal.settings import Settings
from reference.portal.storage.received import Delivered, Received, concerned
from reference.portal.storage.store import Crime, Store, instant, moment, moment_of, seconds

_OF_ONE_VICTIM = AppointmentMade | AppointmentChanged | AppointmentCancelled | OfficerReplied


class Cases:
    """The use case behind `POST /crime-events`."""

    def __init__(
        self,
        *,
        store: Store,
        received: Received,
        details: Details,
        journeys: Journeys,
        changes: Changes,
        closures: Closures,
        timeline: Timeline,
        outbox: Outbox,
        conversations: Conversations,
        settings: Settings,
    ) -> None:
        self._store = store
        self._received = received
        self._details = details
        self._journeys = journeys
        self._changes = changes
        self._closures = closures
        self._timeline = timeline
        self._outbox = outbox
        self._conversations = conversations
        self._settings = settings

    async def receive(self, batch: Sequence[Delivered], now: datetime) -> None:
        """Take a batch: each event has its effect once, and all are kept or none."""
        async with self._store.database.transaction():
            await self._store.database.lock(concerned(batch))
            for envelope, event in batch:
                if await self._received.first_sight_of(
                    envelope.source,
                    envelope.id,
                    kind=envelope.type,
                    reference=event.crime_reference,
                    at=seconds(now),
                ):
                    await self._take(envelope, event, now)

    async def _take(self, envelope: CloudEvent, event: AnyEvent, now: datetime) -> None:
        crime = await self._store.crime(event.crime_reference)
        if isinstance(event, CrimeRecorded):
            if crime is None:
                await self._open(envelope, event, now)
            else:
                await self._repeat(envelope, event, now)
        elif isinstance(event, VictimDetailsChanged):
            # Who is not safe to contact is so for every crime: it does not wait for this one. What
            # they are in this one does.
            if crime is None:
                await self._wait_for(event.crime_reference, envelope)
            await self._details.set_role(crime, event.victim, instant(envelope.time))
            await self._change_details(envelope.id, event.victim, instant(envelope.time), now)
        elif crime is None:
            await self._wait_for(event.crime_reference, envelope)
        elif crime.status == "merged" and not isinstance(event, CrimeReopened):
            await self._follow(envelope, crime, event, now)
        else:
            await self._change(envelope, crime, event, now)

    async def _wait_for(self, reference: str, envelope: CloudEvent) -> None:
        at, data = instant(envelope.time), bytes(envelope.data)
        await self._received.keep_waiting(reference, envelope.id, envelope.type, at, data)

    async def _open(self, envelope: CloudEvent, event: CrimeRecorded, now: datetime) -> None:
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
        await self._store.add_crime(crime)
        for record in event.victims:
            await self._store.keep_victim(crime.reference, record.person_id, "new", seconds(now))
            await self._details.set_role(crime, record, instant(envelope.time))
            await self._details.keep(record, instant(envelope.time), now)
        await self._timeline.show(crime, event, envelope.time)
        for victim in await self._store.victims(crime.reference):
            await self._details.raise_tasks(victim, envelope.id, now)
            await self._journeys.invite(envelope.id, crime, victim, now)
        for waiting_id, kind, at, data in await self._received.take_waiting(crime.reference):
            waiting = CloudEvent(
                specversion="1.0",
                id=waiting_id,
                source="waiting",
                type=kind,
                time=moment_of(at),
                data=Raw(data),
            )
            waited = msgspec.json.decode(data, type=EVENT_TYPES[kind])
            await self._take(waiting, waited, now)

    async def _repeat(self, envelope: CloudEvent, event: CrimeRecorded, now: datetime) -> None:
        """Take from a crime that is recorded once more only what it says else of its victims.

        Somebody may have been found since who is a victim too.
        """
        at, reference = instant(envelope.time), event.crime_reference
        already = {person_id for person_id, _ in await self._store.people_of(reference)}
        for record in event.victims:
            if record.person_id not in already:
                await self._store.keep_victim(reference, record.person_id, "new", seconds(now))
            await self._details.set_role(await self._store.crime(reference), record, at)
            if record.person_id not in already or not await self._details.is_kept(record):
                await self._change_details(envelope.id, record, at, now)

    async def _change(
        self, envelope: CloudEvent, crime: Crime, event: AnyEvent, now: datetime
    ) -> None:
        """Take what happened to a crime that is known."""
        match event:
            case CrimeReclassified():
                await self._changes.reclassify(envelope.id, crime, event, now)
            case CrimeCancelled():
                await self._changes.cancel(envelope.id, crime, event, now)
            case CrimeMerged():
                into = await self._store.surviving(event.into)
                if into is None:
                    await self._wait_for(event.into, envelope)
                else:
                    await self._changes.merge(envelope.id, crime, event, into, now)
            case VictimContacted():
                await self._contacted(envelope.id, crime, event, now)
            case CrimeClosed() if outcomes.is_sensitive(
                event, crime.offence_subgroup, self._settings
            ):
                await self._close_in_person(envelope, crime, event, now)
            case _:
                await self._progress(envelope, crime, event, now)

    async def _progress(
        self, envelope: CloudEvent, before: Crime, event: AnyEvent, now: datetime
    ) -> None:
        """Show and announce what happened: of a crime that is not ours any more only show it."""
        if isinstance(event, OfficerReplied) and await self._conversations.receive_reply(
            event, envelope.time
        ):
            return
        crime = after(before, event, now)
        await self._store.update_crime(before, crime)
        unaware: set[str] = set()
        if isinstance(event, CrimeReopened) and crime.decision != before.decision:
            # Whoever never heard that the case had ended is not told that it goes on.
            unaware = await self._closures.unaware(crime.reference)
        if crime.decision != before.decision:
            await self._closures.forget(crime.reference)
        if crime.is_live and not before.is_live:
            for person_id, _ in await self._store.people_of(crime.reference):
                await self._details.reconsider_known(crime.reference, person_id, now)
        await self._timeline.show(crime, event, envelope.time, before=before, but=unaware)
        for victim in await self._store.victims(crime.reference):
            is_theirs = getattr(event, "person_id", victim.person_id) == victim.person_id
            is_theirs &= victim.person_id not in unaware
            if is_theirs and (before.is_live or crime.is_live):
                await self._journeys.tell(envelope.id, crime, victim, event, now)
        await self._details.tell_otherwise(envelope.id, crime, event, now)

    async def _close_in_person(
        self, envelope: CloudEvent, before: Crime, event: CrimeClosed, now: datetime
    ) -> None:
        """Close a crime, and tell each victim of it only once a person has spoken to them.

        Nobody has to be told of a closure that was undone before it came.
        """
        crime = structs.replace(after(before, event, now), updated_at=before.updated_at)
        await self._store.update_crime(before, crime)
        closed_at = instant(event.closed_at)
        if crime.decision != before.decision:
            await self._closures.forget(crime.reference)
        for person_id, contacted_at in (await self._store.contacts_of(crime.reference)).items():
            victim = await self._store.victim(crime.reference, person_id)
            if contacted_at >= closed_at:
                await self._timeline.show_for(crime, event, person_id, envelope.time)
                if victim is not None and crime.is_live:
                    await self._journeys.tell(envelope.id, crime, victim, event, now)
            elif crime.decision == ("closed", closed_at):
                await self._closures.hold(crime.reference, person_id, envelope, now)
                if victim is not None and crime.status == "closed":
                    await self._closures.ask(victim, envelope.id, now)
                    await self._outbox.overtake(victim, is_over=True)
        await self._details.tell_otherwise(envelope.id, crime, event, now)

    async def _contacted(
        self, event_id: str, crime: Crime, event: VictimContacted, now: datetime
    ) -> None:
        """Tell a victim what waited until an officer had spoken to them."""
        reference, person_id = crime.reference, event.person_id
        await self._store.set_contacted(reference, person_id, instant(event.contacted_at))
        released = await self._closures.release(reference, person_id, event.contacted_at)
        if released is None:
            return
        held, closed = released
        await self._timeline.show_for(crime, closed, person_id, moment(held.said_at))
        victim = await self._store.victim(reference, person_id)
        if victim is not None:
            await self._journeys.tell(event_id, crime, victim, closed, now)
            advice_sent = victim.advice_sent
            await self._journeys.plan(
                crime, victim, now, advice_sent=advice_sent, event_id=event_id
            )

    async def _follow(
        self, envelope: CloudEvent, merged: Crime, event: AnyEvent, now: datetime
    ) -> None:
        """Let what comes about a crime that was merged reach its victims where it went on."""
        into = await self._store.surviving(merged.reference)
        if into is None or isinstance(event, CrimeMerged):
            return
        if isinstance(event, VictimContacted):
            await self._contacted(envelope.id, into, event, now)
            return
        if isinstance(event, _OF_ONE_VICTIM):
            here = structs.replace(event, crime_reference=into.reference)
            await self._progress(envelope, into, here, now)
            return
        await self._store.update_crime(merged, after(merged, event, now))
        is_of_the_record = isinstance(event, CrimeReclassified | CrimeCancelled | CrimeTransferred)
        is_said = outcomes.is_sensitive(event, merged.offence_subgroup, self._settings)
        if not (is_of_the_record or is_said):
            await self._changes.follow(envelope, merged, into, event, now)

    async def _change_details(
        self, event_id: str, record: VictimRecord, written_at: int, now: datetime
    ) -> None:
        """Keep other details of a person, whose every case may now be open or shut to them."""
        if not await self._details.keep(record, written_at, now):
            return
        is_told = False
        for reference in await self._store.crimes_of(record.person_id):
            crime = await self._store.crime(reference)
            victim = await self._store.victim(reference, record.person_id)
            if crime is not None and crime.is_live and victim is not None:
                await self._details.raise_tasks(victim, event_id, now)
                await self._journeys.pace_anew(crime, victim)
                is_told |= await self._journeys.invite(
                    event_id, crime, victim, now, is_told=is_told
                )
