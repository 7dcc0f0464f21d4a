"""The process and system layers as addresses, each for its own token: the portal's opens neither.

A tester has a token too, for dead letters and planned faults.

A force's own tool reads their contract at /openapi.json, and calls those that it has not built yet.
What comes twice is done once: an event by its id, a record or row by its key.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.correlation import CORRELATION_ID
from reference.contract.events import BATCH_EVENTS_MAX, EVENT_TYPES, CloudEvent
from simulator.integration.filing import unavailable
from simulator.integration.map_file import ORG_TABLES
from simulator.integration.org_delivery import OrgDelivery
from simulator.integration.salesforce_system import PARTS_MAX, NotWritten, SalesforceSystem
from simulator.integration.source import Source, SourceRefused, SourceUnreachable
from simulator.integration.written_rows import Written
from simulator.neighbours.crime_system.problems import Problem, bad_field, check_bearer
from simulator.neighbours.crime_system.request_json import read_as
from simulator.neighbours.dataverse.tables import Table, lookup_named
from simulator.processes.followed import correlation_of

CASES_PATH = "/process/crime-to-case"
RECORDS_PATH, ROWS_PATH = "/system/salesforce/records", "/system/force/rows"
_TAKEN, _NOT_TAKEN = 202, 422

#: Where a portal lives: what writes events there, and what writes records.
Org: TypeAlias = tuple[OrgDelivery, SalesforceSystem]
_Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
Events: TypeAlias = Annotated[list[CloudEvent], Meta(min_length=1, max_length=BATCH_EVENTS_MAX)]


class Records(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rows that are written wholly or not at all."""

    rows: Annotated[list[Written], Meta(min_length=1, max_length=PARTS_MAX - 1)]


class ForceRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row that is made in the force's system, unless there is one with its key."""

    table: str
    key: str
    value: Annotated[str, Meta(min_length=1)]
    row: dict[str, Any]


class LayerTokens(Struct, frozen=True, kw_only=True):
    """The token of a tester, and of each layer; a layer without one has no address."""

    tester: str
    process: str = ""
    system: str = ""


def layer_routes(tokens: LayerTokens, source: Source, org: Org | None) -> list[Route]:
    """Make the addresses that a force's own tool may call; those into an org need one."""
    routes = []
    if tokens.process and org is not None:
        routes.append(Route(CASES_PATH, guarded(tokens.process, _cases(org[0])), methods=["POST"]))
    if tokens.system:
        endpoint = guarded(tokens.system, _rows(source))
        routes.append(Route(ROWS_PATH, endpoint, methods=["GET", "POST"]))
    if tokens.system and org is not None:
        routes.append(
            Route(RECORDS_PATH, guarded(tokens.system, _records(org[1])), methods=["POST"])
        )
    return routes


def guarded(token: str, endpoint: _Endpoint) -> _Endpoint:
    """Let in who has this layer's token, and nobody else."""

    async def checked(request: Request) -> Response:
        check_bearer(request, token.encode(), "Not the token of this address")
        return await endpoint(request)

    return checked


def _cases(delivery: OrgDelivery) -> _Endpoint:
    async def cases(request: Request) -> Response:
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

    return cases


def _records(system: SalesforceSystem) -> _Endpoint:
    async def records(request: Request) -> Response:
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

    return records


def _rows(source: Source) -> _Endpoint:
    async def rows(request: Request) -> Response:
        followed_by = correlation_of(request)
        headers = {CORRELATION_ID: followed_by}
        try:
            if request.method == "POST":
                made = await read_as(request, ForceRow)
                table = _keyed_table(source, made.table, made.key)
                _check_columns(table, made.row)
                is_new = source.make_once(
                    table, made.key, made.value, made.row, correlation_id=followed_by
                )
                return Response(status_code=201 if is_new else 200, headers=headers)
            name, key, value = (
                request.query_params.get(each, "") for each in ("table", "key", "value")
            )
            row = source.row_by_key(_keyed_table(source, name, key), key, value)
        except SourceRefused as refused:
            title = "The force's system refused it"
            raise Problem(_NOT_TAKEN, title, detail=str(refused)) from None
        except SourceUnreachable as trouble:
            raise unavailable(trouble) from None
        if row is None:
            raise Problem(404, "No such row", field="value")
        return Response(msgspec.json.encode(row), media_type="application/json", headers=headers)

    return rows


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


def _keyed_table(source: Source, name: str, key: str) -> Table:
    table = source.tables.get(name)
    if table is None:
        detail = f"One of {', '.join(source.tables)}."
        raise Problem(400, "No such table", detail=detail, field="table")
    if (key,) not in table.keys:
        keys = ", ".join(each for (each, *_) in table.keys) or "none"
        detail = f"{table.name} has {keys}."
        raise Problem(400, "No such key", detail=detail, field="key")
    return table


def _check_columns(table: Table, row: dict[str, Any]) -> None:
    for name in row:
        bound = name.removesuffix("@odata.bind")
        if bound not in table.by_name and (bound == name or lookup_named(table, bound) is None):
            raise Problem(400, "No such column", detail=f"Of {table.name}.", field=f"row.{name}")
