"""The crime system's own interface, by which a portal writes a victim's words into an occurrence.

A portal stamps the enquiry log and raises tasks, each once per key. It may read an occurrence as
any service account may, with the force's own notes, which it must not show. A portal that gets no
events by push asks here for what changed.
"""

from collections.abc import Callable, Coroutine
from functools import cache
from http import HTTPStatus
from typing import Any, Protocol

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reference.contract.correlation import CORRELATION_ID
from reference.contract.messages import Stamp, Task
from simulator.neighbours.crime_system.changes import Page, UnknownCursor
from simulator.neighbours.crime_system.occurrence import Filed, Occurrence
from simulator.neighbours.crime_system.openapi import crime_system_openapi
from simulator.neighbours.crime_system.problems import REFUSALS, Problem, check_bearer
from simulator.neighbours.crime_system.request_json import read_as


class Records(Protocol):
    """The force's records, as far as a portal can use them."""

    def stamp(self, crime_reference: str, stamp: Stamp, *, correlation_id: str = "") -> Filed:
        """Write a victim's words into an occurrence's enquiry log, once per key."""

    def raise_task(self, task: Task, *, correlation_id: str = "") -> Filed:
        """Give a task to the officer in charge or the team, once per key."""

    def occurrence(self, crime_reference: str) -> Occurrence | None:
        """Find an occurrence."""

    def changes_since(self, cursor: str) -> Page:
        """Give the changes after a cursor, "" for the first; raises UnknownCursor."""


def crime_system_app(records: Records, *, token: str) -> Starlette:
    """Make the interface as an ASGI application; `token` belongs to the portal's service account.

    Needs no event loop if `receive` and `send` do not wait. References may contain slashes.
    """
    face = _Face(records, token)
    described = _described()
    app = Starlette(
        routes=[
            Route("/openapi.json", described, methods=["GET"]),
            Route("/occurrences/{reference:path}/enquiry-log", face.stamp, methods=["POST"]),
            Route("/occurrences/changes", face.changes, methods=["GET"]),
            Route("/occurrences/{reference:path}", face.occurrence, methods=["GET"]),
            Route("/tasks", face.raise_task, methods=["POST"]),
        ],
        exception_handlers=REFUSALS,
    )
    app.router.redirect_slashes = False
    return app


@cache
def _described() -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """Answer with the document, which is the same in every world: it is made once."""
    content = msgspec.json.encode(crime_system_openapi())

    async def endpoint(_request: Request) -> Response:
        return Response(content, media_type="application/json")

    return endpoint


class _Face:
    def __init__(self, records: Records, token: str) -> None:
        self._records = records
        self._token = token.encode()

    async def stamp(self, request: Request) -> Response:
        self._check(request)
        stamp = await read_as(request, Stamp)
        reference, followed_by = _reference(request), _followed_by(request)
        filed = self._records.stamp(reference, stamp, correlation_id=followed_by)
        return _answer(filed, stamp.key)

    async def raise_task(self, request: Request) -> Response:
        self._check(request)
        task = await read_as(request, Task)
        filed = self._records.raise_task(task, correlation_id=_followed_by(request))
        return _answer(filed, task.key)

    async def occurrence(self, request: Request) -> Response:
        self._check(request)
        found = self._records.occurrence(_reference(request))
        if found is None:
            raise _no_occurrence()
        return Response(msgspec.json.encode(found), media_type="application/json")

    async def changes(self, request: Request) -> Response:
        self._check(request)
        try:
            page = self._records.changes_since(request.query_params.get("since", ""))
        except UnknownCursor:
            detail = "No page ended with it; give one that did, or none to start again."
            raise Problem(400, "Not a cursor", detail=detail, field="since") from None
        return Response(msgspec.json.encode(page), media_type="application/json")

    def _check(self, request: Request) -> None:
        check_bearer(request, self._token, "Not a known service account")


def _reference(request: Request) -> str:
    """Read the reference, which is one segment of the path as it was sent."""
    reference: str = request.path_params["reference"]
    if request.scope["raw_path"].lower().count(b"%2f") != reference.count("/"):
        detail = "A slash of a reference is written %2F in a path."
        raise Problem(404, "No such occurrence", detail=detail, field="crime_reference")
    return reference


def _followed_by(request: Request) -> str:
    return request.headers.get(CORRELATION_ID, "")


def _answer(filed: Filed, key: str) -> Response:
    if filed is Filed.no_occurrence:
        raise _no_occurrence()
    if filed is Filed.different:
        detail = "This key was used before, with something else."
        raise Problem(409, "Already filed otherwise", detail=detail, field="key")
    status = HTTPStatus.CREATED if filed is Filed.created else HTTPStatus.OK
    content = msgspec.json.encode({"key": key, "filed": filed.value})
    return Response(content, status, media_type="application/json")


def _no_occurrence() -> Problem:
    return Problem(404, "No such occurrence", field="crime_reference")
