"""The faults found in a batch of records, as a column that lists them with their true values."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from simulator.crowd.columns import Column, Rows, chosen, places, words
from simulator.population.faults.kinds import INDEX, NAMES

FIELDS = (
    *("given_name", "family_name", "date_of_birth", "mobile", "landline", "email"),
    *("notes", "role", "record"),
)
#: The true words of a field, for some rows.
TrueWords: TypeAlias = Callable[[Rows], Column]


class ListedFaults:
    """The faults found: row, field and kind. The true values follow from the rows."""

    def __init__(self) -> None:
        self._rows: list[Rows] = []
        self._fields: list[int] = []
        self._kinds: list[int] = []

    def add(self, rows: Rows, field: str, kind: str) -> None:
        """List one kind in one field, for these rows."""
        if len(rows):
            self._rows.append(rows)
            self._fields.append(FIELDS.index(field))
            self._kinds.append(INDEX[kind])

    def column(self, count: int, true: Mapping[str, TrueWords]) -> Column:
        """Make the column of lists, one a row; `true` gives the true words of a field in rows."""
        rows = np.concatenate([np.zeros(0, np.intp), *self._rows])
        lengths = [len(each) for each in self._rows]
        fields = np.repeat(np.array(self._fields, np.int8), lengths)
        kinds = np.repeat(np.array(self._kinds, np.int8), lengths)
        order = np.argsort(rows, kind="stable")
        ends = np.zeros(count + 1, np.int32)
        np.cumsum(np.bincount(rows, minlength=count), out=ends[1:])
        columns = {
            "field": chosen(fields[order], words(FIELDS)),
            "kind": chosen(kinds[order], words(NAMES)),
            "true_value": _true_words(rows, fields, true).take(places(order)),
        }
        of_fault = [pa.field(name, each.type, nullable=False) for name, each in columns.items()]
        faults = pa.StructArray.from_arrays(list(columns.values()), fields=of_fault)
        listed = pa.list_(pa.field("element", faults.type, nullable=False))
        return pa.ListArray.from_arrays(pa.array(ends), faults, type=listed)


def _true_words(rows: Rows, fields: np.ndarray, true: Mapping[str, TrueWords]) -> Column:
    """Return the true words of each fault, in the order in which they were listed."""
    pieces, back, known = [words([])], np.empty(len(rows), np.int32), 0
    for number, field in enumerate(FIELDS):
        where = np.flatnonzero(fields == number)
        if len(where):
            pieces.append(true[field](rows[where]))
            back[where] = known + np.arange(len(where))
            known += len(where)
    return pa.concat_arrays(pieces).take(places(back))
