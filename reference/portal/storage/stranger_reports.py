"""The table not_for_me: what strangers say of messages that reached them, and how often.

A report has an address until it is taken; those without proof then count to the hourly limits.
"""

from dataclasses import dataclass
from typing import NamedTuple

from reference.portal.storage.database import Database

_WAITING_MAX = 1000  # anybody may report any address


class StrangerReport(NamedTuple):
    """One "this is not for me"; `client` is a keyed digest of where it came from.

    `is_proved` says that it came with the link of a message that arrived at the address, or from
    the phone itself.
    """

    id: int
    address: str
    client: str
    is_proved: int


@dataclass(frozen=True, slots=True)
class StrangerReports:
    """Reports that wait, and a count of those without proof within the hour."""

    database: Database

    async def add(self, address: str, client: str, at: int) -> bool:
        """Add a report without proof; False when so many wait that no more are taken."""
        row = await self.database.one("SELECT count(*) FROM not_for_me WHERE address <> ''")
        assert row is not None
        if row[0] >= _WAITING_MAX:
            return False
        await self.database.run(
            "INSERT INTO not_for_me (at, client, address) VALUES (?, ?, ?)", (at, client, address)
        )
        return True

    async def add_proved(self, address: str, at: int) -> None:
        """Add a report from a person who holds the address."""
        await self.database.run(
            "INSERT INTO not_for_me (at, client, address, is_proved) VALUES (?, '', ?, 1)",
            (at, address),
        )

    async def waiting(self) -> list[StrangerReport]:
        """List the reports that wait, a batch of them, in the order they came."""
        rows = await self.database.all(
            "SELECT id, address, client, is_proved FROM not_for_me WHERE address <> ''"
            " ORDER BY id LIMIT 500"
        )
        return [StrangerReport(*row) for row in rows]

    async def take(self, report: StrangerReport) -> bool:
        """Take a report; False if another worker has taken it."""
        touched = await self.database.run(
            "DELETE FROM not_for_me WHERE id = ? AND address <> ''", (report.id,)
        )
        return touched == 1

    async def counted_since(self, since: int, client: str) -> tuple[int, int]:
        """Count the reports without proof since then: all, and those of one client."""
        await self.database.run("DELETE FROM not_for_me WHERE address = '' AND at <= ?", (since,))
        row = await self.database.one(
            "SELECT count(*), coalesce(sum(CASE WHEN client = ? THEN 1 ELSE 0 END), 0)"
            " FROM not_for_me WHERE address = ''",
            (client,),
        )
        assert row is not None
        return int(row[0]), int(row[1])

    async def count(self, client: str, at: int) -> None:
        """Count a report without proof."""
        await self.database.run("INSERT INTO not_for_me (at, client) VALUES (?, ?)", (at, client))
