"""Random tokens and one-time codes, kept only as digests: a copy of the database opens nothing.

Fast digests are enough for what is random and long; what is short has an attempt limit.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from reference.portal.settings import Settings
from reference.portal.storage.sign_in_records import SignInRecords
from reference.portal.timestamps import seconds

_SEAL_BYTES, _NUMBER_BYTES = 16, 8
_NOT_FOR_ME = re.compile(r"[A-Za-z0-9_-]{32}")


@lru_cache
def key_for(purpose: str, key: str) -> bytes:
    """Derive the key of one purpose by HKDF (RFC 5869): the crime system has the first one too."""
    return hmac.digest(hmac.digest(b"", key.encode(), "sha256"), f"{purpose}\1".encode(), "sha256")


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

    def digest(self, token: str, purpose: str = "") -> str:
        """Give the form in which a token is kept, or under its own key what has a purpose."""
        key = key_for(purpose, self.key) if purpose else self.key.encode()
        return hmac.new(key, token.encode(), "sha256").hexdigest()

    def not_for_me(self, message: int, address: str) -> str:
        """Make the token by which the holder of a sent message says that it is not for them.

        It is the message's number, sealed with its address: nobody can guess it or read it, it is
        kept nowhere, and it opens nothing.
        """
        seal = self._sealed(f"not for me:{message}:{address}")[:_SEAL_BYTES]
        number = message.to_bytes(_NUMBER_BYTES, "big")
        return urlsafe_b64encode(seal + _mixed(number, self._pad(seal))).decode()

    def message_in(self, token: str) -> int | None:
        """Read the number of a message in its token, which is checked with the address."""
        if not _NOT_FOR_ME.fullmatch(token):
            return None
        sealed = urlsafe_b64decode(token)
        number = _mixed(sealed[_SEAL_BYTES:], self._pad(sealed[:_SEAL_BYTES]))
        # A database takes no larger one, and no message has it.
        return int.from_bytes(number, "big") % 2**63

    def _pad(self, seal: bytes) -> bytes:
        return self._sealed(f"number:{seal.hex()}")[:_NUMBER_BYTES]

    def _sealed(self, words: str) -> bytes:
        return bytes.fromhex(self.digest(words, "link"))

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


def _mixed(some: bytes, others: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(some, others, strict=True))
