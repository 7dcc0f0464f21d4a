"""What a GET of a table asks for: $select, $filter, $orderby, $expand, $top, $count, and pages.

`$skip` is not supported, as in Dataverse: pages go on by the link to the next.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from simulator.neighbours.dataverse.errors import bad_request, no_property
from simulator.neighbours.dataverse.filters import Filter, read_filter
from simulator.neighbours.dataverse.rows import Row, Rows
from simulator.neighbours.dataverse.tables import NAMING, TABLES, Column, Table, lookup_named

PAGE_ROWS_MAX = 5000
EXPANSIONS_MAX = 15
_IN_COLLECTIONS = frozenset({"$select", "$filter", "$orderby", "$top", "$expand"})
_KNOWN = frozenset(
    {"$select", "$filter", "$orderby", "$expand", "$top", "$count", "$skiptoken", "$deltatoken"}
)
#: Whole queries in another language, which Dataverse takes: left out here, and never overlooked.
_OTHER_LANGUAGES = frozenset({"sql", "fetchXml", "savedQuery", "userQuery"})


class Expansion(Struct, frozen=True, kw_only=True):
    """A lookup whose row is given whole, or the rows that name this one (`is_collection`)."""

    name: str
    column: Column
    query: "Query"
    is_collection: bool = False


class Query(Struct, frozen=True, kw_only=True):
    """A query of one table; empty parts ask for everything."""

    table: Table
    selected: tuple[str, ...] = ()
    filter: Filter | None = None
    order: tuple[tuple[str, bool], ...] = ()
    expanded: tuple[Expansion, ...] = ()
    top: int = 0
    counts: bool = False
    after: int = 0


def read_query(parameters: Mapping[str, str], table: Table) -> Query:
    """Read a query; raises DataverseError."""
    for name in parameters:
        if name == "$skip":
            raise bad_request("Skip Clause is not supported in CRM")
        is_unknown = name.startswith("$") and name not in _KNOWN
        if is_unknown or name in _OTHER_LANGUAGES:
            raise bad_request(f"The query parameter {name[:60]} is not supported")
    return Query(
        table=table,
        selected=_selected(parameters.get("$select", ""), table),
        filter=_filter(parameters.get("$filter"), table),
        order=_order(parameters.get("$orderby", ""), table),
        expanded=_expanded(parameters.get("$expand", ""), table),
        top=_number("$top", parameters.get("$top")),
        counts=_is_true("$count", parameters.get("$count", "false")),
        after=_after(parameters.get("$skiptoken", "")),
    )


def found_rows(query: Query, rows: Rows) -> list[Row]:
    """List all rows that match, in order; the page is cut from them."""
    return _in_order(query, rows, None)


def rows_naming(query: Query, rows: Rows, column: Column, row_id: Any) -> list[Row]:
    """List the rows that match and name a row, in order."""
    naming = [each for each in rows.all(query.table) if each.get(column.name) == row_id]
    return _in_order(query, rows, naming)


def _in_order(query: Query, rows: Rows, among: list[Row] | None) -> list[Row]:
    if query.filter is None:
        found = list(rows.all(query.table)) if among is None else among
    else:
        matches = query.filter.matches
        asked = rows.among(query.table, query.filter.equals) if among is None else among
        found = [each for each in asked if matches(each)]
    for column, is_descending in reversed(query.order):
        found.sort(key=_sort_key(column), reverse=is_descending)
    return found[: query.top] if query.top else found


def skip_token(place: int) -> str:
    """Make the token of the page that begins at a place."""
    cookie = f"<cookie pagenumber='2' first='{place}' />"
    return base64.urlsafe_b64encode(cookie.encode()).decode()


def _sort_key(column: str) -> Callable[[Row], tuple[bool, Any]]:
    def key(row: Row) -> tuple[bool, Any]:
        value = row.get(column)
        if isinstance(value, str):
            return True, value.lower()
        return value is not None, 0 if value is None else value

    return key


def _selected(text: str, table: Table) -> tuple[str, ...]:
    names = tuple(each.strip() for each in text.split(",") if each.strip())
    for name in names:
        if name not in table.by_property and name != table.id_column:
            raise no_property(name, table.name)
    return names


def _filter(text: str | None, table: Table) -> Filter | None:
    return None if text is None else read_filter(text, table)


def _order(text: str, table: Table) -> tuple[tuple[str, bool], ...]:
    order = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, direction = part.partition(" ")
        column = table.by_property.get(name)
        if column is None and name != table.id_column:
            raise no_property(name, table.name)
        if direction.strip() not in {"", "asc", "desc"}:
            raise bad_request(f"Syntax error in $orderby: '{part[:100]}'.")
        order.append((column.name if column else name, direction.strip() == "desc"))
    return tuple(order)


def _expanded(text: str, table: Table) -> tuple[Expansion, ...]:
    parts = _split_outside_brackets(text, ",")
    if len(parts) > EXPANSIONS_MAX:
        raise bad_request(f"A query has {EXPANSIONS_MAX} $expand options at most.")
    return tuple(_expansion(each, table) for each in parts)


def _expansion(text: str, table: Table) -> Expansion:
    name, has_options, options = text.partition("(")
    if bool(has_options) != options.endswith(")") or ")" in name:
        raise bad_request(f"Syntax error in $expand: '{text[:100]}'.")
    parts = [each.partition("=") for each in _split_outside_brackets(options[:-1], ";")]
    given = {each.strip(): value for each, _, value in parts}
    if lookup := lookup_named(table, name):
        query = _nested(given, TABLES[lookup[1]], frozenset({"$select", "$expand"}))
        return Expansion(name=name, column=lookup[0], query=query)
    for each in NAMING[table.name]:
        if each.name == name:
            query = _nested(given, each.table, _IN_COLLECTIONS)
            return Expansion(name=name, column=each.column, query=query, is_collection=True)
    raise no_property(name, table.name)


def _nested(given: Mapping[str, str], table: Table, allowed: frozenset[str]) -> Query:
    for name in given:
        if name not in allowed:
            raise bad_request(f"The query parameter {name[:60]} is not supported in $expand")
    return read_query(given, table)


def _split_outside_brackets(text: str, at: str) -> list[str]:
    parts, depth, begin, is_quoted = [], 0, 0, False
    for place, character in enumerate(text):
        is_quoted ^= character == "'"
        depth += 0 if is_quoted else (character == "(") - (character == ")")
        if character == at and depth == 0 and not is_quoted:
            parts.append(text[begin:place])
            begin = place + 1
    parts.append(text[begin:])
    return [each.strip() for each in parts if each.strip()]


def _number(name: str, text: str | None) -> int:
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= PAGE_ROWS_MAX * 1000):
        raise bad_request(f"Invalid value '{text[:40]}' for {name} query option found.")
    return int(text[:9])


def _is_true(name: str, text: str) -> bool:
    if text not in {"true", "false"}:
        raise bad_request(f"Invalid value '{text[:40]}' for {name} query option found.")
    return text == "true"


def _after(token: str) -> int:
    if not token:
        return 0
    try:
        cookie = base64.urlsafe_b64decode(token.encode()).decode()
        return max(0, int(cookie.partition("first='")[2].partition("'")[0]))
    except (binascii.Error, ValueError):
        raise bad_request("Malformed XML in the Paging Cookie") from None
