"""The experience layer: to the portal it is the crime system of the contract, and writes rows.

A stamp becomes a note, a task a task, each once by its key. If the force's system does not take
it, the portal gets 503 and keeps trying: nothing is answered that is not stored.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Literal

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.correlation import CORRELATION_ID
from reference.contract.messages import Stamp, Task
from simulator.integration.faults import FaultPlan, Faults
from simulator.integration.filing import Filing, unavailable
from simulator.integration.flow import Flow
from simulator.integration.layers import (
    LayerTokens,
    Org,
    guarded,
    layer_routes,
)
from simulator.integration.map_file import IntegrationMap, NotesRule
from simulator.integration.mapping import EventMaker
from simulator.integration.openapi import integration_openapi
from simulator.integration.pushed_changes import NotGenuine, Pushes
from simulator.integration.sent_messages import MESSAGES_PATH, SIGNATURE_HEADER, SentMessages
from simulator.integration.source import Source, SourceUnreachable
from simulator.integration.store import Store
from simulator.neighbours.crime_system.problems import REFUSALS, Problem, check_bearer
from simulator.neighbours.crime_system.request_json import read_as
from simulator.processes.followed import correlation_of
from simulator.processes.request_body import BodyTooLarge, read_body

PUSHES_PATH = "/source-events"
PUSH_BYTES_MAX = 1_000_000


def experience_app(
    rules: IntegrationMap,
    source: Source,
    store: Store,
    flow: Flow,
    faults: Faults,
    *,
    token: str,
    pushes: Pushes | None = None,
    org: Org | None = None,
    layers: LayerTokens,
    messages: SentMessages | None = None,
) -> Starlette:
    """Make the interface as an ASGI application; `token` is the portal's, and it opens no more.

    The other layers have addresses too, where they have tokens of their own.
    """
    face = _Face(rules, source, store, flow, faults, token)
    more = layer_routes(layers, source, org)
    if messages is not None:
        more.append(Route(MESSAGES_PATH, _told(messages), methods=["POST"]))
    paths = {each.path for each in more}
    described = msgspec.json.encode(
        integration_openapi(PUSHES_PATH, has_pushes=pushes is not None, layer_paths=paths)
    )

    async def document(_request: Request) -> Response:
        return Response(described, media_type="application/json")

    routes = [
        *more,
        Route("/openapi.json", document, methods=["GET"]),
        Route("/occurrences/{reference:path}/enquiry-log", face.stamp, methods=["POST"]),
        Route("/occurrences/{reference:path}", face.occurrence, methods=["GET"]),
        Route("/tasks", face.task, methods=["POST"]),
        Route("/dead-letters", guarded(layers.tester, face.letters), methods=["GET"]),
        Route("/dead-letters/replay", guarded(layers.tester, face.replay), methods=["POST"]),
        Route("/faults", guarded(layers.tester, face.faults), methods=["GET"]),
        Route("/faults", guarded(layers.tester, face.set_faults), methods=["PUT"]),
        Route("/health", face.health, methods=["GET"]),
    ]
    if pushes is not None:
        routes.append(Route(PUSHES_PATH, _pushed(pushes, store, flow), methods=["POST"]))
    return Starlette(routes=routes, exception_handlers=REFUSALS)


def _pushed(
    pushes: Pushes, store: Store, flow: Flow
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """Make the endpoint that hears of changes, and has them read."""

    async def endpoint(request: Request) -> Response:
        try:
            body = await read_body(request, bytes_max=PUSH_BYTES_MAX)
            told = pushes.read(request.headers, request.query_params.get("code", ""), body)
        except BodyTooLarge:
            raise Problem(413, "The push is too large") from None
        except NotGenuine as missing:
            raise Problem(401, "Not from the force's system", detail=str(missing)) from None
        except (ValueError, RecursionError):
            raise Problem(400, "The push cannot be read") from None
        for each in told:
            store.set_cause(each.table, each.row_id, each.correlation_id)
        flow.wake()
        return Response(status_code=202)

    return endpoint


def _told(messages: SentMessages) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """Make the endpoint that hears what became of messages."""

    async def endpoint(request: Request) -> Response:
        signature = request.headers.get(SIGNATURE_HEADER, "")
        try:
            body = await read_body(request, bytes_max=PUSH_BYTES_MAX)
            messages.take(body, signature, correlation_id=correlation_of(request))
        except BodyTooLarge:
            raise Problem(413, "The batch is too large") from None
        except NotGenuine as missing:
            raise Problem(401, "Not from Marketing Cloud", detail=str(missing)) from None
        except (msgspec.DecodeError, RecursionError):
            raise Problem(400, "The batch cannot be read") from None
        except SourceUnreachable as trouble:
            raise unavailable(trouble) from None
        return Response(status_code=200)

    return endpoint


class _Face:
    def __init__(
        self,
        rules: IntegrationMap,
        source: Source,
        store: Store,
        flow: Flow,
        faults: Faults,
        token: str,
    ) -> None:
        self._rules = rules
        self._filing = Filing(rules, source)
        self._crimes = source.tables[rules.crimes.table]
        self._source = source
        self._store = store
        self._flow = flow
        self._faults = faults
        self._maker = EventMaker(source.tables, self._find, store.rows_naming, store.rows_naming)
        self._token = token.encode()

    async def stamp(self, request: Request) -> Response:
        """Write a victim's words as a note on the crime, once per key."""
        self._check(request)
        stamp = await read_as(request, Stamp)
        reference = request.path_params["reference"]
        filed = {**msgspec.to_builtins(stamp), "crime_reference": reference}
        return self._file("stamp", reference, stamp.key, filed, request)

    async def task(self, request: Request) -> Response:
        """Give the officer a task, once per key."""
        self._check(request)
        task = await read_as(request, Task)
        filed = msgspec.to_builtins(task)
        return self._file("task", task.crime_reference, task.key, filed, request)

    async def occurrence(self, request: Request) -> Response:
        """Show who is in charge, and the enquiry log."""
        self._check(request)
        rules, notes = self._rules.crimes, self._rules.notes
        crime = self._filing.crime(request.path_params["reference"])
        try:
            found = self._source.rows_about(
                self._source.tables[notes.table], notes.about, str(crime[self._crimes.id_column])
            )
            name, number, team = (
                self._maker.value(each, rules.table, crime) or ""
                for each in (rules.officer_name, rules.collar_number, rules.team)
            )
        except SourceUnreachable as trouble:
            raise unavailable(trouble) from None
        return _json(
            {
                "crime_reference": crime[rules.reference],
                "officer_in_charge": {"name": name, "collar_number": number} if number else None,
                "team": team,
                "enquiry_log": [_log_entry(notes, each) for each in found],
            }
        )

    async def letters(self, _request: Request) -> Response:
        """Show the dead letters, and how many events wait."""
        return _json({"events": self._store.counts(), "letters": self._store.letters()})

    async def replay(self, _request: Request) -> Response:
        """Let every dead event be delivered again."""
        return _json({"replayed": self._flow.replay()})

    async def faults(self, _request: Request) -> Response:
        """Show the faults that are planned."""
        return _json(self._faults.plan)

    async def set_faults(self, request: Request) -> Response:
        """Replace the plan of faults; its outages begin now."""
        self._faults.switch_to(await read_as(request, FaultPlan))
        return _json(self._faults.plan)

    async def health(self, _request: Request) -> Response:
        """Say that it runs, with numbers and without data."""
        return _json({"status": "up", "events": self._store.counts()})

    def _file(
        self,
        of: Literal["stamp", "task"],
        reference: str,
        key: str,
        filed: Mapping[str, Any],
        request: Request,
    ) -> Response:
        correlation_id = correlation_of(request)
        is_new = self._filing.file(of, reference, key, filed, correlation_id=correlation_id)
        filed_as, status = ("created", 201) if is_new else ("known", 200)
        return _json({"key": key, "filed": filed_as}, status, {CORRELATION_ID: correlation_id})

    def _find(self, table: str, row_id: str) -> dict[str, Any]:
        return self._source.row(self._source.tables[table], row_id) or {}

    def _check(self, request: Request) -> None:
        """Refuse who does not have the portal's token."""
        check_bearer(request, self._token, "Not a known service account")


def _log_entry(notes: NotesRule, note: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": note[notes.at],
        "author": note.get(notes.author) or "",
        "text": note.get(notes.text) or "",
        "internal": not note.get(notes.key),
    }


def _json(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        msgspec.json.encode(content), status, media_type="application/json", headers=headers
    )
