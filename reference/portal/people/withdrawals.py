"""A victim asks to talk about no longer supporting the investigation: an officer speaks to them.

Nothing changes until then: the case goes on, messages go on, and none is sent about this. Another
person may hold the victim's phone.
"""

from dataclasses import dataclass
from datetime import datetime

from reference.contract.messages import CrimeSummary
from reference.portal.force.tasks import Tasks
from reference.portal.storage.audit import Audit
from reference.portal.storage.crimes import Crimes


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """The use case behind "I want to talk about no longer supporting this"."""

    crimes: Crimes
    tasks: Tasks
    audit: Audit

    async def ask(self, crime: CrimeSummary, person_id: str, now: datetime) -> None:
        """Ask an officer to speak to the victim; the same day's second request adds nothing.

        After a charge the witness care unit is told too, so that it does not act on it alone.
        """
        about = crime.crime_reference
        async with self.crimes.database.transaction():
            await self.crimes.database.lock([f"person:{person_id}"])
            await self.audit.note(
                person_id, "asked to talk about withdrawing", now, person=person_id, crime=about
            )
            await self.tasks.talk_about_withdrawing(
                about, person_id, now, is_charged=crime.status == "charged"
            )
