"""The force's records: rows of all tables, their versions, and every change in order.

One version number counts through all tables, as Dataverse's does. A change is told to the listeners
after it is made; a set of changes is made wholly or not at all. Dynamics and the force's own API
are two faces of the same rows, each with a thread of its own: each request holds `lock`.
"""

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias
from uuid import UUID, uuid5

from msgspec import Struct

from simulator.neighbours.dataverse.addresses import read_address
from simulator.neighbours.dataverse.errors import (
    bad_request,
    duplicate_key,
    no_property,
    no_row,
    no_time_zone,
    wrong_status,
)
from simulator.neighbours.dataverse.tables import (
    CASE_STATUSES,
    DELETED_WITH,
    NAMING,
    SYSTEM_COLUMNS,
    TABLES,
    Column,
    Table,
    Value,
    lookup_named,
)

Row: TypeAlias = dict[str, Value]
ChangeName: TypeAlias = Literal["Create", "Update", "Delete"]

#: The first version of a new organisation: real ones are never near zero either.
FIRST_VERSION = 1_000_000
#: Dates of before are refused; so are those that a time zone could take beyond the calendar.
FIRST_YEAR, LAST_YEAR = 1753, 9999
_NAMESPACE = UUID("7f2b9f7a-6c1d-4d1f-9a53-0f6b7d2c4e10")


class Change(Struct, frozen=True, kw_only=True):
    """One change of one row; `before` is None for a new one, `after` for one that is gone."""

    version: int
    name: ChangeName
    table: str
    row_id: str
    changed: tuple[str, ...]
    before: Mapping[str, Value] | None
    after: Mapping[str, Value] | None
    at: str = ""
    #: The correlation id of the request that made it; several changes may have one cause.
    cause: str = ""


