"""Random tokens and one-time codes, kept only as digests: a copy of the database opens nothing.

Fast digests are enough for what is random and long; what is short has an attempt limit.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from reference.portal.settings import Settings
from reference.portal.storage.sign_in_records import SignInRecords
from reference.portal.timestamps import seconds


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes tokens and invitations, and finds whose invitation one is."""

    records: SignInRecords
    key: str
    settings: Settings

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
        return hmac.new(self.key.encode(), token.encode(), hashlib.sha256).hexdigest()

    async def invite(self, person_id: str, cause: str, now: datetime, address: str) -> str:
        """Make an invitation's token. Each message has its own, and using one uses all up."""
        token = self.fresh()
        await self.records.add_invitation(
            self.digest(token),
            person_id,
            cause=cause,
            expires_at=seconds(now + timedelta(days=self.settings.invitation_days)),
            address=address,
        )
        return token

    async def use_invitation(self, token: str, now: datetime) -> str:
        """Use up an invitation; return whose it is, or "" when it is used, old or unknown."""
        return await self.records.use_invitation(self.digest(token), seconds(now))
