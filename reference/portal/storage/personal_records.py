"""Deletes what all tables hold about a person or a crime, and what has run out."""

from dataclasses import dataclass

from reference.portal.storage.crimes import Crimes
from reference.portal.storage.database import Database
from reference.portal.storage.errand_queue import ErrandQueue
from reference.portal.storage.people import People
from reference.portal.storage.received_events import Received
from reference.portal.storage.sign_in_records import SignInRecords

_BOTH = ("victim", "entry", "appointment", "post", "outbox", "closure_held", "milestone_held")
OF_PERSON = (
    *("person", "address_of", *_BOTH),
    *("session", "sign_in_step", "also_theirs", "invitation", "person_merger"),
)
OF_CRIME = (*_BOTH, "event_waiting")
#: The column that says until when a row is of use.
RUN_OUT = {
    "session": "expires_at",
    "sign_in_step": "expires_at",
    "also_theirs": "expires_at",
    "invitation": "expires_at",
    "sign_in_attempt": "until",
}


@dataclass(frozen=True, slots=True)
class PersonalRecords:
    """Every table that holds personal data."""

    database: Database
    people: People

    async def delete_person(self, person_id: str) -> None:
        """Delete everything about a person; what is shared with other people stays."""
        addresses = await self.people.addresses_ever_of(person_id)
        sign_in, events = SignInRecords(self.database), Received(self.database)
        await sign_in.forget_all_failures(person_id)
        for address in addresses:
            await sign_in.end_steps_at(address)
        for table in OF_PERSON:
            sql = f"DELETE FROM {table} WHERE person_id = ?"  # noqa: S608  our names
            await self.database.run(sql, (person_id,))
        for address in addresses:
            await self.people.hide_stopped(address)
        for waiting in await events.waiting():
            if waiting.person_id == person_id:
                await events.remove(waiting)

    async def delete_crime(self, reference: str) -> None:
        """Delete everything about a crime; what is owed to the crime system stays owed."""
        for table in OF_CRIME:
            sql = f"DELETE FROM {table} WHERE crime_reference = ?"  # noqa: S608  our names
            await self.database.run(sql, (reference,))
        await ErrandQueue(self.database).remove_done(reference)
        await Crimes(self.database).remove(reference)

    async def delete_run_out(self, now: int) -> None:
        """Delete the rows that have run out: most victims who begin to sign in never finish."""
        for table, until in RUN_OUT.items():
            await self.database.run(f"DELETE FROM {table} WHERE {until} < ?", (now,))  # noqa: S608
