"""Webhooks out of Dataverse: a change as RemoteExecutionContext, and how often it is sent.

Dataverse does not sign them: it adds a key of your choice. It tries once more only after 502, 503
or 504, reads only the status, and leaves out the bulk of a message above 256 KB. Source:
Microsoft's documentation of webhooks, learn.microsoft.com (developer/data-platform/use-webhooks).
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias
from uuid import uuid4

import msgspec
from msgspec import Struct

from simulator.neighbours.dataverse.rows import Change
from simulator.neighbours.dataverse.tables import TABLES, Value

MESSAGE_BYTES_MAX = 256 * 1024
TIMEOUT_SECONDS = 60.0
RETRIED = frozenset({502, 503, 504})

Auth: TypeAlias = Literal["HttpHeader", "WebhookKey", "HttpQueryString"]

_LEFT_OUT = ("ParentContext", "InputParameters", "PreEntityImages", "PostEntityImages")


class Webhook(Struct, frozen=True, kw_only=True):
    """Where changes of some tables go, with a key that the receiver knows."""

    url: str
    tables: frozenset[str]
    auth: Auth = "WebhookKey"
    key_name: str = "code"
    key: str = ""


class Message(Struct, frozen=True, kw_only=True):
    """One call of a webhook."""

    url: str
    headers: dict[str, str]
    body: bytes
    is_second_try: bool = False


def message(webhook: Webhook, change: Change, *, organisation: str, at: datetime) -> Message | None:
    """Make the call for a change; None if the webhook does not want it."""
    if change.table not in webhook.tables:
        return None
    correlation_id = change.cause or str(uuid4())
    context = _context(change, organisation=organisation, correlation_id=correlation_id, at=at)
    body = msgspec.json.encode(context)
    headers = {
        "content-type": "application/json",
        "x-ms-dynamics-organization": organisation,
        "x-ms-dynamics-entity-name": change.table,
        "x-ms-dynamics-request-name": change.name,
        "x-ms-correlation-request-id": correlation_id,
    }
    if len(body) > MESSAGE_BYTES_MAX:
        headers["x-ms-dynamics-msg-size-exceeded"] = "true"
        body = msgspec.json.encode(
            {key: value for key, value in context.items() if key not in _LEFT_OUT}
        )
    return Message(url=_url(webhook), headers=headers | _key_header(webhook), body=body)


def again(sent: Message, status: int | None) -> Message | None:
    """The second try after an answer, None if there is none."""
    if sent.is_second_try or status not in RETRIED:
        return None
    return Message(url=sent.url, headers=sent.headers, body=sent.body, is_second_try=True)


def _url(webhook: Webhook) -> str:
    if webhook.auth == "HttpHeader" or not webhook.key:
        return webhook.url
    joint = "&" if "?" in webhook.url else "?"
    name = "code" if webhook.auth == "WebhookKey" else webhook.key_name
    return f"{webhook.url}{joint}{name}={webhook.key}"


def _key_header(webhook: Webhook) -> dict[str, str]:
    return {webhook.key_name: webhook.key} if webhook.auth == "HttpHeader" else {}


def _context(
    change: Change, *, organisation: str, correlation_id: str, at: datetime
) -> dict[str, Any]:
    moment = f"/Date({int(at.timestamp() * 1000)})/"
    row = change.after if change.after is not None else change.before or {}
    columns = change.changed or tuple(each.name for each in TABLES[change.table].columns)
    target = _entity(change, {name: row.get(name) for name in columns})
    return {
        "MessageName": change.name,
        "PrimaryEntityName": change.table,
        "PrimaryEntityId": change.row_id,
        "CorrelationId": correlation_id,
        "OrganizationId": organisation,
        "OrganizationName": organisation,
        "Depth": 1,
        "Mode": 1,
        "Stage": 40,
        "OperationCreatedOn": moment,
        "InputParameters": [{"key": "Target", "value": target}],
        "OutputParameters": [],
        "PreEntityImages": _image("PreImage", change, change.before),
        "PostEntityImages": _image("PostImage", change, change.after),
        "SharedVariables": [],
        "ParentContext": None,
    }


def _image(name: str, change: Change, row: Mapping[str, Value] | None) -> list[dict[str, Any]]:
    return [] if row is None else [{"key": name, "value": _entity(change, row)}]


def _entity(change: Change, values: Mapping[str, Value]) -> dict[str, Any]:
    columns = TABLES[change.table].by_name
    attributes = [
        {"key": name, "value": _attribute(columns[name].kind, columns[name].targets, value)}
        for name, value in values.items()
        if name in columns
    ]
    return {
        "__type": "Entity:http://schemas.microsoft.com/xrm/2011/Contracts",
        "LogicalName": change.table,
        "Id": change.row_id,
        "Attributes": attributes,
        "FormattedValues": [],
        "RelatedEntities": [],
    }


def _attribute(kind: str, targets: tuple[str, ...], value: Value) -> Any:
    contracts = "http://schemas.microsoft.com/xrm/2011/Contracts"
    match kind:
        case "Lookup" if value is not None:
            return {
                "__type": f"EntityReference:{contracts}",
                "Id": value,
                "LogicalName": targets[0],
            }
        case "Picklist" if value is not None:
            return {"__type": f"OptionSetValue:{contracts}", "Value": value}
        case "DateTime" if isinstance(value, str):
            at = datetime.fromisoformat(value)
            moment = at if at.tzinfo else at.replace(tzinfo=UTC)
            return f"/Date({int(moment.timestamp() * 1000)})/"
    return value
