"""The tables crime and victim: each crime, who its victims are, and what each was told.

What the force wrote about a person is in `people.py`; what a victim reads is in `case_file.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
from msgspec import Struct

from reference.contract.events import Channel, Role, VictimRecord
from reference.portal.rules.crime_state import Crime
from reference.portal.rules.recipients import decode_record
from reference.portal.storage.database import Database, Row
from reference.portal.storage.mergers import merger_of


class Victim(Struct, frozen=True):
    """One victim of one crime, with the addresses that reach them ("" for none).

    The record and the addresses are those of the person who is told.
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
    """A person's role in a crime, when it was said, and the crime's safeguarding markers."""

    role: Role
    role_at: int
    markers: frozenset[str]


class PlannedMessage(NamedTuple):
    """The next automatic message to a victim, when it is due, and the last event they heard of."""

    crime_reference: str
    person_id: str
    at: int
    kind: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Crimes:
    """Crimes, their victims, and the next automatic message to each victim."""

    database: Database

    async def crime(self, reference: str) -> Crime | None:
        """Find a crime by its reference."""
        row = await self.database.one(_CRIME, (reference,))
        return None if row is None else Crime(**dict(zip(_FIELDS, row, strict=True)))

    async def surviving(self, reference: str) -> Crime | None:
        """Find a crime, or the crime it was merged into."""
        crime = await self.crime(reference)
        seen = {reference}
        while crime is not None and crime.status == "merged" and crime.merged_into not in seen:
            seen.add(crime.merged_into)
            crime = await self.crime(crime.merged_into)
        return crime

    async def own(self, reference: str, person_id: str) -> str:
        """Give the reference by which a crime of this person goes on ("?" for another's)."""
        was_theirs = await self.excluded_or_not(reference, person_id) is not None
        crime = await self.surviving(reference) if was_theirs else None
        return "?" if crime is None else crime.reference

    async def add_crime(self, crime: Crime) -> None:
        """Insert a new crime."""
        await self.database.run(_ADD_CRIME, msgspec.structs.astuple(crime))

    async def update_crime(self, before: Crime, after: Crime) -> None:
        """Save the fields of a crime that changed."""
        changed = [each for each in _FIELDS if getattr(before, each) != getattr(after, each)]
        if changed:
            sets = ", ".join(f"{each} = ?" for each in changed)
            await self.database.run(
                f"UPDATE crime SET {sets} WHERE reference = ?",  # noqa: S608  names of fields
                (*(getattr(after, each) for each in changed), after.reference),
            )

    async def keep_victim(self, reference: str, person_id: str, exclusion: str, at: int) -> None:
        """Link a person to a crime, or change the reason they are excluded from it."""
        await self.database.run(
            "INSERT INTO victim (crime_reference, person_id, exclusion, last_news_at)"
            " VALUES (?, ?, ?, ?) ON CONFLICT (crime_reference, person_id)"
            " DO UPDATE SET exclusion = excluded.exclusion",
            (reference, person_id, exclusion, at),
        )

    async def come_by(self, reference: str, person_id: str, merged: str) -> None:
        """Save by which merger a person came to a crime ("" for none), and whom they were to it."""
        await self.database.run(
            "UPDATE victim SET came_by = CASE WHEN ? = '' THEN came_by ELSE ? END,"
            " own_role = CASE WHEN own_role = '' THEN role ELSE own_role END"
            " WHERE crime_reference = ? AND person_id = ?",
            (merged, merged, reference, person_id),
        )

    async def leave(self, reference: str, person_id: str) -> bool:
        """Take a person out of a crime to which they came by one merger; say if they left.

        A person of both crimes is again to this one what they were, and leaves it if no victim.
        """
        others = await self.database.one(
            "SELECT c.reference FROM victim v JOIN crime c ON c.reference = v.crime_reference"
            " WHERE v.person_id = ? AND c.status = 'merged' AND c.merged_into = ?",
            (person_id, reference),
        )
        if others is not None:
            return False
        of = (reference, person_id)
        await self.database.run(
            "DELETE FROM victim WHERE crime_reference = ? AND person_id = ? AND came_by <> ''", of
        )
        await self.database.run(
            "UPDATE victim SET role = own_role, own_role = '' WHERE own_role <> ''"
            " AND crime_reference = ? AND person_id = ?",
            of,
        )
        own = (await self.links_of(person_id)).get(reference)
        return own is None or own.role != "victim"

    async def come_back(self, reference: str, into: str, person_id: str, *, was_told: bool) -> None:
        """Keep, for a crime that stands by itself again, that an officer spoke to a person.

        If they were told of it meanwhile as well, no invitation to it is due.
        """
        await self.database.run(
            "UPDATE victim SET invited_at = CASE WHEN ? = 1"
            " THEN coalesce(victim.invited_at, other.invited_at) ELSE victim.invited_at END,"
            " contacted_at = CASE WHEN other.contacted_at > victim.contacted_at"
            " THEN other.contacted_at ELSE victim.contacted_at END FROM victim other"
            " WHERE victim.crime_reference = ? AND victim.person_id = ?"
            " AND other.crime_reference = ? AND other.person_id = victim.person_id",
            (int(was_told), reference, person_id, into),
        )

    async def came_by(self, reference: str) -> str:
        """Give what stands in `came_by` for what comes under the reference of a merged crime."""
        return next(reversed((await self.came_to(reference)).values()), "")

    async def came_to(self, reference: str) -> dict[str, str]:
        """Map each crime that a merged crime goes on as, nearest first, to its `came_by` there."""
        steps: dict[str, str] = {}
        found, seen, crime = "", {reference}, await self.crime(reference)
        while crime is not None and crime.status == "merged" and crime.merged_into not in seen:
            found = merger_of(crime.reference) + found
            seen.add(crime.merged_into)
            steps[crime.merged_into] = found
            crime = await self.crime(crime.merged_into)
        return steps

    async def set_role(self, reference: str, person_id: str, role: Role, at: int) -> None:
        """Save a person's role in a crime, unless a newer one is saved."""
        await self.database.run(
            "UPDATE victim SET role = ?, role_at = ? WHERE crime_reference = ? AND person_id = ?"
            " AND role_at <= ?",
            (role, at, reference, person_id, at),
        )

    async def links_of(self, person_id: str) -> dict[str, Link]:
        """Map each crime of a person to their role in it and its markers."""
        rows = await self.database.all(
            "SELECT v.crime_reference, v.role, v.role_at, c.safeguarding FROM victim v"
            " JOIN crime c ON c.reference = v.crime_reference WHERE v.person_id = ?",
            (person_id,),
        )
        return {str(row[0]): Link(row[1], row[2], frozenset(row[3].split("|"))) for row in rows}

    async def victims(self, reference: str) -> list[Victim]:
        """List the victims of a crime who may be told about it."""
        sql = _VICTIM + "WHERE v.crime_reference = ? AND v.exclusion = '' ORDER BY v.person_id"
        return [_victim(row) for row in await self.database.all(sql, (reference,))]

    async def victim(self, reference: str, person_id: str) -> Victim | None:
        """Find a victim of a crime, if they may be told about it."""
        found = await self.excluded_or_not(reference, person_id)
        return None if found is None or found.exclusion else found

    async def excluded_or_not(self, reference: str, person_id: str) -> Victim | None:
        """Find a person of a crime, whether or not they may be told about it."""
        sql = _VICTIM + "WHERE v.crime_reference = ? AND v.person_id = ?"
        row = await self.database.one(sql, (reference, person_id))
        return None if row is None else _victim(row)

    async def people_of(self, reference: str) -> list[tuple[str, int | None]]:
        """List every person of a crime, excluded or not, with the time they were invited."""
        sql = (
            "SELECT person_id, invited_at FROM victim WHERE crime_reference = ? ORDER BY person_id"
        )
        return [(str(row[0]), row[1]) for row in await self.database.all(sql, (reference,))]

    async def excluded(self, reference: str) -> dict[str, str]:
        """Map each excluded person of a crime to the reason."""
        sql = (
            "SELECT person_id, exclusion FROM victim WHERE crime_reference = ? AND exclusion <> ''"
            " ORDER BY person_id"
        )
        return dict(await self.database.all(sql, (reference,)))

    async def contacts_of(self, reference: str) -> dict[str, int]:
        """Map each person of a crime, excluded or not, to when an officer last spoke to them."""
        sql = (
            "SELECT person_id, contacted_at FROM victim WHERE crime_reference = ?"
            " ORDER BY person_id"
        )
        return dict(await self.database.all(sql, (reference,)))

    async def crimes_of(self, person_id: str) -> list[str]:
        """List the references of every crime of a person, excluded or not."""
        sql = "SELECT crime_reference FROM victim WHERE person_id = ? ORDER BY crime_reference"
        return [str(row[0]) for row in await self.database.all(sql, (person_id,))]

    async def newest_crime_of(self, person_id: str) -> Crime | None:
        """Find the newest crime that a person may be told about, in a merged record too."""
        row = await self.database.one(NEWEST_CRIME, (person_id, person_id))
        return None if row is None else await self.crime(str(row[0]))

    async def set_invited(self, reference: str, person_id: str, at: int) -> None:
        """Save when a person was invited for a crime."""
        await self.database.run(
            "UPDATE victim SET invited_at = ? WHERE crime_reference = ? AND person_id = ?",
            (at, reference, person_id),
        )

    async def set_contacted(self, reference: str, person_id: str, at: int) -> None:
        """Save when an officer last spoke to a victim, as the officer recorded it."""
        await self.database.run(
            "UPDATE victim SET contacted_at = ? WHERE crime_reference = ? AND person_id = ?"
            " AND contacted_at < ?",
            (at, reference, person_id, at),
        )

    async def forget_invitation(self, person_id: str) -> None:
        """Allow a new invitation for a person whom no invitation reached."""
        await self.database.run(
            "UPDATE victim SET invited_at = NULL WHERE person_id = ? AND EXISTS (SELECT 1"
            " FROM person p WHERE p.person_id = victim.person_id AND p.registered_at IS NULL"
            " AND p.text_address = '' AND p.email_address = '')",
            (person_id,),
        )

    async def invite_again(self, person_id: str) -> None:
        """Allow a new invitation for a person: the last one went to the wrong address."""
        await self.database.run(
            "UPDATE victim SET invited_at = NULL WHERE person_id = ?", (person_id,)
        )

    async def forget_unsent_invitation(
        self, reference: str, person_id: str, *, is_kept: bool = False
    ) -> None:
        """Allow a new invitation for a crime if the last one was cancelled or given up.

        Or `is_kept`, for another crime. It stays if a message about the crime waits, or was sent
        to the person it invited.
        """
        of = (
            "EXISTS (SELECT 1 FROM outbox o WHERE o.person_id = victim.person_id"
            " AND o.crime_reference = victim.crime_reference"
        )
        await self.database.run(
            "UPDATE victim SET invited_at = NULL WHERE crime_reference = ? AND person_id = ?"  # noqa: S608
            f" AND NOT {of} AND (o.status = 'waiting'"
            " OR (o.status = 'sent' AND o.sent_at >= victim.invited_at)))"
            f" AND (? = 1 OR {of} AND o.status IN ('cancelled', 'refused')"
            " AND o.happened_at = victim.invited_at))",
            (reference, person_id, int(is_kept)),
        )

    async def set_last_news(
        self,
        victim: Victim,
        *,
        news_at: int,
        advice_sent: bool,
        comes_next: tuple[int, str] | None,
        event_id: str,
    ) -> None:
        """Save a victim's last news and its event, and plan the next automatic message."""
        at, kind = comes_next or (None, None)
        await self.database.run(
            "UPDATE victim SET last_news_at = ?, last_event_id = ?, advice_sent = ?,"
            " journey_at = ?, journey_kind = ? WHERE crime_reference = ? AND person_id = ?",
            (news_at, event_id, advice_sent, at, kind, victim.crime_reference, victim.person_id),
        )

    async def plan_message(
        self, reference: str, person_id: str, comes_next: tuple[int, str] | None
    ) -> None:
        """Plan another automatic message after the same news, or none."""
        at, kind = comes_next or (None, None)
        await self.database.run(
            "UPDATE victim SET journey_at = ?, journey_kind = ?"
            " WHERE crime_reference = ? AND person_id = ?",
            (at, kind, reference, person_id),
        )

    async def due_messages(self, until: int) -> list[PlannedMessage]:
        """List the automatic messages that are due, the earliest first."""
        rows = await self.database.all(
            "SELECT crime_reference, person_id, journey_at, journey_kind, last_event_id"  # noqa: S608
            " FROM victim"
            " WHERE journey_at <= ? ORDER BY journey_at, crime_reference LIMIT 500"
            f" {self.database.claiming('victim')}",
            (until,),
        )
        return [PlannedMessage(*row) for row in rows]

    async def ended_before(self, before: int) -> list[str]:
        """List the crimes that ended before a time, with no hold on them or a person of theirs."""
        rows = await self.database.all(
            "SELECT reference FROM crime c WHERE ended_at > 0 AND ended_at < ?"
            " AND status NOT IN ('open', 'charged')"
            " AND NOT EXISTS (SELECT 1 FROM hold WHERE whose = c.reference)"
            " AND NOT EXISTS (SELECT 1 FROM hold h JOIN victim v ON v.person_id = h.whose"
            " WHERE v.crime_reference = c.reference) ORDER BY reference",
            (before,),
        )
        return [str(row[0]) for row in rows]

    async def remove(self, reference: str) -> None:
        """Delete a crime, and who was in it; the people themselves stay."""
        await self.database.run("DELETE FROM victim WHERE crime_reference = ?", (reference,))
        await self.database.run("DELETE FROM crime WHERE reference = ?", (reference,))


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


def _victim(row: Row) -> Victim:
    fields = (*row[:5], bool(row[5]), *row[6:10], decode_record(row[10]))
    return Victim(*fields)


#: A condition on a person, or those merged into theirs, by OR would read every victim there is.
NEWEST_CRIME = (
    "SELECT c.reference FROM victim v JOIN crime c ON c.reference = v.crime_reference"
    " WHERE v.person_id IN (SELECT ? UNION ALL SELECT m.person_id FROM person_merger m"
    " WHERE m.into_person = ? AND m.state = 'merged') AND v.exclusion = ''"
    " ORDER BY c.recorded_at DESC, c.reference"
)
