"""The document is held to the letter: Schemathesis sends what fits it and what does not."""

from typing import Any

import pytest

from simulator.neighbours.force_api.feed import Feed
from simulator.neighbours.force_api.openapi import filters_of, openapi
from tests.simulator.neighbours.force_api.double import TOKEN, TYPES, ForceApi
from tests.simulator.neighbours.sweep import CHECKS, operations_of, swept

DOCUMENT: dict[str, Any] = openapi(TYPES, Feed(TYPES, ForceApi().rows).event_types)
OPERATIONS = operations_of(DOCUMENT)
#: These stand for the rest in `make test`: each kind of address once.
QUICK = {
    ("PATCH", "/persons/{id}"),
    ("GET", "/changes"),
    ("POST", "/subscriptions"),
}


def _swept(app: Any, method: str, path: str) -> tuple[list[str], set[int]]:
    return swept(
        DOCUMENT,
        app,
        method,
        path,
        headers=lambda: {"authorization": f"Bearer {TOKEN}"},
        checks=(*CHECKS, "negative_data_rejection", "ignored_auth"),
    )


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
