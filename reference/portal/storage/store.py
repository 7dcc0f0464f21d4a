"""What the portal remembers of crimes and of who their victims are.

One method for each thing a use case asks or keeps. People are in `people.py`, and what a victim
reads is in `case_file.py`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import Struct

from reference.contract.events import Channel, Role, VictimRecord
from reference.portal.rules import recipients
from reference.portal.storage.database import Database

Status = Literal["open", "charged", "closed", "transferred", "cancelled", "merged"]
SECOND = 1_000_000  # of the instants by which facts are put in order
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
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
    merged_into: str = ""
    transferred_to: str = ""
    officer_is: str = ""
    officer_until: int | None = None
    reclassified_at: int = 0
    decided: str = ""
    decided_at: int = 0
    transferred_at: int = 0
    cancelled_at: int = 0
    merged_at: int = 0
    reopened_at: int = 0

    @property
    def is_live(self) -> bool:
        """Say whether this portal still has news of it to come."""
        return self.status in {"open", "charged", "closed"}

    @property
    def decision(self) -> tuple[str, int]:
        """What was decided last and when, unless it was looked into again since."""
        is_undone = self.decided_at <= self.reopened_at
        return ("", 0) if is_undone else (self.decided, self.decided_at)


class Victim(Struct, frozen=True, kw_only=True):
    """One victim of one crime, with where they can be reached ("" for nowhere).

    The record and the addresses are those of whoever is told.
    """

    crime_reference: str
    person_id: str
    exclusion: str
    invited_at: int | None
    last_news_at: int
    advice_sent: bool
    contacted_at: int
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


class Link(NamedTuple):
    """What a person is in a crime, and how that is marked."""

    role: Role
    markers: frozenset[str]


def seconds(at: datetime) -> int:
    """Give a moment as the database keeps it."""
    return int(at.timestamp())


def instant(at: datetime) -> int:
    """Give when something was so, or was said, as the database keeps it: to the microsecond.

    Of two facts of one second the newer one counts.
    """
    return (at - _BEGINNING) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """Give what the database keeps as a moment in UTC."""
    return datetime.fromtimestamp(at, UTC)


def moment_of(instant: int) -> datetime:
    """Give when something was so, or was said, as a moment in UTC."""
    return _BEGINNING + timedelta(microseconds=instant)


def decode_record(record: bytes) -> VictimRecord:
    """Give a person's record, with the name and the ways of whoever is told in their place."""
    return recipients.addressed(_record_decoder.decode(record))


