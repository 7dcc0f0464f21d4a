"""What the store needs of a database, whichever it is: SQLite by default, PostgreSQL by URL.

The SQL is one text for both, so it keeps to what both understand: `?` marks a value; `ON CONFLICT`,
never `INSERT OR`; `RETURNING`, never a last row id; `NULLS FIRST` or `LAST` said where it matters;
no `LIKE` on mixed case; text is ordered by its characters' numbers.
"""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol

from reference.portal.errors import Problem

Row = tuple[Any, ...]
Synchronous = Literal["NORMAL", "FULL"]


class DatabaseDown(Problem):
    """The database cannot be used now. What was being done may be tried again: it has keys.

    `reason` is for the operator's log; the public is told only to come back.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(503, "The service is not available. Try again in a few minutes")
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class TransactionConflict(DatabaseDown):
    """Two workers wanted the same; this transaction gave way, kept nothing, and may begin again."""


class Database(Protocol):
    """What the store needs of a database. Everything raises DatabaseDown when it cannot be used."""

    @property
    def is_shared(self) -> bool:
        """Whether several workers may use it at once."""

    @property
    def worker(self) -> int:
        """What this process is called among those that use the database: never 0."""

    async def other_workers(self) -> list[int]:
        """List what the other processes that use it now are called."""

    def serve(self) -> None:
        """Be a portal that serves from it; raises ValueError where only one may, and one does."""

    async def check_writable(self) -> None:
        """Write something; raises DatabaseDown if that fails."""

    async def open(self) -> None:
        """Connect, and bring the tables up to date; raises ValueError when they are too new."""

    async def close(self) -> None:
        """Let go of it."""

    async def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Execute one statement; answers how many rows it touched."""

    async def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """Fetch the first row, or None."""

    async def all(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Fetch every row."""

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """Do everything inside `async with` or none of it.

        One inside another joins it: the end of the outermost is the commit. Nothing inside may
        wait for anything but the database.
        """

    async def lock(self, names: Iterable[str]) -> None:
        """Have other workers that lock any of these names wait until this transaction ends."""

    def claiming(self, table: str) -> str:
        """End a SELECT that picks work: its rows of `table` are this worker's until the commit.

        Rows that another worker has picked are passed over. Give the table's alias if it has one.
        """
