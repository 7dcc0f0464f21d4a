"""The tables of signing in: invitations, steps, sessions, their other records, and attempts.

Tokens and codes are kept as keyed digests only.
"""

from dataclasses import dataclass
from typing import NamedTuple

from msgspec import Struct

from reference.portal.storage.database import Database


class Step(Struct, frozen=True):
    """One sign-in that has begun: with an invitation (`person_id`) or an `address`."""

    digest: str
    person_id: str
    address: str
    code_digest: str
    attempts: int


class Session(NamedTuple):
    """One session: the records of the person who is signed in, and when it ends."""

    people: list[str]
    expires_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class SignInRecords:
    """What lets a person in, and what keeps them out."""

    database: Database

    async def add_invitation(
        self, digest: str, person_id: str, *, cause: str, expires_at: int, address: str
    ) -> None:
        """Add an invitation."""
        await self.database.run(
            "INSERT INTO invitation (token_digest, person_id, cause, expires_at, address)"
            " VALUES (?, ?, ?, ?, ?)",
            (digest, person_id, cause, expires_at, address),
        )

    async def invited_at(self, person_id: str) -> set[str]:
        """Find the addresses to which a person's invitations went."""
        sql = "SELECT address FROM invitation WHERE person_id = ?"
        return {str(row[0]) for row in await self.database.all(sql, (person_id,))}

    async def use_invitation(self, digest: str, now: int) -> str:
        """Use up a person's invitations; return whose they are, "" if used, old or unknown."""
        # Of two that come at once, one finds it used.
        rows = await self.database.all(
            "UPDATE invitation SET used = 1 WHERE token_digest = ? AND used = 0 AND expires_at > ?"
            " RETURNING person_id",
            (digest, now),
        )
        sql = "UPDATE invitation SET used = 1 WHERE person_id = ? AND used = 0"
        for row in rows:
            await self.database.run(sql, row)
        return str(rows[0][0]) if rows else ""

    async def add_step(self, digest: str, person_id: str, address: str, expires_at: int) -> None:
        """Add a sign-in step."""
        await self.database.run(
            "INSERT INTO sign_in_step (step_digest, person_id, address, expires_at)"
            " VALUES (?, ?, ?, ?)",
            (digest, person_id, address, expires_at),
        )

    async def attempt_step(self, digest: str, now: int) -> Step | None:
        """Count an attempt at a step, and find the step unless it has run out."""
        rows = await self.database.all(
            "UPDATE sign_in_step SET attempts = attempts + 1 WHERE step_digest = ?"
            " AND expires_at > ? RETURNING step_digest, person_id, address, code_digest, attempts",
            (digest, now),
        )
        return Step(*rows[0]) if rows else None

    async def set_code(
        self, digest: str, person_id: str, code_digest: str, expires_at: int
    ) -> None:
        """Save the person a step proved, and the code sent: another one gives no more attempts."""
        await self.database.run(
            "UPDATE sign_in_step SET person_id = ?, code_digest = ?, expires_at = ?, attempts ="
            " CASE code_digest WHEN '' THEN 0 ELSE attempts - 1 END WHERE step_digest = ?",
            (person_id, code_digest, expires_at, digest),
        )

    async def end_step(self, digest: str) -> bool:
        """Delete a step that leads to a session; False if it has ended."""
        sql = "DELETE FROM sign_in_step WHERE step_digest = ?"
        return await self.database.run(sql, (digest,)) == 1

    async def set_other_records(self, step: str, people: list[str], until: int) -> None:
        """Save the other records that belong to the person a step proved."""
        await self._end_other_records(step)
        for each in people:
            await self.database.run("INSERT INTO also_theirs VALUES (?, ?, ?)", (step, each, until))

    async def move_other_records(self, step: str, session: str, until: int) -> list[str]:
        """Give a session the other records of the step it comes from; return them."""
        rows = await self.database.all(
            "UPDATE also_theirs SET digest = ?, expires_at = ? WHERE digest = ?"
            " RETURNING person_id",
            (session, until, step),
        )
        return sorted(str(row[0]) for row in rows)

    async def add_session(
        self, digest: str, person_id: str, *, expires_at: int, ends_at: int
    ) -> None:
        """Add a session."""
        await self.database.run(
            "INSERT INTO session (token_digest, person_id, expires_at, ends_at)"
            " VALUES (?, ?, ?, ?)",
            (digest, person_id, expires_at, ends_at),
        )

    async def session(self, digest: str) -> Session | None:
        """Find a session, whether or not it has run out."""
        rows = await self.database.all(
            "SELECT s.person_id, s.expires_at, s.ends_at, a.person_id FROM session s"
            " LEFT JOIN also_theirs a ON a.digest = s.token_digest WHERE s.token_digest = ?"
            " ORDER BY a.person_id",
            (digest,),
        )
        if not rows:
            return None
        person_id, expires_at, ends_at, _ = rows[0]
        others = [str(row[3]) for row in rows if row[3] is not None]
        return Session([str(person_id), *others], expires_at, ends_at)

    async def extend_session(self, digest: str, until: int) -> None:
        """Let a session last longer."""
        await self.database.run(
            "UPDATE session SET expires_at = ? WHERE token_digest = ?", (until, digest)
        )

    async def end_session(self, digest: str) -> None:
        """Delete a session."""
        await self.database.run("DELETE FROM session WHERE token_digest = ?", (digest,))
        await self._end_other_records(digest)

    async def end_all(self, person_id: str) -> None:
        """Delete every session, step and invitation of a person."""
        await self.end_sessions(person_id)
        await self.database.run("DELETE FROM invitation WHERE person_id = ?", (person_id,))

    async def end_all_at(self, address: str, person_id: str) -> None:
        """Delete a person's sessions and steps, and their invitations to an address."""
        await self.end_sessions(person_id)
        await self.end_steps_at(address)
        await self.database.run(
            "DELETE FROM invitation WHERE person_id = ? AND address IN ('', ?)",
            (person_id, address),
        )

    async def end_steps_at(self, address: str) -> None:
        """Delete the steps that began with an address."""
        await self.database.run("DELETE FROM sign_in_step WHERE address = ?", (address,))

    async def counts_of(self, names: list[str], now: int) -> dict[str, int]:
        """Map each name that was counted of late to how often."""
        marks = ", ".join("?" for _ in names)
        sql = f"SELECT whose, attempts FROM sign_in_attempt WHERE whose IN ({marks}) AND until > ?"  # noqa: S608
        return {str(row[0]): int(row[1]) for row in await self.database.all(sql, (*names, now))}

    async def count_failure(self, whose: str, now: int, until: int) -> None:
        """Count a failed attempt, or a code sent, until a time."""
        await self.database.run(
            "INSERT INTO sign_in_attempt VALUES (?, 1, ?) ON CONFLICT (whose) DO UPDATE SET"
            " attempts = CASE WHEN sign_in_attempt.until > ? THEN sign_in_attempt.attempts + 1"
            " ELSE 1 END, until = excluded.until",
            (whose, until, now),
        )

    async def forget_failures(self, person_id: str, address: str = "") -> None:
        """Delete the failed attempts of a person and an address."""
        await self.database.run(
            "DELETE FROM sign_in_attempt WHERE whose IN (?, ?)", (person_id, address)
        )

    async def forget_all_failures(self, person_id: str) -> None:
        """Delete all that was counted of a person and of every address of theirs."""
        await self.database.run(
            "DELETE FROM sign_in_attempt WHERE EXISTS (SELECT 1 FROM (SELECT ? AS name UNION ALL"
            " SELECT address FROM address_of WHERE person_id = ?) AS own"
            " WHERE whose = name OR substr(whose, 1, length(name) + 1) = name || ' ')",
            (person_id, person_id),
        )

    async def end_sessions(self, person_id: str) -> None:
        """Delete a person's sessions and steps."""
        for sql in (
            "DELETE FROM session WHERE person_id = ?",
            "DELETE FROM sign_in_step WHERE person_id = ?",
            "DELETE FROM also_theirs WHERE person_id = ?",
        ):
            await self.database.run(sql, (person_id,))

    async def _end_other_records(self, digest: str) -> None:
        await self.database.run("DELETE FROM also_theirs WHERE digest = ?", (digest,))
