"""What Dataverse answers when it refuses: `{"error": {"code", "message"}}` with its own codes.

Source: Microsoft's documentation of Web API errors and conditional operations, learn.microsoft.com;
the codes that it prints empty are as public traces show them.
"""

from collections.abc import Callable, Iterator
from itertools import cycle

import msgspec
from starlette.responses import Response

OBJECT_DOES_NOT_EXIST = "0x80040217"
NO_SUCH_SET = "0x8006088a"
VERSION_MISMATCH = "0x80060882"
WRONG_STATUS = "0x80048408"
DUPLICATE_KEY = "0x80040237"
TOO_MANY_REQUESTS = "0x80072322"
TOO_MUCH_TIME = "0x80072321"
TOO_MANY_AT_ONCE = "0x80072326"
UNEXPECTED = "0x80040216"
OTHER = "0x0"
_WAIT_SECONDS = 5


class DataverseError(Exception):
    """A refusal: HTTP status, code, words, and seconds to wait (0 for none)."""

    def __init__(self, status: int, message: str, *, code: str = OTHER, wait: int = 0) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.wait_seconds = wait

    @property
    def content(self) -> bytes:
        """The body of the answer."""
        return msgspec.json.encode({"error": {"code": self.code, "message": self.message}})

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the answer."""
        headers = {"content-type": "application/json; odata.metadata=minimal"}
        if self.wait_seconds:
            headers["retry-after"] = str(self.wait_seconds)
        return headers

    @property
    def response(self) -> Response:
        """The answer."""
        return Response(self.content, self.status, headers=self.headers)


def no_property(name: str, table: str) -> DataverseError:
    """A column that the table does not have."""
    return DataverseError(
        400, f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{table}'."
    )


def no_row(table: str, row_id: str) -> DataverseError:
    """A row that is not there."""
    return DataverseError(
        404, f"{table} With Id = {row_id} Does Not Exist", code=OBJECT_DOES_NOT_EXIST
    )


def no_segment(name: str) -> DataverseError:
    """A part of the address that means nothing."""
    return DataverseError(404, f"Resource not found for the segment '{name}'.", code=NO_SUCH_SET)


def version_mismatch() -> DataverseError:
    """The row is not as the client last saw it, or is there though it must not be."""
    return DataverseError(
        412,
        "The version of the existing record doesn't match the RowVersion property provided.",
        code=VERSION_MISMATCH,
    )


def wrong_status() -> DataverseError:
    """A status that is none of its state."""
    return DataverseError(
        400,
        "State code is invalid or state code is valid but status code is invalid for a specified "
        "state code.",
        code=WRONG_STATUS,
    )


def no_time_zone(value: str) -> DataverseError:
    """A moment whose zone is not said."""
    return DataverseError(
        400,
        f"The time zone information is missing on the DateTimeOffset value '{value[:60]}'. A "
        "DateTimeOffset value must contain the time zone information.",
    )


def no_customer() -> DataverseError:
    """A case of nobody."""
    return DataverseError(400, "You should specify a parent contact or account.")


def duplicate_key() -> DataverseError:
    """Another row has the same key."""
    return DataverseError(
        412, "A record with matching key values already exists.", code=DUPLICATE_KEY
    )


def too_many_requests(limit: int, wait: int) -> DataverseError:
    """More requests than a user may make in a window of five minutes."""
    return DataverseError(
        429,
        f"Number of requests exceeded the limit of {limit} over time window of 300 seconds.",
        code=TOO_MANY_REQUESTS,
        wait=wait,
    )


def too_much_time(limit_ms: int, wait: int) -> DataverseError:
    """Requests that took longer, all together, than a user may use in a window."""
    return DataverseError(
        429,
        f"Combined execution time of incoming requests exceeded limit of {limit_ms:,} milliseconds "
        "over time window of 300 seconds. Decrease number of concurrent requests or reduce the "
        "duration of requests and try again later.",
        code=TOO_MUCH_TIME,
        wait=wait,
    )


def too_many_at_once(limit: int, wait: int) -> DataverseError:
    """More requests at the same time than a user may make."""
    return DataverseError(
        429,
        f"Number of concurrent requests exceeded the limit of {limit}.",
        code=TOO_MANY_AT_ONCE,
        wait=wait,
    )


#: The three limits in turn, so that a client meets each.
_IN_TURN: Iterator[Callable[[int], DataverseError]] = cycle(
    (
        lambda wait: too_many_requests(6000, wait),
        lambda wait: too_much_time(1_200_000, wait),
        lambda wait: too_many_at_once(52, wait),
    )
)


def failed(status: int) -> Response:
    """Answer as an organisation that fails, or whose limits another client has used up."""
    if status == 429:
        return next(_IN_TURN)(_WAIT_SECONDS).response
    if status == 500:
        return DataverseError(500, "An unexpected error occurred.", code=UNEXPECTED).response
    return DataverseError(status, "The server is busy. Please try again later.").response


def bad_request(message: str) -> DataverseError:
    """A request that cannot be understood."""
    return DataverseError(400, message)
