"""The force's own API as an ASGI application: records, change feed and subscriptions.

It is the interface of this suite and of no product. Records are resources of JSON:API; a change is
a CloudEvent, which is pushed, and can be read from a feed.
"""

import hmac
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from reference.contract.correlation import CORRELATION_ID
from simulator.neighbours.dataverse.errors import DataverseError
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.force_api.feed import PAGE_EVENTS_MAX, Feed
from simulator.neighbours.force_api.fields import ResourceType
from simulator.neighbours.force_api.openapi import (
    CURSOR_CHARACTERS_MAX,
    OPERATIONS_MAX,
    URL_CHARACTERS_MAX,
    openapi,
)
from simulator.neighbours.force_api.records import Records
from simulator.neighbours.force_api.refusals import MEDIA_TYPE, Refusal, as_json
from simulator.neighbours.force_api.resources import is_guid
from simulator.neighbours.force_api.subscriptions import (
    SUBSCRIPTIONS_MAX,
    Subscription,
    Subscriptions,
)
from simulator.processes.followed import correlation_of
from simulator.processes.loopback import is_loopback
from simulator.processes.request_body import BodyTooLarge, read_body

BODY_BYTES_MAX = 4_000_000
_MEDIA_TYPES = frozenset({MEDIA_TYPE, "application/json"})


def force_api_app(
    rows: Rows,
    types: Mapping[str, ResourceType],
    subscriptions: Subscriptions,
    *,
    token: str,
    may_push_anywhere: bool = False,
) -> Starlette:
    """Make the interface; `token` belongs to its one service account.

    Changes are pushed to addresses of this machine only, unless they may go anywhere.
    """
    records, feed = Records(rows, types), Feed(types, rows)
    face = _Face(rows, records, feed, subscriptions, token, may_push_anywhere=may_push_anywhere)
    document = openapi(types, feed.event_types)

    async def described(_request: Request) -> Response:
        return JSONResponse(document)

    routes = [
        Route("/openapi.json", described, methods=["GET"]),
        Route("/changes", face.changes, methods=["GET"]),
        Route("/operations", face.operations, methods=["POST"]),
        Route("/subscriptions", face.subscriptions, methods=["GET", "POST"]),
        Route("/subscriptions/{id}", face.subscription, methods=["GET", "DELETE"]),
        Route("/subscriptions/{id}/resume", face.resume, methods=["POST"]),
    ]
    for each in types.values():
        routes += [
            Route(f"/{each.path}", face.whole(each), methods=["GET", "POST"]),
            Route(f"/{each.path}/{{id}}", face.one(each), methods=["GET", "PATCH", "DELETE"]),
        ]
    app = Starlette(
        routes=routes,
        exception_handlers={
            Refusal: _refuse,
            DataverseError: _refuse_values,
            HTTPException: _no_such_page,
        },
    )
    app.router.redirect_slashes = False
    return app


