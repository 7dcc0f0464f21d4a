"""The experience layer: to the portal it is the crime system of the contract, and writes rows.

A stamp becomes a note, a task a task, each once by its key. If Dataverse does not take it, the
portal gets 503 and keeps trying: nothing is answered that is not stored.
"""

import hmac
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.correlation import CORRELATION_ID
from reference.contract.messages import Stamp, Task
from simulator.integration.dataverse_system import DataverseSystem, DataverseUnreachable
from simulator.integration.map_file import IntegrationMap, WriteRule
from simulator.integration.mapping import row_of
from simulator.integration.store import Store
from simulator.neighbours.crime_system.problems import Problem
from simulator.neighbours.crime_system.request_json import read_as
from simulator.neighbours.dataverse.tables import TABLES


def experience_app(
    rules: IntegrationMap, system: DataverseSystem, store: Store, *, token: str
) -> Starlette:
    """Make the interface as an ASGI application; `token` is the portal's."""
    face = _Face(rules, system, store, token)
    return Starlette(
        routes=[
            Route("/occurrences/{reference:path}/enquiry-log", face.stamp, methods=["POST"]),
            Route("/occurrences/{reference:path}", face.occurrence, methods=["GET"]),
            Route("/tasks", face.task, methods=["POST"]),
            Route("/dead-letters", face.letters, methods=["GET"]),
            Route("/dead-letters/replay", face.replay, methods=["POST"]),
            Route("/health", face.health, methods=["GET"]),
        ],
        exception_handlers={Problem: _refuse},
    )


class _Face:
    def __init__(
        self, rules: IntegrationMap, system: DataverseSystem, store: Store, token: str
    ) -> None:
        self._writes = {each.of: each for each in rules.writes}
        self._system = system
        self._store = store
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
        """Show who is in charge, and the notes that the portal itself wrote."""
        self._check(request)
        crime = self._crime(request.path_params["reference"])
        try:
            notes = self._system.notes_about(str(crime["incidentid"]))
        except DataverseUnreachable as trouble:
            raise _unavailable(trouble) from None
        officer = self._store.row("systemuser", str(crime.get("ownerid") or "")) or {}
        return _json(
            {
                "crime_reference": crime["ticketnumber"],
                "officer_in_charge": {
                    "name": officer["fullname"],
                    "collar_number": officer["employeeid"],
                }
                if officer
                else None,
                "team": crime.get("csp_team") or "",
                "enquiry_log": [_log_entry(each) for each in notes],
            }
        )

    async def letters(self, request: Request) -> Response:
        """Show the dead letters, and how many events wait."""
        self._check(request)
        return _json({"events": self._store.counts(), "letters": self._store.letters()})

    async def replay(self, request: Request) -> Response:
        """Let every dead event be delivered again."""
        self._check(request)
        return _json({"replayed": self._store.replay()})

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
        rule = self._writes.get(of)
        if rule is None:
            raise Problem(501, f"The map has no rule for a {of}")
        crime = self._crime(reference)
        row = self._row(rule, {**filed, "crime_id": crime["incidentid"]})
        correlation_id = request.headers.get(CORRELATION_ID, "")
        try:
            is_new = self._system.upsert(
                TABLES[rule.table],
                rule.key,
                key,
                row,
                correlation_id=correlation_id,
                only_new=True,
            )
            known = None if is_new else self._system.row_by_key(TABLES[rule.table], rule.key, key)
        except DataverseUnreachable as trouble:
            raise _unavailable(trouble) from None
        if known is not None and not _is_same(known, row):
            detail = "This key was used before, with something else."
            raise Problem(409, "Already filed otherwise", detail=detail, field="key")
        filed_as = "created" if is_new else "known"
        headers = {CORRELATION_ID: correlation_id} if correlation_id else {}
        return _json({"key": key, "filed": filed_as}, 201 if is_new else 200, headers)

    def _row(self, rule: WriteRule, filed: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in row_of(rule, filed).items() if value is not None}

    def _crime(self, reference: str) -> dict[str, Any]:
        """Find a crime, or the one that it was merged into; raises Problem."""
        try:
            crime = self._system.row_by_key(TABLES["incident"], "ticketnumber", reference)
            seen = set()
            while crime and crime.get("csp_mergedinto") and crime["incidentid"] not in seen:
                seen.add(crime["incidentid"])
                crime = self._store.row("incident", str(crime["csp_mergedinto"]))
        except DataverseUnreachable as trouble:
            raise _unavailable(trouble) from None
        if crime is None:
            raise Problem(404, "No such occurrence", field="crime_reference")
        return crime

    def _check(self, request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        matches = hmac.compare_digest(given.encode("latin-1"), self._token)
        if scheme.lower() != "bearer" or not matches:
            raise Problem(401, "Not a known service account", field="authorization")


def _log_entry(note: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": note["createdon"],
        "author": note.get("subject") or "",
        "text": note.get("notetext") or "",
        "internal": not note.get("csp_key"),
    }


def _is_same(known: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    return all(known.get(name) == value for name, value in row.items() if "@" not in name)


def _unavailable(trouble: DataverseUnreachable) -> Problem:
    return Problem(503, "The crime system does not take it now", detail=str(trouble))


def _json(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        msgspec.json.encode(content), status, media_type="application/json", headers=headers
    )


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response
