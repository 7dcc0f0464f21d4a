"""What is kept about a person: exported, erased, and deleted when a case has long ended.

A hold on a person or a crime keeps it, whatever is asked. The audit keeps that it was erased, and
what is still owed to the crime system stays owed.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from reference.portal.rules.recipients import SUSPECT
from reference.portal.settings import Settings
from reference.portal.storage.audit import Audit
from reference.portal.storage.case_file import CaseFile
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.holds import Hold, Holds
from reference.portal.storage.people import People
from reference.portal.storage.personal_records import PersonalRecords
from reference.portal.storage.received import Received
from reference.portal.timestamps import SECOND, moment, seconds


class Held(Exception):
    """Something must be kept; the message names what, and who says so."""


@dataclass(slots=True, kw_only=True)
class PersonalData:
    """The use case behind `export`, `erase`, `hold`, `release`, and the daily retention."""

    records: PersonalRecords
    people: People
    crimes: Crimes
    case_file: CaseFile
    received: Received
    holds: Holds
    audit: Audit
    settings: Settings
    _last_retention: str = field(default="", init=False)

    async def export(self, person_id: str, now: datetime, *, by: str) -> dict[str, Any] | None:
        """Give everything kept about a person, except what would let others in; None if unknown.

        What is shown to every victim of a crime is in it too.
        """
        written = await self.people.record_as_written(person_id)
        if written is None:
            return None
        found: dict[str, Any] = {"record": _exportable(msgspec.json.decode(written))}
        for table, rows in (await self.records.export(person_id)).items():
            found[table] = [
                {name: "" if value == SUSPECT else value for name, value in row.items()}
                for row in rows
            ]
        found["entry"] += await self.case_file.shared_entries(person_id)
        found["event_waiting"] = [
            {"crime_reference": each.crime_reference, "type": each.type, "data": _data(each.data)}
            for each in await self.received.waiting()
            if each.person_id == person_id
        ]
        found["address_stopped"] = [
            {"address": address, "reason": reason}
            for address, reason in await self.people.stopped_of(person_id)
        ]
        found["audit"] = msgspec.to_builtins(await self.audit.about(person_id))
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
            if await self.people.record_as_written(person_id) is None:
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

    async def run_due(self, now: datetime) -> list[str]:
        """Once a day delete what is old: crimes that ended long ago and have no hold.

        Returns their references.
        """
        day = f"{now:%Y-%m-%d}"
        if day == self._last_retention:
            return []
        self._last_retention = day
        await self.records.delete_run_out(seconds(now))
        before = seconds(now - timedelta(days=self.settings.retention_days))
        ended = await self.crimes.ended_before(before)
        for reference in ended:
            async with self.records.database.transaction():
                await self._delete_crime(reference, now)
        await self._delete_waiting(before * SECOND)
        for person_id in await self.people.without_crimes(before * SECOND):
            async with self.records.database.transaction():
                await self.records.delete_person(person_id)
        return ended

    async def _delete_waiting(self, before: int) -> None:
        """Delete the events that have waited long for a crime."""
        held = await self.holds.all()
        for each in await self.received.waiting():
            if each.at < before and held.isdisjoint({each.crime_reference, each.person_id}):
                await self.received.remove(each)

    async def _delete_crime(self, reference: str, now: datetime) -> None:
        """Delete a crime, and those of its people who have no other."""
        people = await self.crimes.people_of(reference)
        await self.records.delete_crime(reference)
        await self.audit.note("retention", "erased", now, crime=reference)
        for person_id, _ in people:
            if not await self.crimes.crimes_of(person_id):
                await self.records.delete_person(person_id)
                await self.audit.note("retention", "erased", now, person=person_id)


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
