"""Reports that are no crime yet: acknowledged once, with nothing to sign in to."""

from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from reference.contract.events import CloudEvent, IncidentClosed, IncidentReported
from reference.portal.messages.announcer import Announcer
from reference.portal.people.details import Details
from reference.portal.people.merged_persons import MergedPersons
from reference.portal.rules.crime_state import Crime
from reference.portal.rules.eligibility import ONLY_REPORTED
from reference.portal.storage.crimes import Crimes
from reference.portal.timestamps import instant, seconds


@dataclass(frozen=True, slots=True)
class Incidents:
    """Keeps a report under its reference until a crime is recorded there, or for as long as others.

    Its person is told of nothing by it but the acknowledgement.
    """

    crimes: Crimes
    details: Details
    persons: MergedPersons
    announcer: Announcer

    async def report(self, envelope: CloudEvent, event: IncidentReported, now: datetime) -> None:
        """Say once that the police have the report, to a person who may be told."""
        reference, person_id = event.crime_reference, event.victim.person_id
        received_at = seconds(event.received_at)
        incident = Crime(
            reference=reference,
            force=event.force,
            offence="",
            offence_subgroup="",
            safeguarding="|".join(event.safeguarding),
            status="reported",
            officer="",
            collar_number="",
            team="",
            recorded_at=received_at,
            updated_at=received_at,
        )
        await self.crimes.add_crime(incident)
        await self.crimes.keep_victim(reference, person_id, ONLY_REPORTED, seconds(now))
        at = instant(envelope.time)
        await self.persons.keep(event.victim, at, now, is_looked_at=False)
        if await self.details.recheck(reference, person_id, now) != ONLY_REPORTED:
            return
        # For as long as it takes to word it, they may be told.
        await self.crimes.keep_victim(reference, person_id, "", seconds(now))
        victim = await self.crimes.victim(reference, person_id)
        assert victim is not None
        await self.announcer.announce(victim, "acknowledgement", envelope.id, now)
        await self.crimes.keep_victim(reference, person_id, ONLY_REPORTED, seconds(now))

    async def close(self, incident: Crime, event: IncidentClosed) -> None:
        """Note that no crime was recorded: from then on the report is kept as long as others."""
        closed = structs.replace(incident, ended_at=seconds(event.closed_at))
        await self.crimes.update_crime(incident, closed)

    async def make_way(self, incident: Crime) -> None:
        """Let a crime be recorded under the reference: that announces all there is to say."""
        for person_id, _ in await self.crimes.people_of(incident.reference):
            await self.details.outbox.cancel(incident.reference, person_id, "a crime is recorded")
        await self.crimes.remove(incident.reference)
