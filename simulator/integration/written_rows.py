"""From an event of the contract to what is written into an org: the map, read the other way. Pure.

What a map has no place for is not left out in silence: such an event cannot be written.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct

from reference.contract.events import CloudEvent
from simulator.integration.map_file import (
    ORG_TABLES,
    EachRule,
    EventRule,
    OrgMap,
    each_rule,
    is_column,
)
from simulator.integration.mapping import CannotMap, filled_text
from simulator.neighbours.dataverse.tables import Table
from simulator.neighbours.salesforce.objects import SYSTEM_FIELDS

#: The row that an event is about, and the record of the event itself.
ROW, EVENT = "row", "event"
#: What the org itself writes.
_BY_THE_ORG = frozenset(each.name for each in SYSTEM_FIELDS)
#: Values by the path of their column from a row.
Assigned: TypeAlias = dict[str, Any]


class Written(Struct, frozen=True, kw_only=True):
    """One row to be made, or with a `key` to be changed or made; `is_known` if it must be there."""

    name: str
    table: str
    row: dict[str, Any]
    key: str = ""
    value: str = ""
    is_known: bool = False


def rows_of(rules: OrgMap, event: CloudEvent) -> list[Written]:
    """List what an event writes, those first that others name; raises CannotMap."""
    said = msgspec.json.decode(event.data)
    rule = next((each for each in rules.events if each.type == event.type), None)
    if rule is None:
        raise CannotMap(f"the map of the org has no rule for {event.type}")
    people = sorted(said.get("victims", ()), key=lambda each: each["role"] == "victim")
    filled = {**dict(_flat(said, "")), **_about(event, people)}
    made = _Rows(filled, is_known=not rule.makes_creation)
    made.of_rule(rule, said)
    entry = next((found for each in rule.data.values() if (found := _entry_rule(each))), None)
    # The same person may stand there twice: what they are as a victim counts.
    for each in people if entry else ():
        assert entry is not None
        made.of_entry(entry, each)
    order = list(ORG_TABLES)
    rows = sorted(made.written.values(), key=lambda each: order.index(each.table))
    return [*rows, made.record_of(rules)]


def relationship(lookup: str) -> str:
    """Give the name by which a lookup is written with a key of the other row."""
    return f"{lookup[:-1]}r" if lookup.endswith("__c") else lookup.removesuffix("Id")


class _Rows:
    """Gathers the rows of one event; `filled` is what its templates name."""

    def __init__(self, filled: Mapping[str, Any], *, is_known: bool) -> None:
        self.written: dict[tuple[str, str], Written] = {}
        self._filled = filled
        self._is_known = is_known

    def of_rule(self, rule: EventRule, said: Mapping[str, Any]) -> None:
        """Write the row that an event is about."""
        table = ORG_TABLES[rule.for_each.partition(".")[0] or rule.table]
        fixed = {} if rule.for_each else _fixed(rule.only_if)
        beside = _beside(rule.write, self._filled)
        self._put(ROW, table, {**fixed, **dict(_assigned(rule.data, said, "")), **beside})

    def of_entry(self, rule: EachRule, said: Mapping[str, Any]) -> None:
        """Write a row that names the one that the event is about."""
        name, _, _ = rule.each.partition(".")
        beside = _beside(rule.write, {**self._filled, **said})
        assigned = dict(_assigned(rule.data, said, ""))
        self._put(f"{name}{len(self.written)}", ORG_TABLES[name], {**assigned, **beside})

    def record_of(self, rules: OrgMap) -> Written:
        """Give the record of the event itself: it cannot be made twice."""
        [rule] = (each for each in rules.writes if each.of == "event")
        filled = {**self._filled, "row_id": f"@{{{ROW}.id}}"}
        values = _beside({**rule.values, rule.key: "{event_id}"}, filled)
        row, _ = self._row(ORG_TABLES[rule.table], values)
        return Written(name=EVENT, table=rule.table, row=row)

    def _put(self, name: str, table: Table, assigned: Assigned) -> None:
        row, key = self._row(table, assigned)
        value = str(row.pop(key)) if key else ""
        is_known = self._is_known and bool(key)
        self.written[table.name, value] = Written(
            name=name, table=table.name, row=row, key=key, value=value, is_known=is_known
        )

    def _row(self, table: Table, assigned: Assigned) -> tuple[dict[str, Any], str]:
        """Make a row, after those that it names by more than their key; give its own key too."""
        row: dict[str, Any] = {}
        others: dict[str, Assigned] = {}
        for path, value in assigned.items():
            first, _, rest = path.partition(".")
            if rest:
                others.setdefault(first, {})[rest] = value
            elif first not in _BY_THE_ORG:
                row[first] = _as_column(table, first, value)
        for lookup, inner in others.items():
            target = ORG_TABLES[table.by_name[lookup].targets[0]]
            key = _key(target, inner)
            if not inner[key]:
                row[lookup] = None
                continue
            if len(inner) > 1:
                self._put(f"{target.name}{len(self.written)}", target, inner)
            row[relationship(lookup)] = {key: inner[key]}
        return row, _key(table, row)


def _about(event: CloudEvent, people: list[dict[str, Any]]) -> dict[str, Any]:
    """Give what templates may name beside what an event says."""
    by_role = {each["role"]: each["person_id"] for each in reversed(people)}
    return {
        "event_id": event.id,
        "type": event.type,
        "time": event.time.isoformat(),
        "people": ";".join(sorted({each["person_id"] for each in people})),
        "first_victim": by_role.get("victim") or next(iter(by_role.values()), None),
    }


def _flat(said: Mapping[str, Any], at: str) -> Iterator[tuple[str, Any]]:
    for name, value in said.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{at}{name}.")
        yield f"{at}{name}", value


def _fixed(wanted: Mapping[str, Any]) -> Assigned:
    """Give what a rule's condition has written: the first of a list, and nothing for any."""
    chosen = {name: each[0] if isinstance(each, list) else each for name, each in wanted.items()}
    return {name: each or None for name, each in chosen.items() if each != "*"}


