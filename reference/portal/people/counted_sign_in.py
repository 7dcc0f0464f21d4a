"""The sign-in, counted and logged step by step: whether a person succeeded, never who."""

from dataclasses import dataclass
from datetime import datetime

from reference.operations.metrics import Metrics
from reference.portal.people.sign_in import SignIn
from reference.portal.rules.identity_proof import Given, kind_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedSignIn:
    """The four steps of `SignIn`, each counted by its result."""

    sign_in: SignIn
    metrics: Metrics

    async def open_invitation(self, token: str, now: datetime) -> str:
        """Use an invitation up; return the step that asks for the proof."""
        with self.metrics.sign_in("invitation"):
            return await self.sign_in.open_invitation(token, now)

    async def begin(self, address: str, now: datetime) -> str:
        """Begin with a phone number or email address; return the step that asks for the proof."""
        with self.metrics.sign_in("address"):
            return await self.sign_in.begin(address, now)

    async def prove(self, step: str, given: Given, now: datetime) -> None:
        """Check a word or a date of birth, and send a one-time code."""
        with self.metrics.sign_in(kind_of(given)):
            await self.sign_in.prove(step, given, now)

    async def enter_code(self, step: str, code: str, now: datetime) -> str:
        """Check the one-time code; return the token of a new session."""
        with self.metrics.sign_in("one_time_code"):
            return await self.sign_in.enter_code(step, code, now)
