"""Sign-in: an invitation or an address, the word or the date of birth, a one-time code.

The link alone opens nothing: a stranger who got the message cannot prove to be who it is for. A
known and an unknown person get the same answers.
"""

import hmac
from datetime import datetime, timedelta

from msgspec import Struct

from reference.contract.events import Channel, VictimRecord
from reference.portal.errors import NeighbourDown, Problem
from reference.portal.force.tasks import Tasks
from reference.portal.messages.gateway import Gateway, Outgoing
from reference.portal.people.same_person import SamePerson
from reference.portal.people.tokens import Tokens
from reference.portal.rules import contact
from reference.portal.rules.identity_proof import (
    NOBODY,
    Candidate,
    Given,
    is_proved,
    kind_of,
    one_person_of,
)
from reference.portal.settings import Settings
from reference.portal.storage.attempts import Attempts
from reference.portal.storage.audit import Audit
from reference.portal.storage.database import Database
from reference.portal.storage.people import People, Person
from reference.portal.storage.store import Store, seconds
from reference.portal.words.catalogue import Catalogue

_STEP_MINUTES = 30
_STATEMENTS_OF_HELP = 5  # to find an officer and ask them


class _Step(Struct, frozen=True):
    digest: str
    person_id: str
    address: str
    code_digest: str
    attempts: int


