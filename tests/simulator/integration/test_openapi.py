"""The document of the integration is held to the letter: Schemathesis sends good and bad."""

from typing import Any

import msgspec
import pytest

from simulator.integration.experience import PUSHES_PATH, experience_app
from simulator.integration.layers import CASES_PATH, RECORDS_PATH, ROWS_PATH, LayerTokens
from simulator.integration.openapi import integration_openapi
from simulator.integration.org_delivery import OrgDelivery
from simulator.integration.pushed_changes import DataversePushes
from simulator.integration.sent_messages import MESSAGES_PATH, SentMessages
from tests.simulator.asgi import call
from tests.simulator.integration.orgs import ORG_RULES, Joined
from tests.simulator.neighbours.sweep import CHECKS, operations_of, swept

DOCUMENT: dict[str, Any] = integration_openapi(
    PUSHES_PATH, has_pushes=True, layer_paths=(MESSAGES_PATH, CASES_PATH, RECORDS_PATH, ROWS_PATH)
)
TOKEN, KEY = "a-token-of-the-tests", "a-key-of-the-tests"
OF_LAYER = {CASES_PATH: "process", RECORDS_PATH: "system", ROWS_PATH: "system"}
OF = OF_LAYER | dict.fromkeys(("/dead-letters", "/dead-letters/replay", "/faults"), "tester")
#: These stand for the rest in `make test`.
QUICK = {("PUT", "/faults"), *(("POST", each) for each in (PUSHES_PATH, MESSAGES_PATH, *OF_LAYER))}


class _Integration:
    def __init__(self) -> None:
        self.force = force = Joined()
        force.crime(force.victim())
        self.app = experience_app(
            force.rules,
            force.system,
            force.store,
            force.flow,
            force.faults,
            token=TOKEN,
            pushes=DataversePushes(KEY),
            org=(OrgDelivery(ORG_RULES, force.sforce), force.sforce),
            messages=SentMessages(ORG_RULES.messages, force.sforce, KEY, lambda _words: None),
            layers=LayerTokens(tester="tester", process="process", system="system"),
        )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param(*each, marks=[] if each in QUICK else [pytest.mark.proof])
        for each in operations_of(DOCUMENT)
    ],
)
def test_the_interface_answers_as_its_document_says(method: str, path: str) -> None:
    """No 5xx, no answer that is not declared, nothing bad that is taken."""
    checks = (
        CHECKS if path in {PUSHES_PATH, MESSAGES_PATH} else (*CHECKS, "negative_data_rejection")
    )
    faults, seen = swept(
        DOCUMENT,
        _Integration().app,
        method,
        path,
        headers=lambda: {"authorization": f"Bearer {OF.get(path, TOKEN)}", "code": KEY},
        checks=checks,
    )

    assert faults == []
    assert seen


def test_the_document_is_served_and_has_every_address() -> None:
    """A tester makes a client from it; pushes are in it only where they are heard."""
    app = _Integration().app
    answer = call(app, "GET", "/openapi.json", headers={})
    served = {each.path.replace(":path", "") for each in app.routes if hasattr(each, "path")}

    assert answer.json == msgspec.json.decode(msgspec.json.encode(DOCUMENT))
    assert served == {*DOCUMENT["paths"], "/openapi.json"}
    assert PUSHES_PATH not in integration_openapi(PUSHES_PATH, has_pushes=False)["paths"]
