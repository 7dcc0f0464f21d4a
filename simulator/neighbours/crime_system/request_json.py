"""Reads the body of a request to an interface that refuses by problem details."""

from typing import TypeVar

import msgspec
from starlette.requests import Request

from simulator.neighbours.crime_system.problems import Problem, bad_field
from simulator.processes.request_body import BodyTooLarge, read_body

BODY_BYTES_MAX = 64 * 1024

T = TypeVar("T")


async def read_as(request: Request, kind: type[T]) -> T:
    """Read JSON; raises Problem 413 if it is too large, 400 if it is not as agreed."""
    try:
        body = await read_body(request, bytes_max=BODY_BYTES_MAX)
    except BodyTooLarge:
        detail = f"It may be {BODY_BYTES_MAX} bytes at most."
        raise Problem(413, "The body is too large", detail=detail) from None
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise bad_field(error) from None
    except RecursionError:
        raise Problem(400, "The body is not as agreed", detail="Nested too deeply") from None
