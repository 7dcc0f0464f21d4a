"""The table milestone_held: milestones that a victim is told in person before they are shown."""

from dataclasses import dataclass
from typing import NamedTuple

from reference.portal.storage.database import Database


class HeldMilestone(NamedTuple):
    """One milestone that one victim has not heard of yet; `data` is the event as received."""

    crime_reference: str
    person_id: str
    event_id: str
    reached_at: int
    said_at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class HeldMilestones:
    """Any number of milestones for each victim of a crime."""

    database: Database

    async def hold(self, milestone: HeldMilestone) -> None:
        """Hold a milestone."""
        await self.database.run(
            "INSERT INTO milestone_held (crime_reference, person_id, event_id, reached_at, said_at,"
            " data) VALUES (?, ?, ?, ?, ?, ?)",
            milestone,
        )

    async def move(self, reference: str, into: str) -> None:
        """Hold a merged crime's milestones for the crime that it was merged into."""
        await self.database.run(
            "UPDATE milestone_held SET crime_reference = ? WHERE crime_reference = ?",
            (into, reference),
        )

    async def of(self, reference: str) -> list[HeldMilestone]:
        """List what is held for the victims of a crime."""
        rows = await self.database.all(
            "SELECT crime_reference, person_id, event_id, reached_at, said_at, data"
            " FROM milestone_held WHERE crime_reference = ? ORDER BY said_at, event_id",
            (reference,),
        )
        return [HeldMilestone(*row) for row in rows]

    async def move_back(self, milestone: HeldMilestone, to: str) -> None:
        """Hold a milestone for the crime of which it was told, which stands by itself again."""
        await self.database.run(
            "UPDATE milestone_held SET crime_reference = ? WHERE crime_reference = ?"
            " AND person_id = ? AND event_id = ?",
            (to, milestone.crime_reference, milestone.person_id, milestone.event_id),
        )

    async def release(self, reference: str, person_id: str, until: int) -> list[HeldMilestone]:
        """Give a victim's milestones that were reached by a time, and hold them no more."""
        of = "WHERE crime_reference = ? AND person_id = ? AND reached_at <= ?"
        whose = (reference, person_id, until)
        rows = await self.database.all(
            "SELECT crime_reference, person_id, event_id, reached_at, said_at, data"  # noqa: S608
            f" FROM milestone_held {of} ORDER BY said_at, event_id",
            whose,
        )
        await self.database.run(f"DELETE FROM milestone_held {of}", whose)  # noqa: S608  our words
        return [HeldMilestone(*row) for row in rows]
