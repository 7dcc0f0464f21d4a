"""One record of the force, from which events are made: what cannot be made is kept as unsaid."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec
from msgspec import ValidationError, convert

from simulator.doubles.unsaid import UnsaidEvent, columns_needed


class SaidByRecord:
    """What one record says now: the events that are made of it, or what each of them lacks."""

    def __init__(
        self, table: str, row_id: str, row: Mapping[str, Any], unsaid: frozenset[str]
    ) -> None:
        self._table, self._row_id = table, row_id
        self.row = row
        #: What it said before, and no event could tell.
        self.unsaid = unsaid
        self.found: list[UnsaidEvent] = []

    def is_new(
        self, kind: type[Any], before: Mapping[str, Any] | None, columns: tuple[str, ...]
    ) -> bool:
        """Say whether these columns are to be told: they differ, or were not told before."""
        return kind.__name__ in self.unsaid or differ(before or {}, self.row, columns)

    def made(
        self,
        kind: type[Any],
        *,
        needs: tuple[str, ...] = (),
        waits_for: tuple[Any, ...] = (),
        **values: Any,
    ) -> list[Any]:
        """Make an event; none of what the contract would not take, which is kept as unsaid."""
        plain = msgspec.to_builtins(values)
        if not needs:
            with suppress(ValidationError):
                return [convert(plain, kind)]
        self.lacks(
            kind,
            (*columns_needed(kind, plain), *needs),
            waits_for=waits_for,
            crime_reference=plain["crime_reference"] or "",
        )
        return []

    def lacks(
        self,
        kind: type[Any],
        needs: tuple[str, ...],
        *,
        waits_for: tuple[Any, ...] = (),
        crime_reference: str = "",
    ) -> None:
        """Keep an event that cannot be told."""
        self.found.append(
            UnsaidEvent(
                table=self._table,
                record_id=self._row_id,
                event_type=kind.__name__,
                crime_reference=crime_reference,
                needs=needs,
                waits_for=tuple(filter(None, waits_for)),
            )
        )


def differ(before: Mapping[str, Any], after: Mapping[str, Any], columns: tuple[str, ...]) -> bool:
    """Say whether one of these columns has another value."""
    return any(before.get(each) != after.get(each) for each in columns)
