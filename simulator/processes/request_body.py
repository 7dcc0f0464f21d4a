"""Reads the body of a request to one of our doubles, up to the size that it accepts."""

from starlette.requests import Request


class BodyTooLarge(Exception):
    """The body is larger than the double accepts; the rest was not read."""


async def read_body(request: Request, *, bytes_max: int) -> bytes:
    """Read a body; raises BodyTooLarge. Needs no event loop when `receive` does not wait."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > bytes_max:
            raise BodyTooLarge
    return body
