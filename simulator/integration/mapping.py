"""From a change of a row to events of the portal's contract, and from what it files to rows. Pure.

A value that is empty is left out, so that the contract's own default holds.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from reference.contract.events import EVENT_TYPES, AnyEvent
from simulator.integration.map_file import EventRule, WriteRule, is_column
from simulator.neighbours.dataverse.tables import Table

Row: TypeAlias = Mapping[str, Any]
#: Finds a row by table and id; an empty one if it is not known.
FindRow: TypeAlias = Callable[[str, str], Row]
#: Lists the rows of a table whose lookup names an id: table, column, id.
FindNaming: TypeAlias = Callable[[str, str, str], Iterable[Row]]

_NAMESPACE = UUID("3c0c7c55-5d0e-4f0b-8f35-2f1c8a6f1f52")


class RowChange(Struct, frozen=True, kw_only=True):
    """A row as it was when last seen (None for a new one), and as it is."""

    table: str
    row_id: str
    before: Row | None
    after: Row


class MappedEvent(Struct, frozen=True, kw_only=True):
    """An event for the portal; the same change makes the same id, however often it is read."""

    event_id: str
    event: AnyEvent


class CannotMap(Exception):
    """A change that makes no event of the contract: says which, and what is wrong."""


@dataclass(frozen=True)
class EventMaker:
    """Makes the events of changes, by the tables of a source and what is known of its rows."""

    tables: Mapping[str, Table]
    find: FindRow
    naming: FindNaming

    def events_of(self, change: RowChange, rules: Iterable[EventRule]) -> list[MappedEvent]:
        """Make the events of a change, in the order of the rules; raises CannotMap."""
        found = []
        for rule in rules:
            if not applies(rule, change):
                continue
            for start in self._starts(rule, change):
                table = rule.for_each.partition(".")[0] or rule.table
                found.append(self._event(rule, change, table, start))
        return found

    def value(self, value: Any, table: str, row: Row) -> Any:
        """Fill a value of the map from a row."""
        if isinstance(value, str):
            return self._column(value[1:-1], table, row) if is_column(value) else value
        if isinstance(value, Mapping):
            if value.keys() == {"from", "values"}:
                return value["values"].get(_key(self.value(value["from"], table, row)))
            if value.keys() == {"first"}:
                filled = (self.value(each, table, row) for each in value["first"])
                return next((each for each in filled if each is not None), None)
            return _without_empty(
                {name: self.value(each, table, row) for name, each in value.items()}
            )
        if isinstance(value, list | tuple):
            filled_ones = [self.value(each, table, row) for each in value]
            return [each for each in filled_ones if each not in (None, {})]
        return value

    def _starts(self, rule: EventRule, change: RowChange) -> list[Row]:
        if not rule.for_each:
            return [change.after]
        table, _, column = rule.for_each.partition(".")
        return list(self.naming(table, column, change.row_id))

    def _event(self, rule: EventRule, change: RowChange, table: str, start: Row) -> MappedEvent:
        data = self.value(rule.data, table, start)
        shape = self.tables[table]
        try:
            event = msgspec.convert(data, EVENT_TYPES[rule.type], strict=False)
        except msgspec.ValidationError as error:
            key = shape.keys[0][0] if shape.keys else ""
            named = start.get(key) or change.row_id
            raise CannotMap(f"{rule.type} of {table} {named}: {error}") from None
        version = change.after.get("versionnumber")
        about = start.get(shape.id_column)
        name = f"{change.table} {change.row_id} {version} {rule.type} {about}"
        return MappedEvent(event_id=str(uuid5(_NAMESPACE, name)), event=event)

    def _column(self, path: str, table: str, row: Row) -> Any:
        first, _, rest = path.partition(".")
        value = row.get(first)
        if not rest:
            return value
        if not isinstance(value, str):
            return None
        target = self.tables[table].by_name[first].targets[0]
        return self._column(rest, target, self.find(target, value))


def applies(rule: EventRule, change: RowChange) -> bool:
    """Say whether a change makes an event by this rule.

    A column that the row did not have when it was last seen is a change of the schema, and no news.
    """
    if rule.table != change.table:
        return False
    if any(change.after.get(name) != value for name, value in rule.only_if.items()):
        return False
    if rule.on == "create":
        return change.before is None
    if change.before is None:
        return any(change.after.get(column) is not None for column in rule.on)
    before = change.before
    return any(each in before and before[each] != change.after.get(each) for each in rule.on)


def row_of(rule: WriteRule, filed: Mapping[str, Any]) -> dict[str, Any]:
    """Make the row of a stamp or task; `{name}` in a value is a field of what was filed."""
    return {
        column: _filled_text(str(value), filed) if isinstance(value, str) else value
        for column, value in rule.values.items()
    }


def _key(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, {})}


def _filled_text(text: str, filed: Mapping[str, Any]) -> Any:
    if is_column(text):
        return filed.get(text[1:-1])
    for name, value in filed.items():
        text = text.replace(f"{{{name}}}", "" if value is None else str(value))
    return text
