"""A row as the Web API shows it: selected columns, lookups as ids, ETag and formatted values."""

from typing import Any

from simulator.neighbours.dataverse.queries import Expansion, rows_naming
from simulator.neighbours.dataverse.rows import Row, Rows
from simulator.neighbours.dataverse.tables import TABLES, Column, Table, Value

FORMATTED = "OData.Community.Display.V1.FormattedValue"


def etag(row: Row) -> str:
    """The version of a row as an ETag."""
    return f'W/"{row["versionnumber"]}"'


def shown_row(
    rows: Rows,
    table: Table,
    row: Row,
    *,
    selected: tuple[str, ...] = (),
    expanded: tuple[Expansion, ...] = (),
    is_formatted: bool = False,
) -> dict[str, Any]:
    """Show a row; its id and ETag are always there."""
    shown: dict[str, Any] = {"@odata.etag": etag(row)}
    for column in table.columns:
        name = column.property_name
        if selected and name not in selected:
            continue
        value = row.get(column.name)
        if is_formatted and (words := _formatted(rows, column, value)):
            shown[f"{name}@{FORMATTED}"] = words
        shown[name] = value
    shown[table.id_column] = row[table.id_column]
    for each in expanded:
        others = _others(rows, each, row, row[table.id_column])
        query = each.query
        found = [
            shown_row(rows, query.table, other, selected=query.selected, expanded=query.expanded)
            for other in others
        ]
        shown[each.name] = found if each.is_collection else next(iter(found), None)
    return shown


def _others(rows: Rows, each: Expansion, row: Row, row_id: Value) -> list[Row]:
    if each.is_collection:
        return rows_naming(each.query, rows, each.column, row_id)
    other, table = row.get(each.column.name), each.query.table
    is_there = isinstance(other, str) and rows.has(table, other)
    return [rows.get(table, str(other))] if is_there else []


def _formatted(rows: Rows, column: Column, value: Value) -> str:
    """Write a value as Dynamics' own pages show it, "" if as it is."""
    if value is None:
        return ""
    match column.kind:
        case "Picklist":
            return column.options.get(int(value), "")
        case "Boolean":
            return "Yes" if value else "No"
        case "Lookup":
            return _name_of(rows, column.targets, str(value))
        case "Integer":
            return f"{value:,}"
        case _:
            return ""


def _name_of(rows: Rows, targets: tuple[str, ...], row_id: str) -> str:
    for target in targets:
        table = TABLES[target]
        if rows.has(table, row_id):
            return str(rows.get(table, row_id)[table.name_column] or "")
    return ""
