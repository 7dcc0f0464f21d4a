"""The conditions of a query as tests of a row: each is checked against the type of its field.

Messages: filter criteria of a wrong type as the org words them in public traces.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import ge, gt, le, lt
from typing import Any, TypeAlias

from msgspec import Struct

from simulator.neighbours.salesforce import soql_tree as tree
from simulator.neighbours.salesforce.categories import names_for
from simulator.neighbours.salesforce.errors import SalesforceError, bad, no_field
from simulator.neighbours.salesforce.objects import OBJECTS, Field, SObject, Value
from simulator.neighbours.salesforce.record_ids import whole_id
from simulator.neighbours.salesforce.records import Records
from simulator.neighbours.salesforce.rules import is_published
from simulator.neighbours.salesforce.soql_tree import pointed_at
from simulator.neighbours.salesforce.values import moment

Row: TypeAlias = Mapping[str, Value]


class View(Struct, frozen=True, kw_only=True):
    """Who looks at the records, when, and by which version of the API: one for each call."""

    records: Records
    now: datetime
    version: str
    is_portal: bool = False
    #: What an inner query found, read once for all rows of the outer one.
    joined: dict[object, set[Value]] = {}

    def shows(self, name: str, row: Row) -> bool:
        """Say whether they may see a record."""
        return not self.is_portal or is_published(name, row)

    def parent(self, step: Field, row: Row) -> Row | None:
        """Find the record that a field names, None if there is none or it is not for them."""
        for name in step.targets:
            if (found := self.records.find(name, str(row[step.name]))) is not None:
                return found if self.shows(name, found) else None
        return None

    def attributes(self, name: str, row: Row) -> dict[str, str]:
        """What every record that is shown begins with."""
        return {"type": name, "url": f"/services/data/{self.version}/sobjects/{name}/{row['Id']}"}


Test: TypeAlias = Callable[[Row, View], bool]
Reader: TypeAlias = Callable[[Row, View], Value]
#: Makes what finds the rows of a query within another.
InnerRows: TypeAlias = Callable[[tree.Query, SObject], Callable[[View], Sequence[Row]]]

_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_TEXTS = frozenset({"string", "picklist", "email", "phone"})
_IDS = frozenset({"id", "reference"})
_TAKES: Mapping[str, frozenset[str]] = {
    "boolean": frozenset({"boolean", "null"}),
    "datetime": frozenset({"datetime", "day_range", "null"}),
    "date": frozenset({"date", "day_range", "null"}),
    "int": frozenset({"number", "null"}),
}
_TEXT_TAKES = frozenset({"string", "null"})
_TYPE_NAMES = {"datetime": "dateTime", "int": "int", "date": "date", "boolean": "boolean"}


def reader(query: tree.Query, named: tree.Named, sobject: SObject) -> tuple[Reader, Field]:
    """Make what reads a field of a row or of its parents; raises SalesforceError."""
    *parents, last = named.path
    steps: list[Field] = []
    for name in parents:
        step = sobject.by_relationship.get(name.lower())
        if step is None:
            message = f"Didn't understand relationship '{name[:80]}' in field path."
            raise bad("INVALID_FIELD", pointed_at(query.text, named.at, message))
        steps.append(step)
        sobject = OBJECTS[step.targets[0].lower()]
    field = sobject.by_name.get(last.lower())
    if field is None:
        message = no_field(last, sobject.name)
        raise bad("INVALID_FIELD", pointed_at(query.text, named.at, message))
    key = field.name
    if not steps:
        return (lambda row, _view: row[key]), field

    def through(row: Row, view: View) -> Value:
        for step in steps:
            parent = view.parent(step, row)
            if parent is None:
                return None
            row = parent
        return row.get(key)

    return through, field


def condition(query: tree.Query, sobject: SObject, inner_rows: InnerRows) -> Test:
    """Make the test of a query's rows; raises SalesforceError."""
    tests = [_categories(query, sobject)] if query.categories else []
    if query.where is not None:
        tests.insert(0, _Conditions(query, sobject, inner_rows).test(query.where))
    return tests[0] if len(tests) == 1 else _all(tests)


def _all(tests: list[Test]) -> Test:
    return lambda row, view: all(each(row, view) for each in tests)