class Rows:
    """All rows by table and id."""

    def __init__(self, now: Callable[[], datetime], *, organisation: str = "") -> None:
        self.lock = threading.RLock()
        self.changes: list[Change] = []
        self.listeners: list[Callable[[Change], None]] = []
        self._now = now
        self._organisation = organisation
        self._rows: dict[str, dict[str, Row]] = {name: {} for name in TABLES}
        self._keys: dict[tuple[str, tuple[str, ...], tuple[Value, ...]], str] = {}
        # By table, key column and text in lower case: filters compare without regard to case.
        self._by_text: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._version = FIRST_VERSION
        self._made = 0
        self._cause = ""

    @property
    def version(self) -> int:
        """The version of the last change."""
        return self._version

    def get(self, table: Table, row_id: str) -> Row:
        """Return a row; raises DataverseError."""
        found = self._rows[table.name].get(row_id.lower())
        if found is None:
            raise no_row(table.name, row_id)
        return found

    def has(self, table: Table, row_id: str) -> bool:
        """Say whether a row is there."""
        return row_id.lower() in self._rows[table.name]

    def all(self, table: Table) -> Iterable[Row]:
        """Give all rows of a table, in the order in which they were made."""
        return self._rows[table.name].values()

    def among(self, table: Table, equals: Mapping[str, str]) -> Iterable[Row]:
        """Give the rows that may have these texts: those of a key, if one is named, or all."""
        for column, *others in table.keys:
            if column in equals and not others:
                found = self._by_text.get((table.name, column, equals[column]), ())
                return [self._rows[table.name][each] for each in found]
        return self.all(table)

    def id_by_key(self, table: Table, key: Mapping[str, Value]) -> str:
        """Return the id of the row with an alternate key, "" for none; raises DataverseError."""
        columns = tuple(sorted(key))
        if columns not in {tuple(sorted(each)) for each in table.keys}:
            raise bad_request(
                "The key in the request URI is not valid for resource "
                f"'Microsoft.Dynamics.CRM.{table.name}'. Ensure that the names and number of key "
                "properties match the declared or alternate key properties for the resource "
                f"'Microsoft.Dynamics.CRM.{table.name}'."
            )
        return self._keys.get((table.name, columns, tuple(key[each] for each in columns)), "")

    def create(self, table: Table, given: Mapping[str, Any], row_id: str = "") -> str:
        """Make a row; return its id. Raises DataverseError."""
        values = self.read(table, given)
        made_id = (row_id or str(given.get(table.id_column) or "") or self._new_id()).lower()
        _check_guid(made_id, table)
        if made_id in self._rows[table.name]:
            raise duplicate_key()
        for each in table.columns:
            if each.is_required and not values.get(each.name):
                raise bad_request(f"Attribute '{each.name}' cannot be NULL")
        row: Row = {each.name: each.default for each in table.columns}
        row |= {table.id_column: made_id, "createdon": self._moment(), **values}
        self._set(table, made_id, None, row, "Create", tuple(values))
        return made_id

    def update(self, table: Table, row_id: str, given: Mapping[str, Any]) -> None:
        """Change a row; raises DataverseError."""
        before = self.get(table, row_id)
        values = self.read(table, given)
        self._set(table, row_id.lower(), before, {**before, **values}, "Update", tuple(values))

    def delete(self, table: Table, row_id: str) -> None:
        """Remove a row and those that go with it, and each link to it; raises DataverseError."""
        before, gone = self.get(table, row_id), row_id.lower()
        for each in NAMING[table.name]:
            naming = [row for row in self.all(each.table) if row.get(each.column.name) == gone]
            for row in naming:
                other = str(row[each.table.id_column])
                if (table.name, each.table.name, each.column.name) in DELETED_WITH:
                    self.delete(each.table, other)
                else:
                    self.update(each.table, other, {each.column.property_name: None})
        del self._rows[table.name][gone]
        self._forget_keys(table, before)
        self._note("Delete", table, gone, (), before, None)

    @contextmanager
    def caused_by(self, correlation_id: str) -> Iterator[None]:
        """Keep every other face out, and name the cause of each change that is made meanwhile."""
        with self.lock:
            before, self._cause = self._cause, correlation_id
            try:
                yield
            finally:
                self._cause = before

    def restore(
        self,
        table: Table,
        row_id: str,
        version: int,
        row: Row | None,
        *,
        at: str = "",
        cause: str = "",
    ) -> None:
        """Take a change of an earlier run again: its row, its keys and its version."""
        before = self._rows[table.name].get(row_id)
        if before is not None:
            self._forget_keys(table, before)
        if row is not None:
            # In its place: rows are given in the order in which they were made.
            self._rows[table.name][row_id] = row
            self._learn_keys(table, row, row_id)
        elif before is not None:
            del self._rows[table.name][row_id]
        name: ChangeName = "Delete" if row is None else "Update" if before else "Create"
        self._made += before is None
        self._version = version
        self.changes.append(
            Change(
                version=version,
                name=name,
                table=table.name,
                row_id=row_id,
                changed=(),
                before=before,
                after=row,
                at=at,
                cause=cause,
            )
        )

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Make several changes wholly or not at all; listeners hear of them at the end."""
        kept = {name: dict(rows) for name, rows in self._rows.items()}
        keys, texts = dict(self._keys), dict(self._by_text)
        version, count = self._version, len(self.changes)
        listeners, self.listeners = self.listeners, []
        try:
            yield
        except BaseException:
            self._rows, self._keys, self._by_text = kept, keys, texts
            self._version = version
            del self.changes[count:]
            raise
        finally:
            self.listeners = listeners
        for change in self.changes[count:]:
            self._tell(change)

    def changes_since(self, table: Table, version: int) -> list[Change]:
        """List the last change of each row of a table after a version, deletions last."""
        changes = self.changes_after(version)
        latest = {each.row_id: each for each in changes if each.table == table.name}
        return sorted(latest.values(), key=lambda each: (each.name == "Delete", each.version))

    def changes_after(self, version: int) -> list[Change]:
        """List every change of every table after a version, in order."""
        return self.changes[bisect_right(self.changes, version, key=lambda each: each.version) :]

    def _set(
        self,
        table: Table,
        row_id: str,
        before: Row | None,
        after: Row,
        name: ChangeName,
        changed: tuple[str, ...],
    ) -> None:
        if table.name == "incident":
            _check_status(after, is_given="statuscode" in changed)
        for key in _keys_of(table, after):
            if self._keys.get(key, row_id) != row_id:
                raise duplicate_key()
        if before is not None:
            self._forget_keys(table, before)
        if table.name == "contact":
            names = (after["firstname"], after["lastname"])
            after["fullname"] = " ".join(str(each) for each in names if each)
        self._learn_keys(table, after, row_id)
        after |= {"modifiedon": self._moment(), "versionnumber": self._version + 1}
        self._rows[table.name][row_id] = after
        self._note(name, table, row_id, changed, before, after)

    def _note(
        self,
        name: ChangeName,
        table: Table,
        row_id: str,
        changed: tuple[str, ...],
        before: Row | None,
        after: Row | None,
    ) -> None:
        self._version += 1
        change = Change(
            version=self._version,
            name=name,
            table=table.name,
            row_id=row_id,
            changed=changed,
            before=before,
            after=after,
            at=self._moment(),
            cause=self._cause,
        )
        self.changes.append(change)
        self._tell(change)

    def _tell(self, change: Change) -> None:
        for listener in self.listeners:
            listener(change)

    def _learn_keys(self, table: Table, row: Row, row_id: str) -> None:
        self._keys |= dict.fromkeys(_keys_of(table, row), row_id)
        for text in _texts_of(table, row):
            self._by_text[text] = (*self._by_text.get(text, ()), row_id)

    def _forget_keys(self, table: Table, row: Row) -> None:
        for key in _keys_of(table, row):
            self._keys.pop(key, None)
        for text in _texts_of(table, row):
            left = tuple(each for each in self._by_text[text] if each != row[table.id_column])
            if left:
                self._by_text[text] = left
            else:
                del self._by_text[text]

    def read(self, table: Table, given: Mapping[str, Any]) -> Row:
        """Read the values of a request; raises DataverseError."""
        values: Row = {}
        for name, value in given.items():
            if name.startswith("@odata.") or "@OData.Community" in name or name == table.id_column:
                continue
            if name.endswith("@odata.bind"):
                lookup = lookup_named(table, name.removesuffix("@odata.bind"))
                if lookup is None:
                    raise no_property(name.removesuffix("@odata.bind"), table.name)
                values[lookup[0].name] = self._bound(lookup[0], value)
                continue
            column = table.by_property.get(name)
            if column is None:
                raise no_property(name, table.name)
            # A client may write back the row that it read: what it cannot set is left as it is.
            if name in SYSTEM_COLUMNS:
                continue
            values[column.name] = _checked(column, value)
        return values

    def _bound(self, column: Column, value: Any) -> Value:
        """Read `/contacts(id)` or `/contacts(key='value')`; raises DataverseError."""
        if value is None:
            return None
        address = read_address(str(value))
        row_id = address.row_id or self.id_by_key(address.table, address.key)
        if address.table.name not in column.targets or not self.has(address.table, row_id):
            raise no_row(address.table.name, row_id or str(value)[:200])
        return row_id.lower()

    def _new_id(self) -> str:
        self._made += 1
        return str(uuid5(_NAMESPACE, f"{self._organisation}{self._made}"))

    def _moment(self) -> str:
        return self._now().strftime("%Y-%m-%dT%H:%M:%SZ")


def _keys_of(table: Table, row: Row) -> Iterator[tuple[str, tuple[str, ...], tuple[Value, ...]]]:
    """Give the alternate keys of a row that are complete."""
    for key in table.keys:
        columns = tuple(sorted(key))
        values = tuple(row.get(each) for each in columns)
        if all(each not in {None, ""} for each in values):
            yield table.name, columns, values


def _texts_of(table: Table, row: Row) -> Iterator[tuple[str, str, str]]:
    """Give the texts of a row's single keys, in lower case."""
    for column, *others in table.keys:
        value = row.get(column)
        if not others and isinstance(value, str):
            yield table.name, column, value.lower()


