"""Events that move a crime into, out of or within the portal: reclassified, merged, cancelled.

Access follows eligibility, the victim finds the right page, and an officer tells what an officer
should.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from msgspec import json, structs

from reference.contract import events
from reference.contract.events import AnyEvent, CloudEvent
from reference.portal.cases.conversations import Conversations
from reference.portal.cases.journeys import Journeys
from reference.portal.cases.sensitive_milestones import SensitiveMilestones
from reference.portal.cases.timeline import Timeline, happened_at
from reference.portal.people.details import Details
from reference.portal.rules import announcements, contact_details, crime_state
from reference.portal.rules.crime_state import Crime
from reference.portal.storage.crimes import Crimes, Victim
from reference.portal.storage.mergers import merger_of
from reference.portal.storage.outbox import Outbox
from reference.portal.timestamps import instant, moment, seconds


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes who is told of a crime, and on which page."""

    crimes: Crimes
    details: Details
    journeys: Journeys
    timeline: Timeline
    outbox: Outbox
    conversations: Conversations
    milestones: SensitiveMilestones

    async def reclassify(
        self, event_id: str, crime: Crime, event: events.CrimeReclassified, now: datetime
    ) -> None:
        """Check again who is told of a crime that is another offence now."""
        before = {each.person_id: each for each in await self.crimes.victims(crime.reference)}
        changed = crime_state.after(crime, event, now)
        await self.crimes.update_crime(crime, changed)
        await self.timeline.show(changed, event, now)
        why = "tell the victim that the crime is recorded as another offence"
        await self._recheck_victims(event_id, changed, before, why, now)
        for victim in await self.crimes.victims(changed.reference):
            is_new = victim.person_id not in before
            if is_new:
                await self.details.raise_tasks(victim, event_id, now)
            if is_new and await self.journeys.invite(event_id, changed, victim, now):
                # The marker may have kept them from their other crimes too.
                await self._let_back_in(event_id, victim.person_id, (), now)
            elif is_new and victim.invited_at is not None:
                sent = victim.advice_sent
                await self.journeys.plan(changed, victim, now, advice_sent=sent, event_id=event_id)
            else:
                await self.journeys.plan_again(changed, victim)

    async def reclassify_merged(
        self,
        event_id: str,
        merged: Crime,
        into: Crime,
        event: events.CrimeReclassified,
        now: datetime,
    ) -> None:
        """Show what came from a merged crime as long as its own offence lets the victim be told."""
        people = [each for each, _ in await self.crimes.people_of(merged.reference)]
        told = [each for each in people if await self.details.may_be_told_of(merged, each, now)]
        changed = crime_state.after(merged, event, now)
        await self.crimes.update_crime(merged, changed)
        for person_id in people:
            may_be_told = await self.details.may_be_told_of(changed, person_id, now)
            if may_be_told and person_id not in told and merged.merged_into == into.reference:
                await self._bring(merged, into, person_id)
            elif person_id in told and not may_be_told:
                await self._withdraw(event_id, merged, into, person_id, now)
            await self.details.recheck_all(person_id, now)

    async def _bring(self, merged: Crime, into: Crime, person_id: str) -> None:
        await self.conversations.case_file.move(merged.reference, into.reference, person_id)
        await self.conversations.posts.move(merged.reference, into.reference, person_id)

    async def _withdraw(
        self, event_id: str, merged: Crime, into: Crime, person_id: str, now: datetime
    ) -> None:
        own = merged.reference
        for reference, step in (await self.crimes.came_to(own)).items():
            back = (reference, step, own, person_id)
            await self.conversations.case_file.move_back(*back)
            await self.conversations.posts.move_back(*back, leaves=False)
            await self.outbox.move_back(*back, leaves=False)
        await self.conversations.posts.move(own, into.reference, person_id, author="victim")
        if await self.outbox.cancel(merged.reference, person_id, "offence not in the portal"):
            await self.crimes.forget_unsent_invitation(into.reference, person_id)
        if (victim := await self.crimes.victim(into.reference, person_id)) is not None:
            await self.journeys.invite(event_id, into, victim, now)

    async def _let_back_in(
        self, event_id: str, person_id: str, but: Collection[str], now: datetime
    ) -> None:
        for reference in await self.crimes.crimes_of(person_id):
            other = await self.crimes.crime(reference)
            own = await self.crimes.victim(reference, person_id)
            if reference in but or other is None or own is None:
                continue
            if not await self.journeys.invite(event_id, other, own, now, told_on=own.addresses):
                await self.journeys.plan_again(other, own)

    async def cancel(
        self, event_id: str, crime: Crime, event: events.CrimeCancelled, now: datetime
    ) -> None:
        """Remove a cancelled crime from the portal; an officer tells the victims."""
        before = {each.person_id: each for each in await self.crimes.victims(crime.reference)}
        changed = crime_state.after(crime, event, now)
        await self.crimes.update_crime(crime, changed)
        why = "tell the victim that the record of the crime was cancelled"
        await self._recheck_victims(event_id, changed, before, why, now)

    async def _recheck_everywhere(self, person_id: str, now: datetime) -> None:
        """Recheck a person of another crime, which may have a marker that is about the person.

        Where they are a victim of it now, they are told of it by no other record of theirs.
        """
        for each in await self.details.flags.mergers.merged_into([person_id]):
            await self.details.recheck_all(each, now)

    async def merge(
        self,
        envelope: CloudEvent,
        crime: Crime,
        event: events.CrimeMerged,
        into: Crime,
        now: datetime,
    ) -> None:
        """Move the victims of a crime to the crime it was merged into."""
        event_id, step = envelope.id, merger_of(crime.reference)
        if into.reference == crime.reference:
            return
        changed = crime_state.after(crime, structs.replace(event, into=into.reference), now)
        await self.crimes.update_crime(crime, changed)
        if changed.status != "merged":
            return
        await self.milestones.held.move(crime.reference, into.reference)
        before = {each.person_id: each for each in await self.crimes.victims(crime.reference)}
        already = dict(await self.crimes.people_of(into.reference))
        for person_id, invited_at in await self.crimes.people_of(crime.reference):
            if person_id in before:
                await self._bring(crime, into, person_id)
                await self.outbox.move(crime.reference, into.reference, person_id, came_by=step)
                if into.status != "open":
                    await self.journeys.announcer.overtake(into.reference, person_id, now)
            else:
                # Their own words stay theirs to read, though what they were told does not, but for
                # what they could read of another crime before that was merged into this one.
                moved = (crime.reference, into.reference, person_id)
                await self.conversations.case_file.move(*moved, only_brought=True)
                await self.conversations.posts.move(*moved, author="victim")
            if person_id not in already:
                await self.crimes.keep_victim(into.reference, person_id, "new", seconds(now))
            if invited_at is not None and already.get(person_id) is None:
                # A merger is no news: it invites nobody again who was invited to the one crime.
                await self.crimes.set_invited(into.reference, person_id, invited_at)
            merged = "" if person_id in already else crime.reference
            await self.crimes.come_by(into.reference, person_id, merged)
            # A victim of either is a victim of both, which are one.
            own = (await self.crimes.links_of(person_id))[crime.reference]
            if own.role == "victim" or person_id not in already:
                # An event from before the merger may come late, and change what one was to it.
                at = instant(envelope.time) if person_id in already else own.role_at
                await self.crimes.set_role(into.reference, person_id, own.role, at)
            excluded = await self.details.recheck(into.reference, person_id, now)
            await self.timeline.show_for(crime, event, person_id, now, into=into, came_by=step)
            if not excluded:
                told = before.get(person_id)
                if told is not None and into.offence_subgroup != crime.offence_subgroup:
                    sent = await self.outbox.has_told(into.reference, person_id, "advice")
                    told = structs.replace(told, advice_sent=sent)
                await self._carry_on(event_id, into, person_id, told, now)
            elif person_id in before and invited_at is not None:
                why = "tell the victim that the crime is looked into as part of another"
                await self.details.tasks.say_in_person(before[person_id], why, event_id, now)
            # What waits no more leaves room in the week for what waits about other crimes.
            await self.journeys.announcer.use_free_places(person_id, now)
            await self._recheck_everywhere(person_id, now)

    async def unmerge(
        self, envelope: CloudEvent, crime: Crime, event: events.CrimeUnmerged, now: datetime
    ) -> None:
        """Give a merged crime back to its victims: they follow the other, or its next, no more."""
        into, changed = crime.merged_into, crime_state.after(crime, event, now)
        steps = await self.crimes.came_to(crime.reference)
        await self.crimes.database.lock([f"crime:{each}" for each in steps])
        await self.crimes.update_crime(crime, changed)
        one = await self.crimes.crime(into)
        if one is None or crime.status != "merged" or changed.status == "merged":
            return
        await self._give_milestones_back(steps)
        is_advice_the_same = one.offence_subgroup == changed.offence_subgroup
        people = [each for each, _ in await self.crimes.people_of(crime.reference)]
        told = [each for each in people if await self.details.may_be_told_of(changed, each, now)]
        for person_id in people:
            other = await self.crimes.victim(into, person_id) if is_advice_the_same else None
            was_out = await self.crimes.newest_crime_of(person_id) is None
            asked = []
            for other_reference, step in steps.items():
                await self.crimes.come_back(
                    crime.reference, other_reference, person_id, was_told=person_id in told
                )
                leaves = await self.crimes.leave(other_reference, person_id)
                back = (other_reference, step, crime.reference, person_id)
                await self.conversations.case_file.move_back(*back)
                asked += await self.conversations.posts.move_back(*back, leaves=leaves)
                await self.outbox.move_back(*back, leaves=leaves)
            # News of the other crime that never goes leaves its place in the week.
            await self.journeys.announcer.use_free_places(person_id, now)
            await self.details.recheck(crime.reference, person_id, now)
            # The other crime may have had a marker that is about the person, in every crime.
            await self.details.recheck_all(person_id, now)
            await self._recheck_everywhere(person_id, now)
            await self._let_back_in(envelope.id, person_id, {*steps, crime.reference}, now)
            victim = await self.crimes.victim(crime.reference, person_id)
            if victim is not None and victim.registered_at is None and was_out:
                # Their links have ended: only a new invitation lets them in.
                victim = structs.replace(victim, invited_at=None)
            for post in asked if victim is not None else ():
                await self.conversations.ask_again(post, changed, person_id, envelope.id, now)
            if victim is None or not changed.is_live:
                continue
            # News of both crimes that was one message goes as two: each takes a place in the week.
            for channel in contact_details.CHANNELS:
                await self.journeys.announcer.put_off(person_id, channel, now, victim.record)
            sent = victim.advice_sent or (other is not None and other.advice_sent)
            if not await self.journeys.invite(envelope.id, changed, victim, now, advice_sent=sent):
                about = (changed, victim, now)
                await self.journeys.plan(*about, advice_sent=sent, event_id=envelope.id)
        await self.timeline.show(changed, event, envelope.time)

    async def _give_milestones_back(self, references: Collection[str]) -> None:
        for reference in references:
            for held in await self.milestones.held.of(reference):
                told_of = json.decode(held.data, type=events.MilestoneReached).crime_reference
                goes_on = await self.crimes.surviving(told_of)
                if goes_on is not None and goes_on.reference != reference:
                    await self.milestones.held.move_back(held, goes_on.reference)

    async def follow(
        self, envelope: CloudEvent, crime: Crime, into: Crime, event: AnyEvent, now: datetime
    ) -> None:
        """Show and announce to the victims of a merged crime what happened before it was merged.

        What is recorded about it after that is about a record, and not about their case.
        """
        said_at = envelope.time
        if instant(happened_at(event, said_at)) > crime.merged_at:
            return
        for person_id, _ in await self.crimes.people_of(crime.reference):
            if not announcements.concerns(event, person_id):
                continue
            # What nobody could tell them of that crime, its successor does not tell either.
            if not await self.details.may_be_told_of(crime, person_id, now):
                continue
            step = await self.crimes.came_by(crime.reference)
            victim = await self.crimes.excluded_or_not(into.reference, person_id)
            # An officer tells it first, though nobody is told of the crime that theirs goes on as.
            if victim is not None and await self.milestones.hold(envelope, victim, event, now):
                continue
            await self.timeline.show_for(crime, event, person_id, said_at, into=into, came_by=step)
            if victim is not None and not victim.exclusion and into.is_live:
                await self.journeys.tell(envelope.id, into, victim, event, now)
                await self.outbox.keep_for_its_own(into.reference, person_id, envelope.id, step)

    async def _carry_on(
        self, event_id: str, into: Crime, person_id: str, before: Victim | None, now: datetime
    ) -> None:
        victim = await self.crimes.victim(into.reference, person_id)
        assert victim is not None
        if before is None:
            await self.details.raise_tasks(victim, event_id, now)
        if not await self.journeys.invite(event_id, into, victim, now):
            advice_sent = victim.advice_sent or (before is not None and before.advice_sent)
            at = moment(max(victim.last_news_at, before.last_news_at if before else 0))
            await self.journeys.plan(into, victim, at, advice_sent=advice_sent, event_id=event_id)

    async def _recheck_victims(
        self, event_id: str, crime: Crime, before: dict[str, Victim], why: str, now: datetime
    ) -> None:
        for person_id, invited_at in await self.crimes.people_of(crime.reference):
            # A marker of the crime may be about the person, in every crime of theirs.
            await self.details.recheck_all(person_id, now)
            excluded = await self.details.recheck(crime.reference, person_id, now)
            # One whose addresses have all failed since may be invited anew, and was told.
            told = invited_at is not None or await self.outbox.has_told(crime.reference, person_id)
            if excluded and person_id in before and told:
                await self.details.tasks.say_in_person(before[person_id], why, event_id, now)
            if excluded:
                # What waited about this crime leaves room in the week for what waits about others.
                await self.journeys.announcer.use_free_places(person_id, now)
