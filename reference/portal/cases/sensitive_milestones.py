"""Milestones that an officer tells a victim with enhanced rights before the portal shows them."""

from dataclasses import dataclass
from datetime import datetime

from reference.contract.events import AnyEvent, CloudEvent, MilestoneReached
from reference.portal.force.tasks import Tasks
from reference.portal.rules import announcements, outcomes
from reference.portal.settings import Settings
from reference.portal.storage.crimes import Victim
from reference.portal.storage.held_milestones import HeldMilestone, HeldMilestones
from reference.portal.timestamps import instant, seconds

_REASON = "tell the victim that a suspect left custody, plan for their safety, and record it"


@dataclass(frozen=True, slots=True)
class SensitiveMilestones:
    """Holds milestones, and asks officers to tell them."""

    held: HeldMilestones
    tasks: Tasks
    settings: Settings

    async def hold(
        self, envelope: CloudEvent, victim: Victim, event: AnyEvent, now: datetime
    ) -> bool:
        """Hold an event from a victim if an officer tells it first; return whether it is held."""
        phase = self.settings.phase_at(now)
        if not isinstance(event, MilestoneReached) or not (
            outcomes.is_sensitive_to(event, victim.record, self.settings)
            and announcements.concerns(event, victim.person_id)
            and announcements.announcement(event, phase, self.settings)
            and victim.contacted_at < instant(event.reached_at)
        ):
            return False
        reached_at, said_at = instant(event.reached_at), seconds(envelope.time)
        of = (victim.crime_reference, victim.person_id)
        held = HeldMilestone(*of, envelope.id, reached_at, said_at, bytes(envelope.data))
        await self.held.hold(held)
        await self.tasks.say_in_person(victim, _REASON, envelope.id, now, event.reached_at)
        return True
