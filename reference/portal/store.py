"""What the portal remembers: one method for each thing a use case asks or keeps."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from reference.contract.events import Channel, VictimRecord
from reference.contract.messages import CrimeSummary, TimelineEntry
from reference.portal.database import Database

Status = Literal["open", "charged", "closed"]
_record_decoder = msgspec.json.Decoder(VictimRecord)


class Crime(Struct, frozen=True, kw_only=True):
    """One crime as the portal knows it."""

    reference: str
    force: str
    offence: str
    offence_subgroup: str
    safeguarding: str
    status: Status
    officer: str
    collar_number: str
    team: str
    recorded_at: int
    updated_at: int
    allocated_at: int = 0
    ended_at: int = 0


class Victim(Struct, frozen=True, kw_only=True):
    """One victim of one crime, with where they can be reached ("" for nowhere)."""

    crime_reference: str
    person_id: str
    exclusion: str
    invited_at: int | None
    last_news_at: int
    advice_sent: bool
    text_address: str
    email_address: str
    registered_at: int | None
    record: VictimRecord

    @property
    def addresses(self) -> dict[Channel, str]:
        """Every channel that can be used, with its address."""
        both: tuple[tuple[Channel, str], ...] = (
            ("text", self.text_address),
            ("email", self.email_address),
        )
        return {channel: address for channel, address in both if address}


def seconds(at: datetime) -> int:
    """Give a moment as the database keeps it."""
    return int(at.timestamp())


def moment(at: int) -> datetime:
    """Give what the database keeps as a moment in UTC."""
    return datetime.fromtimestamp(at, UTC)


_VICTIM = """
SELECT v.crime_reference, v.person_id, v.exclusion, v.invited_at, v.last_news_at, v.advice_sent,
       p.text_address, p.email_address, p.registered_at, p.record
