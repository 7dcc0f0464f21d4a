"""A query as a plan over the org's records: names and types are checked, then rows are found.

Text is compared without regard to case, as documented. A plan is made once for each text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

from msgspec import Struct, structs

from simulator.neighbours.salesforce import soql_tree as tree
from simulator.neighbours.salesforce.errors import SalesforceError, bad, no_type
from simulator.neighbours.salesforce.objects import OBJECTS, Field, SObject, Value
from simulator.neighbours.salesforce.record_ids import whole_id
from simulator.neighbours.salesforce.soql_conditions import (
    Reader,
    Row,
    Test,
    View,
    condition,
    reader,
)
from simulator.neighbours.salesforce.soql_tree import pointed_at

ALL_FIELDS_ROWS_MAX = 200

Show: TypeAlias = Callable[[Row, View], Any]


class Plan(Struct, frozen=True, kw_only=True):
    """How a query is answered."""

    sobject: SObject
    test: Test | None
    found_by: tuple[str, tuple[Value, ...]] | None
    show: Show
    order: tuple[tuple[Reader, bool, bool], ...]
    group: tuple[tuple[str, Reader], ...]
    sums: "tuple[_Sum, ...]"
    query: tree.Query


class _Sum(Struct, frozen=True):
    name: str
    function: str
    read: Reader


@lru_cache(maxsize=tree.QUERIES_KEPT_MAX)
def plan_of(text: str) -> Plan:
    """Make the plan of a query; raises SalesforceError."""
    query = tree.read_query(text)
    sobject = OBJECTS.get(query.source.lower())
    if sobject is None or sobject.is_event:
        error = no_type(query.source)
        shown = pointed_at(query.text, query.source_at, error.message)
        raise SalesforceError(error.status, error.code, shown)
    return _plan(query, sobject)


def rows_of(plan: Plan, view: View, *, deleted: bool = False) -> list[Row]:
    """Find the rows of a query, in order."""
    query = plan.query
    rows = _tested(plan, _begun(plan, view), view, deleted=deleted)
    for read, is_descending, nulls_last in reversed(plan.order):
        keyed = [(read(row, view), row) for row in rows]
        some = [each for each in keyed if each[0] is not None]
        none = [row for value, row in keyed if value is None]
        some.sort(key=lambda each: _sortable(each[0]), reverse=is_descending)
        rows = [row for _, row in some]
        rows = rows + none if nulls_last else none + rows
    end = None if query.limit is None else query.offset + query.limit
    return rows[query.offset : end]


def shown_rows(plan: Plan, rows: Sequence[Row], view: View) -> list[dict[str, Any]]:
    """Show rows, each with the fields that were asked for; with aggregates, their groups."""
    if not plan.sums and not plan.group:
        return [plan.show(each, view) for each in rows]
    groups: dict[tuple[Any, ...], list[Row]] = {} if plan.group else {(): list(rows)}
    for row in rows if plan.group else ():
        groups.setdefault(tuple(read(row, view) for _, read in plan.group), []).append(row)
    shown = []
    names = [name for name, _ in plan.group]
    for key, members in groups.items():
        values: dict[str, Any] = {"attributes": {"type": "AggregateResult"}}
        values |= dict(zip(names, key, strict=True))
        values |= {each.name: _summed(each, members, view) for each in plan.sums}
        shown.append(values)
    return shown


def _begun(plan: Plan, view: View) -> Iterable[Row]:
    """The rows to look at: those with a value that is asked for, if a field finds them."""
    if plan.found_by is None:
        return view.records.all(plan.sobject.name)
    field, values = plan.found_by
    if field == "Id":
        found = (view.records.find_any(plan.sobject.name, str(each)) for each in values)
        return [each for each in found if each is not None]
    return [
        row
        for each in dict.fromkeys(values)
        for row in view.records.with_value(plan.sobject.name, field, each)
    ]


def _tested(plan: Plan, rows: Iterable[Row], view: View, *, deleted: bool) -> list[Row]:
    test, name = plan.test, plan.sobject.name
    return [
        row
        for row in rows
        if (deleted or not row["IsDeleted"])
        and view.shows(name, row)
        and (test is None or test(row, view))
    ]


def _plan(query: tree.Query, sobject: SObject) -> Plan:
    group = tuple((each.path[-1], reader(query, each, sobject)[0]) for each in query.group)
    sums: list[_Sum] = []
    unnamed = 0
    for each in query.items:
        if isinstance(each, tree.Aggregate):
            read, _ = reader(query, each.field, sobject)
            sums.append(_Sum(each.alias or f"expr{unnamed}", each.function, read))
            unnamed += not each.alias
    if sums or group:
        _check_grouped(query)
    test, found_by = None, None
    if query.where is not None or query.categories:
        test = condition(query, sobject, _inner_rows)
        found_by = _found_by(query.where, sobject)
    return Plan(
        sobject=sobject,
        test=test,
        found_by=found_by,
        show=_show(query, sobject),
        order=tuple(
            (reader(query, each.field, sobject)[0], each.is_descending, each.nulls_last)
            for each in query.order
        ),
        group=group,
        sums=tuple(sums),
        query=query,
    )


def _inner_rows(query: tree.Query, sobject: SObject) -> Callable[[View], list[Row]]:
    plan = _plan(query, sobject)
    return lambda view: rows_of(plan, view)


def _check_grouped(query: tree.Query) -> None:
    grouped = {tuple(part.lower() for part in each.path) for each in query.group}
    named = [each for each in query.items if isinstance(each, tree.Named)]
    for each in (*named, *(every.field for every in query.order)):
        if tuple(part.lower() for part in each.path) not in grouped:
            message = f"Field must be grouped or aggregated: {each.path[-1][:40]}"
            raise bad("MALFORMED_QUERY", pointed_at(query.text, each.at, message))
    if any(isinstance(each, tree.AllFields | tree.Query) for each in query.items):
        raise bad("MALFORMED_QUERY", "FIELDS and subqueries cannot be used with aggregates")


def _found_by(
    where: tree.Condition | None, sobject: SObject
) -> tuple[str, tuple[Value, ...]] | None:
    """Find a field and its values that every row that fits must have."""
    if isinstance(where, tree.Joined) and where.word == "and":
        found = (_found_by(each, sobject) for each in where.parts)
        return next((each for each in found if each is not None), None)
    if (
        not isinstance(where, tree.Comparison)
        or where.operator not in {"=", "in"}
        or len(where.field.path) > 1
        or isinstance(where.right, tree.Query)
    ):
        return None
    field = sobject.by_name[where.field.path[0].lower()]
    if not (field.is_indexed or field.kind == "id") or any(
        each.kind != "string" for each in where.right
    ):
        return None
    is_id = field.kind in {"id", "reference"}
    values = (whole_id(each.value) if is_id else each.value for each in where.right)
    return field.name, tuple(values)


def _show(query: tree.Query, sobject: SObject) -> Show:
    """Make what shows a row: its fields, its parents' fields, its children."""
    own: dict[str, str] = {}
    parents: dict[str, list[tree.Named]] = {}
    children: list[tuple[str, str, Plan]] = []
    for each in query.items:
        match each:
            case tree.Named() if len(each.path) > 1:
                reader(query, each, sobject)
                parents.setdefault(each.path[0].lower(), []).append(
                    tree.Named(each.path[1:], each.at)
                )
            case tree.Named():
                own[reader(query, each, sobject)[1].name] = ""
            case tree.AllFields():
                own |= dict.fromkeys(_all_fields(query, each, sobject), "")
            case tree.Query():
                children.append(_child(each, sobject))
    names = tuple(own)
    inner = [
        (sobject.by_relationship[name], _parent_show(query, fields, sobject.by_relationship[name]))
        for name, fields in parents.items()
    ]
    kind = sobject.name

    def show(row: Row, view: View) -> dict[str, Any]:
        shown: dict[str, Any] = {"attributes": view.attributes(kind, row)}
        for name in names:
            shown[name] = row[name]
        for step, show_parent in inner:
            parent = view.parent(step, row)
            shown[step.relationship] = None if parent is None else show_parent(parent, view)
        for name, field, plan in children:
            shown[name] = _shown_children(plan, field, row, view)
        return shown

    return show


