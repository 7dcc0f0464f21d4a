"""Forgets people and crimes: each day what is old enough, and at any time who is to be erased.

A hold on a person or a crime keeps it, however old. The audit keeps that it was erased, and what
the portal still owes the crime system stays.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from reference.contract.events import EVENT_TYPES
from reference.portal.settings import Settings
from reference.portal.storage.audit import Audit
from reference.portal.storage.database import Database
from reference.portal.storage.people import People
from reference.portal.storage.received import person_of
from reference.portal.storage.store import SECOND, seconds

# Every table with rows about a person.
OF_A_PERSON = (
    *("person", "victim", "entry", "appointment", "post", "outbox", "closure_held"),
    *("session", "sign_in_step", "also_theirs", "invitation", "address_of"),
)
_OF_A_CRIME = ("entry", "appointment", "post", "outbox", "closure_held", "victim", "event_waiting")
_RUNS_OUT = {
    "session": "expires_at",
    "sign_in_step": "expires_at",
    "also_theirs": "expires_at",
    "invitation": "expires_at",
    "sign_in_attempt": "until",
}


class Waiting(NamedTuple):
    """An event that waits for its crime: only its data says whom it is about."""

    id: int
    crime_reference: str
    type: str
    at: int
    data: bytes

    @property
    def person_id(self) -> str:
        """The person the event is about ("" for none)."""
        return person_of(msgspec.json.decode(self.data, type=EVENT_TYPES[self.type]))


@dataclass(kw_only=True)
class Retention:
    """The daily retention, and the erasure of one person or one crime."""

    database: Database
    people: People
    audit: Audit
    settings: Settings
    _looked_on: str = field(default="", init=False)

    async def run_due(self, now: datetime) -> list[str]:
        """Once a day erase what is old: cases that ended long ago and are not held.

        Returns the references of the erased crimes.
        """
        day = f"{now:%Y-%m-%d}"
        if day == self._looked_on:
            return []
        self._looked_on = day
        await self._prune(seconds(now))
        before = seconds(now - timedelta(days=self.settings.retention_days))
        rows = await self.database.all(
            "SELECT reference FROM crime c WHERE ended_at > 0 AND ended_at < ?"
            " AND status NOT IN ('open', 'charged')"
            " AND NOT EXISTS (SELECT 1 FROM hold WHERE whose = c.reference)"
            " AND NOT EXISTS (SELECT 1 FROM hold h JOIN victim v ON v.person_id = h.whose"
            " WHERE v.crime_reference = c.reference) ORDER BY reference",
            (before,),
        )
        for (reference,) in rows:
            async with self.database.transaction():
                await self._erase_crime(reference, now)
        await self._forget_waiting(before * SECOND)
        people = await self.database.all(
            "SELECT person_id FROM person WHERE written_at < ?"
            " AND NOT EXISTS (SELECT 1 FROM victim v WHERE v.person_id = person.person_id)"
            " AND NOT EXISTS (SELECT 1 FROM hold WHERE whose = person.person_id)",
            (before * SECOND,),
        )
        for (person_id,) in people:
            async with self.database.transaction():
                await self.forget_person(person_id)
        return [str(row[0]) for row in rows]

    async def waiting(self) -> list[Waiting]:
        """List the events that wait for their crime."""
        rows = await self.database.all(
            "SELECT id, crime_reference, type, time, data FROM event_waiting ORDER BY id"
        )
        return [Waiting(*row) for row in rows]

    async def forget_person(self, person_id: str) -> None:
        """Delete every row about a person; an address that was stopped stays so, unreadable."""
        addresses = await self.database.all(
            "SELECT address FROM address_of WHERE person_id = ?", (person_id,)
        )
        for whose in (person_id, *(row[0] for row in addresses)):
            await self.database.run("DELETE FROM sign_in_step WHERE address = ?", (whose,))
            await self.database.run("DELETE FROM sign_in_attempt WHERE whose = ?", (whose,))
        for table in OF_A_PERSON:
            await self.database.run(
                f"DELETE FROM {table} WHERE person_id = ?",  # noqa: S608  names above
                (person_id,),
            )
        for (address,) in addresses:
            await self.people.hide_stopped(address)
        for each in await self.waiting():
            if each.person_id == person_id:
                await self.database.run("DELETE FROM event_waiting WHERE id = ?", (each.id,))

    async def forget_crime_without_victims(self, reference: str) -> None:
        """Delete every row about a crime, unless it still has a victim."""
        left = await self.database.one(
            "SELECT 1 FROM victim WHERE crime_reference = ?", (reference,)
        )
        if left is None:
            await self._forget_crime(reference)

    async def _erase_crime(self, reference: str, now: datetime) -> None:
        """Erase a crime, and each of its victims who has no other."""
        people = await self.database.all(
            "SELECT person_id FROM victim WHERE crime_reference = ?", (reference,)
        )
        await self._forget_crime(reference)
        await self.audit.note("retention", "erased", now, crime=reference)
        for (person_id,) in people:
            other = await self.database.one(
                "SELECT 1 FROM victim WHERE person_id = ?", (person_id,)
            )
            if other is None:
                await self.forget_person(person_id)
                await self.audit.note("retention", "erased", now, person=person_id)

    async def _forget_crime(self, reference: str) -> None:
        for table in _OF_A_CRIME:
            await self.database.run(
                f"DELETE FROM {table} WHERE crime_reference = ?",  # noqa: S608  names above
                (reference,),
            )
        await self.database.run(
            "DELETE FROM errand WHERE crime_reference = ? AND done = 1", (reference,)
        )
        await self.database.run("DELETE FROM crime WHERE reference = ?", (reference,))

    async def _forget_waiting(self, before: int) -> None:
        held = {row[0] for row in await self.database.all("SELECT whose FROM hold")}
        for each in await self.waiting():
            if each.at < before and held.isdisjoint({each.crime_reference, each.person_id}):
                await self.database.run("DELETE FROM event_waiting WHERE id = ?", (each.id,))

    async def _prune(self, now: int) -> None:
        """Delete what has run out: anyone may begin to sign in, and most never finish."""
        for table, column in _RUNS_OUT.items():
            await self.database.run(
                f"DELETE FROM {table} WHERE {column} < ?",  # noqa: S608  names above
                (now,),
            )