FROM victim v JOIN person p ON p.person_id = v.person_id
"""


class Store:
    """Crimes, the people they happened to, and what those may see."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def crime(self, reference: str) -> Crime | None:
        """Find a crime."""
        row = await self.database.one("SELECT * FROM crime WHERE reference = ?", (reference,))
        return (
            None if row is None else Crime(**dict(zip(Crime.__struct_fields__, row, strict=True)))
        )

    async def add_crime(self, crime: Crime) -> None:
        """Keep a new crime."""
        sql = "INSERT INTO crime VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        await self.database.run(sql, msgspec.structs.astuple(crime))

    async def update_crime(self, crime: Crime) -> None:
        """Keep what changed in a crime's progress."""
        await self.database.run(
            "UPDATE crime SET status = ?, officer = ?, collar_number = ?, team = ?, updated_at = ?,"
            " allocated_at = ?, ended_at = ? WHERE reference = ?",
            (
                crime.status,
                crime.officer,
                crime.collar_number,
                crime.team,
                crime.updated_at,
                crime.allocated_at,
                crime.ended_at,
                crime.reference,
            ),
        )

    async def keep_person(
        self, record: VictimRecord, *, text: str, email: str, written_at: int
    ) -> bool:
        """Keep what the force wrote down of a person, unless something newer is kept already."""
        touched = await self.database.run(
            "INSERT INTO person (person_id, record, written_at, text_address, email_address)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (person_id) DO UPDATE SET"
            " record = excluded.record, written_at = excluded.written_at,"
            " text_address = excluded.text_address, email_address = excluded.email_address"
            " WHERE excluded.written_at >= person.written_at",
            (record.person_id, msgspec.json.encode(record), written_at, text, email),
        )
        return touched == 1

    async def record_of(self, person_id: str) -> VictimRecord:
        """Give the newest record of a person who is known."""
        row = await self.database.one("SELECT record FROM person WHERE person_id = ?", (person_id,))
        assert row is not None
        return self.decode_record(row[0])

    async def keep_victim(self, reference: str, person_id: str, exclusion: str, at: int) -> None:
        """Link a person to a crime, or change why they are excluded from it."""
        await self.database.run(
            "INSERT INTO victim (crime_reference, person_id, exclusion, last_news_at)"
            " VALUES (?, ?, ?, ?) ON CONFLICT (crime_reference, person_id)"
            " DO UPDATE SET exclusion = excluded.exclusion",
            (reference, person_id, exclusion, at),
        )

    @staticmethod
    def decode_record(record: bytes) -> VictimRecord:
        """Give a person's record as it came."""
        return _record_decoder.decode(record)

    async def set_registered(self, person_id: str, at: int) -> None:
        """Remember the first time a person came through the whole sign-in."""
        await self.database.run(
            "UPDATE person SET registered_at = ? WHERE person_id = ? AND registered_at IS NULL",
            (at, person_id),
        )

    async def victims(self, reference: str) -> list[Victim]:
        """List the victims of a crime who may be told of it."""
        sql = _VICTIM + "WHERE v.crime_reference = ? AND v.exclusion = ''"
        return [_victim(row) for row in await self.database.all(sql, (reference,))]

    async def victim(self, reference: str, person_id: str) -> Victim | None:
        """Find one victim of one crime, if they may be told of it."""
        sql = _VICTIM + "WHERE v.crime_reference = ? AND v.person_id = ? AND v.exclusion = ''"
        row = await self.database.one(sql, (reference, person_id))
        return None if row is None else _victim(row)

    async def crimes_of(self, person_id: str) -> list[str]:
        """List the references of every crime a person is a victim of, excluded or not."""
        sql = "SELECT crime_reference FROM victim WHERE person_id = ? ORDER BY crime_reference"
        return [str(row[0]) for row in await self.database.all(sql, (person_id,))]

    async def set_invited(self, reference: str, person_id: str, at: int) -> None:
        """Remember that a person was invited for a crime."""
        await self.database.run(
            "UPDATE victim SET invited_at = ? WHERE crime_reference = ? AND person_id = ?",
            (at, reference, person_id),
        )

    async def forget_invitation(self, person_id: str) -> None:
        """Let somebody whom no invitation reached be invited when their details are mended."""
        await self.database.run(
            "UPDATE victim SET invited_at = NULL WHERE person_id = ? AND EXISTS (SELECT 1"
            " FROM person p WHERE p.person_id = victim.person_id AND p.registered_at IS NULL"
            " AND p.text_address = '' AND p.email_address = '')",
            (person_id,),
        )

    async def add_entry(self, reference: str, person_id: str, entry: TimelineEntry) -> None:
        """Put something on a crime's timeline, for one victim or ("") for all."""
        await self.database.run(
            "INSERT INTO entry (crime_reference, person_id, at, kind, title, text)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (reference, person_id, seconds(entry.at), entry.kind, entry.title, entry.text),
        )

    async def entries(self, reference: str, person_id: str) -> list[TimelineEntry]:
        """List what a victim may see of a crime, oldest first."""
        rows = await self._rows(
            "SELECT at, kind, title, text FROM entry WHERE crime_reference = ?"
            " AND person_id IN ('', ?) ORDER BY at, id",
            reference,
            person_id,
        )
        return [TimelineEntry(at=moment(r[0]), kind=r[1], title=r[2], text=r[3]) for r in rows]

    async def summaries(self, person_id: str, reference: str = "") -> list[CrimeSummary]:
        """List the crimes a person may see, newest news first; or the one of that reference."""
        rows = await self._rows(
            "SELECT c.reference, c.offence, c.status, c.force, c.officer, c.collar_number,"
            " c.updated_at FROM victim v JOIN crime c ON c.reference = v.crime_reference"
            " WHERE v.person_id = ? AND v.exclusion = '' AND (? = '' OR c.reference = ?)"
            " ORDER BY c.updated_at DESC, c.reference",
            person_id,
            reference,
            reference,
        )
        return [
            CrimeSummary(
                crime_reference=row[0],
                offence=row[1],
                status=row[2],
                force=row[3],
                officer_in_charge=f"{row[4]}, {row[5]}" if row[4] else "",
                updated_at=moment(row[6]),
            )
            for row in rows
        ]

    async def force_of(self, person_id: str) -> str:
        """Give the force of a person's newest crime."""
        row = await self.database.one(
            "SELECT c.force FROM victim v JOIN crime c ON c.reference = v.crime_reference"
            " WHERE v.person_id = ? ORDER BY c.recorded_at DESC",
            (person_id,),
        )
        assert row is not None
        return str(row[0])

    async def subgroups_of(self, person_id: str) -> list[str]:
        """List the offence subgroups of the crimes a person may see."""
        rows = await self._rows(
            "SELECT DISTINCT c.offence_subgroup FROM victim v"
            " JOIN crime c ON c.reference = v.crime_reference"
            " WHERE v.person_id = ? AND v.exclusion = '' ORDER BY c.offence_subgroup",
            person_id,
        )
        return [str(row[0]) for row in rows]

    async def stop_address(self, address: str, reason: str) -> list[str]:
        """Let nothing go to an address again; answers the people who were reached there."""
        await self.database.run(
            "INSERT INTO address_stopped VALUES (?, ?) ON CONFLICT DO NOTHING", (address, reason)
        )
        people = await self._rows(
            "SELECT person_id FROM person WHERE text_address = ? OR email_address = ?",
            address,
            address,
        )
        for column in ("text_address", "email_address"):
            await self.database.run(
                f"UPDATE person SET {column} = '' WHERE {column} = ?",  # noqa: S608  two names
                (address,),
            )
        return [str(row[0]) for row in people]

    async def stopped(self, addresses: Sequence[str]) -> set[str]:
        """Say which of some addresses nothing may go to."""
        marks = ", ".join("?" for _ in addresses)
        sql = f"SELECT address FROM address_stopped WHERE address IN ({marks})"  # noqa: S608  marks
        return {str(row[0]) for row in await self._rows(sql, *addresses)}

    async def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return await self.database.all(sql, values)


def _victim(row: tuple[Any, ...]) -> Victim:
    return Victim(
        crime_reference=row[0],
        person_id=row[1],
        exclusion=row[2],
        invited_at=row[3],
        last_news_at=row[4],
        advice_sent=bool(row[5]),
        text_address=row[6],
        email_address=row[7],
        registered_at=row[8],
        record=_record_decoder.decode(row[9]),
    )
