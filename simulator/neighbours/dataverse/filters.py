"""A `$filter` as a test of a row: parsed by odata-query, checked against the table's columns.

The functions are those that Dataverse documents for its Web API: contains, startswith, endswith.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from msgspec import Struct
from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser
from sly.lex import LexError

from simulator.neighbours.dataverse.errors import bad_request, no_property
from simulator.neighbours.dataverse.tables import TABLES, Table, Value

FILTER_CHARACTERS_MAX = 8_000
FILTERS_KEPT_MAX = 256

Test = Callable[[Mapping[str, Value]], bool]
Read = Callable[[Mapping[str, Value]], Any]

_COMPARISONS: Mapping[type, Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FUNCTIONS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda whole, part: part in whole,
    "startswith": lambda whole, part: whole.startswith(part),
    "endswith": lambda whole, part: whole.endswith(part),
}


_OPERATORS: Mapping[type, str] = {
    ast.Eq: "Equal",
    ast.NotEq: "NotEqual",
    ast.Lt: "LessThan",
    ast.LtE: "LessThanOrEqual",
    ast.Gt: "GreaterThan",
    ast.GtE: "GreaterThanOrEqual",
    ast.In: "Equal",
}
#: The types of literals; types that are alike may be compared.
_LITERALS: Mapping[type, str] = {
    ast.String: "String",
    ast.Integer: "Int32",
    ast.Float: "Double",
    ast.Boolean: "Boolean",
    ast.GUID: "Guid",
    ast.DateTime: "DateTimeOffset",
    ast.Date: "Date",
}
_ALIKE: Mapping[str, str] = {
    "Int64": "Int32",
    "Double": "Int32",
    "Date": "DateTimeOffset",
}


class Filter(Struct, frozen=True):
    """A test of a row; `equals` are texts, in lower case, that columns of any match must have."""

    matches: Test
    equals: Mapping[str, str]


def read_filter(text: str, table: Table) -> Filter:
    """Make the test that a filter describes; raises DataverseError."""
    if len(text) > FILTER_CHARACTERS_MAX:
        raise bad_request(f"The filter is longer than {FILTER_CHARACTERS_MAX} characters.")
    return _read(text, table.name)


@lru_cache(maxsize=FILTERS_KEPT_MAX)
def _read(text: str, table_name: str) -> Filter:
    """Read a filter once: a client asks by the same one again and again."""
    table = TABLES[table_name]
    try:
        tree = ODataParser().parse(ODataLexer().tokenize(text))
    except (ODataException, LexError, ValueError, RecursionError):
        raise bad_request(f"Syntax error in the filter '{text[:200]}'.") from None
    if tree is None:
        raise bad_request("The filter is empty.")
    try:
        return Filter(_test(tree, table), dict(_equals(tree, table)))
    except RecursionError:
        raise bad_request("The filter is nested too deeply.") from None


def _equals(node: Any, table: Table) -> Iterator[tuple[str, str]]:
    """Give the columns and texts that must be equal for a row to match."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        yield from _equals(node.left, table)
        yield from _equals(node.right, table)
    elif isinstance(node, ast.Compare) and isinstance(node.comparator, ast.Eq):
        named = _named_text(node, table)
        if named is not None:
            yield named


def _named_text(node: ast.Compare, table: Table) -> tuple[str, str] | None:
    """The column and the text, in lower case, that are compared; None if something else is."""
    if not isinstance(node.left, ast.Identifier) or not isinstance(node.right, ast.String):
        return None
    column = table.by_property.get(_full_name(node.left))
    if column is None or column.kind not in {"String", "Memo"}:
        return None
    return column.name, str(node.right.py_val).lower()


def _test(node: Any, table: Table) -> Test:
    match node:
        case ast.BoolOp():
            left, right = _test(node.left, table), _test(node.right, table)
            if isinstance(node.op, ast.And):
                return lambda row: left(row) and right(row)
            return lambda row: left(row) or right(row)
        case ast.UnaryOp(op=ast.Not()):
            inner = _test(node.operand, table)
            return lambda row: not inner(row)
        case ast.Compare():
            return _comparison(node, table)
        case ast.Call():
            return _call(node, table)
        case ast.Identifier():
            read = _value(node, table)
            return lambda row: read(row) is True
    raise bad_request(f"The filter has a part that is not supported: {type(node).__name__}.")


