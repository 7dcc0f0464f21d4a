"""The org's records: made, changed and deleted by the table of fields, wholly or not at all.

A deleted record stays, for `queryAll`. Each change is told to the listeners after it is made. Two
servers may stand before the same records, each with a thread of its own: a request holds `lock`.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from simulator.neighbours.salesforce.errors import SalesforceError, bad
from simulator.neighbours.salesforce.objects import OBJECTS, Record, SObject, Value
from simulator.neighbours.salesforce.record_ids import made_id
from simulator.neighbours.salesforce.rules import completed
from simulator.neighbours.salesforce.values import moment, read_values

ChangeType: TypeAlias = Literal["CREATE", "UPDATE", "DELETE"]

INTEGRATION_USER = made_id("005", 1)
#: A portal that lives in the org signs in as this user, who sees only what is published.
PORTAL_USER, PORTAL_TYPE = made_id("005", 2), "CspLitePortal"
ORG_ID = made_id("00D", 1)


class Change(Struct, frozen=True, kw_only=True):
    """One change of one record; `origin` is the client that made it, by its own name."""

    kind: ChangeType
    sobject: str
    record: Mapping[str, Value]
    before: Mapping[str, Value] | None = None
    at: datetime
    origin: str = ""


class Records:
    """All records by object and id."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.lock = threading.RLock()
        self.listeners: list[Callable[[Change], None]] = []
        self.now = now
        self.user = INTEGRATION_USER
        self.origin = ""
        #: The correlation id of the request that makes the changes.
        self.cause = ""
        #: Whether each event is delivered twice: an org promises at least once.
        self.has_events_twice = False
        self._records: dict[str, dict[str, Record]] = {each.name: {} for each in OBJECTS.values()}
        self._found_by: dict[tuple[str, str, Value], dict[str, None]] = {}
        self._made: dict[str, int] = {}
        self._undo: list[tuple[str, str, Record | None]] | None = None
        self._untold: list[Change] = []
        users = (INTEGRATION_USER, "integration", "Standard"), (PORTAL_USER, "portal", PORTAL_TYPE)
        for user_id, name, kind in users:
            address = f"{name}@force.example"
            named: Record = {"Username": address, "Email": address, "Name": name.title()}
            user = named | {"UserType": kind}
            sobject = OBJECTS["user"]
            self._put(sobject, user_id, _blank(sobject) | user | self._stamp(user_id))

    @contextmanager
    def asked_by(self, user: str, origin: str, cause: str) -> Iterator[None]:
        """Keep every other request out, and name who makes the changes meanwhile, and why."""
        with self.lock:
            self.user, self.origin, self.cause = user, origin, cause
            yield

    def get(self, sobject: SObject, record_id: str) -> Record:
        """Return a record; raises SalesforceError if it is not there or was deleted."""
        found = self._records[sobject.name].get(record_id)
        if found is None:
            raise SalesforceError(404, "NOT_FOUND", "The requested resource does not exist")
        if found["IsDeleted"]:
            raise SalesforceError(404, "ENTITY_IS_DELETED", "entity is deleted")
        return found

    def find(self, name: str, record_id: str) -> Record | None:
        """Return a record that was not deleted, None if there is none."""
        found = self._records[name].get(record_id)
        return None if found is None or found["IsDeleted"] else found

    def find_any(self, name: str, record_id: str) -> Record | None:
        """Return a record, also one that was deleted; None if there never was one."""
        return self._records[name].get(record_id)

    def all(self, name: str) -> Iterable[Record]:
        """Give all records of an object, deleted ones too, in the order of their making."""
        return self._records[name].values()

    def with_value(self, name: str, field: str, value: Value) -> list[Record]:
        """Give the records, deleted ones too, with a value of a field that is indexed."""
        found = self._found_by.get((name, field, _key(value)), ())
        records = self._records[name]
        return [records[each] for each in found]

    def living(self, name: str, field: str, value: Value) -> list[Record]:
        """Give the records with a value that were not deleted."""
        return [each for each in self.with_value(name, field, value) if not each["IsDeleted"]]

    def create(
        self, sobject: SObject, given: Mapping[str, Any], kept: Mapping[str, Value] | None = None
    ) -> str:
        """Make a record, with what the system keeps of it; return its id.

        Raises SalesforceError.
        """
        values = read_values(self, sobject, given, is_new=True)
        number = self.count(sobject.name) + 1
        record_id = made_id(sobject.prefix, number)
        stamp = self._stamp(record_id)
        owner: Record = {"OwnerId": self.user} if "ownerid" in sobject.by_name else {}
        record = _blank(sobject) | owner | stamp | values | dict(kept or {})
        self._keep(sobject, record_id, None, completed(self, sobject, None, record), stamp)
        self._made[sobject.name] = number
        return record_id

    def update(self, sobject: SObject, record_id: str, given: Mapping[str, Any]) -> None:
        """Change a record; raises SalesforceError."""
        before = self.get(sobject, record_id)
        values = read_values(self, sobject, given, is_new=False)
        self.set(sobject, before, values)

    def set(self, sobject: SObject, before: Record, values: Mapping[str, Value]) -> None:
        """Change fields, those of the system too; raises SalesforceError."""
        record = completed(self, sobject, before, {**before, **values})
        self._keep(sobject, str(before["Id"]), before, record, self._stamp(""))

    def delete(self, sobject: SObject, record_id: str) -> None:
        """Delete a record, and those of others that are part of it; raises SalesforceError."""
        before = self.get(sobject, record_id)
        for child in sobject.children:
            if child.field == "ParentId" and child.sobject != sobject.name:
                for each in self.living(child.sobject, child.field, record_id):
                    self.delete(OBJECTS[child.sobject.lower()], str(each["Id"]))
        record = {**before, "IsDeleted": True, **self._stamp("")}
        self._put(sobject, record_id, record)
        self._note("DELETE", sobject, record, before)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Make several changes wholly or not at all; listeners hear of them at the end."""
        if self._undo is not None:
            yield
            return
        self._undo, made = [], dict(self._made)
        try:
            yield
        except BaseException:
            self._made = made
            for name, record_id, before in reversed(self._undo):
                self._put(OBJECTS[name.lower()], record_id, before)
            self._untold.clear()
            raise
        finally:
            self._undo = None
        untold, self._untold = self._untold, []
        for each in untold:
            self._tell(each)

    def restore(self, name: str, record: Record) -> None:
        """Take a record of an earlier run again."""
        sobject, record_id = OBJECTS[name.lower()], str(record["Id"])
        if record_id not in self._records[name]:
            self._made[name] = self.count(name) + 1
        self._put(sobject, record_id, record)

    def count(self, name: str) -> int:
        """How many records of an object were ever made."""
        return self._made.get(name, 0)

    def _keep(
        self, sobject: SObject, record_id: str, before: Record | None, record: Record, stamp: Record
    ) -> None:
        for field in sobject.fields:
            value = record[field.name]
            if not field.is_unique or value in {None, ""}:
                continue
            for other in self.living(sobject.name, field.name, value):
                if other["Id"] != record_id:
                    raise bad(
                        "DUPLICATE_VALUE",
                        f"duplicate value found: {field.name} duplicates value on record with id: "
                        f"{other['Id']}",
                    )
        record |= stamp
        self._put(sobject, record_id, record)
        self._note("CREATE" if before is None else "UPDATE", sobject, record, before)

    def _put(self, sobject: SObject, record_id: str, record: Record | None) -> None:
        """Put a record in its place, None to remove it, with what finds it."""
        records = self._records[sobject.name]
        before = records.get(record_id)
        if self._undo is not None:
            self._undo.append((sobject.name, record_id, before))
        for field in sobject.fields:
            if not field.is_indexed:
                continue
            old = None if before is None else before[field.name]
            new = None if record is None else record[field.name]
            if old != new and old is not None:
                self._found_by[sobject.name, field.name, _key(old)].pop(record_id, None)
            if new is not None:
                found = self._found_by.setdefault((sobject.name, field.name, _key(new)), {})
                found[record_id] = None
        if record is None:
            del records[record_id]
        else:
            records[record_id] = record

    def _note(
        self, kind: ChangeType, sobject: SObject, record: Record, before: Record | None
    ) -> None:
        change = Change(
            kind=kind,
            sobject=sobject.name,
            record=record,
            before=before,
            at=self.now(),
            origin=self.origin,
        )
        if self._undo is None:
            self._tell(change)
        else:
            self._untold.append(change)

    def _tell(self, change: Change) -> None:
        for listener in self.listeners:
            listener(change)

    def _stamp(self, new_id: str) -> Record:
        """The fields that the system keeps; those of its making only for a new record."""
        at = moment(self.now())
        changed: Record = {
            "LastModifiedDate": at,
            "LastModifiedById": self.user,
            "SystemModstamp": at,
        }
        if not new_id:
            return changed
        made: Record = {"Id": new_id, "IsDeleted": False, "CreatedDate": at}
        return {**made, "CreatedById": self.user, **changed}


def _blank(sobject: SObject) -> Record:
    return {each.name: each.default for each in sobject.fields}


def _key(value: Value) -> Value:
    return value.lower() if isinstance(value, str) and not _is_id(value) else value


def _is_id(value: str) -> bool:
    return len(value) == 18 and " " not in value and value[:3].isalnum() and value[3:5] == "Dx"
