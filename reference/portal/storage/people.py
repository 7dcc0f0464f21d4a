"""The tables person, address_of and address_stopped: records, addresses, and what stops them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from reference.contract.events import Channel, VictimRecord
from reference.portal.rules.identity_proof import Candidate
from reference.portal.rules.recipients import decode_record, wished
from reference.portal.storage.database import Database


class Person(NamedTuple):
    """One person as their record now says, or the person who is told in their place.

    `chosen` is the channels that they chose, None if they did not.
    """

    record: VictimRecord
    text_address: str
    email_address: str
    chosen: tuple[str, ...] | None
    registered_at: int | None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels by which the person is told."""
        now: dict[Channel, str] = {"text": self.text_address, "email": self.email_address}
        return tuple(channel for channel, address in now.items() if address)


class Flagged(NamedTuple):
    """What a person's record and crimes came to when they were last looked at."""

    record: VictimRecord
    likeness: str
    is_flagged: bool
    of_age_at: int | None
    written_at: int


@dataclass(frozen=True, slots=True)
class People:
    """Records, addresses, choices, flags and stopped addresses.

    `digest` hides an address that must not be read any more.
    """

    database: Database
    digest: Callable[[str], str]

    async def keep(self, record: VictimRecord, *, written_at: int, lifts: bool = False) -> bool:
        """Save the force's record of a person, unless a newer one is saved; return whether it is.

        A record that `lifts` a stop must be newer, not as new: of two at once the safer counts.
        """
        touched = await self.database.run(
            "INSERT INTO person (person_id, record, written_at, text_address, email_address)"
            " VALUES (?, ?, ?, '', '') ON CONFLICT (person_id) DO UPDATE SET"
            " record = excluded.record, written_at = excluded.written_at"
            " WHERE excluded.written_at >= person.written_at + ?",
            (record.person_id, msgspec.json.encode(record), written_at, int(lifts)),
        )
        return touched == 1

    async def replace(self, record: VictimRecord) -> None:
        """Give a person the record of another, or their own back, however old it is."""
        sql = "UPDATE person SET record = ? WHERE person_id = ?"
        await self.database.run(sql, (msgspec.json.encode(record), record.person_id))

    async def find(self, person_id: str) -> Person | None:
        """Find a person by their id."""
        row = await self.database.one(
            "SELECT record, text_address, email_address, channels_chosen, registered_at"
            " FROM person WHERE person_id = ?",
            (person_id,),
        )
        if row is None:
            return None
        chosen = None if row[3] is None else tuple(row[3].split())
        return Person(decode_record(row[0]), row[1], row[2], chosen, row[4])

    async def set_addresses(self, person_id: str, addresses: dict[Channel, str]) -> None:
        """Save the addresses that messages go to from now on."""
        await self.database.run(
            "UPDATE person SET text_address = ?, email_address = ? WHERE person_id = ?",
            (addresses.get("text", ""), addresses.get("email", ""), person_id),
        )

    async def set_usable(self, person_id: str, addresses: dict[Channel, str]) -> None:
        """Save the addresses by which a person may sign in, whatever channels they chose."""
        await self.database.run(
            "UPDATE person SET usable_text = ?, usable_email = ? WHERE person_id = ?",
            (addresses.get("text", ""), addresses.get("email", ""), person_id),
        )
        for address in addresses.values():
            await self.database.run(
                "INSERT INTO address_of VALUES (?, ?) ON CONFLICT DO NOTHING", (address, person_id)
            )

    async def ever_reached_at(self, address: str) -> list[str]:
        """List the people whose address this is or once was."""
        sql = "SELECT person_id FROM address_of WHERE address = ? ORDER BY person_id"
        return [str(row[0]) for row in await self.database.all(sql, (address,))]

    async def allow_address(self, address: str) -> bool:
        """Allow messages to an address again; False if the address was not stopped."""
        sql = "DELETE FROM address_stopped WHERE address IN (?, ?)"
        return await self.database.run(sql, (address, self._hidden(address))) > 0

    async def hide_stopped(self, address: str) -> None:
        """Keep only a digest of a stopped address that is in no record any more.

        The stranger it reaches asked for no more messages, and must not be named here.
        """
        await self.database.run(
            "INSERT INTO address_stopped SELECT ?, reason FROM address_stopped WHERE address = ?"
            " AND NOT EXISTS (SELECT 1 FROM address_of WHERE address = ?) ON CONFLICT DO NOTHING",
            (self._hidden(address), address, address),
        )
        await self.database.run(
            "DELETE FROM address_stopped WHERE address = ?"
            " AND NOT EXISTS (SELECT 1 FROM address_of WHERE address = ?)",
            (address, address),
        )

    async def choose(self, person_id: str, channels: Sequence[str] | None) -> None:
        """Save the channels a person chose; None goes back to the force's record."""
        chosen = None if channels is None else " ".join(channels)
        await self.database.run(
            "UPDATE person SET channels_chosen = ? WHERE person_id = ?", (chosen, person_id)
        )

    async def change_recipient(self, person_id: str, at: int, said_at: int) -> None:
        """Forget the sign-in of the person told before: another is told since `at`.

        The force said so `said_at` then: appointments from before were with the other.
        """
        await self.database.run(
            "UPDATE person SET registered_at = NULL, told_since = ?, told_from = ?"
            " WHERE person_id = ?",
            (at, said_at, person_id),
        )

    async def set_registered(self, person_id: str, at: int) -> None:
        """Save when a person first signed in."""
        await self.database.run(
            "UPDATE person SET registered_at = ? WHERE person_id = ? AND registered_at IS NULL",
            (at, person_id),
        )

    async def reached_at(self, address: str) -> list[str]:
        """List the people whom messages reach at an address."""
        rows = await self.database.all(
            "SELECT person_id FROM person WHERE text_address = ? OR email_address = ?"
            " ORDER BY person_id",
            (address, address),
        )
        return [str(row[0]) for row in rows]

    async def others_at(self, address: str, person_id: str, people_max: int) -> list[VictimRecord]:
        """List the records of others who asked to be told at an address, as many as are needed.

        One who has ended the channel since shares the address still.
        """
        rows = await self.database.all(
            "SELECT record FROM person WHERE (usable_text = ? OR usable_email = ?)"
            " AND person_id <> ? ORDER BY person_id LIMIT ?",
            (address, address, person_id, people_max * 8),
        )
        channel = "email" if "@" in address else "text"
        records = [decode_record(row[0]) for row in rows]
        return [each for each in records if channel in wished(each)]

    async def stop_address(self, address: str, why: str) -> list[str]:
        """Stop all messages to an address; return the people who were reached there.

        That its holder disowned it counts for more than what stopped it before. A text that says so
        can be forged: who has the right proof still signs in by the number.
        """
        await self.database.run(
            "INSERT INTO address_stopped VALUES (?, ?) ON CONFLICT (address) DO UPDATE"
            " SET reason = excluded.reason WHERE excluded.reason = 'not for me'",
            (address, why),
        )
        people = await self.reached_at(address)
        columns = ("text_address", "email_address", "usable_email", "usable_text")
        for column in columns[: 3 if why == "not for me" and "@" not in address else 4]:
            sql = f"UPDATE person SET {column} = '' WHERE {column} = ?"  # noqa: S608  names
            await self.database.run(sql, (address,))
        return people

    async def stopped(self, addresses: Sequence[str]) -> dict[str, str]:
        """Map each of these addresses that is stopped to the reason."""
        if not addresses:
            return {}
        kept = {each: each for each in addresses} | {self._hidden(each): each for each in addresses}
        marks = ", ".join("?" for _ in kept)
        rows = await self.database.all(
            f"SELECT address, reason FROM address_stopped WHERE address IN ({marks})",  # noqa: S608
            tuple(kept),
        )
        return {kept[row[0]]: _WHY_STOPPED.get(str(row[1]), str(row[1])) for row in rows}

    async def is_disowned(self, address: str) -> bool:
        """Say whether a person who holds an address said that messages are not for them."""
        sql = "SELECT 1 FROM address_stopped WHERE address = ? AND reason = 'not for me'"
        return await self.database.one(sql, (address,)) is not None

    async def addresses_ever_of(self, person_id: str) -> list[str]:
        """List every address that a person was ever reached at."""
        sql = "SELECT address FROM address_of WHERE person_id = ?"
        return [str(row[0]) for row in await self.database.all(sql, (person_id,))]

    async def without_crimes(self, written_before: int) -> list[str]:
        """List the people with an old record, no hold and no crime, of a merged record neither."""
        rows = await self.database.all(
            "SELECT person_id FROM person WHERE written_at < ?"
            " AND NOT EXISTS (SELECT 1 FROM victim v WHERE v.person_id = person.person_id)"
            " AND NOT EXISTS (SELECT 1 FROM person_merger m JOIN victim w"
            " ON w.person_id = m.person_id WHERE m.into_person = person.person_id"
            " AND m.state = 'merged')"
            " AND NOT EXISTS (SELECT 1 FROM hold WHERE whose = person.person_id)",
            (written_before,),
        )
        return [str(row[0]) for row in rows]

    async def candidates(self, person_id: str, address: str) -> list[Candidate]:
        """List the invited people whom a sign-in may be about: the newest crime first."""
        # An empty address is tested here: in the SQL it would make the database read everybody.
        rows = await (
            self.database.all(CANDIDATES_AT, (person_id, address, address))
            if address
            else self.database.all(CANDIDATE, (person_id,))
        )
        return [Candidate(*(*row, address)) for row in rows]

    async def flagged(self, person_id: str) -> Flagged | None:
        """Find what a person's record and crimes came to, with the record as it was written."""
        row = await self.database.one(
            "SELECT record, likeness, is_flagged, of_age_at, written_at FROM person"
            " WHERE person_id = ?",
            (person_id,),
        )
        return None if row is None else Flagged(_as_written.decode(row[0]), *row[1:])

    async def set_flags(
        self, person_id: str, *, likeness: str, is_flagged: bool, of_age_at: int | None
    ) -> None:
        """Save what a person's record and crimes come to."""
        await self.database.run(
            "UPDATE person SET likeness = ?, is_flagged = ?, of_age_at = ? WHERE person_id = ?",
            (likeness, int(is_flagged), of_age_at, person_id),
        )

    async def alike(self, person_id: str, *likenesses: str) -> list[str]:
        """List the other records that have one of two likenesses."""
        rows = await self.database.all(
            "SELECT person_id FROM person WHERE likeness IN (?, ?) AND likeness <> ''"
            " AND person_id <> ? ORDER BY person_id",
            (*likenesses, person_id),
        )
        return [str(row[0]) for row in rows]

    async def has_flagged_likeness(self, person_id: str) -> bool:
        """Say whether another record that is like this person's is flagged."""
        row = await self.database.one(
            "SELECT 1 FROM person p JOIN person o ON o.likeness = p.likeness"
            " WHERE p.person_id = ? AND p.likeness <> '' AND o.likeness <> ''"
            " AND o.person_id <> p.person_id AND o.is_flagged = 1",
            (person_id,),
        )
        return row is not None

    async def come_of_age(self, by: int) -> list[str]:
        """List the people who came of age while another was told for them."""
        rows = await self.database.all(
            "SELECT person_id FROM person WHERE of_age_at <= ?"  # noqa: S608
            f" ORDER BY of_age_at, person_id LIMIT 500 {self.database.claiming('person')}",
            (by,),
        )
        return [str(row[0]) for row in rows]

    def _hidden(self, address: str) -> str:
        return self.digest(f"address:{address}")


