"""The OpenAPI document of the double, made from the types that its requests are read with."""

from typing import Any

import msgspec

from simulator.neighbours.marketing_cloud.types import (
    CALLBACKS_MAX,
    KEY_CHARACTERS_MAX,
    PAGE_MAX,
    RECIPIENTS_MAX,
    CallbackNamed,
    ChangedCallback,
    ChangedSubscription,
    EmailDefinition,
    NewCallback,
    NewSubscription,
    Recipient,
    SendMany,
    SendOne,
    SmsDefinition,
    TokenRequest,
    Verification,
)

_TYPES = (
    TokenRequest,
    SmsDefinition,
    EmailDefinition,
    SendOne,
    SendMany,
    Recipient,
    NewCallback,
    ChangedCallback,
    CallbackNamed,
    Verification,
    NewSubscription,
    ChangedSubscription,
)
_TEXT, _WHOLE = {"type": "string"}, {"type": "integer"}
_RESPONSE = {"messageKey": _TEXT, "errorcode": _WHOLE, "message": _TEXT}
_SENT = {
    "requestId": _TEXT,
    "errorcode": _WHOLE,
    "message": _TEXT,
    "responses": {
        "type": "array",
        "items": {"type": "object", "properties": _RESPONSE, "required": ["messageKey"]},
    },
}
_STATUS = {"requestId": _TEXT, "eventCategoryType": _TEXT, "timestamp": _TEXT, "compositeId": _TEXT}


def openapi() -> dict[str, Any]:
    """Make the document."""
    _, components = msgspec.json.schema_components(
        _TYPES, ref_template="#/components/schemas/{name}"
    )
    components["SendOne"]["properties"]["recipient"] = _ref("Recipient")
    many = {"type": "array", "items": _ref("Recipient"), "minItems": 1, "maxItems": RECIPIENTS_MAX}
    components["SendMany"]["properties"]["recipients"] = many
    components["Error"] = _object({"errorcode": _WHOLE, "message": _TEXT}, more=True)
    paths: dict[str, Any] = {"/v2/token": {"post": _token()}}
    for channel, definition in (("sms", "SmsDefinition"), ("email", "EmailDefinition")):
        paths |= _of_definitions(f"/messaging/v1/{channel}/definitions", definition)
        paths |= _of_messages(f"/messaging/v1/{channel}/messages")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Double of Salesforce Marketing Cloud",
            "version": "1",
            "description": "Transactional messaging and the Event Notification Service.",
        },
        "security": [{"token": []}],
        "paths": paths | _of_notifications("/platform/v1"),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": components,
        },
    }


def _token() -> dict[str, Any]:
    answer = {"access_token": _TEXT, "expires_in": _WHOLE, "rest_instance_url": _TEXT}
    refused = _object({"error": _TEXT, "error_description": _TEXT, "error_uri": _TEXT})
    return {
        "summary": "Get a token.",
        "security": [],
        "requestBody": _body(_ref("TokenRequest")),
        "responses": {
            "200": _answer("A token.", _object(answer, more=True)),
            "400": _answer("Refused.", refused),
            "401": _answer("Not the secret of this package.", refused),
            "413": _answer("Too large.", _ref("Error")),
        },
    }


def _of_definitions(path: str, definition: str) -> dict[str, Any]:
    summary = dict.fromkeys(("name", "definitionKey", "status", "createdDate"), _TEXT)
    whole = _object({"requestId": _TEXT, **summary, "definitionId": _TEXT}, more=True)
    pages = [_query("$page", 1_000_000), _query("$pageSize", PAGE_MAX)]
    listed = {
        "definitions": {"type": "array", "items": _object(summary, more=True)},
        **dict.fromkeys(("count", "page", "pageSize"), _WHOLE),
    }
    changed = {"type": "object", "description": f"Any part of a {definition}."}
    return {
        path: {
            "get": _does("List the definitions.", 200, _object(listed, more=True), (400,), pages),
            "post": _does("Make one.", 201, whole, (400, 409, 413), body=_ref(definition)),
        },
        f"{path}/{{definitionKey}}": {
            "parameters": [_in_path("definitionKey")],
            "get": _does("Read one.", 200, whole, (404,)),
            "patch": _does("Change one.", 200, whole, (400, 404, 413), body=changed),
            "delete": _does(
                "Remove one.", 200, _object({"deletedDefinitionKey": _TEXT}, more=True), (404,)
            ),
        },
    }


