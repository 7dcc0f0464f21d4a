"""The journey of each victim: invited once, and told something by itself when nothing else is."""

from datetime import datetime

from reference.contract.events import AnyEvent
from reference.portal.cases.timeline import Timeline
from reference.portal.messages.outbox import Outbox
from reference.portal.rules import announcements
from reference.portal.settings import Settings
from reference.portal.storage.journey_plan import JourneyPlan, Planned
from reference.portal.storage.store import Crime, Store, Victim, moment, seconds


class Journeys:
    """Invites, plans what comes next, and queues it when it is due."""

    def __init__(
        self,
        *,
        store: Store,
        plan: JourneyPlan,
        timeline: Timeline,
        outbox: Outbox,
        settings: Settings,
    ) -> None:
        self._store = store
        self._timeline = timeline
        self._plan = plan
        self._outbox = outbox
        self._settings = settings

    async def invite(
        self,
        event_id: str,
        crime: Crime,
        victim: Victim,
        now: datetime,
        *,
        is_told: bool = False,
    ) -> bool:
        """Invite once, when there is a way to: until then the contact task stands.

        Answers whether that is done now. Who `is_told` of another crime of theirs by the same
        event sees this one too, and needs no second message.
        """
        announced = self._settings.announcements.get("CrimeRecorded")
        if victim.invited_at is not None or announced is None:
            return False
        if not (crime.is_live and victim.addresses):
            return False
        if not is_told:
            notice = "update" if victim.registered_at is not None else announced.notice
            await self._outbox.announce(victim, notice, event_id, now)
        await self._store.set_invited(crime.reference, victim.person_id, seconds(now))
        await self.plan(crime, victim, now, advice_sent=False, event_id=event_id)
        return True

    async def tell(
        self, event_id: str, crime: Crime, victim: Victim, event: AnyEvent, now: datetime
    ) -> None:
        """Announce an event to a victim, and reckon from it what comes next by itself.

        Who was never invited, since there was no way or no right to, is so now.
        """
        phase = self._settings.phase_at(now)
        announced = announcements.announcement(event, phase, self._settings)
        if announced is None:
            return
        if victim.invited_at is None:
            await self.invite(event_id, crime, victim, now)
            return
        if phase >= 2:
            await self._outbox.overtake(victim, is_over=crime.status != "open")
        await self._outbox.announce(victim, announced.notice, event_id, now)
        advice_sent = victim.advice_sent
        await self.plan(crime, victim, now, advice_sent=advice_sent, event_id=event_id)

    async def plan(
        self, crime: Crime, victim: Victim, news_at: datetime, *, advice_sent: bool, event_id: str
    ) -> None:
        """Remember when a victim last had news, and plan what comes next by itself.

        What comes by itself names the event that they last heard of, for want of one of its own.
        """
        await self._plan.plan(
            victim,
            news_at=seconds(news_at),
            advice_sent=advice_sent,
            comes_next=self._comes_next(crime, victim, news_at, advice_sent=advice_sent),
            event_id=event_id,
        )

    async def pace_anew(self, crime: Crime, victim: Victim) -> None:
        """Plan anew what comes by itself: another frequency may have been agreed."""
        if victim.invited_at is not None:
            news_at, advice_sent = moment(victim.last_news_at), victim.advice_sent
            comes_next = self._comes_next(crime, victim, news_at, advice_sent=advice_sent)
            await self._plan.plan_anew(victim, comes_next)

    async def run_due(self, now: datetime) -> None:
        """Queue what is due by itself: advice for the offence, and "still with us"."""
        if self._settings.phase_at(now) < 2:
            return
        async with self._store.database.transaction():
            while due := await self._plan.due(seconds(now)):
                for planned in due:
                    await self._send(planned, now)

    def _comes_next(
        self, crime: Crime, victim: Victim, news_at: datetime, *, advice_sent: bool
    ) -> tuple[int, str] | None:
        if crime.status != "open":
            return None
        progress = announcements.Progress(
            offence_subgroup=crime.offence_subgroup,
            recorded_at=moment(crime.recorded_at),
            last_news_at=news_at,
            advice_sent=advice_sent,
            update_frequency_days=victim.record.update_frequency_days,
        )
        at, kind = announcements.next_message(progress, self._settings)
        return seconds(at), kind

    async def _send(self, planned: Planned, now: datetime) -> None:
        reference, person_id, kind = planned.crime_reference, planned.person_id, planned.kind
        crime = await self._store.crime(reference)
        victim = await self._store.victim(reference, person_id)
        if crime is None or victim is None or crime.status != "open":
            await self._plan.end(reference, person_id)
            return
        advice_sent = victim.advice_sent or kind == "advice"
        news_at, event_id = moment(victim.last_news_at), planned.event_id
        if not announcements.is_stale(kind, moment(planned.at), now):
            await self._outbox.announce(victim, kind, event_id, now)
            await self._timeline.show_regular(crime, victim, kind, now)
            news_at = now
        await self.plan(crime, victim, news_at, advice_sent=advice_sent, event_id=event_id)