def _check_status(case: Row, *, is_given: bool) -> None:
    """Give a case the usual status of its state; raises DataverseError for a pair that is none."""
    statuses = CASE_STATUSES[int(case.get("statecode") or 0)]
    if case.get("statuscode") in statuses:
        return
    if is_given:
        raise wrong_status()
    case["statuscode"] = statuses[0]


def _check_guid(value: str, table: Table) -> None:
    try:
        UUID(value)
    except ValueError:
        raise bad_request(
            f"Cannot convert the literal '{value[:60]}' to the expected type 'Edm.Guid' "
            f"({table.id_column})."
        ) from None


def _checked(column: Column, value: Any) -> Value:
    """Check a value against its column; raises DataverseError."""
    if value is None:
        return None
    match column.kind:
        case "String" | "Memo" if isinstance(value, str):
            if len(value) > column.characters_max:
                raise bad_request(
                    f"A validation error occurred. The length of the '{column.name}' attribute "
                    f"exceeded the maximum allowed length of '{column.characters_max}'."
                )
            return value
        case "Boolean" if isinstance(value, bool):
            return value
        case "Integer" if isinstance(value, int) and not isinstance(value, bool):
            return value
        case "Picklist" if isinstance(value, int) and not isinstance(value, bool):
            if value not in column.options:
                raise bad_request(
                    f"A validation error occurred. The value {value} of '{column.name}' is outside "
                    f"the accepted values: {','.join(map(str, column.options))}."
                )
            return value
        case "DateTime" if isinstance(value, str) and _is_moment(value):
            return value[:10] if column.is_day else _in_utc(value)
    raise bad_request(
        f"Cannot convert the value of '{column.name}' to the expected type 'Edm.{column.edm_type}'."
    )


def _in_utc(value: str) -> str:
    """Write a moment as it is stored; raises DataverseError for one that cannot be."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise no_time_zone(value)
    if not FIRST_YEAR <= moment.year < LAST_YEAR:
        raise bad_request(f"A date is from {FIRST_YEAR} on and before {LAST_YEAR}: '{value[:60]}'.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
