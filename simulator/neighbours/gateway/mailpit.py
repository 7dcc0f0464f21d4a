"""The gateway's inspection interface: what was sent, in the shape of Mailpit's API.

A tester's own end-to-end tests look here for the text or email that a victim would get: list, read,
search, wait, and take out links and one-time codes. It also switches faults of the mail server on.
Any client for Mailpit can read it. Source: Mailpit's published API description,
github.com/axllent/mailpit (server/ui/api/v1/swagger.json). Wait, links and codes are our own.
"""

import asyncio
import hmac
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import parse_qs

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from simulator.neighbours.gateway.chaos import Chaos, Triggers
from simulator.neighbours.gateway.inbox import Accepted, Inbox
from simulator.neighbours.gateway.mailpit_messages import headers, part, source, summary, whole
from simulator.neighbours.gateway.mailpit_openapi import mailpit_openapi
from simulator.neighbours.gateway.mailpit_search import BadSearch, Search, read_search
from simulator.neighbours.gateway.message_contents import codes_in, links_in
from simulator.processes.request_body import BodyTooLarge, read_body

PAGE_MESSAGES_MAX = 1000
BODY_BYTES_MAX = 1_000_000
WAIT_SECONDS_MAX = 60.0
_PAGE_MESSAGES = 50
_WAIT_SECONDS = 10.0
_LOOK_SECONDS = 0.05
_VERSION = "v1.0.0-double"


def mailpit_app(inbox: Inbox, *, chaos: Chaos, token: str = "") -> Starlette:
    """Make the interface as an ASGI application; with a token it asks for it as a bearer token."""
    face = _Face(inbox, chaos, token)
    get, put = ["GET"], ["PUT"]
    at = "/api/v1"
    document = mailpit_openapi(
        page_messages_max=PAGE_MESSAGES_MAX, wait_seconds_max=WAIT_SECONDS_MAX
    )

    async def described(_request: Request) -> Response:
        return JSONResponse(document)

    routes = [
        Route("/openapi.json", described, methods=get),
        Route(f"{at}/info", face.info, methods=get),
        Route(f"{at}/messages", face.messages, methods=get),
        Route(f"{at}/messages", face.set_read, methods=put),
        Route(f"{at}/messages", face.delete, methods=["DELETE"]),
        Route(f"{at}/search", face.search, methods=get),
        Route(f"{at}/search", face.delete_found, methods=["DELETE"]),
        Route(f"{at}/wait", face.wait, methods=get),
        Route(f"{at}/tags", face.tags, methods=get),
        Route(f"{at}/chaos", face.chaos, methods=get),
        Route(f"{at}/chaos", face.set_chaos, methods=put),
        Route(f"{at}/message/{{id}}", face.message, methods=get),
        Route(f"{at}/message/{{id}}/headers", face.headers, methods=get),
        Route(f"{at}/message/{{id}}/raw", face.source, methods=get),
        Route(f"{at}/message/{{id}}/part/{{part}}", face.part, methods=get),
        Route(f"{at}/message/{{id}}/links", face.links, methods=get),
        Route(f"{at}/message/{{id}}/codes", face.codes, methods=get),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _refuse})


