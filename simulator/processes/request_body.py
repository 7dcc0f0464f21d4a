"""Reads the body of a request to one of our doubles, and never more of it than the double takes."""

from starlette.requests import Request


class BodyTooLarge(Exception):
    """The body is larger than the double takes; the rest of it was not read."""


async def read_body(request: Request, *, bytes_max: int) -> bytes:
    """Read a body; raises BodyTooLarge. Needs no event loop when `receive` does not wait."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > bytes_max:
            raise BodyTooLarge
    return body
