"""Notify's answer when it refuses: `{status_code, errors: [{error, message}]}`.

Source: GOV.UK Notify's published API code, github.com/alphagov/notifications-api (app/v2/errors.py,
app/authentication/auth.py). Its documentation tells clients to use status and error, not message.
"""

from collections.abc import Iterable, Mapping

import msgspec
from starlette.responses import Response


class NotifyError(Exception):
    """A refusal: the HTTP status, and pairs of error and message."""

    def __init__(self, status: int, errors: Iterable[tuple[str, str]]) -> None:
        self.status = status
        self.errors = tuple(errors)
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        """All errors in one line, for the evidence."""
        return "; ".join(f"{error}: {message}" for error, message in self.errors)

    @property
    def response(self) -> Response:
        """The body of the answer."""
        errors = [{"error": error, "message": message} for error, message in self.errors]
        return as_json(self.status, {"status_code": self.status, "errors": errors})


def bad_request(message: str) -> NotifyError:
    """Well formed, but this service cannot send it."""
    return NotifyError(400, [("BadRequestError", message)])


def validation_error(messages: Iterable[str]) -> NotifyError:
    """Does not fit the schema: each message once, in order."""
    return NotifyError(400, [("ValidationError", each) for each in dict.fromkeys(messages)])


def auth_error(status: int, message: str) -> NotifyError:
    """An unknown caller. Notify's documentation says BadRequestError; its code says this."""
    return NotifyError(status, [("AuthError", message)])


def out_of_order(status: int = 503) -> NotifyError:
    """The gateway failed, or has too much to do: its documentation says to try again.

    503 is what a proxy in front of it answers while it is down.
    """
    if status == 429:
        rate = "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"
        return NotifyError(429, [("RateLimitError", rate)])
    return NotifyError(status, [("Exception", "Internal server error")])


def failed(status: int) -> Response:
    """Answer as a gateway that fails: 429 above its rate, 504 from the server before the API.

    Source: app/v2/errors.py, and app/__init__.py for 504.
    """
    if status == 504:
        return as_json(504, {"result": "error", "message": "Timeout serving request"})
    return out_of_order(status).response


def no_result() -> NotifyError:
    """Nothing of that id."""
    return NotifyError(404, [("NoResultFound", "No result found")])


class _JsonResponse(Response):
    """A response with the two headers that Notify's answers have, without asking what else may be.

    A load test sends thousands of messages: what each answer costs is part of what it measures.
    """

    def init_headers(self, headers: Mapping[str, str] | None = None) -> None:  # noqa: ARG002
        """Set length and type."""
        length = str(len(self.body)).encode()
        self.raw_headers = [(b"content-length", length), (b"content-type", b"application/json")]


def as_json(status: int, content: object) -> Response:
    """Answer with JSON."""
    return _JsonResponse(msgspec.json.encode(content), status)
