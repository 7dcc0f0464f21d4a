"""The table audit: who read and changed what (Data Protection Act 2018, section 62).

Collection, alteration, consultation, disclosure, combination and erasure, each with when and who.
It names people and crimes by their references, and never says what was said.
"""

from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from reference.portal.correlation import correlation_id
from reference.portal.storage.database import Database
from reference.portal.timestamps import seconds


class Noted(Struct, frozen=True, kw_only=True):
    """One line of the log; `actor` is a system, a person's id, or a member of staff."""

    at: int
    actor: str
    action: str
    person_id: str
    crime_reference: str
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Audit:
    """Writes the log, in the transaction of what it notes if there is one.

    The log includes the events that `received.py` has seen.
    """

    database: Database

    async def note(
        self, actor: str, action: str, now: datetime, *, person: str = "", crime: str = ""
    ) -> None:
        """Note who did what to a person's or crime's record."""
        await self.database.run(
            "INSERT INTO audit (at, actor, action, person_id, crime_reference, correlation_id)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (seconds(now), actor, action, person, crime, correlation_id()),
        )

    async def about(self, person_id: str) -> list[Noted]:
        """List the notes about a person and their crimes, oldest first; about no other victim."""
        rows = await self.database.all(
            "SELECT at, actor, action, person_id, crime_reference, correlation_id FROM audit"
            " WHERE person_id = ? OR person_id = '' AND crime_reference IN"
            " (SELECT crime_reference FROM victim WHERE person_id = ?)"
            " UNION ALL SELECT e.at, e.source, e.type, '', e.crime_reference, e.correlation_id"
            " FROM event_seen e JOIN victim v ON v.crime_reference = e.crime_reference"
            " WHERE v.person_id = ? ORDER BY 1, 3",
            (person_id, person_id, person_id),
        )
        return [Noted(**dict(zip(Noted.__struct_fields__, row, strict=True))) for row in rows]
