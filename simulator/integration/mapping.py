"""From a change of a row to events of the portal's contract, and from what it files to rows. Pure.

A value that is empty is left out, so that the contract's own default holds.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from reference.contract.events import EVENT_TYPES, AnyEvent, CrimeRecorded
from simulator.integration.map_file import (
    EachRule,
    EventRule,
    WriteRule,
    each_rule,
    is_column,
)
from simulator.neighbours.dataverse.tables import Table

Row: TypeAlias = Mapping[str, Any]
#: Finds a row by table and id; an empty one if it is not known.
FindRow: TypeAlias = Callable[[str, str], Row]
#: Lists the rows of a table whose lookup names an id: table, column, id.
FindNaming: TypeAlias = Callable[[str, str, str], Iterable[Row]]

_NAMESPACE = UUID("3c0c7c55-5d0e-4f0b-8f35-2f1c8a6f1f52")


class RowChange(Struct, frozen=True, kw_only=True):
    """A row as it was when last seen (None for a new one), and as it is, or was before it went."""

    table: str
    row_id: str
    before: Row | None
    after: Row
    is_deleted: bool = False


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
    #: As `naming`, but as the force's system has it now: a person may have been linked since.
    naming_now: FindNaming

    def events_of(self, change: RowChange, rules: Iterable[EventRule]) -> list[MappedEvent]:
        """Make the events of a change, in the order of the rules; raises CannotMap."""
        found = []
        for rule in rules:
            if not applies(rule, change):
                continue
            for start in self.starts(rule, change):
                table = rule.for_each.partition(".")[0] or rule.table
                found.append(self._event(rule, change, table, start))
        return found

    def value(self, value: Any, table: str, row: Row) -> Any:
        """Fill a value of the map from a row."""
        if isinstance(value, str):
            return self._column(value[1:-1], table, row) if is_column(value) else value
        if isinstance(value, Mapping):
            return self._chosen(value, table, row)
        if isinstance(value, list | tuple):
            entries = [one for each in value for one in self._entries(each, table, row)]
            return _each_person_once(each for each in entries if each not in (None, {}))
        return value

    def _chosen(self, value: Mapping[str, Any], table: str, row: Row) -> Any:
        """Fill a table of the map: a translation, a choice among values, or names and values."""
        match tuple(value):
            case ("from", "values") | ("values", "from"):
                return value["values"].get(_key(self.value(value["from"], table, row)))
            case ("from", "blank") | ("blank", "from"):
                found = self.value(value["from"], table, row)
                return None if found == value["blank"] else found
            case ("first",):
                filled = (self.value(each, table, row) for each in value["first"])
                return next((each for each in filled if each is not None), None)
            case ("split",):
                text = self.value(value["split"], table, row) or ""
                return [part for each in str(text).split(";") if (part := each.strip())] or None
            case ("only",):
                first, *others = self.value(value["only"], table, row) or [None]
                return first if all(each == first for each in others) else None
        return _without_empty({name: self.value(each, table, row) for name, each in value.items()})

    def _entries(self, value: Any, table: str, row: Row) -> list[Any]:
        """Fill an entry of a list, which may stand for every row that names a row."""
        rule = each_rule(value)
        if rule is None:
            return [self.value(value, table, row)]
        return list(self._of_each(rule, table, row))

    def _of_each(self, rule: EachRule, table: str, row: Row) -> Iterator[Any]:
        other, _, column = rule.each.partition(".")
        named = self.value(rule.of, table, row) if rule.of else row[self.tables[table].id_column]
        if isinstance(named, str):
            for each in self.naming_now(other, column, named):
                if _fits(each, rule.only_if):
                    yield self.value(rule.data, other, each)

    def starts(self, rule: EventRule, change: RowChange) -> list[Row]:
        """List the rows of which a change makes an event each."""
        if not rule.for_each:
            return [change.after]
        table, _, column = rule.for_each.partition(".")
        found = self.naming(table, column, change.row_id)
        return [each for each in found if _fits(each, rule.for_each_if)]

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
        gone = " gone" if change.is_deleted else ""
        name = f"{change.table} {change.row_id} {version} {rule.type} {about}{gone}"
        if isinstance(event, CrimeRecorded):
            # Each person who is linked makes it again: with the same people it is the same.
            name = msgspec.json.encode(event).decode()
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
    if rule.table != change.table or rule.makes_deletion != change.is_deleted:
        return False
    if not _fits(change.after, rule.only_if):
        return False
    if rule.was and (change.before is None or not _fits(change.before, rule.was)):
        return False
    if change.before is None:
        is_said = any(change.after.get(column) is not None for column in rule.columns)
        return is_said or rule.makes_creation
    before, after = change.before, change.after
    is_other = any(each in before and before[each] != after.get(each) for each in rule.columns)
    return is_other or rule.makes_deletion


def row_of(rule: WriteRule, filed: Mapping[str, Any]) -> dict[str, Any]:
    """Make the row of a stamp or task; `{name}` in a value is a field of what was filed."""
    return {
        column: filled_text(str(value), filed) if isinstance(value, str) else value
        for column, value in rule.values.items()
    }


def _fits(row: Row, wanted: Mapping[str, Any]) -> bool:
    """Say whether a row has every value: one of a list, any for "*", and none for ""."""
    return all(_is_wanted(row.get(name), value) for name, value in wanted.items())


def _is_wanted(found: Any, wanted: Any) -> bool:
    if wanted in ("*", ""):
        return bool((found in (None, "")) == (wanted == ""))
    return bool(found in wanted if isinstance(wanted, list | tuple) else found == wanted)


def _each_person_once(entries: Iterable[Any]) -> list[Any]:
    """Leave out who is there already: a person may be named first, and linked as well."""
    found: dict[Any, Any] = {}
    for number, each in enumerate(entries):
        person_id = each.get("person_id") if isinstance(each, Mapping) else None
        found.setdefault(person_id or number, each)
    return list(found.values())


def _key(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, {})}


def filled_text(text: str, filed: Mapping[str, Any]) -> Any:
    """Fill a template: `{name}` is a field of what was filed."""
    if is_column(text):
        return filed.get(text[1:-1])
    for name, value in filed.items():
        text = text.replace(f"{{{name}}}", "" if value is None else str(value))
    return text