class _Face:
    def __init__(self, inbox: Inbox, chaos: Chaos, token: str) -> None:
        self._inbox = inbox
        self._chaos = chaos
        self._token = token.encode()
        self._read: set[str] = set()
        self._deleted: set[str] = set()

    async def info(self, request: Request) -> Response:
        self._check(request)
        counts = self._counts()
        return JSONResponse(
            {
                "Version": _VERSION,
                "LatestVersion": _VERSION,
                "Database": "",
                "DatabaseSize": 0,
                "Messages": counts["messages_count"],
                "Unread": counts["unread"],
                "Tags": {},
                "RuntimeStats": {},
            }
        )

    async def messages(self, request: Request) -> Response:
        self._check(request)
        return JSONResponse(self._page(request, Search(())))

    async def search(self, request: Request) -> Response:
        self._check(request)
        return JSONResponse(self._page(request, _search(request)))

    async def wait(self, request: Request) -> Response:
        """Answer as soon as a message matches, or with 408 after `seconds`."""
        self._check(request)
        search = _search(request)
        seconds = _number(request, "seconds", _WAIT_SECONDS, most=WAIT_SECONDS_MAX)
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        looked_at = 0
        while True:
            # What did not match a moment ago does not match now.
            count = self._inbox.kept_count
            found = next(self._found(search, since=looked_at), None)
            looked_at = count
            if found is not None:
                return JSONResponse(whole(found))
            if loop.time() >= end:
                raise HTTPException(408, f"no message matched within {seconds:g} seconds")
            await asyncio.sleep(_LOOK_SECONDS)

    async def tags(self, request: Request) -> Response:
        self._check(request)
        return JSONResponse(sorted({each.channel for each in self._all()}))

    async def message(self, request: Request) -> Response:
        found = self._one(request)
        self._read.add(found.message_id)
        return JSONResponse(whole(found))

    async def headers(self, request: Request) -> Response:
        return JSONResponse(headers(self._one(request)))

    async def source(self, request: Request) -> Response:
        return PlainTextResponse(source(self._one(request)))

    async def part(self, request: Request) -> Response:
        found = part(self._one(request), request.path_params["part"])
        if found is None:
            raise HTTPException(404, "the message has no such part")
        media_type, content = found
        return Response(content, media_type=media_type)

    async def links(self, request: Request) -> Response:
        return JSONResponse(links_in(self._one(request).body))

    async def codes(self, request: Request) -> Response:
        return JSONResponse(codes_in(self._one(request).body))

    async def set_read(self, request: Request) -> Response:
        self._check(request)
        given = await _given(request)
        ids = self._named(given)
        if given.get("Read", given.get("read", True)) in (True, "true", "True"):
            self._read |= ids - self._deleted
        else:
            self._read -= ids
        return PlainTextResponse("ok")

    async def delete(self, request: Request) -> Response:
        self._check(request)
        self._delete(self._named(await _given(request)))
        return PlainTextResponse("ok")

    async def delete_found(self, request: Request) -> Response:
        self._check(request)
        self._delete({each.message_id for each in self._found(_search(request))})
        return PlainTextResponse("ok")

    async def chaos(self, request: Request) -> Response:
        self._check(request)
        return JSONResponse(msgspec.to_builtins(self._chaos.triggers))

    async def set_chaos(self, request: Request) -> Response:
        self._check(request)
        try:
            self._chaos.triggers = msgspec.json.decode(await _body(request), type=Triggers)
        except msgspec.DecodeError as error:
            raise HTTPException(400, str(error)) from None
        return JSONResponse(msgspec.to_builtins(self._chaos.triggers))

    def _check(self, request: Request) -> None:
        if not self._token:
            return
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        matches = hmac.compare_digest(given.encode("latin-1"), self._token)
        if scheme.lower() != "bearer" or not matches:
            raise HTTPException(401, "give the token of this interface as a bearer token")

    def _delete(self, ids: set[str]) -> None:
        self._deleted |= ids
        self._read -= ids

    def _all(self, since: int = 0) -> Iterator[Accepted]:
        for each in self._inbox.newest_first(since):
            if isinstance(each, Accepted) and each.message_id not in self._deleted:
                yield each

    def _found(self, search: Search, *, since: int = 0) -> Iterator[Accepted]:
        """Give what a search finds, newest first; by an index where there is one."""
        if search.recipient:
            among = self._inbox.sent_to(search.recipient)
        elif search.reference:
            among = self._inbox.sent_with(search.reference)
        else:
            among = self._all(since)
        for each in among:
            is_read = each.message_id in self._read
            if each.message_id not in self._deleted and search.wants(each, is_read=is_read):
                yield each

    def _one(self, request: Request) -> Accepted:
        self._check(request)
        asked = request.path_params["id"]
        if asked == "latest":
            found = next(self._found(_search(request)), None)
        else:
            kept = self._inbox.message(asked)
            found = kept if isinstance(kept, Accepted) and asked not in self._deleted else None
        if found is None:
            raise HTTPException(404, "message not found")
        return found

    def _named(self, given: dict[str, Any]) -> set[str]:
        """List the ids that a request names and that there are; all if it names none."""
        named: Any = next((given[key] for key in ("IDs", "ids") if key in given), [])
        ids = named if isinstance(named, list) else [named]
        if not all(isinstance(each, str) for each in ids):
            raise HTTPException(400, "IDs: give a list of ids")
        if not ids:
            return {each.message_id for each in self._all()}
        return {each for each in ids if isinstance(self._inbox.message(each), Accepted)}

    def _counts(self) -> dict[str, int]:
        """Count without looking at any message: there may be a million."""
        total = self._inbox.messages_count - len(self._deleted)
        return {"total": total, "unread": total - len(self._read), "messages_count": total}

    def _page(self, request: Request, search: Search) -> dict[str, Any]:
        start = int(_number(request, "start", 0))
        limit = int(_number(request, "limit", _PAGE_MESSAGES, most=PAGE_MESSAGES_MAX))
        counts = self._counts()
        if search.terms:
            found = list(self._found(search))
            counts["messages_count"] = len(found)
            counts["messages_unread"] = sum(each.message_id not in self._read for each in found)
            page = found[start : start + limit]
        else:
            counts["messages_unread"] = counts["unread"]
            page = list(islice(self._all(), start, start + limit))
        return {
            **counts,
            "count": len(page),
            "start": start,
            "tags": sorted({each.channel for each in page}),
            "messages": [summary(each, is_read=each.message_id in self._read) for each in page],
        }


def _search(request: Request) -> Search:
    try:
        return read_search(request.query_params.get("query", ""))
    except BadSearch as bad:
        raise HTTPException(400, str(bad)) from None


def _number(request: Request, name: str, otherwise: float, *, most: float = 1e9) -> float:
    given = request.query_params.get(name)
    if given is None:
        return otherwise
    try:
        number = float(given)
    except ValueError:
        number = -1.0
    if not 0 <= number <= most:
        raise HTTPException(400, f"{name}: {given[:40]!r} is no number from 0 to {most:g}")
    return number


async def _body(request: Request) -> bytes:
    try:
        return await read_body(request, bytes_max=BODY_BYTES_MAX)
    except BodyTooLarge:
        raise HTTPException(413, f"the body may have {BODY_BYTES_MAX} bytes at most") from None


async def _given(request: Request) -> dict[str, Any]:
    """Read a body of JSON, or of a form as one of Mailpit's clients sends it."""
    body = await _body(request)
    if not body:
        return {}
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        fields = parse_qs(body.decode("utf-8", "replace"))
        return {
            name: values if name.lower() == "ids" else values[-1] for name, values in fields.items()
        }
    try:
        given = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise HTTPException(400, "the body is not a JSON object")
    return given


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"Error": error.detail}, error.status_code, headers=error.headers)
