"""The document of the crime system is held to the letter: Schemathesis sends good and bad."""

from typing import Any

import pytest

from reference.contract.events import CrimeReopened
from simulator.evidence.records import EvidenceLog
from simulator.neighbours.crime_system.api import crime_system_app
from simulator.neighbours.crime_system.openapi import crime_system_openapi
from simulator.neighbours.crime_system.records import CrimeSystem
from tests.simulator.asgi import call
from tests.simulator.neighbours.crime_system.test_api import NOW, REFERENCE, TOKEN
from tests.simulator.neighbours.sweep import CHECKS, operations_of, swept

DOCUMENT: dict[str, Any] = crime_system_openapi()
#: It stands for the rest in `make test`.
QUICK = {("POST", "/tasks")}


def _app() -> Any:
    records = CrimeSystem(now=lambda: NOW, evidence=EvidenceLog(), source="tests")
    records.record(CrimeReopened(crime_reference=REFERENCE, reopened_at=NOW))
    records.changes.publish([records.outgoing.popleft()])
    return crime_system_app(records, token=TOKEN)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param(*each, marks=[] if each in QUICK else [pytest.mark.proof])
        for each in operations_of(DOCUMENT)
    ],
)
def test_the_interface_answers_as_its_document_says(method: str, path: str) -> None:
    """No 5xx, no answer that is not declared, nothing bad that is taken, nobody without a token."""
    faults, seen = swept(
        DOCUMENT,
        _app(),
        method,
        path,
        headers=lambda: {"authorization": f"Bearer {TOKEN}"},
        checks=(*CHECKS, "negative_data_rejection", "ignored_auth"),
    )

    assert faults == []
    assert seen


def test_the_document_is_served() -> None:
    """Without a token, as it tells nothing of a crime."""
    answer = call(_app(), "GET", "/openapi.json", headers={})

    assert (answer.status, answer.json["info"]["title"]) == (200, "Crime system")