def _any(tests: list[Test]) -> Test:
    return lambda row, view: any(each(row, view) for each in tests)


class _Conditions:
    def __init__(self, query: tree.Query, sobject: SObject, inner_rows: InnerRows) -> None:
        self._query = query
        self._sobject = sobject
        self._inner_rows = inner_rows

    def test(self, node: tree.Condition) -> Test:
        match node:
            case tree.Joined():
                parts = [self.test(each) for each in node.parts]
                return _all(parts) if node.word == "and" else _any(parts)
            case tree.Negated():
                part = self.test(node.part)
                return lambda row, view: not part(row, view)
        return self._comparison(node)

    def _comparison(self, node: tree.Comparison) -> Test:
        read, field = reader(self._query, node.field, self._sobject)
        if field.kind == "textarea":
            message = f"field '{field.name}' can not be filtered in a query call"
            raise self._wrong("INVALID_FIELD", node, message)
        if isinstance(node.right, tree.Query):
            return self._semi_join(node, read, field)
        for each in node.right:
            self._check(node, field, each)
        if node.operator in {"in", "not in"}:
            among = [self._equals(field, each) for each in node.right]
            wanted = node.operator == "in"
            return lambda row, view: any(each(read(row, view), view) for each in among) is wanted
        [literal] = node.right
        if node.operator == "like":
            pattern = _pattern(str(literal.value))
            return lambda row, view: pattern(str(read(row, view) or ""))
        if node.operator in {"=", "!="}:
            equals, is_wanted = self._equals(field, literal), node.operator == "="
            return lambda row, view: equals(read(row, view), view) is is_wanted
        return _ordering(node.operator, read, field, literal)

    def _check(self, node: tree.Comparison, field: Field, literal: tree.Literals) -> None:
        """Refuse a value of another type than the field's."""
        kinds = _TAKES.get(field.kind, _TEXT_TAKES)
        if literal.kind not in kinds:
            name = _TYPE_NAMES.get(field.kind, "string")
            quotes = "be" if name == "string" else "not be"
            message = (
                f"value of filter criterion for field '{field.name}' must be of type {name} and "
                f"should {quotes} enclosed in quotes"
            )
            raise self._wrong("INVALID_FIELD", node, message)
        is_text = field.kind in _TEXTS
        is_ordered = node.operator in _ORDERED
        if (node.operator == "like" and (not is_text or literal.kind == "null")) or (
            is_ordered and (literal.kind == "null" or field.kind in {"boolean", *_IDS})
        ):
            raise self._wrong("INVALID_QUERY_FILTER_OPERATOR", node, "invalid operator")
        if field.kind in _IDS and literal.kind == "string" and not whole_id(literal.value):
            message = f"invalid ID field: {literal.value[:80]}"
            raise self._wrong("INVALID_QUERY_FILTER_OPERATOR", node, message)

    def _equals(self, field: Field, literal: tree.Literals) -> Callable[[Value, View], bool]:
        wanted = literal.value
        if literal.kind == "day_range":
            return lambda value, view: value is not None and _is_within(value, wanted, field, view)
        if literal.kind == "string":
            wanted = whole_id(wanted) if field.kind in _IDS else wanted.lower()
            if field.kind in _IDS:
                return lambda value, _view: value == wanted
            return lambda value, _view: isinstance(value, str) and value.lower() == wanted
        constant = _constant(literal)
        return lambda value, _view: value == constant

    def _semi_join(self, node: tree.Comparison, read: Reader, field: Field) -> Test:
        query = node.right
        assert isinstance(query, tree.Query)
        other = OBJECTS.get(query.source.lower())
        item = query.items[0] if len(query.items) == 1 else None
        if other is None or other.is_event or not isinstance(item, tree.Named):
            raise self._wrong("MALFORMED_QUERY", node, "The inner query cannot be joined by")
        rows = self._inner_rows(query, other)
        inner, kept = reader(query, item, other)
        if field.kind not in _IDS or kept.kind not in _IDS:
            message = f"The semi join field '{field.name}' and its inner field must be ids"
            raise self._wrong("MALFORMED_QUERY", node, message)
        wanted = node.operator == "in"

        def among(row: Row, view: View) -> bool:
            found = view.joined.get(rows)
            if found is None:
                found = view.joined[rows] = {inner(each, view) for each in rows(view)}
            return (read(row, view) in found) is wanted

        return among

    def _wrong(self, code: str, node: tree.Comparison, message: str) -> SalesforceError:
        return bad(code, pointed_at(self._query.text, node.field.at, message))