def _of_messages(path: str) -> dict[str, Any]:
    sent = _object(_SENT, required=["requestId", "errorcode", "responses"])
    refused = (400, 404, 413)
    listed = {"lastEventID": _WHOLE, "messages": {"type": "array"}, "count": _WHOLE}
    kind = {"name": "type", "in": "query", "required": True, "schema": {"const": "notSent"}}
    after = _query("lastEventId", 10**12, least=0)
    return {
        f"{path}/": {
            "get": _does(
                "List what was not sent.",
                200,
                _object(listed),
                (400,),
                [kind, after, _query("$pagesize", PAGE_MAX)],
            ),
            "post": _does("Send to several.", 202, sent, refused, body=_ref("SendMany")),
        },
        f"{path}/{{messageKey}}": {
            "parameters": [_in_path("messageKey")],
            "get": _does("Ask for a status.", 200, _object(_STATUS, more=True), (404,)),
            "post": _does("Send to one.", 202, sent, refused, body=_ref("SendOne")),
        },
    }


def _of_notifications(base: str) -> dict[str, Any]:
    one = _object({"callbackId": _TEXT}, more=True)
    subscription = _object({"subscriptionId": _TEXT, "status": _TEXT}, more=True)
    removed = _object({}, more=True)
    named = {"parameters": [_in_path("id")]}
    made = _does("Make callbacks.", 201, _list(one), (400, 413), body=_asked("NewCallback"))
    made["responses"]["304"] = {"description": "The url has a callback already."}
    refused = (400, 404, 413)
    return {
        f"{base}/ens-callbacks": {
            "get": _does("List the callbacks.", 200, _list(one), ()),
            "post": made,
            "put": _does(
                "Change callbacks.", 200, _list(one), refused, body=_asked("ChangedCallback")
            ),
        },
        f"{base}/ens-callbacks/{{id}}": {
            **named,
            "get": _does("Read a callback.", 200, one, (404,)),
            "delete": _does("Remove a callback.", 200, removed, (404,)),
        },
        f"{base}/ens-verify": {
            "post": _does("Verify a callback.", 200, one, refused, body=_ref("Verification"))
        },
        f"{base}/ens-regenerate": {
            "put": _does("Renew a signature key.", 200, one, refused, body=_ref("CallbackNamed"))
        },
        f"{base}/ens-subscriptions": {
            "post": _does(
                "Subscribe.", 201, _list(subscription), refused, body=_asked("NewSubscription")
            ),
            "put": _does(
                "Change subscriptions.",
                200,
                _list(subscription),
                refused,
                body=_asked("ChangedSubscription"),
            ),
        },
        f"{base}/ens-subscriptions/{{id}}": {
            **named,
            "get": _does("Read a subscription.", 200, subscription, (404,)),
            "delete": _does("Remove a subscription.", 200, removed, (404,)),
        },
        f"{base}/ens-subscriptions-by-cb/{{id}}": {
            **named,
            "get": _does("List those of a callback.", 200, _list(subscription), (404,)),
        },
    }


def _does(
    summary: str,
    status: int,
    answer: dict[str, Any],
    refused: tuple[int, ...],
    parameters: list[dict[str, Any]] | None = None,
    *,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    errors = {str(each): _answer("Refused.", _ref("Error")) for each in (401, 403, *refused)}
    does: dict[str, Any] = {
        "summary": summary,
        "responses": {str(status): _answer("Done.", answer), **errors},
    }
    if parameters:
        does["parameters"] = parameters
    return does if body is None else {**does, "requestBody": _body(body)}


def _asked(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name), "minItems": 1, "maxItems": CALLBACKS_MAX}


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _in_path(name: str) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": KEY_CHARACTERS_MAX}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _query(name: str, most: int, *, least: int = 1) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": least, "maximum": most}
    return {"name": name, "in": "query", "schema": schema}


def _object(
    properties: dict[str, Any], *, required: list[str] | None = None, more: bool = False
) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "additionalProperties": more}
    return {**schema, "required": required if required is not None else list(properties)}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
