"""Sign-in: an invitation or an address, the word or the date of birth, a one-time code.

The link alone opens nothing: a stranger who got the message cannot prove to be the victim. A known
and an unknown person get the same answers; beyond a limit so do a right and a wrong proof.
"""

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from reference.contract.events import Channel
from reference.portal.clock import is_served
from reference.portal.errors import NeighbourDown, Problem
from reference.portal.force.tasks import Tasks
from reference.portal.messages.immediate import ImmediateMessages
from reference.portal.people.sessions import Sessions
from reference.portal.people.sign_in_limits import SignInLimits
from reference.portal.people.tokens import Tokens
from reference.portal.rules import contact_details
from reference.portal.rules.identity_proof import (
    NOBODY,
    Candidate,
    Given,
    are_alike,
    is_proved,
    kind_of,
    one_person_of,
)
from reference.portal.storage.audit import Audit
from reference.portal.storage.people import People
from reference.portal.storage.sign_in_records import SignInRecords, Step
from reference.portal.timestamps import seconds

_STEP_MINUTES = 30
_UNSEEN_MILLISECONDS = 1000
_BEGIN_AGAIN = "This took too long. Please start signing in again"
Later = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SignIn:
    """The use case behind the sign-in pages and API."""

    people: People
    tasks: Tasks
    audit: Audit
    records: SignInRecords
    sessions: Sessions
    immediate: ImmediateMessages
    tokens: Tokens
    limits: SignInLimits

    async def open_invitation(self, token: str, now: datetime) -> str:
        """Use an invitation up; return the step that asks for the proof."""
        person_id = await self.tokens.use_invitation(token, now)
        if not person_id:
            raise Problem(
                410,
                "This invitation has been used or has run out",
                detail="Sign in with your mobile number or email address, or ask your officer.",
            )
        return await self._add_step(await self.sessions.mergers.survivor(person_id), "", now)

    async def begin(self, address: str, now: datetime) -> str:
        """Begin with a phone number or email address; known or not, the answer is the same."""
        found = contact_details.address(address, crowd=self.limits.settings.crowd_numbers)
        if not found:
            raise Problem(422, "Enter a UK mobile number or an email address", field="address")
        return await self._add_step("", found, now)

    async def prove(self, step: str, given: Given, client: str, now: datetime) -> Later | None:
        """Check a word or a date of birth, and send a code to the person's own address.

        `client` is where the request came from, or a known browser ("" if unknown). Where the
        answer must not tell whether the proof was right, return what is left to do when it has
        gone: it takes as long for both, and a right one then sends the code.
        """
        if kind_of(given) != self.limits.settings.proof:
            raise Problem(404, "Signing in here does not ask for that")
        code = self.tokens.code()
        async with self.records.database.transaction():
            found = await self._attempt(step, now)
            limits = await self.limits.reached(found, client, now)
            proved = await self._who(found, given)
            person = proved if limits.may_send else None
            is_wrong, is_sent = proved is None, person is not None
            await self.limits.count(found, client, now, is_wrong=is_wrong, is_sent=is_sent)
            if is_sent or limits.is_hidden:
                await self._set_code(found, person, code, given, now)
            # No hidden answer tells that a proof was wrong, so a victim may begin again and again.
            is_stuck = self.limits.settings.attempts_max in (found.attempts, limits.failures + 1)
            if is_stuck and (is_wrong or limits.is_hidden):
                await self._ask_officer(found, now)
        if limits.is_hidden:
            return partial(self._send_code_unseen, person, code)
        if person is None:
            raise Problem(
                403, "Those details do not match our records", field=self.limits.settings.proof
            )
        try:
            await self._send_code(person, code)
        except Problem:
            await self.limits.forget(found, client)
            raise
        return None

    async def enter_code(self, step: str, code: str, client: str, now: datetime) -> str:
        """Check the one-time code; return the token of a new session."""
        async with self.records.database.transaction():
            found = await self._attempt(step, now)
            given = self.tokens.digest(found.digest + code.strip(), "code")
            is_right = bool(found.code_digest) and hmac.compare_digest(found.code_digest, given)
            if is_right:
                # What ends their steps and sessions waits, or has ended this one.
                await self.records.database.lock([f"person:{found.person_id}"])
                if not await self.records.end_step(found.digest):
                    raise Problem(410, _BEGIN_AGAIN)
                await self.limits.forget(found, client)
                token, people = await self.sessions.begin(found.digest, found.person_id, now)
                for each in people:
                    await self.people.set_registered(each, seconds(now))
                    await self.audit.note(each, "signed in", now, person=each)
            else:
                await self.limits.count_code(found, client, now)
        if not is_right:
            raise Problem(403, "That code is not right", field="code")
        return token

    async def _set_code(
        self, step: Step, person: Candidate | None, code: str, given: Given, now: datetime
    ) -> None:
        """Save the code for a person; for nobody, as much work and a code that nobody can enter."""
        expires_at = seconds(now + timedelta(minutes=self.limits.settings.code_minutes))
        known = person or NOBODY
        whose = person.person_id if person is not None else step.person_id
        secret = code if person is not None else self.tokens.fresh()
        digest = self.tokens.digest(step.digest + secret, "code")
        await self.records.set_code(step.digest, whose, digest, expires_at)
        others = await self._other_records(known, step.address or known.reached_at, given)
        await self.records.set_other_records(step.digest, others if person else [], expires_at)

    async def _ask_officer(self, step: Step, now: datetime) -> None:
        """Ask an officer to help a person who used up their attempts: the details may be wrong.

        An address that nobody has costs as much: the same statements, and one commit.
        """
        day = f"{now:%Y-%m-%d}"
        people = [step.person_id] if step.person_id else await self.people.reached_at(step.address)
        async with self.records.database.transaction():
            for whose in people or [""]:
                await self.tasks.help_to_sign_in(whose, day, now)
                await self.audit.note(whose or "nobody", "failed to sign in", now, person=whose)

    async def _add_step(self, person_id: str, address: str, now: datetime) -> str:
        step = self.tokens.fresh()
        expires_at = seconds(now + timedelta(minutes=_STEP_MINUTES))
        await self.records.add_step(self.tokens.digest(step), person_id, address, expires_at)
        return step

    async def _attempt(self, step: str, now: datetime) -> Step:
        """Count an attempt at a step, which nobody uses up but who began it; raises Problem.

        In a transaction others at the address wait, so that no two are both the last allowed.
        """
        found = await self.records.attempt_step(self.tokens.digest(step), seconds(now))
        if found is None:
            raise Problem(410, _BEGIN_AGAIN)
        await self.records.database.lock([f"sign-in:{found.address or found.person_id}"])
        if found.attempts > self.limits.settings.attempts_max:
            raise Problem(429, "Too many attempts. Please start signing in again")
        return found

    async def _who(self, step: Step, given: Given) -> Candidate | None:
        """Find the one invited person who is proved, among all who share the address.

        Where two who share it have the same word or birthday, neither is let in by it. A person
        with two records is sent the code by the one with their newest crime.
        """
        found = await self.people.candidates(step.person_id, step.address)
        candidates = found or [NOBODY]
        matching = [each for each in candidates if is_proved(each, given, self.tokens.key)]
        return one_person_of(matching)

    async def _other_records(self, person: Candidate, address: str, given: Given) -> list[str]:
        """List the other records of the person who was proved.

        Two records are one person's if they have one name and date of birth, can be reached at
        the address the code goes to, and what was given proves either. It holds for one session.
        """
        return [
            each.person_id
            for each in await self.people.candidates("", address)
            if each.person_id != person.person_id
            and are_alike(each, person)
            and is_proved(each, given, self.tokens.key)
        ]

    async def _send_code_unseen(self, person: Candidate | None, code: str) -> None:
        """Send the code to a person who was proved; nobody waits to hear that it failed."""
        if is_served():  # at once, the next request would be slower for a right proof
            await asyncio.sleep(secrets.randbelow(_UNSEEN_MILLISECONDS) / 1000)
        if person is not None:
            with suppress(Problem):
                await self._send_code(person, code)

    async def _send_code(self, person: Candidate, code: str) -> None:
        channel: Channel = "email" if "@" in person.reached_at else "text"
        force = await self.immediate.force_of(person.person_id)
        assert force is not None, "nobody else is invited"
        if not person.reached_at:
            raise Problem(
                409,
                "We have no working number or address to send a code to",
                detail=f"Call {force.non_emergency} and ask us to put your details right.",
            )
        result = await self.immediate.send(
            "one_time_code", force, channel, person.reached_at, code=code
        )
        if isinstance(result, NeighbourDown | Problem):
            raise Problem(503, "We could not send your code. Try again in a few minutes")
