"""Limits at sign-in, by an hour: of one address or person, of one client, of all, and of codes.

Nobody is refused beyond one, since a stranger could else shut a victim out: from then on no answer
tells whether a proof was right, and only the person who has the phone or mailbox learns it, by the
code. At most five codes are sent; and none to a client that guessed a hundred times at one address.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from reference.portal.observer import Observer
from reference.portal.people.tokens import Tokens
from reference.portal.settings import Settings
from reference.portal.storage.sign_in_records import SignInRecords, Step
from reference.portal.timestamps import seconds

KNOWN_BROWSER = "browser:"  # names a client that signed in before
_HOUR_SECONDS = 3600
_FAILURES_TO_STEPS = 4
_CODES_MAX = 5
_GUESSES_MAX = 100  # of one client at one address (OWASP ASVS 4.0.3, 2.2.1)


class Reached(NamedTuple):
    """What the limits leave: an answer that tells, a code; and what went wrong at the address."""

    is_hidden: bool
    may_send: bool
    failures: int


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """Counts the proofs that were wrong, and the codes that were sent."""

    records: SignInRecords
    tokens: Tokens
    settings: Settings
    observer: Observer

    async def reached(self, step: Step, client: str, now: datetime) -> Reached:
        """Find what is left before a proof is looked at."""
        most, no_code = self._hidden_at(step, client, now), self._no_code_at(step, client)
        counts = await self.records.counts_of([*most, *no_code], seconds(now))
        may_send = all(counts.get(name, 0) < limit for name, limit in no_code.items())
        is_hidden = any(counts.get(name, 0) >= limit for name, limit in most.items())
        if is_hidden or not may_send:
            self.observer.proof_hidden()
        return Reached(is_hidden or not may_send, may_send, counts.get(_whose(step), 0))

    async def count(
        self, step: Step, client: str, now: datetime, *, is_wrong: bool, is_sent: bool
    ) -> None:
        """Count a proof, and a code; a row that limits nobody takes as long."""
        at = seconds(now)
        codes, guesses = self._no_code_at(step, client)
        for name in (*self._hidden_at(step, client, now), guesses, codes):
            is_counted = is_sent if name == codes else is_wrong
            whose = name if is_counted else f"{name} none"
            await self.records.count_failure(whose, at, at + _HOUR_SECONDS)

    async def count_code(self, step: Step, client: str, now: datetime) -> None:
        """Count a wrong code as one more guess of a client at an address, and as no wrong proof."""
        _, guesses = self._no_code_at(step, client)
        await self.records.count_failure(guesses, seconds(now), seconds(now) + _HOUR_SECONDS)

    async def forget(self, step: Step, client: str) -> None:
        """Count anew for a person who entered their code, or to whom it could not be sent."""
        await self.records.forget_failures(step.person_id, step.address)
        await self.records.forget_failures(*self._no_code_at(step, client))

    def _hidden_at(self, step: Step, client: str, now: datetime) -> dict[str, int]:
        hour, settings = seconds(now) // _HOUR_SECONDS, self.settings
        most = {_whose(step): _FAILURES_TO_STEPS * settings.attempts_max}
        if client:
            name = self.tokens.digest(f"client:{client}")
            most[f"client:{hour}:{name}"] = settings.wrong_proofs_per_client_max
        # A sign-in that began with an invitation goes on as ever: its link is proof of a kind.
        if step.address:
            most[f"all:{hour}"] = settings.wrong_proofs_per_hour_max
        return most

    def _no_code_at(self, step: Step, client: str) -> dict[str, int]:
        """Name what is counted to send no code: codes, and what one client guessed there.

        A browser that signed in before has codes of its own, which no other can use up.
        """
        whose, who = _whose(step), self.tokens.digest(f"client:{client}")
        codes = f"{whose} codes {who if client.startswith(KNOWN_BROWSER) else ''}"
        return {codes: _CODES_MAX, f"{whose} guesses {who}": _GUESSES_MAX}


def _whose(step: Step) -> str:
    return step.address or step.person_id
