"""What every entry point does with a request: read it within limits, and answer or refuse it."""

import hmac
import re
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import Any, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from reference.portal.clock import within
from reference.portal.errors import Problem

T = TypeVar("T")
BODY_BYTES_MAX = 64 * 1024
BODY_SECONDS_MAX = 30.0
YEARS = range(1900, 2200)
_FROM_HERE = frozenset({"same-origin", "none"})
_CLIENT_BITS = 64
_DIGITS = re.compile(r"[0-9]{1,12}")


async def body_of(request: Request, bytes_max: int = BODY_BYTES_MAX) -> bytes:
    """Read a body within its limits of size and time; raises Problem 413 or 408."""
    if "content-length" not in request.headers or is_within(request, bytes_max):
        try:
            async with within(BODY_SECONDS_MAX):
                body = await _read(request, bytes_max)
        except TimeoutError:
            detail = f"A body is waited for {BODY_SECONDS_MAX:g} seconds."
            raise Problem(408, "Too slow", detail=detail) from None
        except ClientDisconnect:
            raise Problem(400, "Cut short", detail="The body did not come to its end.") from None
        if len(body) <= bytes_max:
            return body
    raise Problem(413, "Too large", detail=f"At most {bytes_max} bytes are taken.")


def is_within(request: Request, bytes_max: int = BODY_BYTES_MAX) -> bool:
    """Say whether a request declares a body of at most so many bytes."""
    declared = request.headers.get("content-length", "")
    return bool(_DIGITS.fullmatch(declared)) and int(declared) <= bytes_max


def is_cross_site(request: Request) -> bool:
    """Say whether a browser tells that a page of another site sent a request."""
    return request.headers.get("sec-fetch-site", "same-origin") not in _FROM_HERE


def client_of(request: Request) -> str:
    """Name the client of a request ("" where unknown), as the server or its proxy gives it.

    With IPv6 a household has a whole network, which counts as one client.
    """
    host = request.client.host if request.client is not None else ""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    address = getattr(address, "ipv4_mapped", None) or address
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((address, _CLIENT_BITS), strict=False))


def decode(body: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """Decode JSON into a contract type; raises Problem 400 naming the field."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _bad_field(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Problem(400, "Not JSON", detail="The body is not well-formed JSON.") from None


def check_bearer(request: Request, token: str) -> None:
    """Accept only the holder of a token; raises Problem 401."""
    given = request.headers.get("authorization", "")
    expected = f"Bearer {token}"
    if not token or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Problem(401, "Not authorised", detail="Send the bearer token that was agreed.")


def answer(value: Any, status: int = 200) -> Response:
    """Answer with JSON."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def problem_answer(problem: Problem) -> Response:
    """Answer with a problem document, as RFC 9457 has it."""
    document = {"type": "about:blank", "title": problem.title, "status": problem.status}
    more = {"detail": problem.detail, "field": problem.field}
    document |= {name: said for name, said in more.items() if said}
    return Response(
        msgspec.json.encode(document), problem.status, media_type="application/problem+json"
    )


async def _read(request: Request, bytes_max: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > bytes_max:
            break
    return bytes(body)


def _bad_field(message: str) -> Problem:
    what, _, where = message.partition(" - at `")
    field = where.rstrip("`").removeprefix("$").lstrip(".")
    return Problem(400, "Not as agreed", detail=what, field=field)
