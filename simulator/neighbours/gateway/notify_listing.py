"""Notify's lists of messages sent and received, with the links from one page to the next.

Clients follow `links.next` until a page is empty, so every page that is not empty has one.
Source: GOV.UK Notify's published API code, github.com/alphagov/notifications-api (app/v2).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct
from starlette.datastructures import QueryParams

from simulator.neighbours.gateway.inbox import Inbox, Kept
from simulator.neighbours.gateway.notify_answers import notification, received_text
from simulator.neighbours.gateway.notify_errors import validation_error
from simulator.neighbours.gateway.notify_schema import is_uuid
from simulator.neighbours.gateway.notify_service import TYPE_NAMES, KeyKind
from simulator.neighbours.gateway.received_texts import ReceivedTexts

TEMPLATE_TYPES = ("sms", "email", "letter")
STATUSES = (
    "cancelled",
    "created",
    "sending",
    "sent",
    "delivered",
    "pending",
    "failed",
    "technical-failure",
    "temporary-failure",
    "permanent-failure",
    "pending-virus-check",
    "validation-failed",
    "virus-scan-failed",
    "returned-letter",
    "accepted",
    "received",
)

_SENT = "/v2/notifications"
_RECEIVED = "/v2/received-text-messages"
_FAILED = ("technical-failure", "temporary-failure", "permanent-failure")
_PARAMETERS = ("reference", "status", "template_type", "older_than", "include_jobs")


class Query(Struct, frozen=True, kw_only=True):
    """What to list; empty is everything."""

    statuses: tuple[str, ...] = ()
    template_types: tuple[str, ...] = ()
    reference: str = ""
    older_than: str = ""


def read_query(parameters: QueryParams) -> Query:
    """Read the query of a list; raises NotifyError with everything that is wrong with it."""
    query = Query(
        statuses=tuple(parameters.getlist("status")),
        template_types=tuple(parameters.getlist("template_type")),
        reference=_first(parameters, "reference"),
        older_than=_first(parameters, "older_than"),
    )
    faults = [
        *not_one_of("status", query.statuses, STATUSES),
        *not_one_of("template_type", query.template_types, TEMPLATE_TYPES),
    ]
    faults += _not_an_id(parameters)
    faults += _unknown(parameters, _PARAMETERS)
    if faults:
        raise validation_error(faults)
    return query


def listing(root: str, inbox: Inbox, query: Query, key_kind: KeyKind) -> dict[str, Any]:
    """List one page of notifications, newest first: those sent with this kind of key."""
    statuses = set(query.statuses)
    if "failed" in statuses:
        statuses.update(_FAILED)

    def wanted(message: Kept) -> bool:
        types = query.template_types
        return (
            message.key_kind == key_kind
            and inbox.is_listed(message)
            and (not statuses or inbox.status_of(message.message_id) in statuses)
            and (not types or TYPE_NAMES[message.channel] in types)
        )

    page = inbox.page(wanted, older_than=query.older_than.lower(), reference=query.reference)
    given = {
        "status": query.statuses,
        "template_type": query.template_types,
        "reference": query.reference,
    }
    links = {"current": _link(root, _SENT, {**given, "older_than": query.older_than})}
    if page:
        links["next"] = _link(root, _SENT, {**given, "older_than": page[-1].message_id})
    return {"notifications": [notification(root, inbox, each) for each in page], "links": links}


def received_listing(
    root: str, service_id: str, texts: ReceivedTexts, parameters: QueryParams
) -> dict[str, Any]:
    """List one page of the texts that were sent back, newest first; raises NotifyError likewise."""
    older_than = _first(parameters, "older_than")
    faults = _not_an_id(parameters)
    faults += _unknown(parameters, ("older_than",))
    if faults:
        raise validation_error(faults)
    page = texts.page(older_than=older_than.lower())
    links = {"current": _link(root, _RECEIVED, {})}
    if page:
        links["next"] = _link(root, _RECEIVED, {"older_than": page[-1].id})
    found = [received_text(service_id, each) for each in page]
    return {"received_text_messages": found, "links": links}


def not_one_of(name: str, values: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    """Name each value that is not known, as Notify does."""
    for value in values:
        if value not in known:
            yield f"{name} {value} is not one of [{', '.join(known)}]"


def _not_an_id(parameters: QueryParams) -> list[str]:
    """Name the older message if it is given without an id, an empty one too."""
    is_one = "older_than" not in parameters or is_uuid(_first(parameters, "older_than"))
    return [] if is_one else ["older_than is not a valid UUID"]


def _unknown(parameters: QueryParams, known: Sequence[str]) -> list[str]:
    return [
        f"Additional properties are not allowed ({name} was unexpected)"
        for name in parameters
        if name not in known
    ]


def _link(root: str, path: str, parameters: Mapping[str, str | Sequence[str]]) -> str:
    given = {name: value for name, value in parameters.items() if value}
    return f"{root}{path}" + (f"?{urlencode(given, doseq=True)}" if given else "")


def _first(parameters: QueryParams, name: str) -> str:
    return next(iter(parameters.getlist(name)), "")
