"""The map of an integration: where its systems are, which change makes which event, and back.

A value in braces is a column, `{ticketnumber}`, or one of a row that a lookup names,
`{customerid.firstname}`. Anything else is meant as it stands. A table with `from` and `values`
translates. Every force names its columns otherwise: this file is the only place that knows.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from msgspec import Meta, field

from reference.contract.events import EVENT_TYPES
from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.neighbours.dataverse.tables import TABLES, Table

Seconds: TypeAlias = Annotated[float, Meta(ge=0.05, le=3600)]


class DataverseSource(Strict, frozen=True, kw_only=True):
    """The organisation that is read and written; its secret is in the environment."""

    url: str
    tenant_id: str
    client_id: str
    secret_variable: str = "INTEGRATION_CLIENT_SECRET"  # noqa: S105  its name
    authority_file: str = ""
    poll_seconds: Seconds = 5.0


class PortalSink(Strict, frozen=True, kw_only=True):
    """The portal, and the secrets by which it knows the crime system, in the environment."""

    url: str
    events_variable: str = "PORTAL_EVENTS_SECRET"
    token_variable: str = "PORTAL_CRIME_SYSTEM_TOKEN"  # noqa: S105  its name
    port: Annotated[int, Meta(ge=1, le=65535)] = 8480


class Retries(Strict, frozen=True, kw_only=True):
    """How often a delivery is tried, and how long the first wait is: each next is twice as long."""

    tries_max: Annotated[int, Meta(ge=1, le=100)] = 6
    first_seconds: Seconds = 1.0
    longest_seconds: Seconds = 300.0


class EventRule(Strict, frozen=True, kw_only=True):
    """A change of a table that makes an event.

    `on` is "create", or the columns whose change makes it. With `for_each` a row of another table
    that names this one makes an event of its own. With `only_if` every column has that value.
    """

    table: str
    type: str
    on: Literal["create"] | tuple[str, ...]
    data: dict[str, Any]
    for_each: str = ""
    only_if: dict[str, Any] = field(default_factory=dict)


class WriteRule(Strict, frozen=True, kw_only=True):
    """What the portal files that makes a row: `key` is the column that holds its key."""

    of: Literal["stamp", "task"]
    table: str
    key: str
    values: dict[str, Any]


class IntegrationMap(Strict, frozen=True, kw_only=True):
    """A whole map."""

    source: DataverseSource
    portal: PortalSink
    retries: Retries = Retries()
    events: tuple[EventRule, ...]
    writes: tuple[WriteRule, ...] = ()


def read_map(path: Path) -> IntegrationMap:
    """Read and check a map; raises BadInput naming file, field, value and mend."""
    found = checked_toml.read(path, IntegrationMap)
    for name, url in (("source.url", found.source.url), ("portal.url", found.portal.url)):
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise BadInput(f"{path}: {name}: it is {url!r:.80}; give http:// or https:// and host")
    for number, rule in enumerate(found.events):
        _check_event(path, f"events[{number}]", rule)
    for number, write in enumerate(found.writes):
        _check_write(path, f"writes[{number}]", write)
    return found


def columns_in(value: Any) -> list[str]:
    """List the columns that a value of the map names, without their braces."""
    if isinstance(value, str):
        return [value[1:-1]] if is_column(value) else []
    if isinstance(value, Mapping):
        return [each for one in value.values() for each in columns_in(one)]
    if isinstance(value, list | tuple):
        return [each for one in value for each in columns_in(one)]
    return []


def is_column(value: str) -> bool:
    """Say whether a value of the map names a column."""
    return value.startswith("{") and value.endswith("}") and "{" not in value[1:-1]


def _check_event(path: Path, at: str, rule: EventRule) -> None:
    if rule.type not in EVENT_TYPES:
        names = ", ".join(sorted(EVENT_TYPES))
        raise BadInput(f"{path}: {at}.type: it is {rule.type!r:.60}; one of {names}")
    table = _table(path, f"{at}.table", rule.table)
    for column in () if rule.on == "create" else rule.on:
        _check_column(path, f"{at}.on", table, column)
    for column in rule.only_if:
        _check_column(path, f"{at}.only_if", table, column)
    start = table
    if rule.for_each:
        name, _, lookup = rule.for_each.partition(".")
        start = _table(path, f"{at}.for_each", name)
        found = start.by_name.get(lookup)
        if found is None or table.name not in found.targets:
            raise BadInput(
                f"{path}: {at}.for_each: it is {rule.for_each!r:.60}; give table.column, where "
                f"the column names a row of {table.name}"
            )
    for column in columns_in(rule.data):
        _check_column(path, f"{at}.data", start, column)


def _check_write(path: Path, at: str, rule: WriteRule) -> None:
    table = _table(path, f"{at}.table", rule.table)
    if (rule.key,) not in table.keys:
        keys = ", ".join(each[0] for each in table.keys)
        raise BadInput(f"{path}: {at}.key: it is {rule.key!r:.60}; give one of {keys}")
    for name in rule.values:
        # A lookup is bound by its name, or by that and the table that it points to.
        lookups = {f"{c.name}_{t}@odata.bind" for c in table.columns for t in c.targets}
        if name not in lookups:
            _check_column(path, f"{at}.values", table, name.removesuffix("@odata.bind"))


def _table(path: Path, at: str, name: str) -> Table:
    if name not in TABLES:
        raise BadInput(f"{path}: {at}: it is {name!r:.60}; one of {', '.join(TABLES)}")
    return TABLES[name]


def _check_column(path: Path, at: str, table: Table, column: str) -> None:
    first, _, rest = column.partition(".")
    found = table.by_name.get(first)
    if found is None and first != table.id_column:
        near = ", ".join(sorted(table.by_name))
        raise BadInput(f"{path}: {at}: {table.name} has no column {first!r:.60}; it has {near}")
    if rest and (found is None or not found.targets):
        raise BadInput(f"{path}: {at}: {first} names no other row, so {column!r:.60} is nothing")
    if rest and found is not None:
        _check_column(path, at, TABLES[found.targets[0]], rest)
