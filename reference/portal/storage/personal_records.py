"""Exports and deletes what all tables hold about a person or a crime, as each owner says."""

from dataclasses import dataclass
from typing import Any

from reference.portal.storage import (
    case_file,
    crimes,
    held_closures,
    outbox,
    people,
    posts,
    received_events,
    sign_in_records,
)
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.database import Database
from reference.portal.storage.errand_queue import ErrandQueue
from reference.portal.storage.people import People
from reference.portal.storage.personal_rows import PersonalRows
from reference.portal.storage.received_events import Received
from reference.portal.storage.sign_in_records import SignInRecords

TABLES: tuple[PersonalRows, ...] = (
    *people.PERSONAL_ROWS,
    *crimes.PERSONAL_ROWS,
    *case_file.PERSONAL_ROWS,
    *posts.PERSONAL_ROWS,
    *outbox.PERSONAL_ROWS,
    *held_closures.PERSONAL_ROWS,
    *sign_in_records.PERSONAL_ROWS,
    *received_events.PERSONAL_ROWS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalRecords:
    """Every table that holds personal data."""

    database: Database
    people: People

    async def export(self, person_id: str) -> dict[str, list[dict[str, Any]]]:
        """Read the exported columns of every row about a person, by table."""
        found = {}
        for each in TABLES:
            if each.exported:
                rows = await self.database.all(
                    f"SELECT {each.exported} FROM {each.table} WHERE person_id = ?",  # noqa: S608
                    (person_id,),
                )
                found[each.table] = [dict(zip(each.names, row, strict=True)) for row in rows]
        return found

    async def delete_person(self, person_id: str) -> None:
        """Delete everything about a person; what is shared with other people stays."""
        addresses = await self.people.addresses_ever_of(person_id)
        sign_in, events = SignInRecords(self.database), Received(self.database)
        for whose in (person_id, *addresses):
            await sign_in.end_steps_at(whose)
            await sign_in.forget_failures(whose)
        for each in TABLES:
            if each.is_of_person:
                await self.database.run(
                    f"DELETE FROM {each.table} WHERE person_id = ?",  # noqa: S608  our names
                    (person_id,),
                )
        for address in addresses:
            await self.people.hide_stopped(address)
        for waiting in await events.waiting():
            if waiting.person_id == person_id:
                await events.remove(waiting)

    async def delete_crime(self, reference: str) -> None:
        """Delete everything about a crime; what is owed to the crime system stays owed."""
        for each in TABLES:
            if each.is_of_crime:
                await self.database.run(
                    f"DELETE FROM {each.table} WHERE crime_reference = ?",  # noqa: S608  our names
                    (reference,),
                )
        await ErrandQueue(self.database).remove_done(reference)
        await Crimes(self.database).remove(reference)

    async def delete_run_out(self, now: int) -> None:
        """Delete the rows that have run out: most victims who begin to sign in never finish."""
        for each in TABLES:
            if each.runs_out:
                await self.database.run(
                    f"DELETE FROM {each.table} WHERE {each.runs_out} < ?",  # noqa: S608  our names
                    (now,),
                )
