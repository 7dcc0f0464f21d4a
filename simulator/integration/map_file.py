"""The map of an integration: where its systems are, which change makes which event, and back.

A value in braces is a column, `{ticketnumber}`, or one of a row that a lookup names,
`{customerid.firstname}`. Anything else is meant as it stands. A table with `from` and `values`
translates; one with `first` takes the first value that is there, one with `only` the value that is
the only one, and one with `split` the parts between semicolons, one with `blank` nothing for a
stand-in. In a list, `each` is an entry for
every row that names this one, as persons are linked to a crime. Every force names its columns
otherwise: this file is the only place that knows.
"""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias
from urllib.parse import urlsplit

from msgspec import Meta, ValidationError, convert, field, structs

from reference.contract.events import BATCH_EVENTS_MAX, EVENT_TYPES
from simulator.errors import BadInput
from simulator.files import checked_toml
from simulator.files.checked_toml import Strict
from simulator.files.paths import found
from simulator.neighbours.dataverse.tables import TABLES, Column, Table, lookup_named
from simulator.neighbours.force_api.fields import OUR_FIELDS, as_tables, read_fields
from simulator.neighbours.salesforce.objects import as_tables as org_tables

#: The objects of an org, as tables of a map.
ORG_TABLES = org_tables()
#: When a row was found to be gone, in what it makes then.
DELETED_AT = "deleted_at"

Seconds: TypeAlias = Annotated[float, Meta(ge=0.05, le=3600)]


class DataverseSource(Strict, frozen=True, kw_only=True, tag_field="kind", tag="dataverse"):
    """The organisation that is read and written; its secret is in the environment.

    With `webhook_variable`, its webhooks are heard too: the variable holds their key.
    """

    url: str
    tenant_id: str
    client_id: str
    secret_variable: str = "INTEGRATION_CLIENT_SECRET"  # noqa: S105  its name
    authority_file: str = ""
    webhook_variable: str = ""
    poll_seconds: Seconds = 5.0


class ForceApiSource(Strict, frozen=True, kw_only=True, tag_field="kind", tag="force_api"):
    """The force's own API, with the file that names its records; its token is in the environment.

    With `has_pushes` the integration subscribes to changes: it reads the feed at once after one.
    """

    url: str
    fields: str = str(OUR_FIELDS)
    token_variable: str = "FORCE_API_TOKEN"  # noqa: S105  its name
    has_pushes: bool = True
    poll_seconds: Seconds = 5.0


class SalesforceOrg(Strict, frozen=True, kw_only=True):
    """The org in which a portal lives; the secret of its connected app is in the environment.

    Where `client` is said to have changed something, it was this integration.
    """

    url: str
    consumer_key: str
    secret_variable: str = "SALESFORCE_CLIENT_SECRET"  # noqa: S105  its name
    authority_file: str = ""
    client: str = "portal-suite-integration"
    poll_seconds: Annotated[float, Meta(ge=0.05, le=30)] = 2.0


SourceRule: TypeAlias = DataverseSource | ForceApiSource


class PortalSink(Strict, frozen=True, kw_only=True):
    """The portal, and the secrets by which it knows the crime system, in the environment."""

    url: str
    events_variable: str = "PORTAL_EVENTS_SECRET"
    token_variable: str = "PORTAL_CRIME_SYSTEM_TOKEN"  # noqa: S105  its name
    port: Annotated[int, Meta(ge=1, le=65535)] = 8490
    #: Events of one cause, such as a bulk change, go together up to this many.
    batch_events_max: Annotated[int, Meta(ge=1, le=BATCH_EVENTS_MAX)] = BATCH_EVENTS_MAX


class LayersRule(Strict, frozen=True, kw_only=True):
    """The variables with the tokens of a force's own tool; a layer without one has no address.

    A tester's is made up where there is none.
    """

    tester_variable: str = "INTEGRATION_TESTER_TOKEN"
    process_variable: str = ""
    system_variable: str = ""


