"""What the org answers when it refuses: an array of `{message, errorCode, fields?}`.

Texts as Salesforce's documentation and public traces show them; the tests quote where from.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.responses import Response

_TAIL = (
    "be sure to append the '__c' after the {} name. Please reference your WSDL or the describe "
    "call for the appropriate names."
)


class SalesforceError(Exception):
    """A refusal: HTTP status, code, message, and the fields that are wrong."""

    def __init__(self, status: int, code: str, message: str, fields: Sequence[str] = ()) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.message = message
        self.fields = tuple(fields)
        self.allowed: tuple[str, ...] = ()

    @property
    def content(self) -> Any:
        """The answer's body: an array, also of one."""
        shown: dict[str, Any] = {"message": self.message, "errorCode": self.code}
        return [shown | ({"fields": list(self.fields)} if self.fields else {})]

    @property
    def in_collection(self) -> dict[str, Any]:
        """The refusal of one record among several: there the code is called `statusCode`."""
        return {"statusCode": self.code, "message": self.message, "fields": list(self.fields)}


def bad(code: str, message: str, *fields: str) -> SalesforceError:
    """A request that cannot be done as it was asked."""
    return SalesforceError(400, code, message, fields)


def not_found(message: str = "The requested resource does not exist") -> SalesforceError:
    """An address or a record that is not there."""
    return SalesforceError(404, "NOT_FOUND", message)


def no_external_field(name: str) -> SalesforceError:
    """An upsert by a field that cannot be used for one; an id that is none is answered so too."""
    return not_found(f"Provided external ID field does not exist or is not accessible: {name[:80]}")


def no_session() -> SalesforceError:
    """No token, or one that has run out."""
    return SalesforceError(401, "INVALID_SESSION_ID", "Session expired or invalid")


def no_column(name: str, sobject: str) -> SalesforceError:
    """A field that an object does not have, in a record that is written."""
    return bad("INVALID_FIELD", f"No such column '{name[:80]}' on sobject of type {sobject}")


def no_method(method: str, *allowed: str) -> SalesforceError:
    """A method that an address does not have, and those that it has."""
    message = f"HTTP Method '{method}' not allowed. Allowed are {', '.join(allowed)}"
    error = SalesforceError(405, "METHOD_NOT_ALLOWED", message)
    error.allowed = allowed
    return error


def no_type(name: str) -> SalesforceError:
    """An object that the org does not have, in a query."""
    message = (
        f"sObject type '{name[:80]}' is not supported. If you are attempting to use a custom "
        f"object, {_TAIL.format('entity')}"
    )
    return bad("INVALID_TYPE", message)


def no_field(name: str, entity: str) -> str:
    """Word a field that an object does not have, in a query."""
    return (
        f"No such column '{name[:80]}' on entity '{entity}'. If you are attempting to use a custom "
        f"field, {_TAIL.format('custom field')}"
    )


#: How the org fails as a whole; a limit is 403 with it, and not 429.
_FAILED = {
    429: (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    500: (500, "UNKNOWN_EXCEPTION", "An unexpected error occurred. Please include this ErrorId."),
}
_DOWN = (503, "SERVER_UNAVAILABLE", "The server is temporarily unavailable; try again later.")


def failed(status: int) -> Response:
    """Answer as an org that fails, or whose limit another client has used up."""
    known, code, message = _FAILED.get(status, (status, *_DOWN[1:]))
    return Response(
        msgspec.json.encode(SalesforceError(known, code, message).content),
        known,
        media_type="application/json",
    )
