"""What GOV.UK Notify documents of its REST API, as an OpenAPI document for fuzzing its double.

Written from its documentation and published code, as the double is: Notify's own document is on no
package registry. The double itself serves none, as Notify does not.
"""

from typing import Any

import msgspec

from simulator.neighbours.gateway.notify_listing import STATUSES, TEMPLATE_TYPES
from simulator.neighbours.gateway.notify_requests import EmailRequest, TextRequest

_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_UUID = {"type": "string", "format": "uuid"}
_SHOWN = {"id": _UUID, "type": {"enum": list(TEMPLATE_TYPES)}, "body": _TEXT, "subject": _MAYBE}


def notify_openapi() -> dict[str, Any]:
    """Make the document."""
    requests, components = msgspec.json.schema_components(
        [TextRequest, EmailRequest], ref_template="#/components/schemas/{name}"
    )
    text, email = requests
    components |= _schemas() | _schemas_of_lists()
    named = {"name": "id", "in": "path", "required": True, "schema": _UUID}
    older = _query("older_than", _UUID)
    values = _object({"personalisation": {"type": "object"}}, required=())
    paths = {
        "/notifications/sms": {"post": _does("sent", body=text, status=201)},
        "/notifications/email": {"post": _does("sent", body=email, status=201)},
        "/notifications/letter": {
            "post": _does("sent", body={"type": "object"}, status=201, refused=(403,))
        },
        "/notifications": {
            "get": _does(
                "notifications",
                parameters=[
                    _query("status", {"type": "array", "items": {"enum": list(STATUSES)}}),
                    _query("template_type", {"enum": list(TEMPLATE_TYPES)}),
                    _query("reference", _TEXT),
                    older,
                ],
                refused=(400,),
            )
        },
        "/notifications/{id}": {
            "get": _does("notification", parameters=[named], refused=(400, 404))
        },
        "/templates": {
            "get": _does(
                "templates",
                parameters=[_query("type", {"enum": list(TEMPLATE_TYPES)})],
                refused=(400,),
            )
        },
        "/template/{id}": {"get": _does("template", parameters=[named], refused=(400, 404))},
        "/template/{id}/preview": {
            "post": _does("preview", parameters=[named], body=values, refused=(404,))
        },
        "/received-text-messages": {"get": _does("received", parameters=[older], refused=(400,))},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "GOV.UK Notify, REST API version 2", "version": "2"},
        "paths": {f"/v2{path}": item for path, item in paths.items()},
        "components": {"schemas": components},
    }


def _schemas() -> dict[str, Any]:
    template = _object({"id": _UUID, "version": {"type": "integer"}, "uri": _TEXT})
    lines = dict.fromkeys((*(f"line_{n}" for n in range(1, 7)), "postcode", "postage"), _MAYBE)
    sent = {"id": _UUID, "reference": _MAYBE, "uri": _TEXT, "template": template}
    moments = dict.fromkeys(("created_by_name", "sent_at", "completed_at", "scheduled_for"), _MAYBE)
    return {
        "error": _object(
            {
                "status_code": {"type": "integer"},
                "errors": {
                    "type": "array",
                    "minItems": 1,
                    "items": _object({"error": _TEXT, "message": _TEXT}),
                },
            }
        ),
        "sent": _object(
            {
                **sent,
                "scheduled_for": _MAYBE,
                "content": {"type": "object"},
                "sanitised_content": {"type": "object"},
            },
            required=(*sent, "scheduled_for", "content"),
        ),
        "notification": _object(
            {
                **_SHOWN,
                "reference": _MAYBE,
                **dict.fromkeys(("email_address", "phone_number"), _MAYBE),
                **lines,
                "status": {"enum": list(STATUSES)},
                "template": template,
                "created_at": _TEXT,
                **moments,
                "one_click_unsubscribe_url": _MAYBE,
                "cost_details": {"type": "object"},
                "cost_in_pounds": {"type": ["number", "null"]},
                "is_cost_data_ready": {"type": "boolean"},
            }
        ),
    }


def _schemas_of_lists() -> dict[str, Any]:
    links = _object({"current": _TEXT, "next": _TEXT}, required=("current",))
    texts = ("user_number", "notify_number", "content", "created_at")
    return {
        "notifications": _object({"notifications": _list("notification"), "links": links}),
        "template": _object(
            {
                **_SHOWN,
                "name": _TEXT,
                "created_at": _TEXT,
                "updated_at": _MAYBE,
                "created_by": _TEXT,
                "version": {"type": "integer"},
                "personalisation": {"type": "object"},
                "postage": _MAYBE,
                "letter_contact_block": _MAYBE,
            }
        ),
        "templates": _object({"templates": _list("template")}),
        "preview": _object(
            {**_SHOWN, "version": {"type": "integer"}, "html": _MAYBE, "postage": _MAYBE}
        ),
        "receivedText": _object({**dict.fromkeys(texts, _TEXT), "id": _UUID, "service_id": _UUID}),
        "received": _object({"received_text_messages": _list("receivedText"), "links": links}),
    }


def _does(
    shown: str,
    *,
    parameters: list[dict[str, Any]] | None = None,
    body: dict[str, Any] | None = None,
    status: int = 200,
    refused: tuple[int, ...] = (),
) -> dict[str, Any]:
    refusals = (401, 403, *refused, *((400, 413) if body else ()))
    does: dict[str, Any] = {
        "responses": {
            str(status): _answer(shown),
            **{str(each): _answer("error") for each in refusals},
        }
    }
    if parameters:
        does["parameters"] = parameters
    if body is not None:
        does["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return does


def _answer(shown: str) -> dict[str, Any]:
    return {"description": shown, "content": {"application/json": {"schema": _ref(shown)}}}


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


def _object(
    properties: dict[str, Any], *, required: tuple[str, ...] | None = None
) -> dict[str, Any]:
    """An object with nothing else, and with all of these unless some are named."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else list(required),
        "additionalProperties": False,
    }


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