class Retries(Strict, frozen=True, kw_only=True):
    """How often a delivery is tried, and how long the first wait is: each next is twice as long."""

    tries_max: Annotated[int, Meta(ge=1, le=100)] = 6
    first_seconds: Seconds = 1.0
    longest_seconds: Seconds = 300.0


class EventRule(Strict, frozen=True, kw_only=True):
    """A change of a table that makes an event.

    `on` is "create" or "delete", or the columns whose change makes it; "create" may be among them.
    A row that was deleted is as it was last read, with `deleted_at`. With
    `for_each` a row of another table that names this one makes an event of its own, with
    `for_each_if` only such a row. With
    `only_if` every column has that value, one of a list, any ("*") or none (""); with `was` it had
    it before, so that a new row makes none.
    For `settle_seconds` a change may be corrected: only what stands then makes an event.
    In a map that is read in both directions, `write` is what an event writes beside its data.
    """

    table: str
    type: str
    on: Literal["create", "delete"] | tuple[str, ...]
    data: dict[str, Any]
    for_each: str = ""
    for_each_if: dict[str, Any] = field(default_factory=dict)
    only_if: dict[str, Any] = field(default_factory=dict)
    was: dict[str, Any] = field(default_factory=dict)
    settle_seconds: Annotated[float, Meta(ge=0, le=86_400)] = 0.0
    write: dict[str, Any] = field(default_factory=dict)

    @property
    def makes_creation(self) -> bool:
        """Whether a new row makes it, whatever stands in the row."""
        return self.on == "create" or "create" in self.on

    @property
    def makes_deletion(self) -> bool:
        """Whether a row that is gone makes it."""
        return self.on == "delete"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns whose change makes it."""
        named = () if isinstance(self.on, str) else self.on
        return tuple(each for each in named if each != "create")


class WriteRule(Strict, frozen=True, kw_only=True):
    """What is filed that makes a row: `key` is the column that holds its key."""

    of: Literal["stamp", "task", "event"]
    table: str
    key: str
    values: dict[str, Any]


class CrimeRule(Strict, frozen=True, kw_only=True):
    """Where a crime is, for a portal that asks who is in charge; by default as in Dynamics."""

    table: str = "incident"
    reference: str = "ticketnumber"
    merged_into: str = "csp_mergedinto"
    officer_name: str = "{ownerid.fullname}"
    collar_number: str = "{ownerid.employeeid}"
    team: str = "{csp_team}"


class NotesRule(Strict, frozen=True, kw_only=True):
    """Where the enquiry log of a crime is. A note without a key is the force's own."""

    table: str = "annotation"
    about: str = "objectid"
    at: str = "createdon"
    author: str = "subject"
    text: str = "notetext"
    key: str = "csp_key"


class IntegrationMap(Strict, frozen=True, kw_only=True):
    """A whole map."""

    source: SourceRule
    portal: PortalSink
    layers: LayersRule = LayersRule()
    retries: Retries = Retries()
    crimes: CrimeRule = CrimeRule()
    notes: NotesRule = NotesRule()
    events: tuple[EventRule, ...]
    writes: tuple[WriteRule, ...] = ()


class MessagesRule(Strict, frozen=True, kw_only=True):
    """Where it stands what became of a message; the variable holds the signature key of a callback.

    Without the variable Marketing Cloud is not heard.
    """

    signature_variable: str = ""
    table: str = "Task"
    key: str = "Key__c"
    state: str = "Delivery__c"


class OrgMap(Strict, frozen=True, kw_only=True):
    """What the contract calls what stands in an org: it is read in both directions."""

    org: SalesforceOrg
    messages: MessagesRule = MessagesRule()
    crimes: CrimeRule
    events: tuple[EventRule, ...]
    writes: tuple[WriteRule, ...]

    def as_source(self) -> IntegrationMap:
        """Give the rules by which what stands there makes events."""
        nowhere = PortalSink(url="")
        source = ForceApiSource(url="")
        return IntegrationMap(source=source, portal=nowhere, crimes=self.crimes, events=self.events)


