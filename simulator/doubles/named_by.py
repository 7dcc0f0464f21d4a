"""Which rows name a row by a lookup, without looking through a whole table."""

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.neighbours.dataverse.rows import Change, Rows
from simulator.neighbours.dataverse.tables import TABLES


class NamedBy:
    """The rows of one table by the row that one of their lookups names, in order of making."""

    def __init__(self, rows: Rows, table: str, column: str) -> None:
        self._rows, self._table, self._column = rows, TABLES[table], column
        self._ids: dict[str, dict[str, None]] = {}
        # It is told first, so that those who are told next can ask.
        rows.listeners.insert(0, self._changed)

    def of(self, row_id: Any) -> Iterator[Mapping[str, Any]]:
        """Give the rows that name a row."""
        for each in tuple(self._ids.get(row_id, ())):
            # Of several changes made as one, a later one may have removed it.
            if self._rows.has(self._table, each):
                yield self._rows.get(self._table, each)

    def rebuild(self) -> None:
        """Learn all rows anew: those of an earlier run were told to nobody."""
        self._ids.clear()
        for row in self._rows.all(self._table):
            self._learn(row.get(self._column), str(row[self._table.id_column]))

    def _changed(self, change: Change) -> None:
        if change.table != self._table.name:
            return
        if change.before is not None:
            self._ids.get(str(change.before.get(self._column)), {}).pop(change.row_id, None)
        if change.after is not None:
            self._learn(change.after.get(self._column), change.row_id)

    def _learn(self, named: Any, row_id: str) -> None:
        if isinstance(named, str):
            self._ids.setdefault(named, {})[row_id] = None
