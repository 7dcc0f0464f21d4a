"""Takes "this is not for me": nothing more goes there, and it is looked into as a breach.

Anybody may say so of any address, unnamed. So that nobody can silence victims one after another, it
stops only so many addresses an hour, from one client and over all; what is more becomes a task for
whoever looks after the crime, and one for the supervisors. Only an address that the portal knows
counts: made-up ones use nothing up. The answer is the same in every case, and comes as soon.
"""

from datetime import datetime, timedelta

from reference.portal.force.tasks import Tasks
from reference.portal.observer import Observer
from reference.portal.people.details import Details
from reference.portal.people.tokens import Tokens
from reference.portal.settings import Settings
from reference.portal.storage.audit import Audit
from reference.portal.storage.database import Database
from reference.portal.storage.people import People
from reference.portal.storage.store import Store, seconds

_HOUR = timedelta(hours=1)


class NotForMe:
    """The use case behind the page of that name."""

    def __init__(
        self,
        *,
        store: Store,
        people: People,
        details: Details,
        tasks: Tasks,
        audit: Audit,
        tokens: Tokens,
        observer: Observer,
        settings: Settings,
    ) -> None:
        self._store = store
        self._database: Database = store.database
        self._people = people
        self._details = details
        self._tasks = tasks
        self._audit = audit
        self._tokens = tokens
        self._observer = observer
        self._settings = settings

    async def say(self, address: str, client: str, now: datetime) -> None:
        """Take it of an address; `client` is where the request came from ("" where unknown).

        What comes of it is done afterwards: the answer takes as long for an address of nobody.
        """
        await self._database.run(
            "INSERT INTO not_for_me (at, client, address) VALUES (?, ?, ?)",
            (seconds(now), self._tokens.digest(f"client:{client}"), address),
        )

    async def run_due(self, now: datetime) -> None:
        """Take what was said since, one after another: a batch of it."""
        rows = await self._database.all(
            "SELECT id, address, client FROM not_for_me WHERE address <> '' ORDER BY id LIMIT 500"
        )
        for said_id, address, client in rows:
            async with self._database.transaction():
                await self._database.lock([f"address:{address}", "not for me"])
                # Another worker may have taken it. An address of nobody leaves nothing behind.
                taken = await self._database.run(
                    "DELETE FROM not_for_me WHERE id = ? AND address <> ''", (said_id,)
                )
                people = await self._people.ever_reached_at(address) if taken else []
                if people:
                    await self._take(address, client, people, now)

    async def _take(self, address: str, client: str, people: list[str], now: datetime) -> None:
        if not await self._may_stop(client, now):
            for person_id in people:
                await self._tasks.judge_not_for_me(address, person_id, now)
            self._observer.not_for_me("left_to_the_force")
            return
        await self._details.stop(address, "not for me", now)
        for person_id in people:
            await self._audit.note("somebody", "said not for me", now, person=person_id)
            await self._shut(address, person_id)
            await self._store.forget_invitation(person_id)
            await self._tasks.look_into_breach(address, person_id, now)
        self._observer.not_for_me("stopped")

    async def _shut(self, address: str, person_id: str) -> None:
        """End what leads to a person's pages from an address that is not theirs.

        A link that went elsewhere goes on; a session or a step they can soon begin anew.
        """
        for table in ("session", "sign_in_step", "also_theirs"):
            await self._database.run(
                f"DELETE FROM {table} WHERE person_id = ?",  # noqa: S608  three names
                (person_id,),
            )
        await self._database.run("DELETE FROM sign_in_step WHERE address = ?", (address,))
        await self._database.run(
            "DELETE FROM invitation WHERE person_id = ? AND address IN ('', ?)",
            (person_id, address),
        )

    async def _may_stop(self, client: str, now: datetime) -> bool:
        """Say whether this hour's limits leave room, and take it up if they do."""
        since = seconds(now - _HOUR)
        await self._database.run("DELETE FROM not_for_me WHERE address = '' AND at <= ?", (since,))
        row = await self._database.one(
            "SELECT count(*), coalesce(sum(CASE WHEN client = ? THEN 1 ELSE 0 END), 0)"
            " FROM not_for_me WHERE address = ''",
            (client,),
        )
        assert row is not None
        over_all, of_client = row
        if (
            over_all >= self._settings.not_for_me_per_hour_max
            or of_client >= self._settings.not_for_me_per_client_max
        ):
            return False
        await self._database.run(
            "INSERT INTO not_for_me (at, client) VALUES (?, ?)", (seconds(now), client)
        )
        return True
