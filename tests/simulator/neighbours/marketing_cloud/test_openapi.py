"""The document is held to: Schemathesis sends what fits it and what does not, and finds no 5xx."""

import pytest

from simulator.neighbours.marketing_cloud.openapi import openapi
from tests.simulator.neighbours.marketing_cloud.double import MarketingCloud
from tests.simulator.neighbours.sweep import operations_of, swept

DOCUMENT = openapi()
OPERATIONS = operations_of(DOCUMENT)
#: These stand for the rest in `make test`.
QUICK = {
    ("POST", "/messaging/v1/sms/messages/{messageKey}"),
    ("POST", "/platform/v1/ens-subscriptions"),
}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param(method, path, marks=[] if (method, path) in QUICK else [pytest.mark.proof])
        for method, path in OPERATIONS
    ],
)
def test_the_interface_answers_as_its_document_says(method: str, path: str) -> None:
    """No 5xx, and no answer that is not declared."""
    cloud = MarketingCloud()
    headers = {"authorization": f"Bearer {cloud.token}"}

    faults, seen = swept(DOCUMENT, cloud.app, method, path, headers=lambda: headers)

    assert faults == []
    assert seen


def test_the_document_is_served_without_a_token() -> None:
    """So that a client in any language can be made from it."""
    answer = MarketingCloud().ask("GET", "/openapi.json", token="")

    assert answer.json == DOCUMENT