def _parent_show(query: tree.Query, fields: Sequence[tree.Named], step: Field) -> Show:
    return _show(structs.replace(query, items=tuple(fields)), OBJECTS[step.targets[0].lower()])


def _child(query: tree.Query, sobject: SObject) -> tuple[str, str, Plan]:
    for child in sobject.children:
        if child.name.lower() == query.source.lower():
            if any(isinstance(each, tree.Query) for each in query.items):
                break
            other = OBJECTS[child.sobject.lower()]
            return child.name, child.field, _plan(query, other)
    message = (
        f"Didn't understand relationship '{query.source[:80]}' in FROM part of query call. If you "
        "are attempting to use a custom relationship, be sure to append the '__r' after the custom "
        "relationship name. Please reference your WSDL or the describe call for the appropriate "
        "names."
    )
    raise bad("INVALID_TYPE", pointed_at(query.text, query.source_at, message))


def _shown_children(plan: Plan, field: str, row: Row, view: View) -> Mapping[str, Any] | None:
    by_parent = structs.replace(plan, found_by=(field, (row["Id"],)))
    shown = shown_rows(plan, rows_of(by_parent, view), view)
    return {"totalSize": len(shown), "done": True, "records": shown} if shown else None


def _all_fields(query: tree.Query, asked: tree.AllFields, sobject: SObject) -> list[str]:
    if asked.which != "standard" and not 0 < (query.limit or 0) <= ALL_FIELDS_ROWS_MAX:
        message = f"The SOQL FIELDS function must have a LIMIT of at most {ALL_FIELDS_ROWS_MAX}"
        raise bad("MALFORMED_QUERY", message)
    return [
        each.name
        for each in sobject.fields
        if asked.which == "all" or (asked.which == "custom") == each.name.endswith("__c")
    ]


def _summed(asked: _Sum, rows: Sequence[Row], view: View) -> Any:
    values = [value for row in rows if (value := asked.read(row, view)) is not None]
    match asked.function:
        case "count":
            return len(values)
        case "count_distinct":
            return len({_sortable(each) for each in values})
        case "min":
            return min(values, key=_sortable, default=None)
    return max(values, key=_sortable, default=None)


def _sortable(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value
