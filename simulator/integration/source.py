"""What the process layer asks of a system layer, whatever the force's system is."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from msgspec import Struct

from simulator.errors import SuiteError
from simulator.neighbours.dataverse.tables import Table


class SourceUnreachable(SuiteError):
    """The force's system did not answer, or not now: try again later.

    `wait_seconds` is how long it asked to wait.
    """

    def __init__(self, message: str, *, wait_seconds: float = 0) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds


class SourceRefused(SourceUnreachable):
    """The force's system refused what was asked: again it will, until somebody corrects it."""


class CursorLost(SuiteError):
    """The system no longer knows how far a stream was read: read all of it again."""

    def __init__(self, stream: str, why: str) -> None:
        super().__init__(f"{stream}: the cursor is no longer known, all is read again: {why}")
        self.stream = stream


class ReadRow(Struct, frozen=True, kw_only=True):
    """One row as it is now; None if it is gone. `correlation_id` is its cause, "" if unknown.

    A row has its columns by the names of the map, its id, `versionnumber` and `modifiedon`.
    """

    table: str
    row_id: str
    row: dict[str, Any] | None
    correlation_id: str = ""


class Reading(Struct, frozen=True, kw_only=True):
    """One page of changes; `cursor` is where to go on from, "" before the last page."""

    stream: str
    rows: list[ReadRow]
    cursor: str


class Source(Protocol):
    """One system of a force: its changes are read, and what the portal files is written."""

    tables: Mapping[str, Table]

    def close(self) -> None:
        """Close the connections."""

    def readings(self, tables: tuple[str, ...], cursor: Callable[[str], str]) -> Iterator[Reading]:
        """Read what changed in these tables; raises SourceUnreachable, CursorLost."""

    def row(self, table: Table, row_id: str) -> dict[str, Any] | None:
        """Read a row; None if there is none. Raises SourceUnreachable."""

    def row_by_key(self, table: Table, key: str, value: str) -> dict[str, Any] | None:
        """Read a row by a key; None if there is none. Raises SourceUnreachable."""

    def rows_about(self, table: Table, column: str, row_id: str) -> list[dict[str, Any]]:
        """List the rows whose lookup names a row, the oldest first; raises SourceUnreachable."""

    def make_once(
        self,
        table: Table,
        key: str,
        value: str,
        row: Mapping[str, Any],
        *,
        correlation_id: str,
    ) -> bool:
        """Make a row with a key; return False if there is one.

        Raises SourceUnreachable, SourceRefused.
        """
