"""The table hold: the people and crimes that must be kept, however old, and no matter who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reference.portal.storage.database import Database


class Hold(NamedTuple):
    """A hold on a person or a crime: why, by whom and since when."""

    whose: str
    why: str
    placed_by: str
    at: int


@dataclass(frozen=True, slots=True)
class Holds:
    """Every hold there is."""

    database: Database

    async def place(self, hold: Hold) -> None:
        """Place a hold, or replace the one there is."""
        await self.database.run(
            "INSERT INTO hold (whose, why, placed_by, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (whose) DO UPDATE SET why = excluded.why,"
            " placed_by = excluded.placed_by, at = excluded.at",
            hold,
        )

    async def release(self, whose: str) -> bool:
        """End a hold; False if there is none."""
        return await self.database.run("DELETE FROM hold WHERE whose = ?", (whose,)) == 1

    async def first_of(self, kept: Sequence[str]) -> Hold | None:
        """Find a hold on any of these people and crimes."""
        marks = ", ".join("?" for _ in kept)
        row = await self.database.one(
            f"SELECT whose, why, placed_by, at FROM hold WHERE whose IN ({marks})",  # noqa: S608
            kept,
        )
        return None if row is None else Hold(*row)

    async def all(self) -> set[str]:
        """List the people and crimes with a hold."""
        return {str(row[0]) for row in await self.database.all("SELECT whose FROM hold")}
