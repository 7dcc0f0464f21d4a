"""Random tokens and one-time codes, kept only as keyed digests: a copy of the store opens nothing.

Fast digests are enough for what is random and long; what is short has an attempt limit.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from reference.portal.settings import Settings
from reference.portal.storage.database import Database
from reference.portal.storage.store import seconds


class Tokens:
    """Makes tokens, and tells whose invitation one is."""

    def __init__(self, *, database: Database, key: str, settings: Settings) -> None:
        self._database = database
        self._key = key.encode()
        self._settings = settings

    @staticmethod
    def fresh() -> str:
        """Make a token nobody can guess."""
        return secrets.token_urlsafe(24)

    @staticmethod
    def code() -> str:
        """Make a one-time code of six digits."""
        return f"{secrets.randbelow(1_000_000):06d}"

    def digest(self, token: str) -> str:
        """Give the form in which a token is kept."""
        return hmac.new(self._key, token.encode(), hashlib.sha256).hexdigest()

    async def invite(self, person_id: str, cause: str, now: datetime, address: str) -> str:
        """Make an invitation's token; those the person had for an earlier cause end.

        A text and an email about one cause each have their own, and using one uses both.
        """
        token = self.fresh()
        expires_at = seconds(now + timedelta(days=self._settings.invitation_days))
        await self._database.run(
            "UPDATE invitation SET used = 1 WHERE person_id = ? AND cause <> ? AND used = 0",
            (person_id, cause),
        )
        await self._database.run(
            "INSERT INTO invitation (token_digest, person_id, cause, expires_at, address)"
            " VALUES (?, ?, ?, ?, ?)",
            (self.digest(token), person_id, cause, expires_at, address),
        )
        return token

    async def use_invitation(self, token: str, now: datetime) -> str:
        """Use up an invitation; answers whose it is, or "" when it is used, old or unknown."""
        digest = self.digest(token)
        # Of two that come at once, one finds it used.
        if not await self._database.run(
            "UPDATE invitation SET used = 1 WHERE token_digest = ? AND used = 0 AND expires_at > ?",
            (digest, seconds(now)),
        ):
            return ""
        row = await self._database.one(
            "SELECT person_id FROM invitation WHERE token_digest = ?", (digest,)
        )
        assert row is not None
        await self._database.run(
            "UPDATE invitation SET used = 1 WHERE person_id = ? AND used = 0", (row[0],)
        )
        return str(row[0])
