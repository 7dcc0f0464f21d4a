"""EntityDefinitions: what a client asks of the tables before it writes its first row."""

import re
from collections.abc import Mapping
from typing import Any

from simulator.neighbours.dataverse.errors import bad_request, no_row, no_segment
from simulator.neighbours.dataverse.metadata import (
    NAMESPACE,
    attribute,
    definition,
    key,
    message_filters,
    relationship,
)
from simulator.neighbours.dataverse.tables import NAMING, TABLES, Table

_ONE = re.compile(
    r"EntityDefinitions\((?:LogicalName='(?P<name>\w+)'|(?P<id>[0-9a-fA-F-]{36}))\)(?:/(?P<rest>.*))?",
    re.DOTALL,
)
_NAMED = re.compile(r"(LogicalName|EntitySetName|SchemaName) eq '([^']*)'")
_OF_TABLE = re.compile(r"primaryobjecttypecode eq '([^']*)'")
_KIND = re.compile(rf"Attributes/{re.escape(NAMESPACE)}\.(\w+)AttributeMetadata")
_ATTRIBUTE = re.compile(r"Attributes\(LogicalName='(\w+)'\)")


def definitions_answer(path: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Answer a request for definitions; raises DataverseError."""
    if path == "EntityDefinitions":
        return {"value": [_selected(definition(each), parameters) for each in _wanted(parameters)]}
    if path == "sdkmessagefilters":
        return _message_filters(parameters)
    match = _ONE.fullmatch(path)
    if match is None:
        raise no_segment(path[:100])
    table = _table(match["name"], match["id"])
    rest = match["rest"] or ""
    if not rest:
        return _selected(definition(table), parameters)
    return _part(table, rest)


def _part(table: Table, rest: str) -> dict[str, Any]:
    """Answer for what belongs to a table; raises DataverseError."""
    if named := _ATTRIBUTE.fullmatch(rest):
        column = table.by_name.get(named[1])
        if column is None:
            raise no_row("Attribute", named[1])
        return attribute(table, column)
    if kind := _KIND.fullmatch(rest):
        wanted = [each for each in table.columns if each.kind == kind[1]]
        return {"value": [attribute(table, each) for each in wanted]}
    match rest:
        case "Keys":
            value = [key(table, each) for each in table.keys]
        case "Attributes":
            value = [attribute(table, each) for each in table.columns]
        case "OneToManyRelationships":
            value = [relationship(table, each) for each in NAMING[table.name]]
        case "ManyToOneRelationships":
            both = [(TABLES[name], each) for name, found in NAMING.items() for each in found]
            value = [relationship(one, each) for one, each in both if each.table is table]
        case _:
            raise no_segment(rest[:100])
    return {"value": value}


def _message_filters(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Answer which messages a table has: those on several rows, for the table that is named."""
    table = _OF_TABLE.search(parameters.get("$filter", ""))
    tables = [each for each in TABLES.values() if table is None or each.name == table[1]]
    return {"value": [one for each in tables for one in message_filters(each)]}


def _wanted(parameters: Mapping[str, str]) -> list[Table]:
    text = parameters.get("$filter", "")
    if not text:
        return list(TABLES.values())
    match = _NAMED.fullmatch(text.strip())
    if match is None:
        raise bad_request(f"The filter of definitions '{text[:100]}' is not supported.")
    property_name, value = match.groups()
    return [each for each in TABLES.values() if definition(each)[property_name] == value]


def _table(name: str | None, metadata_id: str | None) -> Table:
    for each in TABLES.values():
        if each.name == name or definition(each)["MetadataId"] == (metadata_id or "").lower():
            return each
    raise no_row("EntityMetadata", name or metadata_id or "")


def _selected(shown: dict[str, Any], parameters: Mapping[str, str]) -> dict[str, Any]:
    names = [each.strip() for each in parameters.get("$select", "").split(",") if each.strip()]
    if not names:
        return shown
    return {name: shown.get(name) for name in {*names, "MetadataId"}}
