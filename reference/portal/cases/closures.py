"""Sensitive closures: neither shown nor sent until an officer has told the victim in person.

The officer has a task with the deadline of the Victims' Code, and records that they spoke to the
victim; staff can list what is overdue.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from msgspec import structs

from reference.contract.events import (
    AnyEvent,
    CloudEvent,
    CrimeClosed,
    MilestoneReached,
    VictimContacted,
)
from reference.portal.cases.journeys import Journeys
from reference.portal.cases.sensitive_milestones import SensitiveMilestones
from reference.portal.cases.timeline import Timeline
from reference.portal.force.tasks import Tasks
from reference.portal.people.details import Details
from reference.portal.rules import crime_state, outcomes, victims_code
from reference.portal.rules.crime_state import Crime
from reference.portal.settings import Settings
from reference.portal.storage.crimes import Crimes, Victim
from reference.portal.storage.held_closures import HeldClosure, HeldClosures
from reference.portal.timestamps import instant, moment, seconds


@dataclass(frozen=True, slots=True)
class Closures:
    """Holds closures, and releases them once an officer has spoken to the victim."""

    crimes: Crimes
    held: HeldClosures
    milestones: SensitiveMilestones
    details: Details
    journeys: Journeys
    timeline: Timeline
    settings: Settings

    @property
    def tasks(self) -> Tasks:
        """The tasks for the force."""
        return self.details.tasks

    def is_told_in_person(self, crime: Crime, event: AnyEvent) -> bool:
        """Say whether an event is a closure that an officer tells the victim first."""
        return outcomes.is_sensitive(event, crime.offence_subgroup, self.settings)

    def is_unconfirmed(self, event: AnyEvent) -> bool:
        """Say whether an event is a closure that has no effect until a supervisor confirms it."""
        return outcomes.is_unconfirmed(event, self.settings)

    async def close_in_person(
        self, envelope: CloudEvent, before: Crime, event: CrimeClosed, now: datetime
    ) -> None:
        """Close a crime, and tell each victim only once an officer has spoken to them.

        A closure that was undone before it was received is told to no one.
        """
        changed = crime_state.after(before, event, now)
        crime = structs.replace(changed, updated_at=before.updated_at)
        await self.crimes.update_crime(before, crime)
        closed_at = instant(event.closed_at)
        if crime.decision != before.decision:
            await self.withdraw(crime.reference)
        for person_id, contacted_at in (await self.crimes.contacts_of(crime.reference)).items():
            victim = await self.crimes.victim(crime.reference, person_id)
            if contacted_at >= closed_at:
                await self.timeline.show_for(crime, event, person_id, envelope.time)
                if victim is not None and crime.is_live:
                    await self.journeys.tell(envelope.id, crime, victim, event, now)
            elif crime.decision == ("closed", closed_at):
                await self._hold(crime.reference, person_id, envelope, now)
                if victim is not None and crime.status == "closed":
                    await self.ask(victim, envelope.id, now, event.closed_at)
                    await self.journeys.announcer.overtake(crime.reference, person_id, now)
        await self.details.tell_otherwise(envelope.id, crime, event, now)

    async def release_after_contact(
        self, event_id: str, crime: Crime, event: VictimContacted, now: datetime
    ) -> None:
        """Show and announce what was held until an officer had spoken to the victim."""
        reference, person_id = crime.reference, event.person_id
        contacted_at = instant(event.contacted_at)
        await self.crimes.set_contacted(reference, person_id, contacted_at)
        news: AnyEvent | None = None
        for each in await self.milestones.held.release(reference, person_id, contacted_at):
            news = msgspec.json.decode(each.data, type=MilestoneReached)
            await self.timeline.show_for(crime, news, person_id, moment(each.said_at))
        released = await self.release(reference, person_id, event.contacted_at)
        victim = await self.crimes.victim(reference, person_id)
        if released is None:
            if victim is not None and news is not None and crime.is_live:
                await self.journeys.tell(event_id, crime, victim, news, now)
            return
        held, closed = released
        await self.timeline.show_for(crime, closed, person_id, moment(held.said_at))
        if victim is not None:
            await self.journeys.tell(event_id, crime, victim, closed, now)
            advice_sent = victim.advice_sent
            await self.journeys.plan(crime, victim, now, advice_sent=advice_sent, event_id=event_id)

    async def ask(self, victim: Victim, cause: str, now: datetime, closed_at: datetime) -> None:
        """Ask an officer to tell a victim in time how the case ended."""
        since = min(closed_at, now)
        due_at = victims_code.told_in_person_by(since, victim.record, now, self.settings)
        await self.held.set_due(victim.crime_reference, victim.person_id, seconds(due_at))
        reason = "tell the victim how the case ended, and record that you have spoken"
        await self.tasks.say_in_person(victim, reason, cause, now, closed_at)

    async def release(
        self, reference: str, person_id: str, contacted_at: datetime
    ) -> tuple[HeldClosure, CrimeClosed] | None:
        """Release a victim's closure, if an officer has spoken to them since it happened."""
        held = await self.held.find(reference, person_id)
        if held is None:
            return None
        closed = msgspec.json.decode(held.data, type=CrimeClosed)
        if contacted_at < closed.closed_at:
            return None
        await self.held.release(reference, person_id)
        return held, closed

    async def withdraw(self, reference: str, *, is_reopened: bool = False) -> set[str]:
        """Hold nothing more of a crime that is not closed as it was.

        When it `is_reopened`, returns the victims who never heard that it had ended.
        """
        unaware = await self.held.unaware(reference) if is_reopened else set()
        await self.held.release_all(reference)
        return unaware

    async def _hold(
        self, reference: str, person_id: str, envelope: CloudEvent, now: datetime
    ) -> None:
        due_at = victims_code.within_working_days(now, self.settings.working_days, self.settings)
        await self.held.hold(
            HeldClosure(
                crime_reference=reference,
                person_id=person_id,
                event_id=envelope.id,
                said_at=seconds(envelope.time),
                due_at=seconds(due_at),
                data=bytes(envelope.data),
            )
        )
