"""What is held on a person: exported, erased, and let go of when a case has long ended.

A hold on a person or a crime keeps it, whatever is asked. The audit keeps that it was erased, and
what is still owed to the crime system stays owed.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from reference.contract.events import EVENT_TYPES
from reference.portal.rules.recipients import SUSPECT
from reference.portal.settings import Settings
from reference.portal.storage.audit import Audit
from reference.portal.storage.database import Database
from reference.portal.storage.people import People
from reference.portal.storage.received import person_of
from reference.portal.storage.store import SECOND, moment, seconds

# Every table with rows about a person, and what of them a person is told in an export.
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
_UNTOLD = ("session", "sign_in_step", "also_theirs", "invitation", "address_of")
_RUNS_OUT = {
    "session": "expires_at",
    "sign_in_step": "expires_at",
    "also_theirs": "expires_at",
    "invitation": "expires_at",
    "sign_in_attempt": "until",
}
_OF_A_CRIME = ("entry", "appointment", "post", "outbox", "closure_held", "victim", "event_waiting")


class Held(Exception):
    """Something must be kept; the message names what, and who says so."""


class _Waiting(NamedTuple):
    """An event that waits for its crime: whom it is about stands in its data alone."""

    id: int
    crime_reference: str
    type: str
    at: int
    data: bytes

    @property
    def person_id(self) -> str:
        return person_of(msgspec.json.decode(self.data, type=EVENT_TYPES[self.type]))

    @property
    def told(self) -> dict[str, Any]:
        data: dict[str, Any] = msgspec.json.decode(self.data)
        return {**data, "victim": _told(data["victim"])} if "victim" in data else data


def _told(record: dict[str, Any]) -> dict[str, Any]:
    """Give of a record what an export may say: nothing that opens the portal.

    What the force suspects, nobody learns from what they ask for about themselves.
    """
    for digest in ("agreed_word_digest", "date_of_birth_digest"):
        for each in (record, record.get("told_instead") or {}):
            each.pop(digest, None)
    record.pop("is_suspect_in_linked_crime", None)
    return record


class PersonalData:
    """The use case behind `export`, `erase`, `hold`, `release`, and the daily retention."""

    def __init__(
        self, *, database: Database, people: People, audit: Audit, settings: Settings
    ) -> None:
        self._database = database
        self._people = people
        self._audit = audit
        self._settings = settings
        self._looked_on = ""

    async def export(self, person_id: str, now: datetime, *, by: str) -> dict[str, Any] | None:
        """Give everything that is held on a person, but what would open the portal; None of nobody.

        What stands on a crime's page for all of its victims is in it too.
        """
        row = await self._database.one(
            "SELECT record FROM person WHERE person_id = ?", (person_id,)
        )
        if row is None:
            return None
        found: dict[str, Any] = {"record": _told(msgspec.json.decode(row[0]))}
        for table, columns in _TABLES.items():
            names = [each.rpartition(" AS ")[2] for each in columns.split(", ")]
            rows = await self._database.all(
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
        shared = await self._database.all(
            "SELECT e.crime_reference, e.at, e.kind, e.title, e.text FROM entry e JOIN victim v"
            " ON v.crime_reference = e.crime_reference AND v.exclusion = ''"
            " WHERE v.person_id = ? AND e.person_id = '' ORDER BY e.id",
            (person_id,),
        )
        names = _TABLES["entry"].split(", ")
        found["entry"] += [dict(zip(names, each, strict=True)) for each in shared]
        found["event_waiting"] = [
            {"crime_reference": each.crime_reference, "type": each.type, "data": each.told}
            for each in await self._waiting()
            if each.person_id == person_id
        ]
        stopped = await self._database.all(
            "SELECT s.address, s.reason FROM address_stopped s JOIN address_of a"
            " ON a.address = s.address WHERE a.person_id = ? ORDER BY s.address",
            (person_id,),
        )
        found["address_stopped"] = [{"address": row[0], "reason": row[1]} for row in stopped]
        found["audit"] = msgspec.to_builtins(await self._audit.about(person_id))
        await self._audit.note(by, "exported", now, person=person_id)
        return found

    async def erase(self, person_id: str, now: datetime, *, by: str) -> bool:
        """Let go of all that is held on a person; False of nobody. Raises Held."""
        async with self._database.transaction():
            await self._database.lock([f"person:{person_id}"])
            crimes = await self._database.all(
                "SELECT crime_reference FROM victim WHERE person_id = ?", (person_id,)
            )
            waiting = [each for each in await self._waiting() if each.person_id == person_id]
            kept = {row[0] for row in crimes} | {each.crime_reference for each in waiting}
            await self._check([person_id, *sorted(kept)])
            known = await self._database.one(
                "SELECT 1 FROM person WHERE person_id = ?", (person_id,)
            )
            if known is None:
                return False
            await self._forget_person(person_id)
            for (reference,) in crimes:
                await self._forget_crime_of_nobody(reference)
            await self._audit.note(by, "erased", now, person=person_id)
        return True

    async def allow(self, address: str, now: datetime, *, by: str) -> bool:
        """Let messages go to an address again; False where nothing had stopped them."""
        async with self._database.transaction():
            is_allowed = await self._people.allow_address(address)
            if is_allowed:
                await self._audit.note(by, "allowed an address", now)
        return is_allowed

    async def hold(self, whose: str, why: str, now: datetime, *, by: str) -> None:
        """Keep a person or a crime, whatever is asked."""
        async with self._database.transaction():
            await self._database.run(
                "INSERT INTO hold (whose, why, placed_by, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (whose) DO UPDATE SET why = excluded.why,"
                " placed_by = excluded.placed_by, at = excluded.at",
                (whose, why, by, seconds(now)),
            )
            await self._audit.note(by, "held", now, person=whose)

    async def release(self, whose: str, now: datetime, *, by: str) -> bool:
        """End a hold; False where there was none."""
        async with self._database.transaction():
            touched = await self._database.run("DELETE FROM hold WHERE whose = ?", (whose,))
            if touched:
                await self._audit.note(by, "released", now, person=whose)
        return touched == 1

    async def run_due(self, now: datetime) -> list[str]:
        """Once a day let go of what is old: cases that ended long ago and are not held.

        Answers their references.
        """
        day = f"{now:%Y-%m-%d}"
        if day == self._looked_on:
            return []
        self._looked_on = day
        await self._prune(seconds(now))
        before = seconds(now - timedelta(days=self._settings.retention_days))
        rows = await self._database.all(
            "SELECT reference FROM crime c WHERE ended_at > 0 AND ended_at < ?"
            " AND status NOT IN ('open', 'charged')"
            " AND NOT EXISTS (SELECT 1 FROM hold WHERE whose = c.reference)"
            " AND NOT EXISTS (SELECT 1 FROM hold h JOIN victim v ON v.person_id = h.whose"
            " WHERE v.crime_reference = c.reference) ORDER BY reference",
            (before,),
        )
        for (reference,) in rows:
            async with self._database.transaction():
                await self._let_go(reference, now)
        await self._let_go_of_waiting(before * SECOND)
        people = await self._database.all(
            "SELECT person_id FROM person WHERE written_at < ?"
            " AND NOT EXISTS (SELECT 1 FROM victim v WHERE v.person_id = person.person_id)"
            " AND NOT EXISTS (SELECT 1 FROM hold WHERE whose = person.person_id)",
            (before * SECOND,),
        )
        for (person_id,) in people:
            async with self._database.transaction():
                await self._forget_person(person_id)
        return [str(row[0]) for row in rows]

    async def _let_go_of_waiting(self, before: int) -> None:
        held = {row[0] for row in await self._database.all("SELECT whose FROM hold")}
        for each in await self._waiting():
            if each.at < before and held.isdisjoint({each.crime_reference, each.person_id}):
                await self._database.run("DELETE FROM event_waiting WHERE id = ?", (each.id,))

    async def _waiting(self) -> list[_Waiting]:
        rows = await self._database.all(
            "SELECT id, crime_reference, type, time, data FROM event_waiting ORDER BY id"
        )
        return [_Waiting(*row) for row in rows]

    async def _prune(self, now: int) -> None:
        """Let go of what has run out: anybody may begin to sign in, and most never end it."""
        for table, column in _RUNS_OUT.items():
            await self._database.run(
                f"DELETE FROM {table} WHERE {column} < ?",  # noqa: S608  names above
                (now,),
            )

    async def _let_go(self, reference: str, now: datetime) -> None:
        people = await self._database.all(
            "SELECT person_id FROM victim WHERE crime_reference = ?", (reference,)
        )
        await self._forget_crime(reference)
        await self._audit.note("retention", "erased", now, crime=reference)
        for (person_id,) in people:
            other = await self._database.one(
                "SELECT 1 FROM victim WHERE person_id = ?", (person_id,)
            )
            if other is None:
                await self._forget_person(person_id)
                await self._audit.note("retention", "erased", now, person=person_id)

    async def _check(self, kept: list[str]) -> None:
        marks = ", ".join("?" for _ in kept)
        row = await self._database.one(
            f"SELECT whose, why, placed_by, at FROM hold WHERE whose IN ({marks})",  # noqa: S608
            kept,
        )
        if row is not None:
            day = f"{moment(row[3]):%Y-%m-%d}"
            raise Held(f"{row[0]} is held since {day} by {row[2]}: {row[1]}; release it first")

    async def _forget_person(self, person_id: str) -> None:
        addresses = await self._database.all(
            "SELECT address FROM address_of WHERE person_id = ?", (person_id,)
        )
        for whose in (person_id, *(row[0] for row in addresses)):
            await self._database.run("DELETE FROM sign_in_step WHERE address = ?", (whose,))
            await self._database.run("DELETE FROM sign_in_attempt WHERE whose = ?", (whose,))
        for table in (*_TABLES, *_UNTOLD):
            await self._database.run(
                f"DELETE FROM {table} WHERE person_id = ?",  # noqa: S608  names above
                (person_id,),
            )
        for (address,) in addresses:
            await self._people.hide_stopped(address)
        for each in await self._waiting():
            if each.person_id == person_id:
                await self._database.run("DELETE FROM event_waiting WHERE id = ?", (each.id,))

    async def _forget_crime_of_nobody(self, reference: str) -> None:
        left = await self._database.one(
            "SELECT 1 FROM victim WHERE crime_reference = ?", (reference,)
        )
        if left is None:
            await self._forget_crime(reference)

    async def _forget_crime(self, reference: str) -> None:
        for table in _OF_A_CRIME:
            await self._database.run(
                f"DELETE FROM {table} WHERE crime_reference = ?",  # noqa: S608  names above
                (reference,),
            )
        await self._database.run(
            "DELETE FROM errand WHERE crime_reference = ? AND done = 1", (reference,)
        )
        await self._database.run("DELETE FROM crime WHERE reference = ?", (reference,))
