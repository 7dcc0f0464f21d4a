"""Dataverse over HTTP: the Web API, batches, and the token endpoint, as one ASGI application.

Microsoft's own client reaches it by TLS, with the certificate of a test authority. Every request
but those for a token wants one.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.neighbours.dataverse.batches import (
    Operation,
    Outcome,
    Part,
    read_batch,
    written_batch,
)
from simulator.neighbours.dataverse.entra import Entra, ServiceAccount
from simulator.neighbours.dataverse.errors import DataverseError
from simulator.neighbours.dataverse.limits import ServiceLimits, Throttle
from simulator.neighbours.dataverse.metadata import csdl
from simulator.neighbours.dataverse.operations import VERSIONS, WebApi
from simulator.neighbours.dataverse.rows import Rows
from simulator.processes.followed import correlation_of
from simulator.processes.request_body import BodyTooLarge, read_body

BODY_BYTES_MAX = 4_000_000
_FAILED = 400


def dataverse_app(
    rows: Rows,
    *,
    account: ServiceAccount,
    now: Callable[[], datetime],
    limits: ServiceLimits | None = None,
) -> Starlette:
    """Make the double of one organisation."""
    face = _Face(rows, Entra(account, now), Throttle(limits or ServiceLimits(), now), now)
    methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
    app = Starlette(
        routes=[
            *face.entra.routes,
            *(
                route
                for root in (f"/api/data/{each}" for each in VERSIONS)
                for route in (
                    Route(f"{root}/$metadata", face.metadata, methods=["GET"]),
                    Route(f"{root}/$batch", face.batch, methods=["POST"]),
                    Route(root, face.one, methods=["GET"]),
                    Route(f"{root}/{{path:path}}", face.one, methods=methods),
                )
            ),
        ],
        exception_handlers={DataverseError: _refuse},
    )
    app.router.redirect_slashes = False
    return app


class _Face:
    def __init__(
        self, rows: Rows, entra: Entra, throttle: Throttle, now: Callable[[], datetime]
    ) -> None:
        self.entra = entra
        self._rows = rows
        self._throttle = throttle
        self._now = now

    async def metadata(self, request: Request) -> Response:
        with self._admitted(request):
            return self._with_ids(Response(csdl(), media_type="application/xml"))

    async def one(self, request: Request) -> Response:
        with self._admitted(request):
            body = await _body(request)
            query = request.scope["query_string"].decode("latin-1")
            operation = Operation(
                method=request.method,
                target=request.scope["path"] + (f"?{query}" if query else ""),
                headers=dict(request.headers),
                body=body,
            )
            with self._rows.caused_by(correlation_of(request)):
                outcome = self._api(request).answer(operation)
            return self._with_ids(_response(outcome))

    async def batch(self, request: Request) -> Response:
        with self._admitted(request):
            body = await _body(request)
            parts = read_batch(request.headers.get("content-type", ""), body)
            goes_on = "odata.continue-on-error" in request.headers.get("prefer", "")
            with self._rows.caused_by(correlation_of(request)):
                outcomes = _outcomes(self._api(request), parts, goes_on=goes_on)
            content_type, content = written_batch(outcomes)
            headers = {"content-type": content_type, "odata-version": "4.0"}
            return self._with_ids(Response(content, 200, headers=headers))

    def _api(self, request: Request) -> WebApi:
        url = f"{request.scope['scheme']}://{request.headers.get('host', 'localhost')}"
        version = request.scope["path"].split("/")[3]
        return WebApi(self._rows, url=url, now=self._now, version=version)

    @contextmanager
    def _admitted(self, request: Request) -> Iterator[None]:
        if not self.entra.is_known(request.headers.get("authorization", "")):
            raise DataverseError(401, "The request has no token that is valid here.")
        self._throttle.begin()
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._throttle.end((time.perf_counter() - begun) * 1000)

    def _with_ids(self, response: Response) -> Response:
        response.headers["x-ms-service-request-id"] = str(uuid4())
        response.headers.update(self._throttle.headers)
        return response


def _outcomes(api: WebApi, parts: list[Part], *, goes_on: bool) -> list[Outcome | list[Outcome]]:
    """Do the parts of a batch, up to the first that fails unless it goes on."""
    outcomes: list[Outcome | list[Outcome]] = []
    for part in parts:
        outcome = api.answer(part) if isinstance(part, Operation) else api.change_set(part)
        # A change set that failed is answered as one operation.
        single = outcome[0] if isinstance(outcome, list) and _failed(outcome) else outcome
        outcomes.append(single)
        if not goes_on and isinstance(single, Outcome) and single.status >= _FAILED:
            break
    return outcomes


def _failed(outcomes: list[Outcome]) -> bool:
    return len(outcomes) == 1 and outcomes[0].status >= _FAILED


def _response(outcome: Outcome) -> Response:
    return Response(outcome.body, outcome.status, headers=outcome.headers)


async def _body(request: Request) -> bytes:
    try:
        return await read_body(request, bytes_max=BODY_BYTES_MAX)
    except BodyTooLarge:
        raise DataverseError(413, f"A request has {BODY_BYTES_MAX} bytes at most.") from None


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, DataverseError)
    return error.response
