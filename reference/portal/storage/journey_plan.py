"""When each victim last had news, and what comes next by itself: phase 2's memory."""

from typing import NamedTuple

from reference.portal.storage.database import Database
from reference.portal.storage.store import Victim


class Planned(NamedTuple):
    """What comes by itself, when, and the event that the victim last heard of."""

    crime_reference: str
    person_id: str
    at: int
    kind: str
    event_id: str


class JourneyPlan:
    """What is due without the officer doing anything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plan(
        self,
        victim: Victim,
        *,
        news_at: int,
        advice_sent: bool,
        comes_next: tuple[int, str] | None,
        event_id: str,
    ) -> None:
        """Remember when a victim last had news and of which event, and what comes by itself."""
        at, kind = comes_next or (None, None)
        await self._database.run(
            "UPDATE victim SET last_news_at = ?, last_event_id = ?, advice_sent = ?,"
            " journey_at = ?, journey_kind = ? WHERE crime_reference = ? AND person_id = ?",
            (news_at, event_id, advice_sent, at, kind, victim.crime_reference, victim.person_id),
        )

    async def plan_anew(self, victim: Victim, comes_next: tuple[int, str] | None) -> None:
        """Plan something else by itself, after the same news as before."""
        at, kind = comes_next or (None, None)
        await self._database.run(
            "UPDATE victim SET journey_at = ?, journey_kind = ?"
            " WHERE crime_reference = ? AND person_id = ?",
            (at, kind, victim.crime_reference, victim.person_id),
        )

    async def end(self, reference: str, person_id: str) -> None:
        """Plan nothing more by itself for a victim."""
        await self._database.run(
            "UPDATE victim SET journey_at = NULL WHERE crime_reference = ? AND person_id = ?",
            (reference, person_id),
        )

    async def due(self, until: int) -> list[Planned]:
        """List what is due by itself, the earliest first."""
        rows = await self._database.all(
            "SELECT crime_reference, person_id, journey_at, journey_kind, last_event_id"  # noqa: S608
            " FROM victim"
            " WHERE journey_at <= ? ORDER BY journey_at, crime_reference LIMIT 500"
            f" {self._database.claiming('victim')}",
            (until,),
        )
        return [Planned(*row) for row in rows]
