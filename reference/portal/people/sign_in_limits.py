"""Limits at sign-in, for one client and for all: nobody tries one word at 150 addresses.

Each address and each person has limits of its own (`sign_in.py`); these are for a stranger who
tries few times at many. Wrong proofs are counted in the database, by hours. A sign-in that began
with an invitation always goes on, whatever others do: its link is proof of a kind. How many
sign-ins a client begins is counted in this process alone, since each only leaves a row for a while.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.portal.errors import Problem
from reference.portal.people.tokens import Tokens
from reference.portal.settings import Settings
from reference.portal.storage.sign_in_records import SignInRecords, Step
from reference.portal.timestamps import seconds

_HOUR_SECONDS = 3600
_CLIENTS_MAX = 10_000  # whose beginnings are counted apart; those after them share one count
_LATER = "Too many attempts from here. Try again in an hour, or use your invitation"


@dataclass(slots=True)
class SignInLimits:
    """Counts what each client begins and gets wrong, and what all get wrong together."""

    records: SignInRecords
    tokens: Tokens
    settings: Settings
    _hour: int = field(default=0, init=False)
    _begun: dict[str, int] = field(default_factory=dict, init=False)

    def count_beginning(self, client: str, now: datetime) -> None:
        """Count a sign-in that a client begins; raises Problem 429 beyond the limit of an hour."""
        hour = seconds(now) // _HOUR_SECONDS
        if hour != self._hour:
            self._hour = hour
            self._begun.clear()
        if client not in self._begun and len(self._begun) >= _CLIENTS_MAX:
            client = "others"
        begun = self._begun.get(client, 0)
        if client and begun >= self.settings.sign_ins_per_client_max:
            raise Problem(429, _LATER)
        self._begun[client] = begun + 1

    async def check(self, step: Step, client: str, now: datetime) -> None:
        """Refuse a proof where too many were wrong this hour; raises Problem 429."""
        for whose, most in self._limits(step, client, now):
            if await self.records.failures_of(seconds(now), whose, whose) >= most:
                raise Problem(429, _LATER)

    async def count_failure(self, step: Step, client: str, now: datetime) -> None:
        """Count a wrong proof."""
        until = seconds(now + timedelta(seconds=_HOUR_SECONDS))
        for whose, _most in self._limits(step, client, now):
            await self.records.count_failure(whose, seconds(now), until)

    def _limits(self, step: Step, client: str, now: datetime) -> list[tuple[str, int]]:
        """Name what counts for a proof, each with how many may be wrong in this hour."""
        hour, settings = seconds(now) // _HOUR_SECONDS, self.settings
        limits: list[tuple[str, int]] = []
        if client:
            name = self.tokens.digest(f"client:{client}")
            limits.append((f"client:{hour}:{name}", settings.wrong_proofs_per_client_max))
        if step.address:
            limits.append((f"all:{hour}", settings.wrong_proofs_per_hour_max))
        return limits
