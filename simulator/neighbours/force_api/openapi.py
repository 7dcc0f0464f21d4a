"""The OpenAPI document of the force's own API, made from the names that a force gave its records.

What it does not declare, the interface refuses: tests send it both (Schemathesis).
"""

from collections.abc import Mapping
from typing import Any

from simulator.neighbours.force_api.feed import PAGE_EVENTS_MAX
from simulator.neighbours.force_api.fields import Attribute, ResourceType
from simulator.neighbours.force_api.refusals import MEDIA_TYPE

PAGE_RECORDS_MAX = 100
PAGE_RECORDS_USUAL = 50
OPERATIONS_MAX = 1000
URL_CHARACTERS_MAX = 2000
CURSOR_CHARACTERS_MAX = 20
FILTER_CHARACTERS_MAX = 200

_ID = {"type": "string", "format": "uuid"}
_CORRELATION = {"$ref": "#/components/parameters/correlation"}
_IF_MATCH = {"$ref": "#/components/parameters/ifMatch"}


def openapi(types: Mapping[str, ResourceType], event_types: list[str]) -> dict[str, Any]:
    """Make the document."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = _schemas_of_changes(event_types)
    schemas |= _schemas_of_subscriptions(event_types)
    for kind in types.values():
        schemas |= _schemas_of(kind)
        paths |= _paths_of(kind)
    schemas["operation"] = _operation(types)
    schemas["anyResource"] = {"anyOf": [_ref(each) for each in types]}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The force's own API",
            "version": "1",
            "description": (
                "An interface of this suite, over records of crime. It is not the interface of any "
                "product: no public description of Niche's exists."
            ),
        },
        "security": [{"serviceAccount": []}],
        "paths": paths | _paths_of_changes() | _paths_of_subscriptions(),
        "components": {
            "securitySchemes": {"serviceAccount": {"type": "http", "scheme": "bearer"}},
            "parameters": {
                "correlation": {
                    "name": "x-correlation-id",
                    "in": "header",
                    "description": "Goes with every change that the request makes.",
                    "schema": {"type": "string"},
                },
                "ifMatch": {
                    "name": "if-match",
                    "in": "header",
                    "description": "The ETag of the record as it was read.",
                    "schema": {"type": "string"},
                },
            },
            "schemas": schemas,
        },
    }


def _schemas_of(kind: ResourceType) -> dict[str, Any]:
    read = {name: _read_schema(each) for name, each in kind.attributes.items()}
    written = {
        name: _written_schema(each, is_required=name in kind.required, is_key=name == kind.key)
        for name, each in kind.attributes.items()
        if not each.is_read_only
    }
    links_read = {name: _link(each.target) for name, each in kind.links.items()}
    shown = {
        "type": {"const": kind.name},
        "id": _ID,
        "attributes": _object(read, required=list(read)),
        "relationships": _object(links_read, required=list(links_read)),
        "meta": _object({"version": {"type": "integer"}}, required=["version"]),
    }
    new = {
        "type": {"const": kind.name},
        "attributes": _object(written, required=list(kind.required)),
        "relationships": _object(links_read),
    }
    changed = {
        "type": {"const": kind.name},
        "id": _ID,
        "attributes": _object(written),
        "relationships": _object(links_read),
    }
    must = ["type", *(["attributes"] if kind.required else [])]
    return {
        kind.name: _object(shown, required=list(shown)),
        f"{kind.name}New": _object(new, required=must),
        f"{kind.name}Changed": _object(changed, required=["type", "id"]),
    }


def _paths_of(kind: ResourceType) -> dict[str, Any]:
    include = _query("include", {"type": "string", "maxLength": FILTER_CHARACTERS_MAX})
    include["description"] = f"Names of relationships, with commas: {', '.join(kind.links)}."
    one = _object(
        {"data": _ref(kind.name), "included": _list(_ref("anyResource"))}, required=["data"]
    )
    return {
        f"/{kind.path}": _all_of(kind, one, include),
        f"/{kind.path}/{{id}}": _one_of(kind, one, include),
    }


def _all_of(kind: ResourceType, one: dict[str, Any], include: dict[str, Any]) -> dict[str, Any]:
    """Describe the address of all records of a kind."""
    text = {"type": "string", "minLength": 1, "maxLength": FILTER_CHARACTERS_MAX}
    filters = [_query(f"filter[{name}]", text) for name in filters_of(kind)]
    size = {"type": "integer", "minimum": 1, "maximum": PAGE_RECORDS_MAX}
    after = _query("page[after]", _ID)
    many = _object(
        {
            "data": _list(_ref(kind.name)),
            "included": _list(_ref("anyResource")),
            "links": _object({"next": {"type": ["string", "null"]}}, required=["next"]),
        },
        required=["data", "links"],
    )
    with_key = {"200": _answer("It was there already, and is the same.", one)} if kind.key else {}
    return {
        "get": _does(
            f"List {kind.path}.",
            {"200": _answer("A page of them, in the order in which they were made.", many)},
            refused=(400,),
            parameters=[*filters, _query("page[size]", size), after, include],
        ),
        "post": _does(
            f"Make a {kind.name}; with a key that is in use, nothing is made twice.",
            {"201": _answer("It was made.", one), **with_key},
            refused=(400, 404, 409, 413, 415, 422),
            parameters=[_CORRELATION],
            body=_object({"data": _ref(f"{kind.name}New")}, required=["data"]),
        ),
    }


def _one_of(kind: ResourceType, one: dict[str, Any], include: dict[str, Any]) -> dict[str, Any]:
    """Describe the address of one record of a kind."""
    return {
        "parameters": [{"name": "id", "in": "path", "required": True, "schema": _ID}],
        "get": _does(
            f"Read a {kind.name}.",
            {"200": _answer("It, and what was to be included.", one)},
            refused=(400, 404),
            parameters=[include],
        ),
        "patch": _does(
            f"Change a {kind.name}: what is not named stays.",
            {"200": _answer("It as it is now.", one)},
            refused=(400, 404, 409, 412, 413, 415, 422),
            parameters=[_CORRELATION, _IF_MATCH],
            body=_object({"data": _ref(f"{kind.name}Changed")}, required=["data"]),
        ),
        "delete": _does(
            f"Remove a {kind.name} that no other record names.",
            {"204": {"description": "It is gone; the feed says so."}},
            refused=(400, 404, 409, 412),
            parameters=[_CORRELATION, _IF_MATCH],
        ),
    }


def filters_of(kind: ResourceType) -> list[str]:
    """Name what a list can be filtered by: the key, coded attributes and relationships."""
    coded = [name for name, each in kind.attributes.items() if each.codes]
    return [*filter(None, [kind.key]), *coded, *kind.links]


def _paths_of_changes() -> dict[str, Any]:
    limit = {"type": "integer", "minimum": 1, "maximum": PAGE_EVENTS_MAX}
    after = {"type": "string", "minLength": 1, "maxLength": CURSOR_CHARACTERS_MAX}
    operations = _list(_ref("operation"))
    operations |= {"minItems": 1, "maxItems": OPERATIONS_MAX}
    # The result of a removal is empty.
    results = _list(_object({"data": _ref("anyResource")}))
    return {
        "/changes": {
            "get": _does(
                "Read what has changed since a cursor; without one, every record.",
                {"200": _answer("A page of changes.", _ref("feedPage"))},
                refused=(400, 410),
                parameters=[_query("after", after), _query("limit", limit)],
            )
        },
        "/operations": {
            "post": _does(
                "Do several things, wholly or not at all (JSON:API Atomic Operations).",
                {
                    "200": _answer(
                        "The result of each.",
                        _object({"atomic:results": results}, required=["atomic:results"]),
                    )
                },
                refused=(400, 404, 409, 413, 415, 422),
                parameters=[_CORRELATION],
                body=_object({"atomic:operations": operations}, required=["atomic:operations"]),
            )
        },
        "/openapi.json": {
            "get": {
                "summary": "Read this document.",
                "security": [],
                "responses": {
                    "200": {
                        "description": "This document.",
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    }
                },
            }
        },
    }


def _paths_of_subscriptions() -> dict[str, Any]:
    named = {"name": "id", "in": "path", "required": True, "schema": _ID}
    one = _object({"data": _ref("subscription")}, required=["data"])
    many = _object({"data": _list(_ref("subscription"))}, required=["data"])
    new = _object({"data": _ref("subscriptionNew")}, required=["data"])
    return {
        "/subscriptions": {
            "get": _does("List the subscriptions.", {"200": _answer("All of them.", many)}),
            "post": _does(
                "Have every change pushed to an address, signed.",
                {"201": _answer("The only answer that shows the secret.", one)},
                refused=(400, 409, 413, 415, 422),
                body=new,
            ),
        },
        "/subscriptions/{id}": {
            "parameters": [named],
            "get": _does("Read a subscription.", {"200": _answer("It.", one)}, refused=(400, 404)),
            "delete": _does(
                "End a subscription.", {"204": {"description": "Ended."}}, refused=(400, 404)
            ),
        },
        "/subscriptions/{id}/resume": {
            "parameters": [named],
            "post": _does(
                "Let a suspended subscription go on from where it stopped.",
                {"200": _answer("It.", one)},
                refused=(400, 404),
            ),
        },
    }


def _schemas_of_changes(event_types: list[str]) -> dict[str, Any]:
    text = {"type": "string"}
    error = _object(
        {
            "status": text,
            "title": text,
            "detail": text,
            "source": _object({"pointer": text, "parameter": text, "header": text}),
        },
        required=["status", "title", "detail"],
    )
    event = {
        "specversion": {"const": "1.0"},
        "id": text,
        "source": text,
        "type": {"enum": event_types},
        "subject": _ID,
        "time": {"type": "string", "format": "date-time"},
        "sequence": text,
        "datacontenttype": {"const": "application/json"},
        "correlationid": text,
        "data": {"anyOf": [_ref("anyResource"), _ref("goneResource")]},
    }
    return {
        "errors": _object({"errors": _list(error)}, required=["errors"]),
        "goneResource": _object({"type": text, "id": _ID}, required=["type", "id"]),
        "event": _object(event, required=list(event)),
        "feedPage": _object(
            {"data": _list(_ref("event")), "cursor": text, "more": {"type": "boolean"}},
            required=["data", "cursor", "more"],
        ),
    }


def _schemas_of_subscriptions(event_types: list[str]) -> dict[str, Any]:
    text = {"type": "string"}
    subscribed = {
        "url": {"type": "string", "minLength": 1, "maxLength": URL_CHARACTERS_MAX},
        "types": {
            "type": "array",
            "items": {"enum": event_types},
            "maxItems": len(event_types),
            "description": "Empty, or not given: all of them.",
        },
    }
    shown = {
        **subscribed,
        "state": {"enum": ["active", "suspended"]},
        "cursor": text,
        "tries": {"type": "integer"},
        "lastAnswer": text,
    }
    return {
        "subscription": _object(
            {
                "type": {"const": "subscription"},
                "id": _ID,
                "attributes": _object({**shown, "secret": text}, required=list(shown)),
            },
            required=["type", "id", "attributes"],
        ),
        "subscriptionNew": _object(
            {
                "type": {"const": "subscription"},
                "attributes": _object(subscribed, required=["url"]),
            },
            required=["type", "attributes"],
        ),
    }


def _operation(types: Mapping[str, ResourceType]) -> dict[str, Any]:
    added = [
        _object({"op": {"const": "add"}, "data": _ref(f"{each}New")}, required=["op", "data"])
        for each in types
    ]
    updated = [
        _object(
            {"op": {"const": "update"}, "data": _ref(f"{each}Changed")}, required=["op", "data"]
        )
        for each in types
    ]
    removed = [
        _object(
            {
                "op": {"const": "remove"},
                "ref": _object({"type": {"const": each}, "id": _ID}, required=["type", "id"]),
            },
            required=["op", "ref"],
        )
        for each in types
    ]
    return {"anyOf": [*added, *updated, *removed]}


def _read_schema(attribute: Attribute) -> dict[str, Any]:
    schema = _value_schema(attribute)
    if "enum" in schema:
        return {"enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def _written_schema(attribute: Attribute, *, is_required: bool, is_key: bool) -> dict[str, Any]:
    schema = _value_schema(attribute)
    if schema.get("type") == "string" and "format" not in schema:
        schema["maxLength"] = attribute.column.characters_max
        if is_required or is_key:
            schema["minLength"] = 1
    if is_required:
        return schema
    if "enum" in schema:
        return {"enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def _value_schema(attribute: Attribute) -> dict[str, Any]:
    if attribute.codes:
        return {"enum": list(attribute.codes)}
    match attribute.column.kind:
        case "Boolean":
            return {"type": "boolean"}
        case "Integer":
            return {"type": "integer"}
        case "DateTime":
            return {"type": "string", "format": "date" if attribute.is_date else "date-time"}
    return {"type": "string"}


def _link(target: str) -> dict[str, Any]:
    identifier = _object({"type": {"const": target}, "id": _ID}, required=["type", "id"])
    return _object({"data": {"anyOf": [identifier, {"type": "null"}]}}, required=["data"])


def _does(
    summary: str,
    answers: dict[str, Any],
    *,
    refused: tuple[int, ...] = (),
    parameters: list[dict[str, Any]] | None = None,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    errors = {
        str(status): _answer("Refused; the errors say why.", _ref("errors"))
        for status in (401, *refused)
    }
    does: dict[str, Any] = {"summary": summary, "responses": {**answers, **errors}}
    if parameters:
        does["parameters"] = parameters
    if body is not None:
        does["requestBody"] = {"required": True, "content": {MEDIA_TYPE: {"schema": body}}}
    return does


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


def _object(properties: dict[str, Any], *, required: list[str] | None = None) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": required} if required else schema


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
