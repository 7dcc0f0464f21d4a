"""Schemathesis sent over a double: one operation, good and bad; return what is wrong."""

from collections.abc import Callable, Mapping
from typing import Any

import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

EXAMPLES = 25
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "unsupported_method",
)


def operations_of(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """List the methods and paths of a document."""
    return [
        (method.upper(), path)
        for path, item in document["paths"].items()
        for method in item
        if method != "parameters"
    ]


def swept(
    document: dict[str, Any],
    app: Any,
    method: str,
    path: str,
    *,
    headers: Callable[[], Mapping[str, str]] = dict,
    checks: tuple[str, ...] = CHECKS,
) -> tuple[list[str], set[int]]:
    """Send one operation good and bad requests; return what is wrong, and the statuses seen."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": 20260603,
            "workers": 1,
            "continue-on-failure": True,
            "cache": {"enabled": False},
            "generation": {
                "mode": "all",
                "max-examples": EXAMPLES,
                "deterministic": True,
                "database": "none",
            },
            "phases": {"stateful": {"enabled": False}},
            "checks": {"enabled": False, **{each: {"enabled": True} for each in checks}},
        }
    )
    schema = schemathesis.openapi.from_dict(document, config=config)
    schema.app = app
    schema.auth.set_from_requests(_Headers(headers))
    faults: list[str] = []
    seen: set[int] = set()
    for event in from_schema(schema.include(method=method, path=path)).execute():
        if isinstance(event, events.NonFatalError):
            faults.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.ScenarioFinished):
            for found in event.recorder.checks.values():
                faults += [
                    f"{each.name}: {each.failure_info.failure.message}"
                    for each in found
                    if each.failure_info is not None
                ]
            answers = event.recorder.interactions.values()
            seen |= {each.response.status_code for each in answers if each.response}
    return faults, seen


class _Headers(AuthBase):
    """Puts the headers on each request that its caller would have."""

    def __init__(self, headers: Callable[[], Mapping[str, str]]) -> None:
        self._headers = headers

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers.update(self._headers())
        return request
