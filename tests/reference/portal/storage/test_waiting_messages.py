"""A person's waiting messages are found by the person, however many others wait."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from reference.portal.storage.database import Row
from reference.portal.storage.outbox import Outbox
from tests.reference.portal.databases import Storage, rows_read

Ask = Callable[[Outbox], Coroutine[Any, Any, object]]
COUNT = 1500
#: So many messages that were sent, or that wait, one for each person.
FILLED = (
    "INSERT INTO outbox (crime_reference, person_id, notice, channel, event_id, due_at, status,"
    " held_because, happened_at) SELECT 'c' || g, 'p' || g, 'update', 'text', 'e' || g, g,"
    " '{status}', '', 0 FROM generate_series(1, {count}) g"
)
LAST = f"p{COUNT}"


class Explained:
    """A database that says how many rows each statement read, in place of doing it."""

    is_shared = True
    worker = 7

    def __init__(self, database: Any) -> None:
        self._database = database
        self.read: list[float] = []

    async def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Explain a statement, which does it too."""
        await self.all(sql, values)
        return 1

    async def all(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Explain a question."""
        [(plan,)] = await self._database.all(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
        self.read.append(rows_read(plan))
        return []

    async def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """Explain a question about one row."""
        await self.all(sql, values)
        return None


ASKED: dict[str, Ask] = {
    "joins what waits": lambda outbox: outbox.join_waiting(
        f"c{COUNT}", LAST, "update", "text", "e", 0, 0
    ),
    "hastens": lambda outbox: outbox.hasten(LAST, lambda at: at),
    "is overtaken": lambda outbox: outbox.overtake(f"c{COUNT}", LAST, is_over=True),
    "is cancelled": lambda outbox: outbox.cancel(f"c{COUNT}", LAST, "a test"),
    "has no channel": lambda outbox: outbox.cancel_channel(LAST, "text", "a test"),
    "waits": lambda outbox: outbox.waiting(LAST, "text", "07700900123"),
    "is held back": lambda outbox: outbox.held_back(LAST, "text"),
}


@pytest.mark.parametrize("name", ASKED)
def test_one_persons_messages_are_not_looked_for_among_all(
    postgres_storage: Storage, name: str
) -> None:
    """Also where PostgreSQL counted the rows when nothing waited, as before every bulk closure."""
    database = postgres_storage.open()
    for statement in (
        FILLED.format(status="sent", count=COUNT),
        "ANALYZE outbox",
        FILLED.format(status="waiting", count=COUNT),
    ):
        postgres_storage.run(database.run(statement))
    explained = Explained(database)
    postgres_storage.run(ASKED[name](Outbox(explained)))  # type: ignore[arg-type]

    assert explained.read
    assert max(explained.read) < 50
