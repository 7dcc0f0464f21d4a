"""The OpenAPI document of the inspection interface, so that a test in any language can use it.

Tests send what fits it and what does not (Schemathesis). The shapes are Mailpit's; `/wait`,
`/links`, `/codes`, and `recipient:` and `reference:` in a search, are our own.
"""

from typing import Any

import msgspec

from simulator.neighbours.gateway.chaos import Triggers

_TEXT = {"type": "string"}
_NUMBER = {"type": "integer"}


def mailpit_openapi(*, page_messages_max: int, wait_seconds_max: float) -> dict[str, Any]:
    """Make the document."""
    [triggers], components = msgspec.json.schema_components(
        [Triggers], ref_template="#/components/schemas/{name}"
    )
    components |= _schemas()
    query = _query("query", _TEXT)
    start = _query("start", {"type": "integer", "minimum": 0, "maximum": 1_000_000_000})
    limit = _query("limit", {"type": "integer", "minimum": 0, "maximum": page_messages_max})
    seconds = _query("seconds", {"type": "number", "minimum": 0, "maximum": wait_seconds_max})
    at = "/api/v1"
    paths = {
        "/info": {"get": _does("Count the messages.", _ref("info"))},
        "/messages": {
            "get": _does("List messages, the newest first.", _ref("page"), [start, limit]),
            "put": _does("Mark messages as read or unread.", None, body=_ref("ids")),
            "delete": _does("Delete messages; all, if none is named.", None, body=_ref("ids")),
        },
        "/search": {
            "get": _does("List what a search finds.", _ref("page"), [query, start, limit]),
            "delete": _does("Delete what a search finds.", None, [query]),
        },
        "/wait": {
            "get": _does("Wait for a message.", _ref("message"), [query, seconds], missing=408)
        },
        "/tags": {"get": _does("List the channels.", _list(_TEXT))},
        "/chaos": {
            "get": _does("Show the mail server's faults.", triggers),
            "put": _does("Replace the mail server's faults.", triggers, body=triggers),
        },
    }
    for name, summary, shown in (
        ("", "Read a message.", _ref("message")),
        ("/headers", "Read its headers.", {"type": "object", "additionalProperties": _list(_TEXT)}),
        ("/raw", "Read its source.", None),
        ("/links", "List the links in its words.", _list(_TEXT)),
        ("/codes", "List the one-time codes in its words.", _list(_TEXT)),
    ):
        one = {"name": "id", "in": "path", "required": True, "schema": _TEXT}
        paths[f"/message/{{id}}{name}"] = {"get": _does(summary, shown, [one, query], missing=404)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "What was sent",
            "version": "1",
            "description": "Texts and emails, in the shape of Mailpit's API.",
        },
        "security": [{}, {"token": []}],
        "paths": {f"{at}{path}": item for path, item in paths.items()},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": components,
        },
    }


def _schemas() -> dict[str, Any]:
    contact = _object({"Name": _TEXT, "Address": _TEXT})
    shared: dict[str, Any] = {
        "ID": _TEXT,
        "MessageID": _TEXT,
        "Read": {"type": "boolean"},
        "From": contact,
        **{name: _list(contact) for name in ("To", "Cc", "Bcc", "ReplyTo")},
        "Subject": _TEXT,
        "Username": _TEXT,
        "Tags": _list(_TEXT),
        "Size": _NUMBER,
    }
    attachment = dict.fromkeys(("PartID", "FileName", "ContentType", "ContentID"), _TEXT)
    whole = {
        **shared,
        "ReturnPath": _TEXT,
        "ListUnsubscribe": {"type": "object"},
        "Date": _TEXT,
        "Text": _TEXT,
        "HTML": _TEXT,
        "Inline": _list({}),
        "Attachments": _list(_object({**attachment, "Size": _NUMBER})),
    }
    counts = ("total", "unread", "messages_count", "messages_unread", "count", "start")
    info = ("DatabaseSize", "Messages", "Unread")
    return {
        "summary": _object({**shared, "Created": _TEXT, "Attachments": _NUMBER, "Snippet": _TEXT}),
        "message": _object(whole),
        "page": _object(
            {
                **dict.fromkeys(counts, _NUMBER),
                "tags": _list(_TEXT),
                "messages": _list(_ref("summary")),
            }
        ),
        "info": _object(
            {
                **dict.fromkeys(("Version", "LatestVersion", "Database"), _TEXT),
                **dict.fromkeys(info, _NUMBER),
                "Tags": {"type": "object"},
                "RuntimeStats": {"type": "object"},
            }
        ),
        # Mailpit's clients write these in more than one way, and as a form.
        "ids": {
            "type": "object",
            "properties": {"IDs": _list(_TEXT), "Read": {"type": "boolean"}},
        },
        "refused": _object({"Error": _TEXT}),
    }


def _does(
    summary: str,
    shown: dict[str, Any] | None,
    parameters: list[dict[str, Any]] | None = None,
    *,
    body: dict[str, Any] | None = None,
    missing: int = 0,
) -> dict[str, Any]:
    """Describe an operation; where there is nothing to show it answers with plain text."""
    kind = "application/json" if shown else "text/plain"
    refusals = (401, *((400,) if parameters or body else ()), *((413,) if body else ()))
    does: dict[str, Any] = {
        "summary": summary,
        "responses": {
            "200": {"description": "As asked.", "content": {kind: {"schema": shown or _TEXT}}},
            **{
                str(each): {
                    "description": "Refused; it says why.",
                    "content": {"application/json": {"schema": _ref("refused")}},
                }
                for each in (*refusals, *filter(None, [missing]))
            },
        },
    }
    if parameters:
        does["parameters"] = parameters
    if body is not None:
        does["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return does


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    """An object that has all of these, and nothing else."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
