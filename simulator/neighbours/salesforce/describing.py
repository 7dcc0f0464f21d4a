"""What the org says of its objects: the table that writes and queries go by, in its own words."""

from typing import Any

from simulator.neighbours.salesforce.objects import OBJECTS, Field, SObject
from simulator.neighbours.salesforce.values import TITLES

RECORDS_MAX = 200
_SOAP_TYPES = {"id": "tns:ID", "reference": "tns:ID", "boolean": "xsd:boolean", "int": "xsd:int"}
_SOAP_TIMES = {"datetime": "xsd:dateTime", "date": "xsd:date"}


def listed(root: str) -> dict[str, Any]:
    """Describe the org."""
    return {
        "encoding": "UTF-8",
        "maxBatchSize": RECORDS_MAX,
        "sobjects": [_head(each, root) for each in OBJECTS.values()],
    }


def basics(sobject: SObject, root: str) -> dict[str, Any]:
    """Describe an object in short."""
    return {"objectDescribe": _head(sobject, root), "recentItems": []}


def described(sobject: SObject, root: str) -> dict[str, Any]:
    """Describe an object with its fields."""
    return {
        **_head(sobject, root),
        "fields": [_field(each, sobject) for each in sobject.fields],
        "childRelationships": [
            {
                "childSObject": each.sobject,
                "field": each.field,
                "relationshipName": each.name,
                "cascadeDelete": each.field == "ParentId",
            }
            for each in sobject.children
        ],
        "recordTypeInfos": [],
    }


def _head(sobject: SObject, root: str) -> dict[str, Any]:
    url = f"{root}/sobjects/{sobject.name}"
    return {
        "name": sobject.name,
        "label": sobject.label,
        "labelPlural": f"{sobject.label}s",
        "keyPrefix": sobject.prefix,
        "custom": sobject.name.endswith(("__c", "__e")),
        "createable": sobject.is_written,
        "updateable": sobject.is_written and not sobject.is_event,
        "deletable": sobject.is_written and not sobject.is_event,
        "queryable": not sobject.is_event,
        "retrieveable": not sobject.is_event,
        "urls": {"sobject": url, "describe": f"{url}/describe", "rowTemplate": f"{url}/{{ID}}"},
    }


def _field(field: Field, sobject: SObject) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label or field.name,
        "type": field.kind,
        "soapType": {**_SOAP_TYPES, **_SOAP_TIMES}.get(field.kind, "xsd:string"),
        "length": field.length,
        "byteLength": field.length if field.is_bytes else field.length * 3,
        "nillable": not field.is_required and field.kind not in {"boolean", "id"},
        "createable": field.written != "never",
        "updateable": field.written == "always",
        "filterable": field.kind != "textarea",
        "sortable": field.kind != "textarea",
        "externalId": field.is_external_id,
        "unique": field.is_unique,
        "idLookup": field.is_external_id or field.kind == "id",
        "nameField": field.name == TITLES.get(sobject.name),
        "custom": field.name.endswith("__c"),
        "defaultValue": field.default,
        "defaultedOnCreate": field.default is not None or field.written == "never",
        "restrictedPicklist": field.is_restricted,
        "picklistValues": [
            {
                "value": each,
                "label": each,
                "active": True,
                "defaultValue": each == field.default,
                "validFor": None,
            }
            for each in field.options
        ],
        "referenceTo": list(field.targets),
        "relationshipName": field.relationship or None,
    }
