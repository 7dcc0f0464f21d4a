"""A person's rights over their data: export and erasure; and the holds that overrule erasure.

The portal itself erases what is old (`reference.portal.storage.retention`). Each request is in the
audit, with who made it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from reference.portal.rules.recipients import SUSPECT
from reference.portal.storage.audit import Audit
from reference.portal.storage.database import Database
from reference.portal.storage.people import People
from reference.portal.storage.retention import Retention, Waiting
from reference.portal.storage.store import SECOND, moment, seconds

# What an export shows of each table; the other tables hold only what opens the portal.
_TABLES = {
    "person": "person_id, text_address, email_address, channels_chosen, registered_at,"
    f" written_at / {SECOND} AS written_at",
    "victim": "crime_reference, exclusion, invited_at, last_news_at,"
    f" contacted_at / {SECOND} AS contacted_at",
    "entry": "crime_reference, at, kind, title, text",
    "appointment": "crime_reference, appointment_id, starts_at, place, status",
    "post": "crime_reference, at, author, name, text",
    "outbox": "crime_reference, notice, channel, address, status, held_because, sent_at",
    "closure_held": "crime_reference, due_at",
}


class Held(Exception):
    """A hold forbids the erasure; the message says what is held, and who placed the hold."""


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """The use case behind the office's `export`, `erase`, `allow`, `hold` and `release`."""

    database: Database
    people: People
    audit: Audit
    retention: Retention

    async def export(self, person_id: str, now: datetime, *, by: str) -> dict[str, Any] | None:
        """Return all that is held on a person, except what opens the portal; None when unknown.

        It includes what a crime's page shows to all of its victims.
        """
        row = await self.database.one("SELECT record FROM person WHERE person_id = ?", (person_id,))
        if row is None:
            return None
        found: dict[str, Any] = {"record": _told(msgspec.json.decode(row[0]))}
        for table, columns in _TABLES.items():
            names = [each.rpartition(" AS ")[2] for each in columns.split(", ")]
            rows = await self.database.all(
                f"SELECT {columns} FROM {table} WHERE person_id = ?",  # noqa: S608  names above
                (person_id,),
            )
            found[table] = [
                {
                    name: "" if value == SUSPECT else value
                    for name, value in zip(names, each, strict=True)
                }
                for each in rows
            ]
        shared = await self.database.all(
            "SELECT e.crime_reference, e.at, e.kind, e.title, e.text FROM entry e JOIN victim v"
            " ON v.crime_reference = e.crime_reference AND v.exclusion = ''"
            " WHERE v.person_id = ? AND e.person_id = '' ORDER BY e.id",
            (person_id,),
        )
        names = _TABLES["entry"].split(", ")
        found["entry"] += [dict(zip(names, each, strict=True)) for each in shared]
        found["event_waiting"] = [
            {"crime_reference": each.crime_reference, "type": each.type, "data": _told_of(each)}
            for each in await self.retention.waiting()
            if each.person_id == person_id
        ]
        stopped = await self.database.all(
            "SELECT s.address, s.reason FROM address_stopped s JOIN address_of a"
            " ON a.address = s.address WHERE a.person_id = ? ORDER BY s.address",
            (person_id,),
        )
        found["address_stopped"] = [{"address": row[0], "reason": row[1]} for row in stopped]
        found["audit"] = msgspec.to_builtins(await self.audit.about(person_id))
        await self.audit.note(by, "exported", now, person=person_id)
        return found

    async def erase(self, person_id: str, now: datetime, *, by: str) -> bool:
        """Erase all that is held on a person; return False when they are unknown. Raises Held."""
        async with self.database.transaction():
            await self.database.lock([f"person:{person_id}"])
            crimes = await self.database.all(
                "SELECT crime_reference FROM victim WHERE person_id = ?", (person_id,)
            )
            waiting = [
                each for each in await self.retention.waiting() if each.person_id == person_id
            ]
            kept = {row[0] for row in crimes} | {each.crime_reference for each in waiting}
            await self._check([person_id, *sorted(kept)])
            known = await self.database.one(
                "SELECT 1 FROM person WHERE person_id = ?", (person_id,)
            )
            if known is None:
                return False
            await self.retention.forget_person(person_id)
            for (reference,) in crimes:
                await self.retention.forget_crime_without_victims(reference)
            await self.audit.note(by, "erased", now, person=person_id)
        return True

    async def allow(self, address: str, now: datetime, *, by: str) -> bool:
        """Allow messages to an address again; return False where nothing had stopped them."""
        async with self.database.transaction():
            is_allowed = await self.people.allow_address(address)
            if is_allowed:
                await self.audit.note(by, "allowed an address", now)
        return is_allowed

    async def hold(self, whose: str, why: str, now: datetime, *, by: str) -> None:
        """Keep a person or a crime, against erasure and retention."""
        async with self.database.transaction():
            await self.database.run(
                "INSERT INTO hold (whose, why, placed_by, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (whose) DO UPDATE SET why = excluded.why,"
                " placed_by = excluded.placed_by, at = excluded.at",
                (whose, why, by, seconds(now)),
            )
            await self.audit.note(by, "held", now, person=whose)

    async def release(self, whose: str, now: datetime, *, by: str) -> bool:
        """End a hold; return False where there was none."""
        async with self.database.transaction():
            touched = await self.database.run("DELETE FROM hold WHERE whose = ?", (whose,))
            if touched:
                await self.audit.note(by, "released", now, person=whose)
        return touched == 1

    async def _check(self, kept: list[str]) -> None:
        marks = ", ".join("?" for _ in kept)
        row = await self.database.one(
            f"SELECT whose, why, placed_by, at FROM hold WHERE whose IN ({marks})",  # noqa: S608
            kept,
        )
        if row is not None:
            day = f"{moment(row[3]):%Y-%m-%d}"
            raise Held(f"{row[0]} is held since {day} by {row[2]}: {row[1]}; release it first")


def _told_of(waiting: Waiting) -> dict[str, Any]:
    """Return what an export shows of an event that waits for its crime."""
    data: dict[str, Any] = msgspec.json.decode(waiting.data)
    return {**data, "victim": _told(data["victim"])} if "victim" in data else data


def _told(record: dict[str, Any]) -> dict[str, Any]:
    """Return what an export shows of a record: nothing that opens the portal.

    It does not show what the force suspects.
    """
    for digest in ("agreed_word_digest", "date_of_birth_digest"):
        for each in (record, record.get("told_instead") or {}):
            each.pop(digest, None)
    record.pop("is_suspect_in_linked_crime", None)
    return record
