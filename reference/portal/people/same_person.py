"""Who has two records is one person where likeness and proof say so, and reads the crimes of both.

Two records are one person's where they have one name and date of birth, are reached at the address
that a code goes to, and what was given proves either. It holds for one session.
"""

from reference.portal.rules.identity_proof import Candidate, Given, are_alike, is_proved
from reference.portal.storage.database import Database

_INVITED = (
    " AND EXISTS (SELECT 1 FROM victim v WHERE v.person_id = person.person_id"
    " AND v.exclusion = '' AND v.invited_at IS NOT NULL)"
    " ORDER BY (SELECT max(c.recorded_at) FROM victim w JOIN crime c"
    " ON c.reference = w.crime_reference WHERE w.person_id = person.person_id"
    " AND w.exclusion = '') DESC, person_id"
)
_PEOPLE = (
    "SELECT person_id, record, text_address, email_address, usable_text, usable_email FROM person"
)
CANDIDATE = f"{_PEOPLE} WHERE person_id = ?{_INVITED}"
#: Each term of the OR is found by an index of its own.
CANDIDATES_AT = f"{_PEOPLE} WHERE (person_id = ? OR usable_text = ? OR usable_email = ?){_INVITED}"


class SamePerson:
    """The other records of whoever signs in."""

    def __init__(self, *, database: Database, identity_key: str) -> None:
        self._database = database
        self._identity_key = identity_key

    async def candidates(self, person_id: str, address: str) -> list[Candidate]:
        """List the invited people that a sign-in may be about: the newest crime first."""
        # The guard is here and not in the SQL: there it would make the database read everybody.
        rows = await (
            self._database.all(CANDIDATES_AT, (person_id, address, address))
            if address
            else self._database.all(CANDIDATE, (person_id,))
        )
        return [Candidate(*row) for row in rows]

    async def prove(
        self, step: str, person: Candidate, address: str, given: Given, until: int
    ) -> None:
        """Remember for a step what other records are of whoever was proved at an address."""
        await self.forget(step)
        for each in await self.candidates("", address or person.reached_at):
            is_another = each.person_id != person.person_id and are_alike(each, person)
            if is_another and is_proved(each, given, self._identity_key):
                await self._database.run(
                    "INSERT INTO also_theirs VALUES (?, ?, ?)", (step, each.person_id, until)
                )

    async def let_in(self, step: str, session: str, until: int) -> list[str]:
        """Let a session be of them from now on; answers their other records."""
        await self._database.run(
            "UPDATE also_theirs SET digest = ?, expires_at = ? WHERE digest = ?",
            (session, until, step),
        )
        rows = await self._database.all(
            "SELECT person_id FROM also_theirs WHERE digest = ? ORDER BY person_id", (session,)
        )
        return [str(row[0]) for row in rows]

    async def forget(self, digest: str) -> None:
        """Let a step or a session be of one record only."""
        await self._database.run("DELETE FROM also_theirs WHERE digest = ?", (digest,))
