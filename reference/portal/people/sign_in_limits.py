"""Limits at sign-in, for one client and for all: nobody tries one word at 150 addresses.

Each address and each person has limits of its own (`sign_in.py`); these are for a stranger who
tries few times at many. Wrong proofs are counted in the database, by hours. One client that gets
too many wrong is refused. When all together do, nobody is refused, since a stranger with many
clients could else shut every victim out: from then on no answer tells whether a proof was right,
and only the person who has the phone or mailbox learns it, by the code. A sign-in that began with
an invitation goes on as ever: its link is proof of a kind. How many sign-ins a client begins is
counted in this process alone, since each only leaves a row for a while.
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

    async def check(self, step: Step, client: str, now: datetime) -> bool:
        """Refuse a proof whose client got too many wrong this hour; raises Problem 429.

        Return whether all together got so many wrong that no answer may tell which proof is right.
        """
        by_client, by_all = self._of_client(client, now), self._of_all(step, now)
        most = self.settings.wrong_proofs_per_client_max
        if by_client and await self._failures(by_client, now) >= most:
            raise Problem(429, _LATER)
        most = self.settings.wrong_proofs_per_hour_max
        return bool(by_all) and await self._failures(by_all, now) >= most

    async def count_proof(self, step: Step, client: str, now: datetime, *, is_wrong: bool) -> None:
        """Count a wrong proof; a right one leaves a row that limits nobody, and takes as long."""
        until = seconds(now + timedelta(seconds=_HOUR_SECONDS))
        for whose in filter(None, (self._of_client(client, now), self._of_all(step, now))):
            counted = whose if is_wrong else f"right:{whose}"
            await self.records.count_failure(counted, seconds(now), until)

    async def _failures(self, whose: str, now: datetime) -> int:
        return await self.records.failures_of(seconds(now), whose, whose)

    def _of_client(self, client: str, now: datetime) -> str:
        """Name what a client got wrong in this hour ("" for a client that is unknown)."""
        name = self.tokens.digest(f"client:{client}")
        return f"client:{seconds(now) // _HOUR_SECONDS}:{name}" if client else ""

    @staticmethod
    def _of_all(step: Step, now: datetime) -> str:
        """Name what all got wrong in this hour by an address ("" for a step by an invitation)."""
        return f"all:{seconds(now) // _HOUR_SECONDS}" if step.address else ""
