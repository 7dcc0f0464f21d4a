"""What the portal remembers of people: the force's record of each, and where each is reached.

What stops all that is said to somebody is in `flags.py`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from reference.contract.events import Channel, VictimRecord
from reference.portal.people.tokens import Tokens
from reference.portal.storage.database import Database
from reference.portal.storage.store import decode_record


class Person(NamedTuple):
    """One person as they are kept, or whoever is told in their place.

    `chosen` is how they asked to be told since, if they did.
    """

    record: VictimRecord
    text_address: str
    email_address: str
    chosen: tuple[str, ...] | None
    registered_at: int | None


class People:
    """Records, addresses, choices, and addresses that nothing may go to."""

    def __init__(self, database: Database, tokens: Tokens) -> None:
        self._database = database
        self._tokens = tokens

    async def keep(
        self, record: VictimRecord, *, text: str, email: str, written_at: int, lifts: bool = False
    ) -> bool:
        """Keep what the force wrote down of a person, unless something newer is kept already.

        What `lifts` that they are told nothing must itself be newer: of two at once the safer wins.
        """
        touched = await self._database.run(
            "INSERT INTO person (person_id, record, written_at, text_address, email_address)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (person_id) DO UPDATE SET"
            " record = excluded.record, written_at = excluded.written_at,"
            " text_address = excluded.text_address, email_address = excluded.email_address"
            " WHERE excluded.written_at >= person.written_at + ?",
            (record.person_id, msgspec.json.encode(record), written_at, text, email, int(lifts)),
        )
        return touched == 1

    async def find(self, person_id: str) -> Person | None:
        """Find a person."""
        row = await self._database.one(
            "SELECT record, text_address, email_address, channels_chosen, registered_at"
            " FROM person WHERE person_id = ?",
            (person_id,),
        )
        if row is None:
            return None
        chosen = None if row[3] is None else tuple(row[3].split())
        return Person(decode_record(row[0]), row[1], row[2], chosen, row[4])

    async def set_addresses(self, person_id: str, addresses: dict[Channel, str]) -> None:
        """Keep where a person is reached from now on."""
        await self._database.run(
            "UPDATE person SET text_address = ?, email_address = ? WHERE person_id = ?",
            (addresses.get("text", ""), addresses.get("email", ""), person_id),
        )

    async def set_usable(self, person_id: str, addresses: dict[Channel, str]) -> None:
        """Keep the addresses by which a person may sign in, however they are told."""
        await self._database.run(
            "UPDATE person SET usable_text = ?, usable_email = ? WHERE person_id = ?",
            (addresses.get("text", ""), addresses.get("email", ""), person_id),
        )
        for address in addresses.values():
            await self._database.run(
                "INSERT INTO address_of VALUES (?, ?) ON CONFLICT DO NOTHING", (address, person_id)
            )

    async def ever_reached_at(self, address: str) -> list[str]:
        """List the people who are or once were reached at an address."""
        rows = await self._database.all(
            "SELECT person_id FROM address_of WHERE address = ? ORDER BY person_id", (address,)
        )
        return [str(row[0]) for row in rows]

    async def allow_address(self, address: str) -> bool:
        """Let messages go to an address again; False where nothing had stopped them."""
        sql = "DELETE FROM address_stopped WHERE address IN (?, ?)"
        return await self._database.run(sql, (address, self._hidden(address))) > 0

    async def hide_stopped(self, address: str) -> None:
        """Keep of a stopped address that is nobody's any more only what it is known again by.

        Whoever it really reaches asked for no more messages, and stands in no record of ours.
        """
        await self._database.run(
            "INSERT INTO address_stopped SELECT ?, reason FROM address_stopped WHERE address = ?"
            " AND NOT EXISTS (SELECT 1 FROM address_of WHERE address = ?) ON CONFLICT DO NOTHING",
            (self._hidden(address), address, address),
        )
        await self._database.run(
            "DELETE FROM address_stopped WHERE address = ?"
            " AND NOT EXISTS (SELECT 1 FROM address_of WHERE address = ?)",
            (address, address),
        )

    async def choose(self, person_id: str, channels: Sequence[str] | None) -> None:
        """Keep how a person asked to be told; None lets the force's record say it again."""
        chosen = None if channels is None else " ".join(channels)
        await self._database.run(
            "UPDATE person SET channels_chosen = ? WHERE person_id = ?", (chosen, person_id)
        )

    async def begin_anew(self, person_id: str, at: int) -> None:
        """Forget whoever was told in a person's place: somebody else is, since that moment."""
        await self._database.run(
            "UPDATE person SET registered_at = NULL, channels_chosen = NULL, told_since = ?"
            " WHERE person_id = ?",
            (at, person_id),
        )

    async def set_registered(self, person_id: str, at: int) -> None:
        """Remember the first time a person came through the whole sign-in."""
        await self._database.run(
            "UPDATE person SET registered_at = ? WHERE person_id = ? AND registered_at IS NULL",
            (at, person_id),
        )

    async def reached_at(self, address: str) -> list[str]:
        """List the people who are reached at an address."""
        rows = await self._database.all(
            "SELECT person_id FROM person WHERE text_address = ? OR email_address = ?"
            " ORDER BY person_id",
            (address, address),
        )
        return [str(row[0]) for row in rows]

    async def others_at(self, address: str, person_id: str, people_max: int) -> list[VictimRecord]:
        """List the records of some others who are reached at an address, as many as matter."""
        rows = await self._database.all(
            "SELECT record FROM person WHERE (text_address = ? OR email_address = ?)"
            " AND person_id <> ? ORDER BY person_id LIMIT ?",
            (address, address, person_id, people_max * 4),
        )
        return [decode_record(row[0]) for row in rows]

    async def stop_address(self, address: str, why: str) -> list[str]:
        """Let nothing go to an address again; answers the people who were reached there."""
        await self._database.run(
            "INSERT INTO address_stopped VALUES (?, ?) ON CONFLICT DO NOTHING", (address, why)
        )
        people = await self.reached_at(address)
        for column in ("text_address", "email_address", "usable_text", "usable_email"):
            await self._database.run(
                f"UPDATE person SET {column} = '' WHERE {column} = ?",  # noqa: S608  names
                (address,),
            )
        return people

    async def stopped(self, addresses: Sequence[str]) -> dict[str, str]:
        """Say of addresses that nothing may go to why that is."""
        if not addresses:
            return {}
        kept = {each: each for each in addresses} | {self._hidden(each): each for each in addresses}
        marks = ", ".join("?" for _ in kept)
        rows = await self._database.all(
            f"SELECT address, reason FROM address_stopped WHERE address IN ({marks})",  # noqa: S608
            tuple(kept),
        )
        return {kept[row[0]]: _WHY_STOPPED.get(str(row[1]), str(row[1])) for row in rows}

    def _hidden(self, address: str) -> str:
        return self._tokens.digest(f"address:{address}")


_WHY_STOPPED = {
    "bounced": "a message to the recorded address did not arrive",
    "refused": "the gateway refused the recorded address",
    "not for me": "somebody said that the recorded address is not this person's",
    "shared": "the recorded address was given by many people who are not related; ask for theirs",
}
