"""The process and system layers as addresses, where a portal lives in an org.

A force's own tool reads their contract at /openapi.json, and calls those that it has not built yet.
What comes twice is done once: an event by its id, a record by its key.
"""

from collections.abc import Callable
from typing import Annotated, TypeAlias
from uuid import uuid4

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.correlation import CORRELATION_ID, CORRELATION_ID_CHARACTERS_MAX
from reference.contract.events import BATCH_EVENTS_MAX, EVENT_TYPES, CloudEvent
from simulator.integration.filing import unavailable
from simulator.integration.map_file import ORG_TABLES
from simulator.integration.org_delivery import OrgDelivery
from simulator.integration.salesforce_system import PARTS_MAX, NotWritten, SalesforceSystem
from simulator.integration.source import SourceUnreachable
from simulator.integration.written_rows import Written
from simulator.neighbours.crime_system.problems import Problem, bad_field
from simulator.neighbours.crime_system.request_json import read_as

CASES_PATH, RECORDS_PATH = "/process/crime-to-case", "/system/salesforce/records"
_TAKEN, _NOT_TAKEN = 202, 422

Events: TypeAlias = Annotated[list[CloudEvent], Meta(min_length=1, max_length=BATCH_EVENTS_MAX)]


class Records(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows that are written wholly or not at all."""

    rows: Annotated[list[Written], Meta(min_length=1, max_length=PARTS_MAX - 1)]


def layer_routes(
    delivery: OrgDelivery, system: SalesforceSystem, check: Callable[[Request], None]
) -> list[Route]:
    """Make the addresses of both layers; `check` refuses a stranger."""

    async def cases(request: Request) -> Response:
        check(request)
        events = await read_as(request, Events)
        for number, event in enumerate(events):
            _check_event(number, event)
        followed_by = correlation_of(request)
        bodies = [msgspec.json.encode(each) for each in events]
        status, said = delivery.deliver(bodies, correlation_id=followed_by)
        if status == _NOT_TAKEN:
            raise Problem(_NOT_TAKEN, "The event cannot be written", detail=said)
        if status != _TAKEN:
            raise unavailable(SourceUnreachable(said))
        return Response(status_code=_TAKEN, headers={CORRELATION_ID: followed_by})

    async def records(request: Request) -> Response:
        check(request)
        rows = (await read_as(request, Records)).rows
        _check_rows(rows)
        followed_by = correlation_of(request)
        try:
            system.write(rows, correlation_id=followed_by)
        except NotWritten as refused:
            raise Problem(_NOT_TAKEN, "The org refused it", detail=str(refused)) from None
        except SourceUnreachable as trouble:
            raise unavailable(trouble) from None
        return Response(status_code=204, headers={CORRELATION_ID: followed_by})

    return [
        Route(CASES_PATH, cases, methods=["POST"]),
        Route(RECORDS_PATH, records, methods=["POST"]),
    ]


def correlation_of(request: Request) -> str:
    """Give the id that follows a request; one that is absent or too long is replaced."""
    given = request.headers.get(CORRELATION_ID, "")
    is_one = 0 < len(given) <= CORRELATION_ID_CHARACTERS_MAX
    return given if is_one else str(uuid4())


def _check_event(number: int, event: CloudEvent) -> None:
    kind = EVENT_TYPES.get(event.type)
    if kind is None:
        raise Problem(400, "Not an event of the contract", field=f"[{number}].type")
    try:
        msgspec.json.decode(event.data, type=kind)
    except msgspec.DecodeError as error:
        raise bad_field(error) from None


def _check_rows(rows: list[Written]) -> None:
    """Refuse what names no object, no key of it, or no part of a composite."""
    names: set[str] = set()
    for number, row in enumerate(rows):
        table, at = ORG_TABLES.get(row.table), f"rows[{number}]"
        if table is None:
            detail = f"One of {', '.join(ORG_TABLES)}."
            raise Problem(400, "No such object", detail=detail, field=f"{at}.table")
        if bool(row.key) != bool(row.value) or (row.key and (row.key,) not in table.keys):
            keys = ", ".join(key for (key,) in table.keys) or "none"
            detail = f"Give a key and its value, or neither; {table.name} has {keys}."
            raise Problem(400, "No such key", detail=detail, field=f"{at}.key")
        if not row.name.isidentifier() or not row.name.isascii() or row.name in names:
            detail = "Letters and digits, and no name twice."
            raise Problem(400, "Not a name of a part", detail=detail, field=f"{at}.name")
        names.add(row.name)
