"""What happens to a known crime: shown on its page, and announced to its victims."""

from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from reference.contract import events
from reference.contract.events import AnyEvent, CloudEvent
from reference.portal.cases.closures import Closures
from reference.portal.cases.conversations import Conversations
from reference.portal.cases.journeys import Journeys
from reference.portal.cases.reclassified_and_merged import Changes
from reference.portal.cases.sensitive_milestones import SensitiveMilestones
from reference.portal.cases.timeline import Timeline
from reference.portal.people.details import Details
from reference.portal.rules import announcements, crime_state
from reference.portal.rules.crime_state import Crime
from reference.portal.rules.others_data import data_about_others
from reference.portal.storage.crimes import Crimes, Victim
from reference.portal.timestamps import instant

_OF_ONE_VICTIM = (
    events.AppointmentMade
    | events.AppointmentChanged
    | events.AppointmentCancelled
    | events.OfficerReplied
)

_OF_BAIL = frozenset({"suspect_on_bail", "bail_changed"})
_MILESTONES_FROM_PHASE = 2


@dataclass(frozen=True, slots=True)
class Developments:
    """Takes an event about a known crime."""

    crimes: Crimes
    details: Details
    journeys: Journeys
    changes: Changes
    closures: Closures
    milestones: SensitiveMilestones
    timeline: Timeline
    conversations: Conversations

    async def take(
        self, envelope: CloudEvent, crime: Crime, event: AnyEvent, now: datetime
    ) -> None:
        """Take what happened to a crime."""
        match event:
            case _ if announcements.is_untold(event, self.journeys.settings):
                return
            case events.CrimeReclassified():
                await self.changes.reclassify(envelope.id, crime, event, now)
            case events.CrimeUnmerged():
                await self.changes.unmerge(envelope, crime, event, now)
            case events.CrimeCancelled():
                await self.changes.cancel(envelope.id, crime, event, now)
            case events.VictimContacted():
                await self.closures.release_after_contact(envelope.id, crime, event, now)
            case events.CrimeClosed() if self.closures.is_told_in_person(crime, event):
                await self.closures.close_in_person(envelope, crime, event, now)
            case _:
                await self.progress(envelope, crime, event, now)

    async def follow(
        self, envelope: CloudEvent, merged: Crime, event: AnyEvent, now: datetime
    ) -> None:
        """Take an event about a merged crime to its victims, on the crime it was merged into."""
        into = await self.crimes.surviving(merged.reference)
        is_untold = announcements.is_untold(event, self.journeys.settings)
        if into is None or is_untold or isinstance(event, events.CrimeMerged):
            return
        if isinstance(event, events.VictimContacted):
            await self.closures.release_after_contact(envelope.id, into, event, now)
            return
        if isinstance(event, _OF_ONE_VICTIM):
            if not await self.details.may_be_told_of(merged, event.person_id, now):
                # It waits with all else that nobody could tell them of that crime.
                await self.progress(envelope, merged, event, now)
                return
            here = structs.replace(event, crime_reference=into.reference)
            came_by = await self.crimes.came_by(merged.reference)
            await self.progress(envelope, into, here, now, came_by)
            return
        if isinstance(event, events.CrimeReclassified):
            await self.changes.reclassify_merged(envelope.id, merged, into, event, now)
            return
        await self.crimes.update_crime(merged, crime_state.after(merged, event, now))
        is_of_the_record = isinstance(event, events.CrimeCancelled | events.CrimeTransferred)
        if not (is_of_the_record or self.closures.is_told_in_person(merged, event)):
            await self.changes.follow(envelope, merged, into, event, now)

    async def progress(
        self,
        envelope: CloudEvent,
        before: Crime,
        event: AnyEvent,
        now: datetime,
        came_by: str = "",
    ) -> None:
        """Show and announce an event; about a crime that has left this portal only show it."""
        if isinstance(event, events.OfficerReplied) and await self._is_held_back(event, now):
            return
        if isinstance(event, events.OfficerReplied) and not await self.conversations.receive_reply(
            event, envelope.time, came_by
        ):
            return
        crime = crime_state.after(before, event, now)
        held = await self._hold(envelope, crime, event, now)
        if held:
            crime = structs.replace(crime, updated_at=before.updated_at)
        await self.crimes.update_crime(before, crime)
        unaware: set[str] = set()
        if crime.decision != before.decision:
            # A victim who never heard that the case ended is not told that it goes on.
            is_reopened = isinstance(event, events.CrimeReopened)
            unaware = await self.closures.withdraw(crime.reference, is_reopened=is_reopened)
        if crime.is_live and not before.is_live:
            for person_id, _ in await self.crimes.people_of(crime.reference):
                await self.details.recheck(crime.reference, person_id, now)
        at, unread = envelope.time, unaware | held
        await self.timeline.show(crime, event, at, before=before, but=unread, came_by=came_by)
        for victim in await self.crimes.victims(crime.reference):
            is_theirs = announcements.concerns(event, victim.person_id)
            if victim.person_id in unaware:
                await self.journeys.plan_again(crime, victim, now)
            elif is_theirs and (before.is_live or crime.is_live):
                if victim.person_id not in held:
                    await self.journeys.tell(envelope.id, crime, victim, event, now)
                    named = (crime.reference, victim.person_id, envelope.id, came_by)
                    await self.changes.outbox.keep_for_its_own(*named)
                await self._ask_about_bail(victim, event, now)
        await self.details.tell_otherwise(envelope.id, crime, event, now)

    async def _hold(
        self, envelope: CloudEvent, crime: Crime, event: AnyEvent, now: datetime
    ) -> set[str]:
        victims = await self.crimes.victims(crime.reference)
        held = [each for each in victims if await self.milestones.hold(envelope, each, event, now)]
        return {each.person_id for each in held}

    async def _is_held_back(self, event: events.OfficerReplied, now: datetime) -> bool:
        victim = await self.crimes.victim(event.crime_reference, event.person_id)
        record = victim.record if victim is not None else None
        own = [
            each
            for who in (record, record and record.told_instead)
            if who
            for each in (who.mobile_phone, who.other_phone, who.email)
        ]
        others = await self._others_in(event)
        what = "" if event.checked else data_about_others(event.text, own, others)
        if what and victim is not None and self.conversations.is_open(now):
            await self.closures.tasks.check_reply(
                event.crime_reference, event.person_id, what, event.reply_id, now
            )
        return bool(what)

    async def _others_in(self, event: events.OfficerReplied) -> list[tuple[str, str]]:
        names: dict[str, tuple[str, str]] = {}
        for person_id, _ in await self.crimes.people_of(event.crime_reference):
            known = await self.details.people.flagged(person_id)
            if known is not None:
                names[person_id] = (known.record.given_name, known.record.family_name)
        own = names.get(event.person_id)
        return [each for each in names.values() if each != own]

    async def _ask_about_bail(self, victim: Victim, event: AnyEvent, now: datetime) -> None:
        if not isinstance(event, events.MilestoneReached) or event.milestone not in _OF_BAIL:
            return
        if self.closures.settings.phase_at(now) >= _MILESTONES_FROM_PHASE:
            named = f"{event.milestone}:{instant(event.reached_at)}"
            await self.closures.tasks.ask_views_on_bail(victim, named, now)
