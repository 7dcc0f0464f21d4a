"""Reads and writes `$batch`: requests within one request, as multipart/mixed.

A change set is a part with parts of its own: it happens wholly or not at all.
Source: OData 4.0, batch requests; Microsoft's documentation of Web API batch operations.
"""

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import TypeAlias
from uuid import uuid4

from msgspec import Struct

from simulator.neighbours.dataverse.errors import bad_request

OPERATIONS_MAX = 1000

_BOUNDARY = re.compile(r'boundary="?([^";,\s]{1,200})"?', re.IGNORECASE)
_REQUEST_LINE = re.compile(r"(GET|POST|PATCH|PUT|DELETE)\s+(\S+)(?:\s+HTTP/1\.1)?\s*")


class Operation(Struct, frozen=True, kw_only=True):
    """One request of a batch; `content_id` names it in its change set."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    content_id: str = ""


class Outcome(Struct, frozen=True, kw_only=True):
    """The answer to one operation."""

    status: int
    headers: dict[str, str]
    body: bytes
    content_id: str = ""


#: A single operation, or a change set.
Part: TypeAlias = Operation | tuple[Operation, ...]


def read_batch(content_type: str, body: bytes) -> list[Part]:
    """Read a batch; raises DataverseError."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise bad_request("The batch is not UTF-8.") from None
    parts: list[Part] = []
    for headers, content in _parts(text, _boundary(content_type)):
        kind = headers.get("content-type", "")
        if kind.lower().startswith("multipart/mixed"):
            inner = _parts(content, _boundary(kind))
            parts.append(tuple(_operation(*each) for each in inner))
        else:
            parts.append(_operation(headers, content))
    count = sum(1 if isinstance(each, Operation) else len(each) for each in parts)
    if not 0 < count <= OPERATIONS_MAX:
        raise bad_request(f"A batch holds 1 to {OPERATIONS_MAX} operations; this one {count}.")
    return parts


def written_batch(outcomes: Iterable[Outcome | Sequence[Outcome]]) -> tuple[str, bytes]:
    """Write the answers; returns content type and body."""
    boundary = f"batchresponse_{uuid4()}"
    parts = []
    for each in outcomes:
        if isinstance(each, Outcome):
            parts.append(_written(each))
            continue
        inner = f"changesetresponse_{uuid4()}"
        content = _joined([_written(one) for one in each], inner)
        parts.append(f'Content-Type: multipart/mixed; boundary="{inner}"\r\n\r\n{content}')
    return f'multipart/mixed; boundary="{boundary}"', _joined(parts, boundary).encode()


def _joined(parts: Iterable[str], boundary: str) -> str:
    return "".join(f"--{boundary}\r\n{each}\r\n" for each in parts) + f"--{boundary}--\r\n"


def _written(outcome: Outcome) -> str:
    headers = "".join(f"{name}: {value}\r\n" for name, value in outcome.headers.items())
    content_id = f"Content-ID: {outcome.content_id}\r\n" if outcome.content_id else ""
    return (
        "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
        f"{content_id}\r\nHTTP/1.1 {outcome.status} {_reason(outcome.status)}\r\n{headers}\r\n"
        f"{outcome.body.decode()}"
    )


def _reason(status: int) -> str:
    return HTTPStatus(status).phrase


def _boundary(content_type: str) -> str:
    match = _BOUNDARY.search(content_type)
    if match is None:
        raise bad_request("The batch names no boundary in its Content-Type.")
    return match[1]


def _parts(text: str, boundary: str) -> list[tuple[dict[str, str], str]]:
    normal = text.replace("\r\n", "\n")
    chunks = f"\n{normal}".split(f"\n--{boundary}")
    if len(chunks) < 2 or not chunks[-1].startswith("--"):
        raise bad_request("The batch does not end with its boundary.")
    return [_headed(each.removeprefix("\n")) for each in chunks[1:-1]]


def _headed(text: str) -> tuple[dict[str, str], str]:
    """Split headers from what follows the first empty line."""
    head, _, rest = text.partition("\n\n")
    headers = {}
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return headers, rest


def _operation(part_headers: dict[str, str], content: str) -> Operation:
    line, _, rest = content.lstrip("\n").partition("\n")
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise bad_request(f"The batch has a part that begins with no request: '{line[:100]}'.")
    headers, body = _headed(rest) if rest.strip() else ({}, "")
    return Operation(
        method=match[1],
        target=match[2],
        headers=headers,
        body=body.strip().encode(),
        content_id=part_headers.get("content-id", ""),
    )
