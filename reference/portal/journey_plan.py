"""When each victim last had news, and what comes next by itself: phase 2's memory."""

from reference.portal.database import Database
from reference.portal.store import Victim


class JourneyPlan:
    """What is due without the officer doing anything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def plan(
        self, victim: Victim, *, news_at: int, advice_sent: bool, comes_next: tuple[int, str] | None
    ) -> None:
        """Remember when a victim last had news, and what comes next by itself."""
        at, kind = comes_next or (None, None)
        await self._database.run(
            "UPDATE victim SET last_news_at = ?, advice_sent = ?, journey_at = ?, journey_kind = ?"
            " WHERE crime_reference = ? AND person_id = ?",
            (news_at, advice_sent, at, kind, victim.crime_reference, victim.person_id),
        )

    async def end(self, reference: str, person_id: str) -> None:
        """Plan nothing more by itself for a victim."""
        await self._database.run(
            "UPDATE victim SET journey_at = NULL WHERE crime_reference = ? AND person_id = ?",
            (reference, person_id),
        )

    async def due(self, until: int) -> list[tuple[str, str, int, str]]:
        """List what is due by itself: crime, person, when, and which message."""
        rows = await self._database.all(
            "SELECT crime_reference, person_id, journey_at, journey_kind"  # noqa: S608
            " FROM victim"
            " WHERE journey_at <= ? ORDER BY journey_at, crime_reference LIMIT 500"
            f" {self._database.claiming('victim')}",
            (until,),
        )
        return [(str(row[0]), str(row[1]), int(row[2]), str(row[3])) for row in rows]