def read_map(path: Path) -> IntegrationMap:
    """Read and check a map; raises BadInput naming file, field, value and mend."""
    rules = checked_toml.read(path, IntegrationMap)
    _check_urls(path, {"source.url": rules.source.url, "portal.url": rules.portal.url})
    checks = _Checks(path, source_tables(rules.source))
    checks.whole(rules)
    checks.notes(rules.notes)
    return rules


def read_org_map(path: Path) -> OrgMap:
    """Read and check the map of an org; raises BadInput naming file, field, value and mend."""
    rules = checked_toml.read(path, OrgMap)
    _check_urls(path, {"org.url": rules.org.url})
    checks = _Checks(path, ORG_TABLES)
    checks.whole(rules)
    checks.messages(rules.messages)
    return rules


def _check_urls(path: Path, urls: Mapping[str, str]) -> None:
    for name, url in urls.items():
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise BadInput(f"{path}: {name}: it is {url!r:.80}; give http:// or https:// and host")


def check_authority(path: Path, source: SourceRule) -> None:
    """Raise BadInput if the authority that a source is trusted by cannot be read as one.

    A map may be read before its Dynamics has made the file.
    """
    authority = source.authority_file if isinstance(source, DataverseSource) else ""
    if not authority:
        return
    try:
        ssl.create_default_context(cafile=authority)
    except ssl.SSLError:
        why = "it holds no certificate in PEM"
    except OSError as error:
        why = str(error.strerror)
    else:
        return
    raise BadInput(
        f"{path}: source.authority_file: {authority!r:.120}: {why}; give the authority.pem that "
        "`neighbours --dynamics FOLDER` wrote, seen from this folder, or leave it out for an "
        "organisation that every machine trusts"
    )


def source_tables(source: SourceRule) -> Mapping[str, Table]:
    """The tables that a map of this source can name; raises BadInput."""
    if isinstance(source, DataverseSource):
        return TABLES
    return as_tables(read_fields(found(Path(source.fields))))


class EachRule(Strict, frozen=True, kw_only=True):
    """The entries of a list: `data` of every row whose column names this row, or the row `of`."""

    each: str
    data: Any
    of: str = ""
    only_if: dict[str, Any] = field(default_factory=dict)
    write: dict[str, Any] = field(default_factory=dict)


def each_rule(value: Any) -> EachRule | None:
    """Read a value of the map that is for every row of another table; None if it is not one."""
    is_one = isinstance(value, Mapping) and "each" in value
    return convert(value, EachRule) if is_one else None


def is_column(value: str) -> bool:
    """Say whether a value of the map names a column."""
    return value.startswith("{") and value.endswith("}") and "{" not in value[1:-1]


