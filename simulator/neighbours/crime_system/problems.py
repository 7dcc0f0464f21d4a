"""What the crime system's interface answers when it refuses: RFC 9457 problem details."""

import hmac
import re

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response


class Problem(Exception):
    """A refusal: HTTP status, what is wrong, and in which field ("" for the whole request)."""

    def __init__(self, status: int, title: str, *, detail: str = "", field: str = "") -> None:
        super().__init__(f"{status} {title}")
        self.status = status
        self.title = title
        self.detail = detail
        self.field = field

    @property
    def response(self) -> Response:
        """The problem as `application/problem+json`, without empty members."""
        members = {"detail": self.detail, "field": self.field}
        content = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            **{name: value for name, value in members.items() if value},
        }
        headers = {"www-authenticate": "Bearer"} if self.status == 401 else None
        return Response(
            msgspec.json.encode(content),
            self.status,
            headers=headers,
            media_type="application/problem+json",
        )


async def refuse(_request: Request, error: Exception) -> Response:
    """Answer with a problem, for an application's `exception_handlers`."""
    assert isinstance(error, Problem)
    return error.response


async def no_such_page(_request: Request, error: Exception) -> Response:
    """Word a refusal of the router: no such address, or not a method of it."""
    assert isinstance(error, HTTPException)
    answer = Problem(error.status_code, error.detail).response
    # RFC 9110 wants the methods that are allowed.
    answer.headers.update(error.headers or {})
    return answer


#: How an interface of ours refuses, for its `exception_handlers`.
REFUSALS = {Problem: refuse, HTTPException: no_such_page}


def check_bearer(request: Request, token: bytes, title: str) -> None:
    """Raise Problem 401 unless a request has this token."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    matches = hmac.compare_digest(given.encode("latin-1"), token)
    if scheme.lower() != "bearer" or not matches:
        raise Problem(401, title, field="authorization")


_FAILED = {
    429: "Too many requests",
    500: "The crime system failed",
    502: "The crime system cannot be reached",
    503: "The crime system is down",
    504: "The crime system did not answer in time",
}


def failed(status: int) -> Response:
    """Answer as a crime system that fails, or that is asked too often."""
    answer = Problem(status, _FAILED[status], detail="Try again later.").response
    if status == 429:
        answer.headers["retry-after"] = "5"
    return answer


def bad_field(error: msgspec.DecodeError) -> Problem:
    """Name the field that msgspec could not read."""
    message = str(error)
    if not isinstance(error, msgspec.ValidationError):
        return Problem(400, "The body is not JSON", detail=message)
    what, _, where = message.partition(" - at `$")
    field = where.rstrip("`").lstrip(".")
    missing = re.search(r"missing required field `(.*)`", what)
    if missing:
        field = f"{field}.{missing[1]}" if field else missing[1]
        what = "Missing; give it"
    return Problem(400, "The body is not as agreed", detail=what, field=field)
