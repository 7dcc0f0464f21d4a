"""Sessions: who is signed in, by all of their records, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reference.contract.events import VictimRecord
from reference.portal.errors import Problem
from reference.portal.people.tokens import Tokens
from reference.portal.settings import Settings
from reference.portal.storage.crimes import Crimes
from reference.portal.storage.people import Person
from reference.portal.storage.person_mergers import PersonMergers
from reference.portal.storage.sign_in_records import SignInRecords
from reference.portal.timestamps import seconds


@dataclass(frozen=True, slots=True)
class Sessions:
    """Begins sessions, and ends what lets a person in."""

    crimes: Crimes
    mergers: PersonMergers
    records: SignInRecords
    tokens: Tokens
    settings: Settings

    async def begin(self, step: str, person_id: str, now: datetime) -> tuple[str, list[str]]:
        """Begin the session that a step leads to; return its token and the person's records."""
        token = self.tokens.fresh()
        digest = self.tokens.digest(token)
        ends_at = seconds(now + timedelta(hours=self.settings.session_hours_max))
        others = await self.records.move_other_records(step, digest, ends_at)
        expires_at = self._expires_at(now, ends_at)
        await self.records.add_session(digest, person_id, expires_at=expires_at, ends_at=ends_at)
        return token, [person_id, *others]

    async def people_of(self, session: str, now: datetime) -> list[str]:
        """List every record of the person who is signed in, merged or not; extend the session.

        Raises Problem 401.
        """
        digest = self.tokens.digest(session)
        found = await self.records.session(digest)
        if found is None or found.expires_at <= seconds(now):
            raise Problem(401, "Sign in to see this page")
        expires_at = self._expires_at(now, found.ends_at)
        if expires_at - found.expires_at >= 60:
            await self.records.extend_session(digest, expires_at)
        return await self.mergers.merged_into(found.people)

    async def person_of(self, session: str, now: datetime, reference: str = "") -> str:
        """Find which of a signed-in person's records a crime is about; raises Problem 401."""
        people = await self.people_of(session, now)
        for each in people if len(people) > 1 else ():
            if await self.crimes.victim(await self.crimes.own(reference, each), each) is not None:
                return each
        return people[0]

    async def sign_out(self, session: str) -> None:
        """End a session."""
        await self.records.end_session(self.tokens.digest(session))

    async def end_all(self, person_id: str) -> None:
        """End every session, step and invitation of a person."""
        await self.records.end_all(person_id)

    async def accept_new_proof(self, known: Person, record: VictimRecord) -> None:
        """Let a person sign in with a new word or birthday, if the force recorded another.

        A lock that the old one led to ends, and so does what it opened. A person who has never
        signed in is invited again: their link may be used up.
        """
        proof = f"{self.settings.proof}_digest"
        if getattr(record, proof) in {"", getattr(known.record, proof)}:
            return
        await self.records.forget_all_failures(record.person_id)
        await self.end_all(record.person_id)
        if known.registered_at is None:
            await self.crimes.invite_again(record.person_id)

    def _expires_at(self, now: datetime, at_latest: int) -> int:
        return min(at_latest, seconds(now + timedelta(minutes=self.settings.session_minutes)))