class SignIn:
    """The use case behind the sign-in pages and API."""

    def __init__(
        self,
        *,
        store: Store,
        people: People,
        tasks: Tasks,
        audit: Audit,
        attempts: Attempts,
        same_person: SamePerson,
        gateway: Gateway,
        catalogue: Catalogue,
        tokens: Tokens,
        identity_key: str,
        settings: Settings,
    ) -> None:
        self._store = store
        self._people = people
        self._tasks = tasks
        self._audit = audit
        self._database: Database = store.database
        self._gateway = gateway
        self._catalogue = catalogue
        self._tokens = tokens
        self._identity_key = identity_key
        self._same_person = same_person
        self._attempts = attempts
        self._settings = settings

    async def open_invitation(self, token: str, now: datetime) -> str:
        """Use an invitation up; answers the step that asks for what the force ordered."""
        person_id = await self._tokens.use_invitation(token, now)
        if not person_id:
            raise Problem(
                410,
                "This invitation has been used or has run out",
                detail="Sign in with your mobile number or email address, or ask your officer.",
            )
        return await self._add_step(person_id, "", now)

    async def begin(self, address: str, now: datetime) -> str:
        """Begin with a phone number or email address; known or not, the answer is the same."""
        found = contact.address(address)
        if not found:
            raise Problem(422, "Enter a UK mobile number or an email address", field="address")
        return await self._add_step("", found, now)

    async def prove(self, step: str, given: Given, now: datetime) -> None:
        """Check a word or a date of birth, and send a code to where the person is reached."""
        if kind_of(given) != self._settings.proof:
            raise Problem(404, "Signing in here does not ask for that")
        code = self._tokens.code()
        async with self._database.transaction():
            found = await self._attempt(step, now)
            person = await self._who(found, given)
            await self._attempts.count(found.address or found.person_id, now)
            if person is not None:
                expires_at = seconds(now + timedelta(minutes=self._settings.code_minutes))
                digest = self._tokens.digest(found.digest + code)
                await self._database.run(
                    "UPDATE sign_in_step SET person_id = ?, code_digest = ?, attempts = 0,"
                    " expires_at = ? WHERE step_digest = ?",
                    (person.person_id, digest, expires_at, found.digest),
                )
                await self._same_person.prove(
                    found.digest, person, found.address, given, expires_at
                )
            elif found.attempts >= self._settings.attempts_max:
                await self._ask_officer(found, now)
        if person is None:
            raise Problem(403, "Those details do not match our records", field=self._settings.proof)
        await self._send_code(person, code)

    async def enter_code(self, step: str, code: str, now: datetime) -> str:
        """Check the one-time code; answers the token of a new session."""
        async with self._database.transaction():
            found = await self._attempt(step, now)
            given = self._tokens.digest(found.digest + code.strip())
            is_right = bool(found.code_digest) and hmac.compare_digest(found.code_digest, given)
            if is_right:
                await self._end_step(found)
            else:
                await self._attempts.count(found.address or found.person_id, now)
        if not is_right:
            raise Problem(403, "That code is not right", field="code")
        token = self._tokens.fresh()
        ends_at = seconds(now + timedelta(hours=self._settings.session_hours_max))
        others = await self._same_person.let_in(found.digest, self._tokens.digest(token), ends_at)
        for each in (found.person_id, *others):
            await self._people.set_registered(each, seconds(now))
            await self._audit.note(each, "signed in", now, person=each)
        await self._database.run(
            "INSERT INTO session (token_digest, person_id, expires_at, ends_at)"
            " VALUES (?, ?, ?, ?)",
            (self._tokens.digest(token), found.person_id, self._session_end(now, ends_at), ends_at),
        )
        return token

    async def people_of(self, session: str, now: datetime) -> list[str]:
        """Say who is signed in, by every record of theirs, and keep them so for as long as may be.

        Raises Problem 401.
        """
        digest = self._tokens.digest(session)
        rows = await self._database.all(
            "SELECT s.person_id, s.expires_at, s.ends_at, a.person_id FROM session s"
            " LEFT JOIN also_theirs a ON a.digest = s.token_digest WHERE s.token_digest = ?"
            " ORDER BY a.person_id",
            (digest,),
        )
        if not rows or rows[0][1] <= seconds(now):
            raise Problem(401, "Sign in to see this page")
        end = self._session_end(now, rows[0][2])
        if end - rows[0][1] >= 60:
            await self._database.run(
                "UPDATE session SET expires_at = ? WHERE token_digest = ?", (end, digest)
            )
        return [str(rows[0][0]), *(str(row[3]) for row in rows if row[3] is not None)]

    async def person_of(self, session: str, now: datetime, reference: str = "") -> str:
        """Say who is signed in, by the record of theirs that a crime is of; raises Problem 401."""
        people = await self.people_of(session, now)
        crime = await self._store.surviving(reference) if len(people) > 1 else None
        for each in people if crime is not None else ():
            if crime is not None and await self._store.victim(crime.reference, each) is not None:
                return each
        return people[0]

    async def sign_out(self, session: str) -> None:
        """End a session."""
        digest = self._tokens.digest(session)
        await self._database.run("DELETE FROM session WHERE token_digest = ?", (digest,))
        await self._same_person.forget(digest)

    async def end_sessions(self, person_id: str) -> None:
        """End every session, step and invitation of a person."""
        for table in ("session", "sign_in_step", "also_theirs", "invitation"):
            await self._database.run(
                f"DELETE FROM {table} WHERE person_id = ?",  # noqa: S608  four names
                (person_id,),
            )

    async def open_anew(self, known: Person, record: VictimRecord) -> None:
        """Let a word or birthday that the force wrote anew be what opens the portal from now on.

        A lock that the one before led to ends, and so does what it opened. Who has not come in yet
        is invited anew: their link may be used up.
        """
        proof = f"{self._settings.proof}_digest"
        if getattr(record, proof) in {"", getattr(known.record, proof)}:
            return
        await self._attempts.forget_everywhere(record.person_id)
        await self.end_sessions(record.person_id)
        if known.registered_at is None:
            await self._store.invite_again(record.person_id)

    async def _ask_officer(self, step: _Step, now: datetime) -> None:
        """Have an officer help whoever used up their attempts: their details may be wrong.

        An address that nobody has costs as much: the same statements, and one commit.
        """
        day = f"{now:%Y-%m-%d}"
        people = [step.person_id] if step.person_id else await self._people.reached_at(step.address)
        async with self._database.transaction():
            for whose in people or [""]:
                if await self._store.newest_crime_of(whose) is not None:
                    await self._tasks.help_to_sign_in(whose, day, now)
                else:
                    for _ in range(_STATEMENTS_OF_HELP):
                        await self._store.crime("")
                await self._audit.note(whose or "nobody", "failed to sign in", now, person=whose)

    async def _add_step(self, person_id: str, address: str, now: datetime) -> str:
        step = self._tokens.fresh()
        expires_at = seconds(now + timedelta(minutes=_STEP_MINUTES))
        await self._database.run(
            "INSERT INTO sign_in_step (step_digest, person_id, address, expires_at)"
            " VALUES (?, ?, ?, ?)",
            (self._tokens.digest(step), person_id, address, expires_at),
        )
        return step

    async def _attempt(self, step: str, now: datetime) -> _Step:
        """Count an attempt at a step; raises Problem when it has run out or is locked.

        Inside a transaction: others at the same step, address or person wait until its end, so
        that no two are both the last that is allowed.
        """
        digest = self._tokens.digest(step)
        await self._database.run(
            "UPDATE sign_in_step SET attempts = attempts + 1 WHERE step_digest = ?", (digest,)
        )
        row = await self._database.one(
            "SELECT step_digest, person_id, address, code_digest, attempts FROM sign_in_step"
            " WHERE step_digest = ? AND expires_at > ?",
            (digest, seconds(now)),
        )
        if row is None:
            raise Problem(410, "You took too long. Start signing in again")
        found = _Step(*row)
        await self._database.lock([f"sign-in:{found.address or found.person_id}"])
        whose = (found.address or found.person_id, found.person_id or found.address)
        is_locked = await self._attempts.are_used_up(now, *whose)
        if found.attempts > self._settings.attempts_max or is_locked:
            raise Problem(429, "Too many attempts. Ask your officer for a new invitation")
        return found

    async def _end_step(self, step: _Step) -> None:
        """Let a step that has led to a session lead to no other."""
        await self._database.run("DELETE FROM sign_in_step WHERE step_digest = ?", (step.digest,))
        await self._attempts.forget(step.person_id, step.address)

    async def _who(self, step: _Step, given: Given) -> Candidate | None:
        """Find the one invited person who is proved, among all who share the address.

        Where two who share it have the same word or birthday, neither is let in by it. Who has two
        records is sent the code by the one with their newest crime.
        """
        found = await self._same_person.candidates(step.person_id, step.address)
        candidates = found or [NOBODY]
        matching = [each for each in candidates if is_proved(each, given, self._identity_key)]
        return one_person_of(matching)

    async def _send_code(self, person: Candidate, code: str) -> None:
        channel: Channel = "email" if "@" in person.reached_at else "text"
        crime = await self._store.newest_crime_of(person.person_id)
        assert crime is not None, "nobody else is invited"
        force = self._settings.forces[crime.force]
        if not person.reached_at:
            raise Problem(
                409,
                "We have no working number or address to send a code to",
                detail=f"Call {force.non_emergency} and ask us to put your details right.",
            )
        notice = self._catalogue.notice("one_time_code")
        rendered = notice.render(
            channel,
            force=force.name,
            non_emergency=force.non_emergency,
            portal=self._settings.public_url,
            name="",
            code=code,
        )
        outgoing = Outgoing(
            channel=channel,
            to=person.reached_at,
            subject=rendered.subject,
            body=rendered.body,
            reference="",
        )
        [result] = await self._gateway.send_all([outgoing])
        if isinstance(result, NeighbourDown | Problem):
            raise Problem(503, "We could not send your code. Try again in a few minutes")

    def _session_end(self, now: datetime, at_latest: int) -> int:
        return min(at_latest, seconds(now + timedelta(minutes=self._settings.session_minutes)))
