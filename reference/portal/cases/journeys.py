"""The journey of each victim: invited once, and sent an automatic message when there is no news."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from reference.contract.events import AnyEvent, Channel
from reference.portal.cases.timeline import Timeline, happened_at
from reference.portal.messages.announcer import Announcer
from reference.portal.rules import announcements
from reference.portal.rules.crime_state import Crime
from reference.portal.settings import Settings
from reference.portal.storage.crimes import Crimes, PlannedMessage, Victim
from reference.portal.timestamps import moment, seconds


@dataclass(frozen=True, slots=True)
class Journeys:
    """Invites a victim, and schedules and queues automatic messages."""

    crimes: Crimes
    timeline: Timeline
    announcer: Announcer
    settings: Settings

    async def invite(
        self,
        event_id: str,
        crime: Crime,
        victim: Victim,
        now: datetime,
        *,
        told_on: Collection[Channel] = (),
        advice_sent: bool = False,
    ) -> bool:
        """Invite a victim once, if they have an address; until then the contact task stands.

        Returns whether they are invited now. On a channel where the same event tells a victim of
        another crime of theirs (`told_on`) they see this one too, and need no second message.
        """
        announced = self.settings.announcements.get("CrimeRecorded")
        if victim.invited_at is not None or announced is None:
            return False
        if not (crime.is_live and victim.addresses):
            return False
        notice = "update" if victim.registered_at is not None else announced.notice
        elsewhere = _without(victim, told_on) if told_on else victim
        await self.announcer.announce(elsewhere, notice, event_id, now)
        await self.crimes.set_invited(crime.reference, victim.person_id, seconds(now))
        await self.plan(crime, victim, now, advice_sent=advice_sent, event_id=event_id)
        return True

    async def invite_on(
        self, channels: Collection[Channel], event_id: str, victim: Victim, now: datetime
    ) -> Collection[Channel]:
        """Invite a victim who was invited before on channels where they have another address.

        Returns the channels on which they are invited now.
        """
        announced = self.settings.announcements.get("CrimeRecorded")
        if victim.invited_at is None or announced is None:
            return ()
        for channel in channels:
            await self.announcer.announce_on(channel, victim, announced.notice, event_id, now)
        return channels

    async def tell(
        self, event_id: str, crime: Crime, victim: Victim, event: AnyEvent, now: datetime
    ) -> None:
        """Announce an event to a victim, and schedule the next automatic message.

        A victim who was never invited, for lack of an address or of permission, is invited now.
        """
        phase = self.settings.phase_at(now)
        announced = announcements.announcement(event, phase, self.settings)
        if announced is None:
            return
        if victim.invited_at is None:
            is_invited = await self.invite(event_id, crime, victim, now)
            # To a crime that has left the portal nobody is invited: they are told that.
            if is_invited or crime.is_live:
                return
        if phase >= 2:
            about, is_over = (crime.reference, victim.person_id), crime.status != "open"
            await self.announcer.overtake(*about, now, is_over=is_over)
        since = happened_at(event, now)
        await self.announcer.announce(victim, announced.notice, event_id, now, since)
        advice_sent = victim.advice_sent
        await self.plan(crime, victim, now, advice_sent=advice_sent, event_id=event_id)

    async def plan(
        self, crime: Crime, victim: Victim, news_at: datetime, *, advice_sent: bool, event_id: str
    ) -> None:
        """Save when a victim last had news, and schedule the next automatic message.

        An automatic message has no event of its own: it names the last one the victim heard of.
        """
        await self.crimes.set_last_news(
            victim,
            news_at=seconds(news_at),
            advice_sent=advice_sent,
            comes_next=self._comes_next(crime, victim, news_at, advice_sent=advice_sent),
            event_id=event_id,
        )

    async def plan_again(self, crime: Crime, victim: Victim, since: datetime | None = None) -> None:
        """Schedule the next automatic message again, since the last news or another time."""
        if victim.invited_at is not None:
            news_at, advice_sent = since or moment(victim.last_news_at), victim.advice_sent
            comes_next = self._comes_next(crime, victim, news_at, advice_sent=advice_sent)
            await self.crimes.plan_message(crime.reference, victim.person_id, comes_next)

    async def run_due(self, now: datetime) -> None:
        """Queue the automatic messages that are due: advice, and "still with us"."""
        if self.settings.phase_at(now) < 2:
            return
        async with self.crimes.database.transaction():
            while due := await self.crimes.due_messages(seconds(now)):
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
        at, kind = announcements.next_message(progress, self.settings)
        return seconds(at), kind

    async def _send(self, planned: PlannedMessage, now: datetime) -> None:
        reference, person_id, kind = planned.crime_reference, planned.person_id, planned.kind
        crime = await self.crimes.crime(reference)
        victim = await self.crimes.victim(reference, person_id)
        if crime is None or victim is None or crime.status != "open":
            await self.crimes.plan_message(reference, person_id, None)
            return
        if victim.invited_at is None:
            # Their invitation was given up: by itself they could not read what this is about.
            await self.crimes.plan_message(reference, person_id, None)
            await self.invite(planned.event_id, crime, victim, now)
            return
        advice_sent = victim.advice_sent or kind == "advice"
        news_at, event_id = moment(victim.last_news_at), planned.event_id
        if not announcements.is_stale(kind, moment(planned.at), now):
            await self.announcer.announce(victim, kind, event_id, now)
            await self.timeline.show_regular(crime, victim, kind, now)
            news_at = now
        await self.plan(crime, victim, news_at, advice_sent=advice_sent, event_id=event_id)


def _without(victim: Victim, told_on: Collection[Channel]) -> Victim:
    blank = {f"{channel}_address": "" for channel in told_on}
    return structs.replace(victim, **blank)
