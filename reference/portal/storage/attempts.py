"""Attempts at words and codes, by who or where: too many of late, and nobody there may try.

Beginning again does not give more: words and birthdays are few, and could else be guessed for ever.
"""

from datetime import datetime, timedelta

from reference.portal.settings import Settings
from reference.portal.storage.database import Database
from reference.portal.storage.store import seconds

_LOCK_MINUTES = 60
_FAILURES_TO_STEPS = 4


class Attempts:
    """Counts them. `whose` is an address where somebody began with one, else a person."""

    def __init__(self, *, database: Database, settings: Settings) -> None:
        self._database = database
        self._max = _FAILURES_TO_STEPS * settings.attempts_max

    async def are_used_up(self, now: datetime, *whose: str) -> bool:
        """Say whether too many attempts failed at one of two of late."""
        row = await self._database.one(
            "SELECT attempts FROM sign_in_attempt WHERE whose IN (?, ?) AND until > ?"
            " ORDER BY attempts DESC",
            (*whose, seconds(now)),
        )
        return row is not None and row[0] >= self._max

    async def count(self, whose: str, now: datetime) -> None:
        """Count a failure, or a code that had to be sent, against whoever it was about."""
        until = seconds(now + timedelta(minutes=_LOCK_MINUTES))
        await self._database.run(
            "INSERT INTO sign_in_attempt VALUES (?, 1, ?) ON CONFLICT (whose) DO UPDATE SET"
            " attempts = CASE WHEN sign_in_attempt.until > ? THEN sign_in_attempt.attempts + 1"
            " ELSE 1 END, until = excluded.until",
            (whose, until, seconds(now)),
        )

    async def forget(self, person_id: str, address: str = "") -> None:
        """Let a person try anew, and whoever begins with an address."""
        await self._database.run(
            "DELETE FROM sign_in_attempt WHERE whose IN (?, ?)", (person_id, address)
        )

    async def forget_everywhere(self, person_id: str) -> None:
        """Let a person try anew, by whatever they begin with."""
        await self._database.run(
            "DELETE FROM sign_in_attempt WHERE whose = ?"
            " OR whose IN (SELECT address FROM address_of WHERE person_id = ?)",
            (person_id, person_id),
        )
