"""How a force names its records: resources, attributes and relationships over the columns of rows.

Every force configured its records system otherwise, so these names are data: a TOML file, checked
against the tables. The suite's own file uses the names of the public iHub standard data model where
it has them (schema.ihub.police.uk).
"""

import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.files.paths import ROOT
from simulator.neighbours.dataverse.tables import (
    SYSTEM_COLUMNS,
    TABLES,
    Column,
    Kind,
    Table,
    Value,
)

OUR_FIELDS = ROOT / "scenarios" / "force_api" / "fields.toml"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
_PATHS_OF_OURS = frozenset({"changes", "subscriptions", "operations", "openapi.json"})
#: The system makes these itself, as it makes `createdon`.
_MADE = frozenset({("contact", "fullname")})


class AttributeRule(Strict, frozen=True, kw_only=True):
    """An attribute over a column; with `codes`, the force's word for each of its values."""

    column: str
    codes: dict[str, int | bool] = field(default_factory=dict)
    is_date: bool = False


class ResourceRule(Strict, frozen=True, kw_only=True):
    """One kind of record: its table, its place in addresses, and its names."""

    table: str
    path: str
    key: str = ""
    required: tuple[str, ...] = ()
    attributes: dict[str, str | AttributeRule]
    relationships: dict[str, str] = field(default_factory=dict)


class FieldFile(Strict, frozen=True, kw_only=True):
    """The whole file."""

    resources: dict[str, ResourceRule]


class Attribute(Struct, frozen=True, kw_only=True):
    """An attribute as it is shown: its column, and the words for coded values."""

    name: str
    column: Column
    codes: Mapping[str, Value]
    is_date: bool
    is_read_only: bool


class Link(Struct, frozen=True, kw_only=True):
    """A relationship to one other record: the lookup, and the type of resource it names."""

    name: str
    column: Column
    target: str
    set_name: str


class ResourceType(Struct, frozen=True, kw_only=True):
    """One kind of record. `key` is the attribute that names one record for good, "" for none."""

    name: str
    path: str
    table: Table
    key: str
    required: tuple[str, ...]
    attributes: Mapping[str, Attribute]
    links: Mapping[str, Link]


def read_fields(path: Path = OUR_FIELDS) -> Mapping[str, ResourceType]:
    """Read the names of a force, by resource; raises BadInput naming file, field and mend."""
    rules = checked_toml.read(path, FieldFile).resources
    by_table = {rule.table: name for name, rule in rules.items()}
    if len(by_table) < len(rules):
        raise BadInput(f"{path}: resources: two of them show one table; give each its own")
    paths = [rule.path for rule in rules.values()]
    if len(set(paths)) < len(paths):
        raise BadInput(f"{path}: resources: two of them have one path; give each its own")
    return {name: _type(path, name, rule, by_table) for name, rule in rules.items()}


def as_tables(types: Mapping[str, ResourceType]) -> Mapping[str, Table]:
    """Describe the resources as tables, whose columns are attributes and relationships.

    The integration's map names them in this way, whatever system it reads.
    """
    return {name: _as_table(each) for name, each in types.items()}


def _as_table(kind: ResourceType) -> Table:
    columns = [
        Column(name=name, kind=_shown_kind(each), characters_max=each.column.characters_max)
        for name, each in kind.attributes.items()
    ]
    lookups = [
        Column(name=name, kind="Lookup", targets=(each.target,))
        for name, each in kind.links.items()
    ]
    return Table(
        name=kind.name,
        set_name=kind.path,
        id_column="id",
        name_column=kind.key or "id",
        columns=(*columns, *lookups),
        keys=((kind.key,),) if kind.key else (),
    )


def _shown_kind(attribute: Attribute) -> Kind:
    return "String" if attribute.codes else attribute.column.kind


