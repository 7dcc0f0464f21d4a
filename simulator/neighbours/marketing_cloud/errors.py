"""The errors of Marketing Cloud in its own words and shapes.

Source of codes and names: developer.salesforce.com, "Transactional API Response Level Error Codes"
and "Rate Limiting Errors"; of the answers to a bad secret or token: recordings in Accenture's
sfmc-devtools. What follows the colon of a message is ours, unless a test quotes it.
"""

import re
from uuid import uuid4

import msgspec
from starlette.responses import Response

DOCUMENTATION = (
    "https://developer.salesforce.com/docs/atlas.en-us.mc-apis.meta/mc-apis/error-handling.htm"
)
RETRY_SECONDS = 5

_UTM = "MCMS_UTM"
#: What each code is called.
NAMES = {
    10000: "Validation",
    10001: "Validation_InvalidDataType",
    10002: "Validation_MissingRequiredField",
    10003: "Validation_IncorrectFormat",
    10005: "Validation_InvalidValue",
    30000: "Runtime",
    30001: "Runtime_InvalidOperation",
    30003: "Runtime_ObjectNotFound",
    30004: "Runtime_ObjectAlreadyExists",
    40000: "Authentication",
    40001: "Authentication_NotAuthenticated",
    109001: "ResponsesHasErrors",
    109101: "Validation_TooManySubscribers",
    109102: "Validation_NoSubscribers",
    109103: "Validation_NoValidSubscribers",
    109104: "Validation_MissingRequiredField_messageKey",
    109105: "Validation_MissingRequiredField_subscriberKey",
    109106: "Validation_MissingRequiredField_to",
    109107: "Validation_MissingRequiredField_definitionKey",
    109108: "Validation_InvalidValue_messageKey",
    109109: "Validation_InvalidValue_subscriberKey",
    109110: "Validation_DuplicateMessageKey",
    109111: "Validation_InvalidValue_definitionKey",
    109112: "Validation_InvalidValue_options",
    109113: "Validation_InvalidValue_autoAddSubscriber",
    109114: "Validation_InvalidValue_resubscribe",
    109115: "Validation_InvalidValue_keyword",
    109116: "Validation_InvalidValue_resubscribe_true_without_keyword_specified",
    109120: "Validation_MissingRequiredField_keyword",
    109121: "Validation_InvalidValue_to",
    109122: "Validation_UnknownFieldName",
    109123: "Validation_InvalidValue_classification_IncorrectType",
    109124: "Validation_email_does_not_pass_validation",
    109125: "Validation_InvalidValue_updateSubscriber",
}
#: The codes of a field that has one of its own: if it is missing, or has a wrong value.
_MISSING = {"definitionKey": 109107, "keyword": 109120, "recipient": 109102, "recipients": 109102}
_MISSING_OF_RECIPIENT = {"contactKey": 109105, "to": 109106, "messageKey": 109104}
_WRONG = {
    "options": 109112,
    "autoAddSubscriber": 109113,
    "resubscribe": 109114,
    "keyword": 109115,
    "updateSubscriber": 109125,
    "definitionKey": 109111,
}
_WRONG_OF_RECIPIENT = {"contactKey": 109109, "to": 109121, "messageKey": 109108}

_EMPTY = "Expected `str` of length >= 1"
_FIELD = re.compile(r"field `(\w+)`")
_PATH = re.compile(r" - at `\$(?:\.(\w+))?.*?(?:\.(\w+))?`$")


class MarketingCloudError(Exception):
    """An answer that is none of what was asked for."""

    status: int
    message: str

    @property
    def response(self) -> Response:
        """The answer."""
        return as_json(self.status, body_of(getattr(self, "code", 30000), self.message))


class Refused(MarketingCloudError):
    """A request that Marketing Cloud refuses: status, code, and what is wrong."""

    def __init__(self, status: int, code: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.code = code
        self.message = message_of(code, why)


class PlatformError(MarketingCloudError):
    """A refusal outside messaging, whose shape is another one."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    @property
    def response(self) -> Response:
        """The answer."""
        return _of_platform(self.status, self.message, 0)


class NotAuthorised(PlatformError):
    """A token that is unknown or too old (401), or one without the scope (403)."""

    def __init__(self, status: int = 401) -> None:
        super().__init__(status, "Not Authorized" if status == 401 else "Insufficient Privileges")


class Failed(MarketingCloudError):
    """A Marketing Cloud that is down (503), or throttles its caller (429)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
        self.message = "Rate limit exceeded" if status == 429 else "Unknown runtime exception"

    @property
    def response(self) -> Response:
        """The answer."""
        return failed(self.status)


def message_of(code: int, why: str) -> str:
    """Write a message: the name of the code, and what is wrong."""
    return f"{_UTM}_{NAMES[code]}: {why}"


def body_of(code: int, message: str) -> dict[str, object]:
    """Make the body of a messaging error."""
    return {"requestId": str(uuid4()), "errorcode": code, "message": message}


def fault_of(error: msgspec.ValidationError, *, of_recipient: bool = False) -> tuple[int, str]:
    """Tell which code a value has that does not fit its type, and why."""
    words = str(error)
    at, why = _PATH.search(words), words.partition(" - at ")[0]
    missing, wrong = (
        (_MISSING_OF_RECIPIENT, _WRONG_OF_RECIPIENT) if of_recipient else (_MISSING, _WRONG)
    )
    named = _FIELD.search(why)
    if named and why.startswith("Object missing"):
        return missing.get(named[1], 10002), f"{named[1]} is required"
    if named:
        return 109122, f"{named[1]} is not a field of this request"
    names = [each for each in (at.groups() if at else ()) if each]
    field = names[-1] if names else "the request"
    if why == _EMPTY:
        return missing.get(field, 10002), f"{field} is required"
    code = next((wrong[each] for each in reversed(names) if each in wrong), 0)
    is_type = why.startswith("Expected") and "got" in why
    return code or (10001 if is_type else 10003), f"{field}: {why}"


def failed(status: int) -> Response:
    """Answer as a Marketing Cloud that fails, or throttles its caller."""
    if status == 429:
        answer = _of_platform(429, "Rate limit exceeded", 50100, retryAfter=RETRY_SECONDS)
        answer.headers["retry-after"] = str(RETRY_SECONDS)
        return answer
    return as_json(status, body_of(30000, message_of(30000, "Unknown runtime exception")))


def as_json(status: int, content: object) -> Response:
    """Answer with JSON."""
    return Response(msgspec.json.encode(content), status, media_type="application/json")


def _of_platform(status: int, words: str, code: int, **more: object) -> Response:
    body = {"documentation": DOCUMENTATION, "errorcode": code, "message": words, **more}
    return as_json(status, body)
