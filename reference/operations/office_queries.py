"""What the office asks of the portal's database: reads alone, as `storage` owns every table."""

from typing import Any

from msgspec import Struct

from reference.portal.storage.database import Database
from reference.portal.timestamps import SECOND

#: The columns of each table that a person is given who asks what is kept about them.
EXPORTED = {
    "person": "person_id, text_address, email_address, channels_chosen, registered_at,"
    f" written_at / {SECOND} AS written_at",
    "victim": "crime_reference, exclusion, invited_at, last_news_at,"
    f" contacted_at / {SECOND} AS contacted_at",
    "entry": "crime_reference, at, kind, title, text",
    "appointment": "crime_reference, appointment_id, starts_at, place, status",
    "post": "crime_reference, at, author, name, text",
    "outbox": "crime_reference, notice, channel, address, status, held_because, sent_at",
    "closure_held": "crime_reference, due_at",
    "milestone_held": "crime_reference",
}


class HeldBack(Struct, frozen=True):
    """A message that was sent late or not at all, and why."""

    crime_reference: str
    person_id: str
    notice: str
    channel: str
    due_at: int
    status: str
    held_because: str


class OverdueClosure(Struct, frozen=True):
    """A closure that no officer has told one victim in time."""

    crime_reference: str
    person_id: str
    due_at: int


class Noted(Struct, frozen=True):
    """One line of the audit; `actor` is a system, a person's id, or a member of staff."""

    at: int
    actor: str
    action: str
    person_id: str
    crime_reference: str
    correlation_id: str


async def held_back(database: Database) -> list[HeldBack]:
    """List what was held back and why: the newest first."""
    rows = await database.all(
        "SELECT crime_reference, person_id, notice, channel, due_at, status, held_because"
        " FROM outbox WHERE held_because <> '' AND status <> 'sent' ORDER BY id DESC LIMIT 1000"
    )
    return [HeldBack(*row) for row in rows]


async def overdue_closures(database: Database, now: int) -> list[OverdueClosure]:
    """List the closures that no officer has told the victim in time, the longest first.

    A person whom the portal does not tell about the crime is left out: nobody has that task.
    """
    rows = await database.all(
        "SELECT h.crime_reference, h.person_id, h.due_at FROM closure_held h JOIN victim v"
        " ON v.crime_reference = h.crime_reference AND v.person_id = h.person_id"
        " WHERE h.due_at <= ? AND v.exclusion = ''"
        " ORDER BY h.due_at, h.crime_reference, h.person_id",
        (now,),
    )
    return [OverdueClosure(*row) for row in rows]


async def audit_about(database: Database, person_id: str) -> list[Noted]:
    """List the notes about a person and their crimes, oldest first; about no other victim."""
    rows = await database.all(
        "SELECT at, actor, action, person_id, crime_reference, correlation_id FROM audit"
        " WHERE person_id = ? OR person_id = '' AND crime_reference IN"
        " (SELECT crime_reference FROM victim WHERE person_id = ?)"
        " UNION ALL SELECT e.at, e.source, e.type, '', e.crime_reference, e.correlation_id"
        " FROM event_seen e JOIN victim v ON v.crime_reference = e.crime_reference"
        " WHERE v.person_id = ? ORDER BY 1, 3",
        (person_id, person_id, person_id),
    )
    return [Noted(*row) for row in rows]


async def record_as_written(database: Database, person_id: str) -> bytes | None:
    """Find the force's record of a person as JSON, as it was received."""
    row = await database.one("SELECT record FROM person WHERE person_id = ?", (person_id,))
    return None if row is None else bytes(row[0])


async def personal_rows(database: Database, person_id: str) -> dict[str, list[dict[str, Any]]]:
    """Read the exported columns of every row about a person, by table.

    What is shown to every victim of their crimes is in it too.
    """
    found = {}
    for table, columns in EXPORTED.items():
        sql = f"SELECT {columns} FROM {table} WHERE person_id = ?"  # noqa: S608  our names
        found[table] = _named(columns, await database.all(sql, (person_id,)))
    shared = await database.all(
        "SELECT e.crime_reference, e.at, e.kind, e.title, e.text FROM entry e JOIN victim v"
        " ON v.crime_reference = e.crime_reference AND v.exclusion = ''"
        " WHERE v.person_id = ? AND e.person_id = '' ORDER BY e.id",
        (person_id,),
    )
    found["entry"] += _named(EXPORTED["entry"], shared)
    stopped = await database.all(
        "SELECT s.address, s.reason FROM address_stopped s JOIN address_of a"
        " ON a.address = s.address WHERE a.person_id = ? ORDER BY s.address",
        (person_id,),
    )
    found["address_stopped"] = _named("address, reason", stopped)
    return found


def _named(columns: str, rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Give each row as a map from its columns' names."""
    names = [each.rpartition(" AS ")[2] for each in columns.split(", ")]
    return [dict(zip(names, row, strict=True)) for row in rows]
