"""The document of Salesforce is made from its objects; Schemathesis sends good and bad by it."""

from typing import Any

import pytest

from simulator.neighbours.salesforce.openapi import openapi
from tests.simulator.asgi import call
from tests.simulator.neighbours.salesforce.double import Org
from tests.simulator.neighbours.sweep import CHECKS, operations_of, swept

DOCUMENT: dict[str, Any] = openapi()
#: They stand for the rest in `make test`: one record, one query, several calls in one.
QUICK = {
    ("POST", "/services/data/v68.0/sobjects/CaseComment"),
    ("GET", "/services/data/v68.0/query"),
    ("POST", "/services/data/v68.0/composite"),
}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param(*each, marks=[] if each in QUICK else [pytest.mark.proof])
        for each in operations_of(DOCUMENT)
    ],
)
def test_the_interface_answers_as_its_document_says(method: str, path: str) -> None:
    """No 5xx, no answer that is not declared, nobody without a token."""
    org = Org()
    faults, seen = swept(
        DOCUMENT,
        org.app,
        method,
        path,
        headers=lambda: {"authorization": f"Bearer {org.token}"},
        checks=(*CHECKS, "ignored_auth"),
    )

    assert faults == []
    assert seen


def test_the_document_is_served_to_anybody() -> None:
    """As it tells nothing of a case."""
    answer = call(Org().app, "GET", "/openapi.json", headers={})

    assert (answer.status, answer.json["info"]["title"]) == (200, "Salesforce Core")
