"""The table audit: who read and changed what (Data Protection Act 2018, section 62).

Collection, alteration, consultation, disclosure, combination and erasure, each with when and who.
It names people and crimes by their references, and never says what was said.
"""

from dataclasses import dataclass
from datetime import datetime

from reference.portal.correlation import correlation_id
from reference.portal.storage.database import Database
from reference.portal.timestamps import seconds


@dataclass(frozen=True, slots=True)
class Audit:
    """Writes the log, in the transaction of what it notes if there is one.

    The log includes the events that `received.py` has seen.
    """

    database: Database

    async def prune(self, before: int, nobodys_before: int) -> None:
        """Delete what is old, and sooner what names no person and no crime."""
        await self.database.run(
            "DELETE FROM audit WHERE at < ?"
            " OR (at < ? AND person_id = '' AND crime_reference = '')",
            (before, nobodys_before),
        )

    async def note(
        self, actor: str, action: str, now: datetime, *, person: str = "", crime: str = ""
    ) -> None:
        """Note who did what to a person's or crime's record."""
        await self.database.run(
            "INSERT INTO audit (at, actor, action, person_id, crime_reference, correlation_id)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (seconds(now), actor, action, person, crime, correlation_id()),
        )
