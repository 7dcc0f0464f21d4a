"""The objects, records and fields that an address names."""

from typing import Any

from simulator.neighbours.salesforce.errors import no_column, no_external_field, not_found
from simulator.neighbours.salesforce.objects import OBJECTS, Field, Record, SObject
from simulator.neighbours.salesforce.record_ids import whole_id
from simulator.neighbours.salesforce.soql_conditions import View


def sobject_of(name: str) -> SObject:
    """Find an object by its name in an address; raises SalesforceError."""
    found = OBJECTS.get(name.lower())
    if found is None:
        raise not_found()
    return found


def stored(name: str) -> SObject:
    """Find an object that has records; raises SalesforceError."""
    found = sobject_of(name)
    if found.is_event:
        raise not_found()
    return found


def id_of(sobject: SObject, text: str) -> str:
    """Read an id in an address; raises SalesforceError."""
    found = whole_id(text)
    if not found or found[:3] != sobject.prefix:
        raise no_external_field(text)
    return found


def key_of(sobject: SObject, name: str) -> Field:
    """Find the field of an upsert; raises SalesforceError."""
    field = sobject.by_name.get(name.lower())
    if field is None or not (field.kind == "id" or field.is_external_id):
        raise no_external_field(name)
    return field


def shown(sobject: SObject, record: Record, view: View, names: str = "") -> dict[str, Any]:
    """Show a record, whole or with the fields that were asked for; raises SalesforceError."""
    fields = [
        sobject.by_name.get(each.strip().lower()) for each in names.split(",") if each.strip()
    ]
    if None in fields:
        raise no_column(names, sobject.name)
    chosen = [each.name for each in fields if each is not None] or list(record)
    # As the org does, the id is always there.
    values = {each: record[each] for each in dict.fromkeys((*chosen, "Id"))}
    return {"attributes": view.attributes(sobject.name, record), **values}
