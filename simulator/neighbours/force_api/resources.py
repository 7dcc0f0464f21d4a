"""A row as a resource of JSON:API, and a resource that was written as the values of a row."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from simulator.neighbours.dataverse.rows import Row, Rows
from simulator.neighbours.dataverse.tables import Value
from simulator.neighbours.force_api.fields import Attribute, Link, ResourceType
from simulator.neighbours.force_api.refusals import Refusal

#: RFC 3339, as OpenAPI's `date-time` has it.
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_MEMBERS = frozenset({"type", "id", "attributes", "relationships"})


def shown(kind: ResourceType, row: Mapping[str, Any]) -> dict[str, Any]:
    """Show a row as a resource object, with every attribute, empty ones too."""
    return {
        "type": kind.name,
        "id": row[kind.table.id_column],
        "attributes": {
            name: _shown_value(each, row.get(each.column.name))
            for name, each in kind.attributes.items()
        },
        "relationships": {
            name: {"data": _identifier(each, row.get(each.column.name))}
            for name, each in kind.links.items()
        },
        "meta": {"version": row["versionnumber"]},
    }


def included(
    types: Mapping[str, ResourceType], rows: Rows, shown_ones: Iterable[dict[str, Any]], names: Any
) -> list[dict[str, Any]]:
    """Show the records that others are related to, each once, by the names of relationships."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for each in shown_ones:
        for name in names:
            other = each["relationships"].get(name, {}).get("data")
            if not other:
                continue
            kind = types[other["type"]]
            if rows.has(kind.table, other["id"]):
                row = rows.get(kind.table, other["id"])
                found[other["type"], other["id"]] = shown(kind, row)
    return list(found.values())


def read_resource(
    kind: ResourceType, given: Any, at: str, *, row_id: str = "", is_new: bool
) -> Row:
    """Read a resource object into the values of a row; raises Refusal naming the place.

    A lookup is given as `@odata.bind`, so that the records check that its row is there.
    """
    if not isinstance(given, dict):
        raise Refusal(400, "Give a resource object here.", pointer=at)
    for name in given.keys() - _MEMBERS:
        raise Refusal(422, f"Not a member of a resource object: {name[:60]}", pointer=at)
    if given.get("type") != kind.name:
        raise Refusal(409, f"The type here is {kind.name}.", pointer=f"{at}/type")
    if is_new and "id" in given:
        raise Refusal(422, "The force gives the id itself; leave it out.", pointer=f"{at}/id")
    if not is_new and given.get("id") != row_id:
        raise Refusal(409, "The id is not that of the address.", pointer=f"{at}/id")
    attributes = _members(given, "attributes", at)
    relationships = _members(given, "relationships", at)
    values: Row = {}
    for name, value in attributes.items():
        values |= _read_attribute(kind, name, value, f"{at}/attributes/{name[:60]}")
    for name, value in relationships.items():
        values |= _read_link(kind, name, value, f"{at}/relationships/{name[:60]}")
    for name in kind.required:
        is_missing = name not in attributes if is_new else False
        if is_missing or (name in attributes and not attributes[name]):
            raise Refusal(422, "It cannot be without this.", pointer=f"{at}/attributes/{name}")
    return values


def is_guid(text: str) -> bool:
    """Say whether a text is an id as the records write it."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def coded(attribute: Attribute, text: str) -> Value:
    """Turn an attribute's text, as in a filter, into the value of its column."""
    return attribute.codes.get(text, text)


def _members(given: dict[str, Any], name: str, at: str) -> dict[str, Any]:
    found = given.get(name, {})
    if not isinstance(found, dict):
        raise Refusal(400, "Give an object here.", pointer=f"{at}/{name}")
    return found


def _read_attribute(kind: ResourceType, name: str, value: Any, at: str) -> Row:
    attribute = kind.attributes.get(name)
    if attribute is None:
        raise Refusal(422, f"{kind.name} has no such attribute.", pointer=at)
    if attribute.is_read_only:
        raise Refusal(422, "The force's system sets this itself; leave it out.", pointer=at)
    if name == kind.key and value == "":
        raise Refusal(422, "A key is not empty; leave it out, or give null.", pointer=at)
    return {attribute.column.name: None if value is None else _read_value(attribute, value, at)}


def _read_value(attribute: Attribute, value: Any, at: str) -> Value:
    column = attribute.column
    if attribute.codes:
        if not isinstance(value, str) or value not in attribute.codes:
            raise Refusal(422, f"One of {', '.join(attribute.codes)}", pointer=at)
        return attribute.codes[value]
    match column.kind:
        case "String" | "Memo" if isinstance(value, str):
            if len(value) > column.characters_max:
                raise Refusal(422, f"At most {column.characters_max} characters.", pointer=at)
            return value
        case "Boolean" if isinstance(value, bool):
            return value
        case "Integer" if isinstance(value, int) and not isinstance(value, bool):
            return value
        case "DateTime" if isinstance(value, str) and attribute.is_date:
            return _read_date(value, at)
        case "DateTime" if isinstance(value, str):
            return _read_moment(value, at)
    raise Refusal(422, f"Not a {_kind_in_words(attribute)}.", pointer=at)


def _read_date(value: str, at: str) -> str:
    try:
        if len(value) == 10:
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise Refusal(422, "Give a day as in 1980-02-29.", pointer=at)


def _read_moment(value: str, at: str) -> str:
    try:
        if _MOMENT.fullmatch(value):
            moment = datetime.fromisoformat(value.upper()).astimezone(UTC)
            return moment.isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        pass
    raise Refusal(422, "Give a time with its zone, as in 2026-06-01T09:00:00Z.", pointer=at)


def _kind_in_words(attribute: Attribute) -> str:
    words = {"Boolean": "true or false", "Integer": "whole number", "DateTime": "time"}
    return words.get(attribute.column.kind, "text")


def _read_link(kind: ResourceType, name: str, value: Any, at: str) -> Row:
    link = kind.links.get(name)
    if link is None:
        raise Refusal(422, f"{kind.name} has no such relationship.", pointer=at)
    if not isinstance(value, dict) or value.keys() != {"data"}:
        raise Refusal(400, "Give an object with data here.", pointer=at)
    other = value["data"]
    if other is None:
        return {f"{link.column.name}@odata.bind": None}
    if not isinstance(other, dict) or other.keys() != {"type", "id"}:
        raise Refusal(400, "Give type and id here, or null.", pointer=f"{at}/data")
    if other["type"] != link.target:
        raise Refusal(409, f"The type here is {link.target}.", pointer=f"{at}/data/type")
    if not isinstance(other["id"], str) or not is_guid(other["id"]):
        raise Refusal(422, "Not an id; give one that the force gave.", pointer=f"{at}/data/id")
    address = f"/{link.set_name}({other['id'].lower()})"
    return {f"{link.column.name}@odata.bind": address}


def _identifier(link: Link, value: Any) -> dict[str, str] | None:
    return {"type": link.target, "id": value} if isinstance(value, str) else None


def _shown_value(attribute: Attribute, value: Any) -> Any:
    if value is None:
        return None
    if attribute.codes:
        return next((word for word, code in attribute.codes.items() if code == value), None)
    return str(value)[:10] if attribute.is_date else value
