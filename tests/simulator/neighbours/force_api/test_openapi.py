"""The document is held to the letter: Schemathesis sends what fits it and what does not."""

from typing import Any

import pytest
import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from simulator.neighbours.force_api.feed import Feed
from simulator.neighbours.force_api.openapi import filters_of, openapi
from tests.simulator.neighbours.force_api.double import TOKEN, TYPES, ForceApi

DOCUMENT: dict[str, Any] = openapi(TYPES, Feed(TYPES, ForceApi().rows).event_types)
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "ignored_auth",
)
EXAMPLES = 25
OPERATIONS = [
    (method.upper(), path)
    for path, item in DOCUMENT["paths"].items()
    for method in item
    if method != "parameters"
]
#: These stand for the rest in `make test`: each kind of address once.
QUICK = {
    ("PATCH", "/persons/{id}"),
    ("GET", "/changes"),
    ("POST", "/subscriptions"),
}


class _Token(AuthBase):
    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["authorization"] = f"Bearer {TOKEN}"
        return request


def _swept(app: Any, method: str, path: str) -> tuple[list[str], set[int]]:
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
            "checks": {
                "enabled": False,
                **{each: {"enabled": True} for each in CHECKS},
            },
        }
    )
    schema = schemathesis.openapi.from_dict(DOCUMENT, config=config)
    schema.app = app
    schema.auth.set_from_requests(_Token())
    faults: list[str] = []
    seen: set[int] = set()
    for event in from_schema(schema.include(method=method, path=path)).execute():
        if isinstance(event, events.NonFatalError):
            faults.append(f"{event.label}: {event.value!r}")
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.ScenarioFinished):
            for checks in event.recorder.checks.values():
                faults += [
                    f"{each.name}: {each.failure_info.failure.message}"
                    for each in checks
                    if each.failure_info is not None
                ]
            answers = event.recorder.interactions.values()
            seen |= {each.response.status_code for each in answers if each.response}
    return faults, seen


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param(method, path, marks=[] if (method, path) in QUICK else [pytest.mark.proof])
        for method, path in OPERATIONS
    ],
)
def test_the_interface_answers_as_its_document_says(method: str, path: str) -> None:
    """No 5xx, no answer that is not declared, nothing bad that is taken."""
    faults, seen = _swept(ForceApi().app, method, path)

    assert faults == []
    assert seen


def test_an_answer_that_is_wrong_is_found() -> None:
    """The sweep has teeth: an interface that shows one attribute more is caught."""
    force = ForceApi()
    force.person()

    async def spoiled(scope: Any, receive: Any, send: Any) -> None:
        async def spoil(message: Any) -> None:
            if "status" in message:
                headers = [each for each in message["headers"] if each[0] != b"content-length"]
                await send({**message, "headers": headers})
                return
            body = message.get("body", b"").replace(b'"meta"', b'"weather"')
            await send({**message, "body": body})

        await force.app(scope, receive, spoil)

    faults, _ = _swept(spoiled, "GET", "/persons")

    assert any("response_schema_conformance" in each for each in faults)


def test_every_name_of_the_force_is_in_the_document() -> None:
    """Attributes, relationships and filters of each resource are declared."""
    for kind in TYPES.values():
        shown = DOCUMENT["components"]["schemas"][kind.name]["properties"]
        declared = {
            each["name"] for each in DOCUMENT["paths"][f"/{kind.path}"]["get"]["parameters"]
        }

        assert shown["attributes"]["properties"].keys() == kind.attributes.keys()
        assert shown["relationships"]["properties"].keys() == kind.links.keys()
        assert {f"filter[{each}]" for each in filters_of(kind)} <= declared
