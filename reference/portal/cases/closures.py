"""Sensitive closures: what a person says first is neither shown nor sent until they have.

The officer has a task with the deadline of the Victims' Code, and records having spoken to the
victim; what is overdue can be listed.
"""

from datetime import datetime

import msgspec
from msgspec import Struct

from reference.contract.events import CloudEvent, CrimeClosed
from reference.portal.force.tasks import Tasks
from reference.portal.rules import timing
from reference.portal.settings import Settings
from reference.portal.storage.database import Database, Row
from reference.portal.storage.store import Victim, seconds


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

    async def hold(
        self, reference: str, person_id: str, envelope: CloudEvent, now: datetime
    ) -> None:
        """Keep a closure back until a person has told the victim, invited or not yet."""
        due_at = timing.within_working_days(now, self._settings.working_days, self._settings)
        await self._database.run(
            "INSERT INTO closure_held (crime_reference, person_id, event_id, said_at, due_at, data)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (crime_reference, person_id) DO UPDATE SET"
            " event_id = excluded.event_id, said_at = excluded.said_at, data = excluded.data",
            (
                *(reference, person_id, envelope.id),
                *(seconds(envelope.time), seconds(due_at), bytes(envelope.data)),
            ),
        )

    async def ask(self, victim: Victim, cause: str, now: datetime) -> None:
        """Have a person tell a victim in time how the case ended."""
        due_at = timing.informed_within(now, victim.record, self._settings)
        await self._database.run(
            "UPDATE closure_held SET due_at = ? WHERE crime_reference = ? AND person_id = ?",
            (seconds(due_at), victim.crime_reference, victim.person_id),
        )
        reason = "tell the victim how the case ended, and record that you have spoken"
        await self._tasks.say_in_person(victim, reason, cause, now)

    async def release(
        self, reference: str, person_id: str, contacted_at: datetime
    ) -> tuple[Held, CrimeClosed] | None:
        """Take out what waited for an officer to speak to this victim, if they have since."""
        row = await self._database.one(
            f"{_HELD} WHERE crime_reference = ? AND person_id = ?", (reference, person_id)
        )
        if row is None:
            return None
        held = _held(row)
        closed = msgspec.json.decode(held.data, type=CrimeClosed)
        if contacted_at < closed.closed_at:
            return None
        await self._database.run(
            "DELETE FROM closure_held WHERE crime_reference = ? AND person_id = ?",
            (reference, person_id),
        )
        return held, closed

    async def unaware(self, reference: str) -> set[str]:
        """List the victims whom nobody has told that a crime had ever ended."""
        rows = await self._database.all(
            "SELECT h.person_id FROM closure_held h WHERE h.crime_reference = ?"
            " AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.crime_reference = h.crime_reference"
            " AND e.person_id IN ('', h.person_id)"
            " AND e.kind IN ('OutcomeRecorded', 'CrimeClosed'))",
            (reference,),
        )
        return {str(row[0]) for row in rows}

    async def forget(self, reference: str) -> None:
        """Hold nothing back of a crime: it does not stand as it ended then."""
        await self._database.run("DELETE FROM closure_held WHERE crime_reference = ?", (reference,))


async def overdue(database: Database, now: datetime) -> list[Held]:
    """List the closures nobody has spoken to the victim about in time, the longest first.

    Of somebody who is not told of the crime by the portal none is: it raised no task for them.
    """
    rows = await database.all(
        f"{_HELD} WHERE due_at <= ? AND EXISTS (SELECT 1 FROM victim v"  # noqa: S608
        " WHERE v.crime_reference = closure_held.crime_reference"
        " AND v.person_id = closure_held.person_id AND v.exclusion = '')"
        " ORDER BY due_at, crime_reference, person_id",
        (seconds(now),),
    )
    return [_held(row) for row in rows]


_HELD = "SELECT crime_reference, person_id, event_id, said_at, due_at, data FROM closure_held"


def _held(row: Row) -> Held:
    return Held(**dict(zip(Held.__struct_fields__, row, strict=True)))
