"""The sign-in, counted and logged step by step: that somebody got on or not, never who."""

from datetime import datetime
from typing import Any

from reference.operations.metrics import Metrics
from reference.portal.people.sign_in import SignIn
from reference.portal.rules.identity_proof import Given, kind_of


class CountedSignIn(SignIn):
    """The sign-in, and its figures. `parts` are the sign-in's own."""

    def __init__(self, metrics: Metrics, **parts: Any) -> None:
        super().__init__(**parts)
        self._metrics = metrics

    async def open_invitation(self, token: str, now: datetime) -> str:
        """Use an invitation up; answers the step that asks for what the force ordered."""
        with self._metrics.sign_in("invitation"):
            return await super().open_invitation(token, now)

    async def begin(self, address: str, now: datetime) -> str:
        """Begin with a phone number or email address."""
        with self._metrics.sign_in("address"):
            return await super().begin(address, now)

    async def prove(self, step: str, given: Given, now: datetime) -> None:
        """Check a word or a date of birth, and send a one-time code."""
        with self._metrics.sign_in(kind_of(given)):
            await super().prove(step, given, now)

    async def enter_code(self, step: str, code: str, now: datetime) -> str:
        """Check the one-time code; answers the token of a new session."""
        with self._metrics.sign_in("one_time_code"):
            return await super().enter_code(step, code, now)