class _Face:
    def __init__(
        self,
        rows: Rows,
        records: Records,
        feed: Feed,
        subscriptions: Subscriptions,
        token: str,
        *,
        may_push_anywhere: bool,
    ) -> None:
        self._rows = rows
        self._records = records
        self._feed = feed
        self._subscriptions = subscriptions
        self._token = token.encode()
        self._may_push_anywhere = may_push_anywhere

    def whole(self, kind: ResourceType) -> Callable[[Request], Any]:
        """Make the endpoint of all records of a kind: list them, or make one."""

        async def endpoint(request: Request) -> Response:
            self._check(request)
            if request.method == "GET":
                query = _query(request)
                with self._rows.lock:
                    found = self._records.page(kind, query, path=f"/{kind.path}")
                return as_json(found)
            given = await _document(request)
            cause = correlation_of(request)
            with self._rows.caused_by(cause), self._rows.whole():
                made, is_new = self._records.make(kind, given.get("data"), "/data")
                shown = self._records.document(kind, made)
            headers = {"location": f"/{kind.path}/{made}", CORRELATION_ID: cause}
            return as_json(shown, 201 if is_new else 200, headers)

        return endpoint

    def one(self, kind: ResourceType) -> Callable[[Request], Any]:
        """Make the endpoint of one record: read, change or remove it."""

        async def endpoint(request: Request) -> Response:
            self._check(request)
            row_id = _id(request)
            if request.method == "GET":
                with self._rows.lock:
                    shown = self._records.document(kind, row_id, _query(request))
                return as_json(shown, headers={"etag": _etag(shown)})
            cause = correlation_of(request)
            if request.method == "DELETE":
                with self._rows.caused_by(cause), self._rows.whole():
                    self._check_version(request, kind, row_id)
                    self._records.remove(kind, row_id)
                return Response(status_code=204, headers={CORRELATION_ID: cause})
            given = await _document(request)
            with self._rows.caused_by(cause), self._rows.whole():
                self._check_version(request, kind, row_id)
                self._records.change(kind, given.get("data"), "/data", row_id)
                shown = self._records.document(kind, row_id)
            return as_json(shown, headers={"etag": _etag(shown), CORRELATION_ID: cause})

        return endpoint

    def _check_version(self, request: Request, kind: ResourceType, row_id: str) -> None:
        """Check that a record is the one that was read; raises Refusal."""
        before = self._records.document(kind, row_id)
        if request.headers.get("if-match", "*") not in {"*", _etag(before)}:
            raise Refusal(412, "Read it again, and then change it.", header="if-match")

    async def operations(self, request: Request) -> Response:
        """Do several operations, wholly or not at all."""
        self._check(request)
        given = await _document(request, member="atomic:operations")
        operations = given["atomic:operations"]
        if not isinstance(operations, list) or not 0 < len(operations) <= OPERATIONS_MAX:
            detail = f"Give a list of 1 to {OPERATIONS_MAX} operations."
            raise Refusal(400, detail, pointer="/atomic:operations")
        cause = correlation_of(request)
        with self._rows.caused_by(cause), self._rows.whole():
            results = [
                self._records.operate(each, f"/atomic:operations/{number}")
                for number, each in enumerate(operations)
            ]
        return as_json({"atomic:results": results}, headers={CORRELATION_ID: cause})

    async def changes(self, request: Request) -> Response:
        """Give a page of the change feed."""
        self._check(request)
        query = _query(request)
        for name in query.keys() - {"after", "limit"}:
            raise Refusal(400, "There is no such parameter.", parameter=name[:60])
        cursor = query.get("after", "")
        if "after" in query and not 0 < len(cursor) <= CURSOR_CHARACTERS_MAX:
            raise Refusal(400, "Give a cursor of this feed.", parameter="after")
        limit = whole_number(query, "limit", usual=100, most=PAGE_EVENTS_MAX)
        with self._rows.lock:
            page = self._feed.page(cursor, limit)
        return as_json(page)

    async def subscriptions(self, request: Request) -> Response:
        """List the subscriptions, or make one."""
        self._check(request)
        if request.method == "GET":
            found = [self._shown(each) for each in self._subscriptions.all()]
            return as_json({"data": found})
        url, types = self._read(await _document(request))
        with self._rows.lock:
            if len(self._subscriptions.all()) >= SUBSCRIPTIONS_MAX:
                raise Refusal(409, f"There are {SUBSCRIPTIONS_MAX} already; end one first.")
            made = self._subscriptions.add(url, types)
        shown = self._shown(made)
        shown["attributes"]["secret"] = made.secret
        return as_json({"data": shown}, 201, {"location": f"/subscriptions/{made.id}"})

    async def subscription(self, request: Request) -> Response:
        """Show a subscription, or end it."""
        self._check(request)
        with self._rows.lock:
            found = self._found(request)
            if request.method == "GET":
                return as_json({"data": self._shown(found)})
            self._subscriptions.remove(found.id)
        return Response(status_code=204)

    async def resume(self, request: Request) -> Response:
        """Let a suspended subscription go on."""
        self._check(request)
        with self._rows.lock:
            found = self._subscriptions.resume(self._found(request).id)
        return as_json({"data": self._shown(found)})

    def _found(self, request: Request) -> Subscription:
        found = self._subscriptions.get(_id(request).lower())
        if found is None:
            raise Refusal(404, "Nothing has this id.")
        return found

    def _read(self, given: dict[str, Any]) -> tuple[str, list[str]]:
        """Read what a new subscription wants; raises Refusal."""
        data = given.get("data")
        if not isinstance(data, dict) or data.keys() - {"type", "attributes"}:
            raise Refusal(422, "Give type and attributes here.", pointer="/data")
        if data.get("type") != "subscription":
            raise Refusal(409, "The type here is subscription.", pointer="/data/type")
        wanted = data.get("attributes")
        if not isinstance(wanted, dict) or wanted.keys() - {"url", "types"}:
            raise Refusal(422, "Give url, and types if not all.", pointer="/data/attributes")
        types = wanted.get("types", [])
        if not _are_among(types, self._known):
            known = ", ".join(sorted(self._known))
            raise Refusal(422, f"A list of these: {known}", pointer="/data/attributes/types")
        if len(types) > len(self._known):
            raise Refusal(422, "Give each type once.", pointer="/data/attributes/types")
        return self._read_url(wanted.get("url")), types

    def _read_url(self, url: Any) -> str:
        at = "/data/attributes/url"
        try:
            parts = urlsplit(url) if isinstance(url, str) else None
            is_one = parts is not None and parts.scheme in {"http", "https"} and parts.hostname
        except ValueError:
            parts = is_one = None
        if not is_one or parts is None or len(url) > URL_CHARACTERS_MAX or not url.isascii():
            raise Refusal(422, "Give an address that begins with http:// or https://", pointer=at)
        if not self._may_push_anywhere and not is_loopback(parts.hostname or ""):
            raise Refusal(422, "Changes are pushed within this machine only.", pointer=at)
        return str(url)

    @property
    def _known(self) -> frozenset[str]:
        return frozenset(self._feed.event_types)

    def _shown(self, subscription: Subscription) -> dict[str, Any]:
        return {
            "type": "subscription",
            "id": subscription.id,
            "attributes": {
                "url": subscription.url,
                "types": subscription.types,
                "state": "suspended" if subscription.is_suspended else "active",
                "cursor": self._feed.cursor_at(subscription.after),
                "tries": subscription.tries,
                "lastAnswer": subscription.last_answer,
            },
        }

    def _check(self, request: Request) -> None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        matches = hmac.compare_digest(given.encode("latin-1"), self._token)
        if scheme.lower() != "bearer" or not matches:
            raise Refusal(401, "Give the token of the service account.", header="authorization")