_as_written = msgspec.json.Decoder(VictimRecord)
_INVITED = (
    " AND EXISTS (SELECT 1 FROM (SELECT person.person_id UNION ALL SELECT m.person_id FROM"
    " person_merger m WHERE m.into_person = person.person_id AND m.state = 'merged') AS own JOIN"
    # Word of a later crime may have been given up: a person who has signed in comes back.
    " victim v ON v.person_id = own.person_id WHERE v.exclusion = ''"
    " AND (v.invited_at IS NOT NULL OR person.registered_at IS NOT NULL))"
    " ORDER BY (SELECT max(c.recorded_at) FROM victim w JOIN crime c"
    " ON c.reference = w.crime_reference WHERE w.person_id = person.person_id"
    " AND w.exclusion = '') DESC, person_id"
)
_CANDIDATES = (
    "SELECT person_id, record, text_address, email_address, CASE WHEN EXISTS (SELECT 1 FROM"
    " address_stopped WHERE address = usable_text) THEN '' ELSE usable_text END, usable_email"
    " FROM person"
)
CANDIDATE = f"{_CANDIDATES} WHERE person_id = ?{_INVITED}"
#: Each term of the OR is found by an index of its own.
CANDIDATES_AT = (
    f"{_CANDIDATES} WHERE (person_id = ? OR usable_text = ? OR usable_email = ?){_INVITED}"
)
_WHY_STOPPED = {
    "bounced": "a message to the recorded address did not arrive",
    "refused": "the gateway refused the recorded address",
    "not for me": "somebody said that the recorded address is not this person's",
    "shared": "the recorded address was given by many people who are not related; ask for theirs",
}