def _beside(written: Mapping[str, Any], filled: Mapping[str, Any]) -> Assigned:
    return {
        path: filled_text(each, filled) if isinstance(each, str) else each
        for path, each in written.items()
    }


def _assigned(template: Any, said: Any, at: str) -> Iterator[tuple[str, Any]]:
    """Give the columns that a part of the map reads, with what they must hold to be read so."""
    if isinstance(template, str):
        if is_column(template):
            yield template[1:-1], said
        return
    if not isinstance(template, Mapping):
        return
    match tuple(template):
        case ("from", "values") | ("values", "from"):
            yield from _assigned(template["from"], _untranslated(template["values"], said, at), at)
        case ("from", "blank") | ("blank", "from"):
            yield from _assigned(template["from"], said or template["blank"], at)
        case ("split",):
            yield from _assigned(template["split"], ";".join(said or ()), at)
        case ("first",):
            yield from _assigned(template["first"][0], said, at)
        case ("only",):
            # What is found out from several places stands in the record of the event.
            return
        case _:
            given = said or {}
            for name in given.keys() - template.keys():
                if given[name]:
                    raise CannotMap(f"the map of the org has no place for {at}{name}")
            for name, one in template.items():
                yield from _assigned(one, given.get(name), f"{at}{name}.")


def _untranslated(values: Mapping[str, Any], said: Any, at: str) -> str | None:
    for written, meant in values.items():
        if meant == said or (isinstance(meant, list) and sorted(meant) == sorted(said or ())):
            return written
    if said is not None:
        raise CannotMap(f"the map of the org has no value for {at.rstrip('.')}")
    return None


def _entry_rule(value: Any) -> EachRule | None:
    return each_rule(value[0]) if isinstance(value, list) else None


def _key(table: Table, assigned: Mapping[str, Any]) -> str:
    return next((name for (name,) in table.keys if name in assigned), "")


def _as_column(table: Table, name: str, value: Any) -> Any:
    if table.by_name[name].kind == "Boolean":
        return bool(value)
    return None if value in (None, "") else str(value)
