"""The id that follows a request through the systems of a force: what it causes carries it on."""

from uuid import uuid4

from starlette.requests import Request

from reference.contract.correlation import CORRELATION_ID, CORRELATION_ID_CHARACTERS_MAX


def correlation_of(request: Request) -> str:
    """Give the id of a request; ours where there is none, more than one, or one that is unfit."""
    given = [each.strip() for each in request.headers.getlist(CORRELATION_ID)]
    [only] = given if len(given) == 1 else [""]
    is_usable = 0 < len(only) <= CORRELATION_ID_CHARACTERS_MAX and only.isascii()
    return only if is_usable and only.isprintable() else str(uuid4())