def _ordering(operator: str, read: Reader, field: Field, literal: tree.Literals) -> Test:
    compare = _ORDERED[operator]
    if literal.kind == "day_range":
        # As documented: before a range begins, or after it has ended.
        at_end = operator in {">", "<="}

        def in_days(row: Row, view: View) -> bool:
            value = read(row, view)
            begin, end = _day_range(literal.value, field, view)
            if value is None:
                return False
            if at_end:
                return str(value) >= end if operator == ">" else str(value) < end
            return compare(str(value), begin)

        return in_days
    wanted = _constant(literal)
    if isinstance(wanted, str) and literal.kind == "string":
        wanted = wanted.lower()

    def ordered(row: Row, view: View) -> bool:
        value = read(row, view)
        if isinstance(value, str) and literal.kind == "string":
            value = value.lower()
        return value is not None and compare(value, wanted)

    return ordered


def _constant(literal: tree.Literals) -> Any:
    if literal.kind == "datetime":
        return moment(literal.value)
    return literal.value.isoformat() if literal.kind == "date" else literal.value


def _is_within(value: Value, days: tuple[str, int], field: Field, view: View) -> bool:
    begin, end = _day_range(days, field, view)
    return begin <= str(value) < end


def _day_range(days: tuple[str, int], field: Field, view: View) -> tuple[str, str]:
    """The first moment of a range of days, and the first after it, in UTC."""
    name, count = days
    today = view.now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = {"yesterday": -1, "tomorrow": 1, "last_n_days": -count, "next_n_days": 1}.get(name, 0)
    last = {"yesterday": -1, "tomorrow": 1, "next_n_days": count}.get(name, 0)
    begin, end = today + timedelta(days=first), today + timedelta(days=last + 1)
    if field.kind == "date":
        return begin.date().isoformat(), end.date().isoformat()
    return moment(begin), moment(end)


def _pattern(text: str) -> Callable[[str], bool]:
    r"""Read a LIKE: `%` is any text, `_` any character, `\%` and `\_` those characters.

    Part after part is looked for, so that no pattern takes long.
    """
    parts: list[str] = [""]
    for each in re.findall(r"\\[%_]|[%_]|[^%_\\]+|\\", text):
        if each == "%":
            parts.append("")
        else:
            parts[-1] += "." if each == "_" else re.escape(each.removeprefix("\\"))
    first, *others = [re.compile(each, re.IGNORECASE | re.DOTALL) for each in parts]

    def matches(value: str) -> bool:
        if not others:
            return first.fullmatch(value) is not None
        found = first.match(value)
        for each in others[:-1]:
            found = each.search(value, found.end()) if found else None
        if found is None:
            return False
        # All but `.` is taken as it is: the last part is as long as it is written.
        begin = max(found.end(), len(value) - lengths[-1])
        return others[-1].fullmatch(value, begin) is not None

    lengths = [len(re.sub(r"\\(.)", r"\1", each, flags=re.DOTALL)) for each in parts]
    return matches


def _categories(query: tree.Query, sobject: SObject) -> Test:
    if sobject.name != "Knowledge__kav":
        message = "WITH DATA CATEGORY is not supported for this sObject type"
        raise bad("MALFORMED_QUERY", message)
    wanted: list[tuple[str, frozenset[str]]] = []
    for each in query.categories:
        group = each.group.removesuffix("__c")
        names: set[str] = set()
        for name in each.names:
            found = names_for(group, each.selecting, name.removesuffix("__c"))
            if found is None:
                message = f"Invalid data category: {each.group[:80]} {name[:80]}"
                raise bad("MALFORMED_QUERY", message)
            names |= found
        wanted.append((group, frozenset(names)))

    def chosen(row: Row, view: View) -> bool:
        selections = view.records.living("Knowledge__DataCategorySelection", "ParentId", row["Id"])
        given = {(each["DataCategoryGroupName"], each["DataCategoryName"]) for each in selections}
        return all(any((group, name) in given for name in names) for group, names in wanted)

    return chosen