class Store:
    """Crimes, and the people they happened to."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def crime(self, reference: str) -> Crime | None:
        """Find a crime."""
        row = await self.database.one(_CRIME, (reference,))
        return None if row is None else Crime(**dict(zip(_FIELDS, row, strict=True)))

    async def surviving(self, reference: str) -> Crime | None:
        """Find a crime, or the one it was merged into."""
        crime = await self.crime(reference)
        seen = {reference}
        while crime is not None and crime.status == "merged" and crime.merged_into not in seen:
            seen.add(crime.merged_into)
            crime = await self.crime(crime.merged_into)
        return crime

    async def add_crime(self, crime: Crime) -> None:
        """Keep a new crime."""
        await self.database.run(_ADD_CRIME, msgspec.structs.astuple(crime))

    async def update_crime(self, before: Crime, after: Crime) -> None:
        """Keep what changed in a crime."""
        changed = [each for each in _FIELDS if getattr(before, each) != getattr(after, each)]
        if changed:
            sets = ", ".join(f"{each} = ?" for each in changed)
            await self.database.run(
                f"UPDATE crime SET {sets} WHERE reference = ?",  # noqa: S608  names of fields
                (*(getattr(after, each) for each in changed), after.reference),
            )

    async def keep_victim(self, reference: str, person_id: str, exclusion: str, at: int) -> None:
        """Link a person to a crime, or change why they are excluded from it."""
        await self.database.run(
            "INSERT INTO victim (crime_reference, person_id, exclusion, last_news_at)"
            " VALUES (?, ?, ?, ?) ON CONFLICT (crime_reference, person_id)"
            " DO UPDATE SET exclusion = excluded.exclusion",
            (reference, person_id, exclusion, at),
        )

    async def set_role(self, reference: str, person_id: str, role: Role, at: int) -> None:
        """Keep what somebody is in a crime, unless something newer is kept already."""
        await self.database.run(
            "UPDATE victim SET role = ?, role_at = ? WHERE crime_reference = ? AND person_id = ?"
            " AND role_at <= ?",
            (role, at, reference, person_id, at),
        )

    async def links_of(self, person_id: str) -> dict[str, Link]:
        """Say of every crime of a person what they are in it, and how it is marked."""
        rows = await self.database.all(
            "SELECT v.crime_reference, v.role, c.safeguarding FROM victim v"
            " JOIN crime c ON c.reference = v.crime_reference WHERE v.person_id = ?",
            (person_id,),
        )
        return {str(row[0]): Link(row[1], frozenset(row[2].split("|"))) for row in rows}

    async def victims(self, reference: str) -> list[Victim]:
        """List the victims of a crime who may be told of it."""
        sql = _VICTIM + "WHERE v.crime_reference = ? AND v.exclusion = '' ORDER BY v.person_id"
        return [_victim(row) for row in await self.database.all(sql, (reference,))]

    async def victim(self, reference: str, person_id: str) -> Victim | None:
        """Find one victim of one crime, if they may be told of it."""
        sql = _VICTIM + "WHERE v.crime_reference = ? AND v.person_id = ? AND v.exclusion = ''"
        row = await self.database.one(sql, (reference, person_id))
        return None if row is None else _victim(row)

    async def people_of(self, reference: str) -> list[tuple[str, int | None]]:
        """List everybody of a crime, excluded or not: person, and when they were invited."""
        rows = await self.database.all(
            "SELECT person_id, invited_at FROM victim WHERE crime_reference = ? ORDER BY person_id",
            (reference,),
        )
        return [(str(row[0]), row[1]) for row in rows]

    async def excluded(self, reference: str) -> dict[str, str]:
        """Say of everybody of a crime who is not told of it why that is."""
        rows = await self.database.all(
            "SELECT person_id, exclusion FROM victim WHERE crime_reference = ? AND exclusion <> ''"
            " ORDER BY person_id",
            (reference,),
        )
        return dict(rows)

    async def contacts_of(self, reference: str) -> dict[str, int]:
        """Say of every victim of a crime, excluded or not, when an officer last spoke to them."""
        rows = await self.database.all(
            "SELECT person_id, contacted_at FROM victim WHERE crime_reference = ?"
            " ORDER BY person_id",
            (reference,),
        )
        return dict(rows)

    async def crimes_of(self, person_id: str) -> list[str]:
        """List the references of every crime a person has to do with, excluded or not."""
        sql = "SELECT crime_reference FROM victim WHERE person_id = ? ORDER BY crime_reference"
        return [str(row[0]) for row in await self.database.all(sql, (person_id,))]

    async def newest_crime_of(self, person_id: str) -> Crime | None:
        """Find the newest crime that a person may be told of."""
        row = await self.database.one(
            "SELECT c.reference FROM victim v JOIN crime c ON c.reference = v.crime_reference"
            " WHERE v.person_id = ? AND v.exclusion = '' ORDER BY c.recorded_at DESC, c.reference",
            (person_id,),
        )
        return None if row is None else await self.crime(str(row[0]))

    async def set_invited(self, reference: str, person_id: str, at: int) -> None:
        """Remember that a person was invited for a crime."""
        await self.database.run(
            "UPDATE victim SET invited_at = ? WHERE crime_reference = ? AND person_id = ?",
            (at, reference, person_id),
        )

    async def set_contacted(self, reference: str, person_id: str, at: int) -> None:
        """Remember when an officer last spoke to a victim, by what they wrote down."""
        await self.database.run(
            "UPDATE victim SET contacted_at = ? WHERE crime_reference = ? AND person_id = ?"
            " AND contacted_at < ?",
            (at, reference, person_id, at),
        )

    async def forget_invitation(self, person_id: str) -> None:
        """Let somebody whom no invitation reached be invited when their details are mended."""
        await self.database.run(
            "UPDATE victim SET invited_at = NULL WHERE person_id = ? AND EXISTS (SELECT 1"
            " FROM person p WHERE p.person_id = victim.person_id AND p.registered_at IS NULL"
            " AND p.text_address = '' AND p.email_address = '')",
            (person_id,),
        )

    async def invite_again(self, person_id: str) -> None:
        """Forget that somebody was invited: it went where they are not."""
        await self.database.run(
            "UPDATE victim SET invited_at = NULL WHERE person_id = ?", (person_id,)
        )


_FIELDS: Sequence[str] = Crime.__struct_fields__
_CRIME = f"SELECT {', '.join(_FIELDS)} FROM crime WHERE reference = ?"  # noqa: S608  field names
_ADD_CRIME = (
    f"INSERT INTO crime ({', '.join(_FIELDS)})"  # noqa: S608  field names
    f" VALUES ({', '.join('?' for _ in _FIELDS)})"
)
_VICTIM = """
SELECT v.crime_reference, v.person_id, v.exclusion, v.invited_at, v.last_news_at, v.advice_sent,
       v.contacted_at, p.text_address, p.email_address, p.registered_at, p.record
FROM victim v JOIN person p ON p.person_id = v.person_id
"""


def _victim(row: tuple[Any, ...]) -> Victim:
    return Victim(
        crime_reference=row[0],
        person_id=row[1],
        exclusion=row[2],
        invited_at=row[3],
        last_news_at=row[4],
        advice_sent=bool(row[5]),
        contacted_at=row[6],
        text_address=row[7],
        email_address=row[8],
        registered_at=row[9],
        record=decode_record(row[10]),
    )
