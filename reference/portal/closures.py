"""Sensitive closures: what a person says first is neither shown nor sent until they have.

The officer has a task with the deadline of the Victims' Code, and records having spoken to the
victim; what is overdue can be listed.
"""

from datetime import datetime

from msgspec import Struct

from reference.contract.events import CrimeClosed
from reference.portal import policy
from reference.portal.database import Database, Row
from reference.portal.settings import Settings
from reference.portal.store import Crime, Victim, seconds
from reference.portal.tasks import Tasks


class Held(Struct, frozen=True, kw_only=True):
    """One closure that one victim has not heard of yet; `data` is the event as it came."""

    crime_reference: str
    person_id: str
    event_id: str
    said_at: int
    due_at: int
    data: bytes


class Closures:
    """Holds closures back, and gives them out once an officer has spoken to the victim."""

    def __init__(self, *, database: Database, tasks: Tasks, settings: Settings) -> None:
        self._database = database
        self._tasks = tasks
        self._settings = settings

    def must_wait(self, event: CrimeClosed, crime: Crime, victim: Victim) -> bool:
        """Say whether a person has yet to tell this victim of this closure."""
        is_sensitive = policy.is_sensitive(event, crime.offence_subgroup, self._settings)
        return is_sensitive and victim.contacted_at < seconds(event.closed_at)

    async def hold(
        self, victim: Victim, event_id: str, said_at: int, data: bytes, now: datetime
    ) -> None:
        """Keep a closure back, and have a person tell the victim."""
        due_at = policy.informed_within(now, victim.record, self._settings)
        await self._database.run(
            "INSERT INTO closure_held (crime_reference, person_id, event_id, said_at, due_at, data)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (crime_reference, person_id) DO UPDATE SET"
            " event_id = excluded.event_id, said_at = excluded.said_at, data = excluded.data",
            (
                victim.crime_reference,
                victim.person_id,
                event_id,
                said_at,
                seconds(due_at),
                data,
            ),
        )
        reason = "tell the victim how the case ended, and record that you have spoken"
        await self._tasks.say_in_person(victim, reason, event_id, now)

    async def release(self, reference: str, person_id: str) -> Held | None:
        """Take out what waited for an officer to speak to this victim."""
        row = await self._database.one(
            f"{_HELD} WHERE crime_reference = ? AND person_id = ?", (reference, person_id)
        )
        await self.forget(reference, person_id)
        return None if row is None else _held(row)

    async def forget(self, reference: str, person_id: str) -> None:
        """Hold nothing back: the case did not end after all."""
        await self._database.run(
            "DELETE FROM closure_held WHERE crime_reference = ? AND person_id = ?",
            (reference, person_id),
        )

    async def overdue(self, now: datetime) -> list[Held]:
        """List the closures nobody has spoken to the victim about in time, the longest first."""
        rows = await self._database.all(
            f"{_HELD} WHERE due_at <= ? ORDER BY due_at, crime_reference, person_id",
            (seconds(now),),
        )
        return [_held(row) for row in rows]


_HELD = "SELECT crime_reference, person_id, event_id, said_at, due_at, data FROM closure_held"


def _held(row: Row) -> Held:
    return Held(**dict(zip(Held.__struct_fields__, row, strict=True)))
