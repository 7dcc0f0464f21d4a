"""The OpenAPI document of the double, at /openapi.json: made from the table of objects.

Salesforce publishes none that one may copy. Tests send what fits it and what does not.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from simulator.neighbours.salesforce.objects import OBJECTS, Field, SObject

_TEXT = {"type": "string"}
_FLAG = {"type": "boolean"}
_JSON = "application/json"
_REFUSALS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "message": _TEXT,
            "errorCode": _TEXT,
            "fields": {"type": "array", "items": _TEXT},
        },
        "required": ["message", "errorCode"],
    },
}
_MADE = {
    "type": "object",
    "properties": {"id": _TEXT, "success": _FLAG, "errors": {"type": "array"}, "created": _FLAG},
    "required": ["id", "success", "errors"],
}
_FOUND = {
    "type": "object",
    "properties": {
        "totalSize": {"type": "integer"},
        "done": _FLAG,
        "records": {"type": "array", "items": {"type": "object"}},
        "nextRecordsUrl": _TEXT,
    },
    "required": ["totalSize", "done", "records"],
}
_ANY = {"type": "object"}
_ROOT = "/services/data/v68.0"


@lru_cache(maxsize=1)
def openapi() -> dict[str, Any]:
    """Make the document."""
    paths: dict[str, Any] = {
        f"{_ROOT}/query": {"get": _operation("Query.", {200: _FOUND}, [_asked("q")])},
        f"{_ROOT}/queryAll": {
            "get": _operation("Query deleted records too.", {200: _FOUND}, [_asked("q")])
        },
        f"{_ROOT}/composite": {
            "post": _operation("Several calls in one.", {200: _ANY}, body=_COMPOSITE)
        },
        f"{_ROOT}/composite/sobjects": {
            "post": _operation("Make up to 200 records.", {200: _LIST}, body=_COLLECTION),
            "patch": _operation("Change up to 200 records.", {200: _LIST}, body=_COLLECTION),
            "delete": _operation("Delete several.", {200: _LIST}, [_asked("ids")]),
        },
        f"{_ROOT}/limits": {"get": _operation("What is left of the day's calls.", {200: _ANY})},
        f"{_ROOT}/sobjects": {"get": _operation("List the objects.", {200: _ANY})},
        f"{_ROOT}/support/knowledgeArticles": {
            "get": _operation("List articles that are online.", {200: _ANY}, _ARTICLES)
        },
        f"{_ROOT}/knowledgeManagement/settings": {
            "get": _operation("Languages of Knowledge.", {200: _ANY})
        },
    }
    for each in OBJECTS.values():
        paths |= _of_object(each)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Salesforce Core",
            "version": "68.0",
            "description": "A double of the REST API: the part that a victims' portal needs.",
        },
        "security": [{"token": []}],
        "paths": paths,
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _of_object(sobject: SObject) -> dict[str, Any]:
    at, body = f"{_ROOT}/sobjects/{sobject.name}", _record(sobject)
    described = {"get": _operation("Describe it.", {200: _ANY})}
    if not sobject.is_written:
        return {f"{at}/describe": described}
    paths: dict[str, Any] = {
        f"{at}/describe": described,
        at: {
            "get": _operation("Describe it in short.", {200: _ANY}),
            "post": _operation("Make or publish one.", {201: _MADE}, body=body),
        },
    }
    if sobject.is_event:
        return paths
    record_id = _in_path("id")
    paths[f"{at}/{{id}}"] = {
        "get": _operation("Read one.", {200: _ANY}, [record_id, _asked("fields", needed=False)]),
        "patch": _operation("Change one.", {204: None}, [record_id], body=body),
        "delete": _operation("Delete one.", {204: None}, [record_id]),
    }
    for field in sobject.fields:
        if field.is_external_id:
            upsert: dict[int, Mapping[str, Any] | None] = {
                200: _ANY,
                201: _MADE,
                300: {"type": "array", "items": _TEXT},
            }
            less = {name: kind for name, kind in body["properties"].items() if name != field.name}
            paths[f"{at}/{field.name}/{{value}}"] = {
                "get": _operation("Read the one with this.", upsert, [_in_path("value")]),
                "delete": _operation("Delete it.", {**upsert, 204: None}, [_in_path("value")]),
                "patch": _operation(
                    "Change the one with this, or make it.",
                    upsert,
                    [_in_path("value")],
                    body={**body, "properties": less},
                ),
            }
    return paths


def _record(sobject: SObject) -> dict[str, Any]:
    written = [each for each in sobject.fields if each.written != "never"]
    return {
        "type": "object",
        "properties": {each.name: _kind(each) for each in written},
        "additionalProperties": False,
    }


def _kind(field: Field) -> dict[str, Any]:
    if field.kind == "boolean":
        return _FLAG
    named: dict[str, Any] = {"type": ["string", "null"]}
    if field.kind in {"date", "datetime"}:
        return named | {"format": {"date": "date", "datetime": "date-time"}[field.kind]}
    return named | {"maxLength": field.length}


def _operation(
    summary: str,
    answers: Mapping[int, Mapping[str, Any] | None],
    parameters: Iterable[Mapping[str, Any]] = (),
    *,
    body: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        str(status): {"description": "As asked."}
        | ({} if shown is None else {"content": {_JSON: {"schema": shown}}})
        for status, shown in answers.items()
    }
    refusal = {"description": "Refused; it says why.", "content": {_JSON: {"schema": _REFUSALS}}}
    told |= {str(each): refusal for each in (400, 401, 403, 404, 405, 413, 414)}
    described = {"summary": summary, "responses": told, "parameters": list(parameters)}
    if body is not None:
        described["requestBody"] = {"required": True, "content": {_JSON: {"schema": body}}}
    return described


def _asked(name: str, *, needed: bool = True) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": needed, "schema": _TEXT}


def _in_path(name: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}


_LIST = {"type": "array", "items": _ANY}
_COLLECTION = {
    "type": "object",
    "properties": {"allOrNone": _FLAG, "records": {"type": "array", "maxItems": 200}},
    "required": ["records"],
}
_COMPOSITE = {
    "type": "object",
    "properties": {
        "allOrNone": _FLAG,
        "compositeRequest": {
            "type": "array",
            "maxItems": 25,
            "items": {
                "type": "object",
                "properties": {
                    "method": {"enum": ["GET", "POST", "PATCH", "DELETE"]},
                    "url": _TEXT,
                    "referenceId": {"type": "string", "pattern": "^[A-Za-z0-9_]+$"},
                    "body": {"type": "object"},
                },
                "required": ["method", "url", "referenceId"],
            },
        },
    },
    "required": ["compositeRequest"],
}
_ARTICLES = [
    {"name": "Accept-Language", "in": "header", "required": True, "schema": _TEXT},
    *(_asked(name, needed=False) for name in ("q", "categories", "queryMethod", "sort")),
    *(_asked(name, needed=False) for name in ("order", "channel", "pageSize", "pageNumber")),
]
