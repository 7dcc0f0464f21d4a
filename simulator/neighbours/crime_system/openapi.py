"""The OpenAPI document of the crime system's interface, at /openapi.json.

An integration in its place has the same operations, and some of its own. Tests send what fits the
document and what does not (Schemathesis).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from reference.contract.messages import Stamp, Task
from simulator.neighbours.crime_system.changes import Page
from simulator.neighbours.crime_system.occurrence import Occurrence

REF = "#/components/schemas/{name}"
_TEXT = {"type": "string"}


def crime_system_openapi() -> dict[str, Any]:
    """Make the document of the crime system."""
    refs, components = schemas({"stamp": Stamp, "task": Task, "occurrence": Occurrence})
    changes, more = schemas({"page": Page})
    since = {"name": "since", "in": "query", "schema": _TEXT}
    paths = {
        **filing_paths(refs),
        "/occurrences/changes": {
            "get": operation(
                "Read what changed since a cursor, or from the beginning.",
                {200: changes["page"]},
                parameters=(since,),
                refused=(400, 401),
            )
        },
    }
    return document(
        "Crime system",
        "A portal stamps a victim's words, raises tasks, and reads an occurrence.",
        paths,
        {**components, **more},
    )


def filing_paths(refs: Mapping[str, Any]) -> dict[str, Any]:
    """Describe how a portal files, and reads: `refs` has stamp, task and occurrence."""
    reference = {
        "name": "reference",
        "in": "path",
        "required": True,
        "description": "The occurrence: one segment, in which a slash is written %2F.",
        "schema": _TEXT,
    }
    filed = object_of({"key": _TEXT, "filed": {"enum": ["created", "known"]}})
    refused = (400, 401, 404, 409, 413)
    return {
        "/occurrences/{reference}/enquiry-log": {
            "post": operation(
                "Stamp a victim's words, once per key.",
                {201: filed, 200: filed},
                body=refs["stamp"],
                parameters=(reference,),
                refused=refused,
            )
        },
        "/occurrences/{reference}": {
            "get": operation(
                "Read an occurrence: officer, team and enquiry log.",
                {200: refs["occurrence"]},
                parameters=(reference,),
                refused=(401, 404),
            )
        },
        "/tasks": {
            "post": operation(
                "Raise a task, once per key.",
                {201: filed, 200: filed},
                body=refs["task"],
                refused=refused,
            )
        },
    }


def schemas(types: Mapping[str, type]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give a reference to the schema of each type, and the schemas themselves."""
    found, components = msgspec.json.schema_components(types.values(), ref_template=REF)
    return dict(zip(types, found, strict=True)), dict(components)


def operation(
    summary: str,
    answers: Mapping[int, Mapping[str, Any] | None],
    *,
    body: Mapping[str, Any] | None = None,
    parameters: Iterable[Mapping[str, Any]] = (),
    refused: Iterable[int] = (),
) -> dict[str, Any]:
    """Describe an operation: its answers by status (None for an empty one), and its refusals."""
    problem = {"application/problem+json": {"schema": {"$ref": REF.format(name="problem")}}}
    told: dict[str, Any] = {
        str(status): {"description": "As asked."}
        | ({} if shown is None else {"content": {"application/json": {"schema": shown}}})
        for status, shown in answers.items()
    }
    told |= {
        str(status): {"description": "Refused; it says why.", "content": problem}
        for status in refused
    }
    described: dict[str, Any] = {"summary": summary, "responses": told}
    if parameters:
        described["parameters"] = list(parameters)
    if body is not None:
        content = {"application/json": {"schema": body}}
        described["requestBody"] = {"required": True, "content": content}
    return described


def document(
    title: str, description: str, paths: Mapping[str, Any], components: Mapping[str, Any]
) -> dict[str, Any]:
    """Put a document together, with the token that every operation wants."""
    problem = object_of(
        {
            **dict.fromkeys(("type", "title", "detail", "field"), _TEXT),
            "status": {"type": "integer"},
        },
        required=("type", "title", "status"),
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1", "description": description},
        "security": [{"token": []}],
        "paths": dict(paths),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {**components, "problem": problem},
        },
    }


def object_of(
    properties: Mapping[str, Any], *, required: Iterable[str] | None = None
) -> dict[str, Any]:
    """Describe an object with these properties and no other, all required unless some are named."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties if required is None else required),
        "additionalProperties": False,
    }
