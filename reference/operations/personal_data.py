"""A person's rights over their data: export and erasure; and the holds that overrule erasure.

The portal itself deletes what is old (`reference.portal.people.retention`). Each request is in the
audit, with who made it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from reference.operations import office_queries
from reference.portal.rules.recipients import SUSPECT
from reference.portal.storage.audit import Audit
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.holds import Hold, Holds
from reference.portal.storage.people import People
from reference.portal.storage.personal_records import PersonalRecords
from reference.portal.storage.received_events import Received
from reference.portal.timestamps import moment, seconds


class Held(Exception):
    """A hold forbids the erasure; the message says what is held, and who placed the hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """The use case behind the office's `export`, `erase`, `allow`, `hold` and `release`."""

    records: PersonalRecords
    people: People
    crimes: Crimes
    received: Received
    holds: Holds
    audit: Audit

    async def export(self, person_id: str, now: datetime, *, by: str) -> dict[str, Any] | None:
        """Give everything kept about a person, except what would let others in; None if unknown.

        What is shown to every victim of a crime is in it too.
        """
        written = await office_queries.record_as_written(self.records.database, person_id)
        if written is None:
            return None
        found: dict[str, Any] = {"record": _exportable(msgspec.json.decode(written))}
        rows_by_table = await office_queries.personal_rows(self.records.database, person_id)
        for table, rows in rows_by_table.items():
            found[table] = [
                {name: "" if value == SUSPECT else value for name, value in row.items()}
                for row in rows
            ]
        found["event_waiting"] = [
            {"crime_reference": each.crime_reference, "type": each.type, "data": _data(each.data)}
            for each in await self.received.waiting()
            if each.person_id == person_id
        ]
        noted = await office_queries.audit_about(self.records.database, person_id)
        found["audit"] = msgspec.to_builtins(noted)
        await self.audit.note(by, "exported", now, person=person_id)
        return found

    async def erase(self, person_id: str, now: datetime, *, by: str) -> bool:
        """Delete everything about a person; False if unknown. Raises Held."""
        async with self.records.database.transaction():
            await self.records.database.lock([f"person:{person_id}"])
            crimes = await self.crimes.crimes_of(person_id)
            waiting = {
                each.crime_reference
                for each in await self.received.waiting()
                if each.person_id == person_id
            }
            hold = await self.holds.first_of([person_id, *sorted({*crimes, *waiting})])
            if hold is not None:
                since = f"{moment(hold.at):%Y-%m-%d} by {hold.placed_by}"
                raise Held(f"{hold.whose} is held since {since}: {hold.why}; release it first")
            if await self.people.find(person_id) is None:
                return False
            await self.records.delete_person(person_id)
            for reference in crimes:
                if not await self.crimes.people_of(reference):
                    await self.records.delete_crime(reference)
            await self.audit.note(by, "erased", now, person=person_id)
        return True

    async def allow(self, address: str, now: datetime, *, by: str) -> bool:
        """Allow messages to an address again; False if the address was not stopped."""
        async with self.records.database.transaction():
            await self.records.database.lock([f"address:{address}"])
            is_allowed = await self.people.allow_address(address)
            if is_allowed:
                await self.audit.note(by, "allowed an address", now)
        return is_allowed

    async def hold(self, whose: str, why: str, now: datetime, *, by: str) -> None:
        """Keep a person or a crime, whatever is asked."""
        async with self.records.database.transaction():
            await self.holds.place(Hold(whose, why, by, seconds(now)))
            await self.audit.note(by, "held", now, person=whose)

    async def release(self, whose: str, now: datetime, *, by: str) -> bool:
        """End a hold; False if there is none."""
        async with self.records.database.transaction():
            is_released = await self.holds.release(whose)
            if is_released:
                await self.audit.note(by, "released", now, person=whose)
        return is_released


def _data(written: bytes) -> dict[str, Any]:
    """Give what an export may say of an event that waits."""
    data: dict[str, Any] = msgspec.json.decode(written)
    return {**data, "victim": _exportable(data["victim"])} if "victim" in data else data


def _exportable(record: dict[str, Any]) -> dict[str, Any]:
    """Give what an export may say of a record: nothing that lets others in.

    A person who asks what is kept about them must not learn what the force suspects.
    """
    for digest in ("agreed_word_digest", "date_of_birth_digest"):
        for each in (record, record.get("told_instead") or {}):
            each.pop(digest, None)
    record.pop("is_suspect_in_linked_crime", None)
    return record