class _Checks:
    """Checks the rules of one file against the tables of its source; each raises BadInput."""

    def __init__(self, path: Path, tables: Mapping[str, Table]) -> None:
        self._path = path
        self._tables = tables

    def whole(self, rules: IntegrationMap | OrgMap) -> None:
        for number, rule in enumerate(rules.events):
            self.event(f"events[{number}]", rule)
        for number, write in enumerate(rules.writes):
            self.write(f"writes[{number}]", write)
        self.crimes(rules.crimes)

    def event(self, at: str, rule: EventRule) -> None:
        if rule.type not in EVENT_TYPES:
            names = ", ".join(sorted(EVENT_TYPES))
            raise self._wrong(f"{at}.type", f"it is {rule.type!r:.60}; one of {names}")
        table = self._table(f"{at}.table", rule.table)
        if rule.makes_deletion:
            gone = Column(name=DELETED_AT, kind="DateTime")
            table = structs.replace(table, columns=(*table.columns, gone))
        for column in rule.columns:
            self._column(f"{at}.on", table, column)
        for column in rule.only_if:
            self._column(f"{at}.only_if", table, column)
        for column in rule.was:
            self._column(f"{at}.was", table, column)
        start = table
        if rule.for_each:
            start = self._naming(f"{at}.for_each", rule.for_each, table)
        for column in rule.for_each_if:
            self._column(f"{at}.for_each_if", start, column)
        self._value(f"{at}.data", start, rule.data)
        for column in rule.write:
            self._column(f"{at}.write", start, column)

    def write(self, at: str, rule: WriteRule) -> None:
        table = self._table(f"{at}.table", rule.table)
        self._key(f"{at}.key", table, rule.key)
        for name in rule.values:
            # A lookup is bound by its name, or by one that says which table it points to.
            bound = name.removesuffix("@odata.bind")
            if bound == name or lookup_named(table, bound) is None:
                self._column(f"{at}.values", table, bound)

    def crimes(self, rule: CrimeRule) -> None:
        table = self._table("crimes.table", rule.table)
        self._key("crimes.reference", table, rule.reference)
        self._column("crimes.merged_into", table, rule.merged_into)
        for name in ("officer_name", "collar_number", "team"):
            self._value(f"crimes.{name}", table, getattr(rule, name))

    def messages(self, rule: MessagesRule) -> None:
        table = self._table("messages.table", rule.table)
        self._key("messages.key", table, rule.key)
        self._column("messages.state", table, rule.state)

    def notes(self, rule: NotesRule) -> None:
        table = self._table("notes.table", rule.table)
        for name in ("about", "at", "author", "text", "key"):
            self._column(f"notes.{name}", table, getattr(rule, name))

    def _value(self, at: str, table: Table, value: Any) -> None:
        """Check every column that a value names, from a row of this table."""
        try:
            rule = each_rule(value)
        except ValidationError as error:
            raise self._wrong(
                at, f"{error}; `each` goes with data, and with of and only_if"
            ) from None
        if rule is not None:
            self._each(at, table, rule)
        elif isinstance(value, str) and is_column(value):
            self._column(at, table, value[1:-1])
        elif isinstance(value, Mapping):
            for name, one in value.items():
                self._value(f"{at}.{name}", table, one)
        elif isinstance(value, list | tuple):
            for one in value:
                self._value(at, table, one)

    def _each(self, at: str, table: Table, rule: EachRule) -> None:
        named = table
        if rule.of:
            found = table.by_name.get(rule.of.strip("{}"))
            if not is_column(rule.of) or found is None or not found.targets:
                raise self._wrong(f"{at}.of", f"it is {rule.of!r:.60}; give a lookup in braces")
            named = self._tables[found.targets[0]]
        other = self._naming(f"{at}.each", rule.each, named)
        for column in rule.only_if:
            self._column(f"{at}.only_if", other, column)
        for column in rule.write:
            self._column(f"{at}.write", other, column)
        self._value(f"{at}.data", other, rule.data)

    def _naming(self, at: str, path: str, table: Table) -> Table:
        """Read `table.column`, where the column names a row of a table; give that first table."""
        name, _, lookup = path.partition(".")
        other = self._table(at, name)
        found = other.by_name.get(lookup)
        if found is None or table.name not in found.targets:
            raise self._wrong(
                at,
                f"it is {path!r:.60}; give table.column, where the column names a row of "
                f"{table.name}",
            )
        return other

    def _key(self, at: str, table: Table, key: str) -> None:
        if (key,) not in table.keys:
            keys = ", ".join(each[0] for each in table.keys) or "none"
            raise self._wrong(at, f"it is {key!r:.60}; give one of {keys}")

    def _table(self, at: str, name: str) -> Table:
        if name not in self._tables:
            raise self._wrong(at, f"it is {name!r:.60}; one of {', '.join(self._tables)}")
        return self._tables[name]

    def _column(self, at: str, table: Table, column: str) -> None:
        first, _, rest = column.partition(".")
        found = table.by_name.get(first)
        if found is None and first != table.id_column:
            near = ", ".join(sorted(table.by_name))
            raise self._wrong(at, f"{table.name} has no column {first!r:.60}; it has {near}")
        if rest and (found is None or not found.targets):
            raise self._wrong(at, f"{first} names no other row, so {column!r:.60} is nothing")
        if rest and found is not None:
            self._column(at, self._tables[found.targets[0]], rest)

    def _wrong(self, at: str, what: str) -> BadInput:
        return BadInput(f"{self._path}: {at}: {what}")