async def _document(request: Request, *, member: str = "data") -> dict[str, Any]:
    """Read the document of a request; raises Refusal."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _MEDIA_TYPES:
        raise Refusal(415, f"Send {MEDIA_TYPE}.", header="content-type")
    try:
        body = await read_body(request, bytes_max=BODY_BYTES_MAX)
        given = msgspec.json.decode(body)
    except BodyTooLarge:
        raise Refusal(413, f"It may be {BODY_BYTES_MAX:,} bytes at most.") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refusal(400, f"Not JSON: {error}"[:300]) from None
    if not isinstance(given, dict) or given.keys() != {member}:
        raise Refusal(400, f"Give an object with {member}, and nothing else.", pointer="/")
    return given


def _are_among(given: Any, known: frozenset[str]) -> bool:
    is_list = isinstance(given, list)
    return is_list and all(isinstance(each, str) and each in known for each in given)


def _query(request: Request) -> dict[str, str]:
    """Read the query; each parameter is given once. Raises Refusal."""
    pairs = request.query_params.multi_items()
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refusal(400, "Give each parameter once.")
    return found


def whole_number(query: Mapping[str, str], name: str, *, usual: int, most: int) -> int:
    """Read a number of the query; raises Refusal."""
    text = query.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise Refusal(400, f"Give a whole number from 1 to {most}.", parameter=name)
    return int(text)


def _id(request: Request) -> str:
    found: str = request.path_params["id"]
    if not is_guid(found):
        raise Refusal(400, "Not an id; give one that the force gave.")
    return found.lower()


def _etag(shown: dict[str, Any]) -> str:
    return f'"{shown["data"]["meta"]["version"]}"'


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return error.response


async def _refuse_values(_request: Request, error: Exception) -> Response:
    """What the records themselves refuse: another record has the key, or a lookup leads nowhere."""
    assert isinstance(error, DataverseError)
    status = 409 if error.status == 412 else error.status
    return Refusal(status, error.message, pointer="/data").response


async def _no_such_page(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    answer = Refusal(error.status_code, error.detail).response
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer
