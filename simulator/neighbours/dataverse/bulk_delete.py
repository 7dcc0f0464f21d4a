"""The BulkDelete action: a job that removes the rows of a query, done at once and not queued.

A query is QueryExpression as Microsoft's client writes it: conditions that all hold, each of one
column with Equal or In. Source: Microsoft's reference of the action, learn.microsoft.com.
"""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from simulator.neighbours.dataverse.errors import bad_request, no_property
from simulator.neighbours.dataverse.rows import Row, Rows
from simulator.neighbours.dataverse.tables import TABLES, Table

_OPERATORS = ("Equal", "In")


def bulk_delete(rows: Rows, given: Mapping[str, Any]) -> dict[str, str]:
    """Remove what the queries find; return the job's id. Raises DataverseError."""
    queries = given.get("QuerySet")
    if not given.get("JobName") or not isinstance(queries, list) or not queries:
        raise bad_request("BulkDelete wants JobName and QuerySet, a list of queries.")
    for table, is_found in [_read(each) for each in queries]:
        for row in [each for each in rows.all(table) if is_found(each)]:
            rows.delete(table, str(row[table.id_column]))
    return {"JobId": str(uuid4())}


def _read(query: Any) -> tuple[Table, Callable[[Row], bool]]:
    name = query.get("EntityName") if isinstance(query, dict) else None
    if not isinstance(name, str) or name not in TABLES:
        raise bad_request(f"A query of BulkDelete names no table: EntityName is {name!r:.60}.")
    table, criteria = TABLES[name], query.get("Criteria")
    conditions = criteria.get("Conditions") if isinstance(criteria, dict) else None
    if not isinstance(conditions, list) or not conditions or criteria.get("Filters"):
        raise bad_request("A query of BulkDelete wants Criteria with Conditions, and no Filters.")
    if criteria.get("FilterOperator", "And") != "And":
        raise bad_request("The conditions of BulkDelete are joined by And here.")
    checks = [_condition(table, each) for each in conditions]
    return table, lambda row: all(check(row) for check in checks)


def _condition(table: Table, given: Any) -> Callable[[Row], bool]:
    if not isinstance(given, dict) or given.get("Operator") not in _OPERATORS:
        raise bad_request(f"A condition of BulkDelete has Operator {' or '.join(_OPERATORS)} here.")
    name, values = given.get("AttributeName"), given.get("Values")
    if not isinstance(name, str) or (name != table.id_column and name not in table.by_name):
        raise no_property(str(name)[:60], table.name)
    if not isinstance(values, list) or not values:
        raise bad_request("A condition of BulkDelete wants Values.")
    wanted = [_plain(each.get("Value") if isinstance(each, dict) else each) for each in values]
    return lambda row: _plain(row.get(name)) in wanted


def _plain(value: Any) -> Any:
    """Compare texts, and so ids, without regard to case, as Dataverse does."""
    return value.lower() if isinstance(value, str) else value