def _type(path: Path, name: str, rule: ResourceRule, by_table: Mapping[str, str]) -> ResourceType:
    at = f"{path}: resources.{name}"
    if rule.table not in TABLES:
        raise BadInput(f"{at}.table: it is {rule.table!r:.60}; one of {', '.join(TABLES)}")
    for what, text in ((name, name), ("path", rule.path)):
        if _NAME.fullmatch(text) is None or text in _PATHS_OF_OURS:
            raise BadInput(f"{at}: {what!r:.60} cannot name it; use letters, digits and hyphens")
    table = TABLES[rule.table]
    attributes = {
        each: _attribute(at, each, given, table) for each, given in rule.attributes.items()
    }
    links = {
        each: _link(at, each, column, table, by_table)
        for each, column in rule.relationships.items()
    }
    if both := attributes.keys() & links.keys():
        raise BadInput(f"{at}: {min(both)} is an attribute and a relationship; rename one")
    for each in (*rule.required, *filter(None, [rule.key])):
        if each not in attributes:
            known = ", ".join(attributes)
            raise BadInput(f"{at}: {each!r:.60} is no attribute of it; one of {known}")
    if rule.key and (attributes[rule.key].column.name,) not in table.keys:
        keys = ", ".join(each[0] for each in table.keys) or "none"
        raise BadInput(f"{at}.key: {rule.key!r:.60} is over no key of {table.name}; keys: {keys}")
    _check_required(at, rule, attributes, table)
    return ResourceType(
        name=name,
        path=rule.path,
        table=table,
        key=rule.key,
        required=rule.required,
        attributes=attributes,
        links=links,
    )


def _check_required(
    at: str, rule: ResourceRule, attributes: Mapping[str, Attribute], table: Table
) -> None:
    given = {attributes[each].column.name for each in rule.required}
    for column in table.columns:
        if column.is_required and column.name not in given:
            raise BadInput(
                f"{at}.required: {table.name} cannot be without {column.name}; name its attribute"
            )


def _attribute(at: str, name: str, given: str | AttributeRule, table: Table) -> Attribute:
    rule = AttributeRule(column=given) if isinstance(given, str) else given
    column = _column(f"{at}.attributes.{name}", name, rule.column, table)
    if column.kind == "Lookup":
        raise BadInput(f"{at}.attributes.{name}: {column.name} names a row: a relationship")
    if column.kind == "Picklist" and set(rule.codes.values()) != set(column.options):
        options = ", ".join(f"{number} {words}" for number, words in column.options.items())
        raise BadInput(
            f"{at}.attributes.{name}.codes: give a word for each value of {column.name}: {options}"
        )
    if rule.codes and column.kind not in {"Picklist", "Boolean"}:
        raise BadInput(f"{at}.attributes.{name}.codes: {column.name} has no values to name")
    if rule.is_date and column.kind != "DateTime":
        raise BadInput(f"{at}.attributes.{name}.is_date: {column.name} is no time")
    is_made = column.name in SYSTEM_COLUMNS or (table.name, column.name) in _MADE
    return Attribute(
        name=name,
        column=column,
        codes=rule.codes,
        is_date=rule.is_date,
        is_read_only=is_made,
    )


def _link(at: str, name: str, column_name: str, table: Table, by_table: Mapping[str, str]) -> Link:
    column = _column(f"{at}.relationships.{name}", name, column_name, table)
    tables = [TABLES[each] for each in column.targets if each in by_table]
    if not tables:
        raise BadInput(
            f"{at}.relationships.{name}: {column.name} names no row of a resource in this file"
        )
    target = tables[0]
    return Link(name=name, column=column, target=by_table[target.name], set_name=target.set_name)


def _column(at: str, name: str, column: str, table: Table) -> Column:
    if _NAME.fullmatch(name) is None or name in {"id", "type"}:
        raise BadInput(f"{at}: {name!r:.60} cannot be a name; use letters, digits and hyphens")
    if column not in table.by_name:
        near = ", ".join(sorted(table.by_name))
        raise BadInput(f"{at}: {table.name} has no column {column!r:.60}; it has {near}")
    return table.by_name[column]
