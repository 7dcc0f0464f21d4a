"""Several calls in one: `POST composite`, with references from one to the next.

The answer is 200 whatever its parts say: that is how failures in it get overlooked. Source: REST
API Developer Guide, Composite Resources; the texts of halted parts as public traces show them.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import structs

from simulator.neighbours.salesforce.calls import Answer, Call, Interface, refused
from simulator.neighbours.salesforce.errors import SalesforceError, bad

PARTS_MAX = 25
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
ROLLED_BACK = (
    "The transaction was rolled back since another operation in the same transaction failed."
)
_FORBIDDEN = frozenset({"accept", "authorization", "content-type"})
_NAME = re.compile(r"[A-Za-z0-9_]+")
_REFERENCE = re.compile(r"@\{([A-Za-z0-9_]+)\.([A-Za-z0-9_.\[\]]+)\}")
_STEP = re.compile(r"([A-Za-z0-9_]+)|\[(\d+)\]")
#: An upsert that is answered 300 has written nothing: it failed.
_FAILED = 300


class _RolledBack(Exception):
    """A part failed, and none is to be done."""


def answer(rest: Interface, call: Call) -> Answer:
    """Do the parts in order; raises SalesforceError if the whole cannot be read."""
    given = call.record()
    parts, is_whole = _parts(given), given.get("allOrNone") is True
    answers: list[Answer] = []
    done: dict[str, Any] = {}
    try:
        if is_whole:
            with rest.records.whole():
                _do(rest, call, parts, answers, done, is_whole=True)
        else:
            _do(rest, call, parts, answers, done, is_whole=False)
    except _RolledBack:
        halted = refused(bad("PROCESSING_HALTED", ROLLED_BACK))
        culprit = len(answers) - 1
        answers = [each if n == culprit else halted for n, each in enumerate(answers)]
        answers += [halted] * (len(parts) - len(answers))
    shown = [
        {
            "body": each.body,
            "httpHeaders": {"Location": each.headers["location"]}
            if "location" in each.headers
            else {},
            "httpStatusCode": each.status,
            "referenceId": part["referenceId"],
        }
        for each, part in zip(answers, parts, strict=True)
    ]
    return Answer(status=200, body={"compositeResponse": shown})


def _parts(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    parts = given.get("compositeRequest")
    if not isinstance(parts, list) or not all(isinstance(each, dict) for each in parts):
        raise bad("JSON_PARSER_ERROR", "Missing required field: compositeRequest")
    if len(parts) > PARTS_MAX:
        message = f"Limit of {PARTS_MAX} reached for operations in a composite request"
        raise bad("LIMIT_EXCEEDED", message)
    names = set[str]()
    for part in parts:
        name, headers = part.get("referenceId"), part.get("httpHeaders", {})
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise bad("INVALID_INPUT", "The referenceId is missing or not valid", "referenceId")
        if name in names:
            raise bad("INVALID_INPUT", f"Duplicate ReferenceId provided: {name[:80]}")
        names.add(name)
        if not isinstance(part.get("url"), str) or part.get("method") not in METHODS:
            raise bad("INVALID_INPUT", f"Invalid method or url of {name[:80]}", "method", "url")
        if not isinstance(headers, dict) or _FORBIDDEN & {each.lower() for each in headers}:
            message = f"Accept, Authorization and Content-Type cannot be set in {name[:80]}"
            raise bad("INVALID_HTTP_HEADER", message, "httpHeaders")
    return parts


def _do(
    rest: Interface,
    call: Call,
    parts: list[dict[str, Any]],
    answers: list[Answer],
    done: dict[str, Any],
    *,
    is_whole: bool,
) -> None:
    for part in parts:
        try:
            found = rest.answer(_part(call, part, done))
        except SalesforceError as error:
            found = refused(error)
        answers.append(found)
        if found.status < _FAILED:
            done[part["referenceId"]] = found.body
        elif is_whole:
            raise _RolledBack


def _part(call: Call, part: Mapping[str, Any], done: Mapping[str, Any]) -> Call:
    """Read a part as a call of its own; raises SalesforceError for a reference to nothing."""
    url = urlsplit(_filled(part["url"], done))
    steps = [unquote(each) for each in url.path.strip("/").split("/")]
    if steps[:2] != ["services", "data"] or steps[3:] == ["composite"]:
        raise SalesforceError(404, "NOT_FOUND", "The requested resource does not exist")
    headers = part.get("httpHeaders", {})
    return structs.replace(
        call,
        method=part["method"],
        parts=tuple(steps[3:]),
        parameters=dict(parse_qsl(url.query, keep_blank_values=True)),
        headers={name.lower(): str(value) for name, value in headers.items()},
        body=_filled(part.get("body"), done),
        view=structs.replace(call.view, joined={}),
    )


def _filled(value: Any, done: Mapping[str, Any]) -> Any:
    """Put the values of earlier parts in place of references to them."""
    match value:
        case str():
            return _REFERENCE.sub(lambda match: _value(match[1], match[2], done), value)
        case dict():
            return {name: _filled(each, done) for name, each in value.items()}
        case list():
            return [_filled(each, done) for each in value]
    return value


def _value(name: str, path: str, done: Mapping[str, Any]) -> str:
    found: Any = done.get(name)
    for key, place in _STEP.findall(path):
        try:
            found = found[key] if key else found[int(place)]
        except (KeyError, IndexError, TypeError, ValueError):
            found = None
    if not isinstance(found, str | int | float):
        message = f"Invalid reference specified. No value for {name}.{path} found in {name}"
        raise bad("PROCESSING_HALTED", message[:300])
    return str(found)
