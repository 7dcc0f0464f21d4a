"""The values of a record that is written, each checked against its field.

Messages: `STRING_TOO_LONG` and `INVALID_EMAIL_ADDRESS` as public traces of the API show them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Protocol

from simulator.neighbours.salesforce.errors import SalesforceError, bad, no_column
from simulator.neighbours.salesforce.objects import OBJECTS, Field, Record, SObject, Value
from simulator.neighbours.salesforce.record_ids import whole_id

_EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_SHOWN = 200


class Known(Protocol):
    """The records that there are, for who checks another."""

    now: Callable[[], datetime]

    def find(self, name: str, record_id: str) -> Record | None:
        """Return a record that was not deleted, None if there is none."""

    def living(self, name: str, field: str, value: Value) -> list[Record]:
        """Give the records with a value that were not deleted."""

    def all(self, name: str) -> Iterable[Record]:
        """Give all records of an object."""

    def count(self, name: str) -> int:
        """How many records of an object were ever made."""


def read_values(
    records: Known, sobject: SObject, given: Mapping[str, Any], *, is_new: bool
) -> dict[str, Value]:
    """Read what a client sent; raises SalesforceError."""
    values: dict[str, Value] = {}
    refused: list[str] = []
    for name, said in given.items():
        value = said
        if name == "attributes":
            continue
        field = sobject.by_name.get(name.lower())
        if field is None:
            field = sobject.by_relationship.get(name.lower())
            if field is None:
                raise no_column(name, sobject.name)
            value = _by_external_id(records, field, said)
        if field.written == "never" or (field.written == "on_create" and not is_new):
            refused.append(field.name)
            continue
        values[field.name] = _checked(records, field, value)
    if refused:
        raise bad(
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            f"Unable to create/update fields: {', '.join(refused)}. Please check the security "
            "settings of this field and verify that it is read/write for your profile or "
            "permission set.",
            *refused,
        )
    missing = [
        each.name
        for each in sobject.fields
        if each.is_required and values.get(each.name, None if is_new else "") is None
    ]
    if missing:
        raise bad(
            "REQUIRED_FIELD_MISSING",
            f"Required fields are missing: [{', '.join(missing)}]",
            *missing,
        )
    return values


def moment(at: datetime) -> str:
    """Write a time as records have it, always in UTC; raises OverflowError."""
    utc = at.astimezone(UTC)
    return f"{utc.strftime('%Y-%m-%dT%H:%M:%S.')}{utc.microsecond // 1000:03d}+0000"


def _by_external_id(records: Known, field: Field, value: Any) -> Value:
    """Find a parent by an external id of its own, as `{"Parent": {"Crime_Number__c": "…"}}`."""
    if not isinstance(value, dict) or len(value.keys() - {"attributes"}) != 1:
        raise bad(
            "INVALID_FIELD",
            f"The relationship '{field.relationship}' wants one external ID field of its object",
            field.relationship,
        )
    [(name, wanted)] = [each for each in value.items() if each[0] != "attributes"]
    parent = OBJECTS[field.targets[0].lower()]
    key = parent.by_name.get(str(name).lower())
    if key is None or not key.is_external_id:
        raise no_column(str(name), parent.name)
    found = records.living(parent.name, key.name, wanted if isinstance(wanted, str) else "")
    if len(found) != 1:
        raise bad(
            "INVALID_FIELD",
            f"Foreign key external ID: {str(wanted)[:_SHOWN]} not found for field {key.name} in "
            f"entity {parent.name}",
        )
    return found[0]["Id"]


def _checked(records: Known, field: Field, value: Any) -> Value:
    """Check a value; raises SalesforceError. Empty text clears a field, as null does."""
    if value is None or (value == "" and field.kind != "boolean"):
        return False if field.kind == "boolean" else None
    if field.kind == "boolean":
        if isinstance(value, bool):
            return value
        raise _not_a("boolean", value)
    if not isinstance(value, str):
        raise _not_a("string" if field.kind not in {"date", "datetime"} else field.kind, value)
    match field.kind:
        case "reference":
            return _reference(records, field, value)
        case "date":
            return _day(value)
        case "datetime":
            return _moment(value)
    label = field.label or field.name
    length = len(value.encode("utf-8", "surrogatepass")) if field.is_bytes else len(value)
    if length > field.length:
        message = f"{label}: data value too large: {value[:_SHOWN]} (max length={field.length})"
        raise bad("STRING_TOO_LONG", message, field.name)
    if field.kind == "email" and not _EMAIL.fullmatch(value):
        message = f"{label}: invalid email address: {value[:_SHOWN]}"
        raise bad("INVALID_EMAIL_ADDRESS", message, field.name)
    if field.is_restricted and value not in field.options:
        raise bad(
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            f"{label}: bad value for restricted picklist field: {value[:_SHOWN]}",
            field.name,
        )
    return value


def _reference(records: Known, field: Field, value: str) -> str:
    label, record_id = field.label or field.name, whole_id(value)
    if not record_id:
        message = f"{label}: id value of incorrect type: {value[:_SHOWN]}"
        raise bad("MALFORMED_ID", message, field.name)
    if not any(records.find(each, record_id) for each in field.targets):
        raise SalesforceError(
            400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", (field.name,)
        )
    return record_id


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        raise _not_a("date", value) from None


def _moment(value: str) -> str:
    try:
        at = datetime.fromisoformat(value)
        return moment(at if at.tzinfo else at.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise _not_a("datetime", value) from None


def _not_a(kind: str, value: Any) -> SalesforceError:
    names = {str: "STRING", bool: "TRUE" if value else "FALSE", int: "NUMBER_INT", dict: "OBJECT"}
    token = names.get(type(value), "ARRAY" if isinstance(value, list) else "NUMBER_FLOAT")
    return bad(
        "JSON_PARSER_ERROR",
        f"Cannot deserialize instance of {kind} from VALUE_{token} value {str(value)[:_SHOWN]} or "
        "request may be missing a required field at [line:1, column:1]",
    )


#: What names a record of each object.
TITLES = {
    "Case": "CaseNumber",
    "Contact": "Name",
    "User": "Name",
    "Task": "Subject",
    "EmailMessage": "Subject",
    "Knowledge__kav": "Title",
}
