"""The inspection interface is held to its document: Schemathesis sends what fits and what not."""

from typing import Any

import pytest

from simulator.neighbours.gateway import mailpit
from simulator.neighbours.gateway.chaos import Chaos
from simulator.neighbours.gateway.inbox import Inbox
from simulator.neighbours.gateway.mailpit import mailpit_app
from simulator.neighbours.gateway.mailpit_openapi import mailpit_openapi
from tests.clients import take_two_messages
from tests.simulator.asgi import call
from tests.simulator.neighbours.gateway.double import NOW
from tests.simulator.neighbours.sweep import CHECKS, operations_of, swept

DOCUMENT = mailpit_openapi(page_messages_max=1000, wait_seconds_max=0.1)
#: These stand for the rest in `make test`.
QUICK = {("GET", "/api/v1/search"), ("PUT", "/api/v1/chaos")}


def _app() -> Any:
    inbox = Inbox(lambda: NOW)
    take_two_messages(inbox)
    return mailpit_app(inbox, chaos=Chaos())


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param(*each, marks=[] if each in QUICK else [pytest.mark.proof])
        for each in operations_of(DOCUMENT)
    ],
)
def test_the_inspection_answers_as_its_document_says(
    method: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No 5xx and no answer that is not declared; faults of the mail server are read strictly."""
    monkeypatch.setattr(mailpit, "_WAIT_SECONDS", 0.0)
    checks = (*CHECKS, *(("negative_data_rejection",) if path.endswith("chaos") else ()))
    faults, seen = swept(DOCUMENT, _app(), method, path, checks=checks)

    assert faults == []
    assert seen


def test_the_document_is_served_to_anybody() -> None:
    """A client in any language can be made from it."""
    inbox = Inbox(lambda: NOW)
    app = mailpit_app(inbox, chaos=Chaos(), token="a-token-of-a-test")
    answer = call(app, "GET", "/openapi.json", headers={})

    assert answer.status == 200
    assert answer.json["paths"].keys() == DOCUMENT["paths"].keys()
