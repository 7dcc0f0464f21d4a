"""What the force's own API answers when it refuses: errors of JSON:API that name the place."""

import msgspec
from starlette.responses import Response

MEDIA_TYPE = "application/vnd.api+json"

_TITLES = {
    400: "The request cannot be read",
    401: "Not a known service account",
    404: "There is no such record",
    405: "Not a method of this address",
    409: "The record is another already",
    410: "The cursor is no longer known",
    412: "The record has changed meanwhile",
    413: "The request is too large",
    415: "Not a media type of this interface",
    422: "A value is not as agreed",
    429: "Too many requests",
    500: "The records system failed",
    502: "The records system cannot be reached",
    503: "The records system is down",
    504: "The records system did not answer in time",
}


class Refusal(Exception):
    """A refusal: the status, a detail that says how to mend it, and the place of the fault.

    `pointer` is a place in the body, `parameter` the name of a query parameter, `header` of a
    header; at most one of them is given.
    """

    def __init__(
        self, status: int, detail: str, *, pointer: str = "", parameter: str = "", header: str = ""
    ) -> None:
        super().__init__(f"{status} {detail}")
        self.status = status
        self.detail = detail
        self.source = {
            name: value
            for name, value in (("pointer", pointer), ("parameter", parameter), ("header", header))
            if value
        }

    @property
    def response(self) -> Response:
        """The body of the answer."""
        error = {
            "status": str(self.status),
            "title": _TITLES.get(self.status, "The request was refused"),
            "detail": self.detail,
            **({"source": self.source} if self.source else {}),
        }
        headers = {"www-authenticate": "Bearer"} if self.status == 401 else None
        return as_json({"errors": [error]}, self.status, headers=headers)


def as_json(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with a JSON:API document."""
    return Response(msgspec.json.encode(content), status, headers=headers, media_type=MEDIA_TYPE)


def failed(status: int) -> Response:
    """Answer as a records system that fails, or that is asked too often."""
    answer = Refusal(status, "Try again later.").response
    if status == 429:
        answer.headers["retry-after"] = "5"
    return answer
