"""What the crime system says becomes a case: kept, shown on its page, and announced.

All of a batch is one transaction. Events may come twice, late, or before their crime is recorded.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from reference.contract.events import (
    EVENT_TYPES,
    AnyEvent,
    CloudEvent,
    CrimeRecorded,
    OfficerReplied,
    VictimDetailsChanged,
    VictimRecord,
)
from reference.contract.messages import DeliveryReceipt, Task
from reference.portal import contact, journey, policy
from reference.portal.conversations import Conversations
from reference.portal.errands import Errands
from reference.portal.journey_plan import JourneyPlan
from reference.portal.outbox import Outbox
from reference.portal.progress import after
from reference.portal.received import Received
from reference.portal.settings import Settings
from reference.portal.sign_in import SignIn
from reference.portal.store import Crime, Store, Victim, moment, seconds
from reference.portal.task_keys import breach_key, contact_key
from reference.portal.timeline import Timeline

Delivered = tuple[CloudEvent, AnyEvent]


class Cases:
    """The use case behind `POST /crime-events`, and the journey messages of phase 2."""

    def __init__(
        self,
        *,
        store: Store,
        received: Received,
        plan: JourneyPlan,
        timeline: Timeline,
        outbox: Outbox,
        errands: Errands,
        conversations: Conversations,
        sign_in: SignIn,
        settings: Settings,
    ) -> None:
        self._store = store
        self._received = received
        self._plan = plan
        self._timeline = timeline
        self._outbox = outbox
        self._errands = errands
        self._conversations = conversations
        self._sign_in = sign_in
        self._settings = settings

    async def receive(self, batch: Sequence[Delivered], now: datetime) -> None:
        """Take a batch: each event has its effect once, and all are kept or none."""
        async with self._store.database.transaction():
            for envelope, event in batch:
                if await self._received.first_sight_of(envelope.source, envelope.id):
                    await self._take(envelope, event, now)

    async def send_journeys(self, now: datetime) -> None:
        """Queue what is due by itself: advice for the offence, and "still with us"."""
        if self._settings.phase_at(now) < 2:
            return
        async with self._store.database.transaction():
            while due := await self._plan.due(seconds(now)):
                for reference, person_id, at, kind in due:
                    await self._send_journey(reference, person_id, moment(at), kind, now)

    async def send_due(self, now: datetime) -> None:
        """Send what is due; who has an address that the gateway refuses is asked about."""
        for message in await self._outbox.send_due(now):
            async with self._store.database.transaction():
                for person_id in await self._store.stop_address(message.address, "refused"):
                    await self._ask_about_contact(person_id, f"refused: {message.id}")

    async def receive_receipt(self, receipt: DeliveryReceipt) -> None:
        """Let nothing more go to an address that does not work, and have somebody ask."""
        async with self._store.database.transaction():
            for person_id in await self._outbox.receive_receipt(receipt.id, receipt.status):
                await self._ask_about_contact(person_id, receipt.id)

    async def stop_address(self, address: str) -> None:
        """Take "this is not for me": nothing more goes there, and it is looked into as a breach."""
        async with self._store.database.transaction():
            for person_id in await self._store.stop_address(address, "not for me"):
                for reference in await self._store.crimes_of(person_id):
                    await self._errands.raise_task(
                        Task(
                            key=breach_key(reference, person_id, address),
                            crime_reference=reference,
                            kind="breach",
                            person_id=person_id,
                            reason="somebody said a message about this was not for them",
                        )
                    )

    async def _ask_about_contact(self, person_id: str, cause: str) -> None:
        for reference in await self._store.crimes_of(person_id):
            victim = await self._store.victim(reference, person_id)
            if victim is not None:
                await self._raise_contact_task(victim, cause)

    async def _take(self, envelope: CloudEvent, event: AnyEvent, now: datetime) -> None:
        event_id, written_at = envelope.id, seconds(envelope.time)
        crime = await self._store.crime(event.crime_reference)
        if isinstance(event, CrimeRecorded):
            if crime is None:
                await self._open(event_id, event, written_at, now)
        elif crime is None:
            kind = type(event).__name__
            await self._received.keep_waiting(
                event.crime_reference, event_id, kind, written_at, bytes(envelope.data)
            )
        elif isinstance(event, VictimDetailsChanged):
            await self._change_details(event_id, event.victim, written_at, now)
        else:
            await self._progress(event_id, crime, event, now)

    async def _open(
        self, event_id: str, event: CrimeRecorded, written_at: int, now: datetime
    ) -> None:
        crime = Crime(
            reference=event.crime_reference,
            force=event.force,
            offence=event.offence,
            offence_subgroup=event.offence_subgroup,
            safeguarding=" ".join(event.safeguarding),
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
            await self._keep_details(record, written_at, now)
        await self._timeline.show(crime, event)
        for victim in await self._store.victims(crime.reference):
            await self._raise_contact_task(victim, event_id)
            await self._invite(event_id, crime, victim, now)
        for waiting_id, kind, at, data in await self._received.take_waiting(crime.reference):
            waiting = msgspec.json.decode(data, type=EVENT_TYPES[kind])
            envelope = CloudEvent(
                specversion="1.0",
                id=waiting_id,
                source="waiting",
                type=kind,
                time=moment(at),
                data=msgspec.Raw(data),
            )
            await self._take(envelope, waiting, now)

    async def _progress(self, event_id: str, crime: Crime, event: AnyEvent, now: datetime) -> None:
        """Show and announce what happened to a crime that is known."""
        crime = after(crime, event, now)
        await self._store.update_crime(crime)
        if isinstance(event, OfficerReplied):
            await self._conversations.receive_reply(event)
        else:
            await self._timeline.show(crime, event)
        announced = policy.announcement(event, self._settings.phase_at(now), self._settings)
        if announced is None:
            return
        for victim in await self._store.victims(crime.reference):
            if getattr(event, "person_id", victim.person_id) == victim.person_id:
                await self._outbox.overtake(victim, is_over=crime.status != "open")
                await self._outbox.announce(victim, announced.notice, event_id, now)
                await self._plan_journey(crime, victim, now, advice_sent=victim.advice_sent)

    async def _change_details(
        self, event_id: str, record: VictimRecord, written_at: int, now: datetime
    ) -> None:
        """Keep other details of a person, whose every case may now be open or shut to them."""
        if not await self._keep_details(record, written_at, now):
            return
        for reference in await self._store.crimes_of(record.person_id):
            crime = await self._store.crime(reference)
            victim = await self._store.victim(reference, record.person_id)
            if crime is not None and victim is not None:
                await self._raise_contact_task(victim, event_id)
                await self._invite(event_id, crime, victim, now)

    async def _invite(self, event_id: str, crime: Crime, victim: Victim, now: datetime) -> None:
        """Invite once, when there is a way to: until then the contact task stands."""
        announced = self._settings.announcements.get("CrimeRecorded")
        if victim.invited_at is not None or not victim.addresses or announced is None:
            return
        notice = "update" if victim.registered_at is not None else announced.notice
        await self._outbox.announce(victim, notice, event_id, now)
        await self._store.set_invited(crime.reference, victim.person_id, seconds(now))
        await self._plan_journey(crime, victim, now, advice_sent=False)

    async def _keep_details(self, record: VictimRecord, written_at: int, now: datetime) -> bool:
        """Keep a person's record if it is the newest, and say of every case who is told of it."""
        reach = await self._reach(record)
        is_newest = await self._store.keep_person(
            record,
            text=reach.addresses.get("text", ""),
            email=reach.addresses.get("email", ""),
            written_at=written_at,
        )
        newest = await self._store.record_of(record.person_id)
        for reference in await self._store.crimes_of(record.person_id):
            crime = await self._store.crime(reference)
            assert crime is not None
            exclusion = self._exclusion(crime, newest)
            await self._store.keep_victim(reference, record.person_id, exclusion, seconds(now))
            if exclusion:
                await self._outbox.cancel(reference, record.person_id, exclusion)
        if newest.safe_to_contact is not True:
            await self._sign_in.end_sessions(record.person_id)
        return is_newest

    async def _reach(self, record: VictimRecord) -> contact.Reach:
        found = list(contact.reach(record).addresses.values())
        stopped = await self._store.stopped(found) if found else set()
        return contact.reach(record, stopped=stopped)

    async def _raise_contact_task(self, victim: Victim, cause: str) -> None:
        """Give what cannot be used to a person to look at: nothing is silently lost."""
        reach = await self._reach(victim.record)
        for problem in reach.problems:
            await self._errands.raise_task(
                Task(
                    key=contact_key(victim, problem, cause),
                    crime_reference=victim.crime_reference,
                    kind="contact_details",
                    person_id=victim.person_id,
                    reason=problem,
                )
            )

    async def _plan_journey(
        self, crime: Crime, victim: Victim, news_at: datetime, *, advice_sent: bool
    ) -> None:
        due = None
        if crime.status == "open":
            progress = journey.Progress(
                offence_subgroup=crime.offence_subgroup,
                recorded_at=moment(crime.recorded_at),
                last_news_at=news_at,
                advice_sent=advice_sent,
                update_frequency_days=victim.record.update_frequency_days,
            )
            at, kind = journey.next_message(progress, self._settings)
            due = (seconds(at), kind)
        await self._plan.plan(
            victim, news_at=seconds(news_at), advice_sent=advice_sent, comes_next=due
        )

    async def _send_journey(
        self, reference: str, person_id: str, due_at: datetime, kind: str, now: datetime
    ) -> None:
        crime = await self._store.crime(reference)
        victim = await self._store.victim(reference, person_id)
        if crime is None or victim is None or crime.status != "open":
            await self._plan.end(reference, person_id)
            return
        advice_sent = victim.advice_sent or kind == "advice"
        news_at = moment(victim.last_news_at)
        if not journey.is_stale(kind, due_at, now):
            await self._outbox.announce(victim, kind, reference, now)
            news_at = now
        await self._plan_journey(crime, victim, news_at, advice_sent=advice_sent)

    def _exclusion(self, crime: Crime, record: VictimRecord) -> str:
        return policy.exclusion(
            offence_subgroup=crime.offence_subgroup,
            safeguarding=crime.safeguarding.split(),
            recorded_at=moment(crime.recorded_at),
            victim=record,
            settings=self._settings,
        )