def _comparison(node: ast.Compare, table: Table) -> Test:
    read = _value(node.left, table)
    for each in node.right.val if isinstance(node.right, ast.List) else [node.right]:
        _check_types(node, each, table)
    if isinstance(node.comparator, ast.In):
        if not isinstance(node.right, ast.List):
            raise bad_request("The filter has 'in' without a list.")
        among = [_compared(_value(each, table)({})) for each in node.right.val]
        return lambda row: _compared(read(row)) in among
    if isinstance(node.comparator, ast.Eq) and (quick := _text_equals(node, table)):
        return quick
    other = _value(node.right, table)
    if isinstance(node.comparator, ast.Eq):
        return lambda row: _compared(read(row)) == _compared(other(row))
    if isinstance(node.comparator, ast.NotEq):
        return lambda row: _compared(read(row)) != _compared(other(row))
    compare = _COMPARISONS.get(type(node.comparator))
    if compare is None:
        raise bad_request("The filter has a comparison that is not supported.")

    def ordered(row: Mapping[str, Value]) -> bool:
        left, right = _compared(read(row)), _compared(other(row))
        # As in SQL, nothing is more or less than null, or than a value of another type.
        return isinstance(left, type(right)) and left is not None and compare(left, right)

    return ordered


def _check_types(node: ast.Compare, right: Any, table: Table) -> None:
    """Refuse what never can be equal, as the number of a choice that is compared with a word."""
    types = [_type_of(each, table) for each in (node.left, right)]
    if None not in types and len({_ALIKE.get(each or "", each) for each in types}) > 1:
        one, other = types
        raise bad_request(
            "A binary operator with incompatible types was detected. Found operand types "
            f"'Edm.{one}' and 'Edm.{other}' for operator kind "
            f"'{_OPERATORS.get(type(node.comparator), 'Equal')}'."
        )


def _type_of(node: Any, table: Table) -> str | None:
    """Name the type of an operand; None for null, and for what is refused elsewhere."""
    if isinstance(node, ast.UnaryOp):
        return _type_of(node.operand, table)
    if isinstance(node, ast.Identifier):
        name = _full_name(node)
        column = table.by_property.get(name)
        return column.edm_type if column else "Guid" if name == table.id_column else None
    return _LITERALS.get(type(node))


def _text_equals(node: ast.Compare, table: Table) -> Test | None:
    """Make the commonest test, a text column that equals a constant, without a detour."""
    named = _named_text(node, table)
    if named is None:
        return None
    key, wanted = named

    def equals(row: Mapping[str, Value]) -> bool:
        value = row.get(key)
        return isinstance(value, str) and value.lower() == wanted

    return equals


def _call(node: ast.Call, table: Table) -> Test:
    name = _full_name(node.func)
    function = _FUNCTIONS.get(name)
    if function is None or len(node.args) != 2:
        raise bad_request(f"The query function '{name[:60]}' is not supported.")
    whole, part = (_value(each, table) for each in node.args)

    def found(row: Mapping[str, Value]) -> bool:
        left, right = whole(row), part(row)
        both = isinstance(left, str) and isinstance(right, str)
        # Dataverse compares text without regard to case.
        return both and function(left.lower(), right.lower())

    return found


def _value(node: Any, table: Table) -> Read:
    match node:
        case ast.Identifier():
            name = _full_name(node)
            column = table.by_property.get(name)
            if column is None and name != table.id_column:
                raise no_property(name, table.name)
            key = column.name if column else name
            return lambda row: row.get(key)
        case ast.Null():
            return lambda _row: None
        case ast.GUID():
            return lambda _row: node.val.lower()
        case ast.DateTime() | ast.Date():
            return _constant(node)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Integer() | ast.Float()):
            number = _constant(node.operand)({})
            return lambda _row: -number
        case ast.String() | ast.Integer() | ast.Float() | ast.Boolean():
            return _constant(node)
    raise bad_request(f"The filter has a value that is not supported: {type(node).__name__}.")


def _full_name(node: Any) -> str:
    return ".".join((*node.namespace, node.name))


def _constant(node: Any) -> Read:
    try:
        value = node.py_val
    except (ValueError, NotImplementedError, OverflowError):
        raise bad_request(
            f"The value '{str(node.val)[:60]}' in the filter cannot be read."
        ) from None
    return lambda _row: value


def _compared(value: Any) -> Any:
    """Give a value as it is compared: text without case, a moment as one, whatever its form."""
    match value:
        case datetime():
            return _moment(value)
        case date():
            return _moment(datetime(value.year, value.month, value.day))  # noqa: DTZ001
        case str():
            try:
                return (
                    _moment(datetime.fromisoformat(value)) if value[4:5] == "-" else value.lower()
                )
            except ValueError:
                return value.lower()
    return value


def _moment(value: datetime) -> float:
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
