"""The control interface is held to its document: Schemathesis sends what fits and what not."""

from typing import Any

import pytest

from simulator.doubles import control
from simulator.doubles.control_openapi import control_openapi
from simulator.doubles.fault_switches import Faults, FaultSwitches
from simulator.doubles.front import Requests
from simulator.doubles.journal import Journal
from simulator.doubles.kept_crime_system import KeptCrimeSystem
from simulator.doubles.kept_neighbours import KeptInbox
from simulator.doubles.to_portal import PortalSecrets, ToPortal
from simulator.doubles.to_subscribers import WebhookCalls
from simulator.neighbours.dataverse.rows import Rows
from simulator.neighbours.salesforce.records import Records
from tests.simulator.asgi import call
from tests.simulator.doubles.crimes import NOW
from tests.simulator.drivers.strange_portals import SECRETS
from tests.simulator.neighbours.sweep import CHECKS, operations_of, swept

TOKEN = "a-token-of-a-test"
DOCUMENT = control_openapi(
    faults=Faults,
    webhooks=control._Webhooks,
    person=control._Person,
    text_back=control._TextBack,
    signed_in=control._SignedIn,
    question=control._Question,
    of_message=control._OfMessage,
)
#: These stand for the rest in `make test`.
QUICK = {
    ("PUT", "/faults"),
    ("POST", "/people"),
    ("POST", "/signed-in"),
    ("POST", "/complaints"),
    ("POST", "/questions"),
}


@pytest.fixture
def app() -> Any:
    """The interface, in front of doubles that nobody calls."""
    inbox, crimes = (
        KeptInbox(lambda: NOW, Journal()),
        KeptCrimeSystem(lambda: NOW, Journal(), Rows(lambda: NOW)),
    )
    secrets = PortalSecrets(events=SECRETS.events, receipts=SECRETS.receipts)
    to_portal = ToPortal("http://127.0.0.1:9", secrets, inbox, crimes, now=lambda: NOW)
    return control.control_app(
        crimes,
        to_portal,
        FaultSwitches({}, to_portal, Records(lambda: NOW)),
        Requests(),
        webhook_calls=WebhookCalls(Rows(lambda: NOW), lambda: NOW),
        meet=lambda _person: None,
        note=lambda _record: None,
        token=TOKEN,
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param(*each, marks=[] if each in QUICK else [pytest.mark.proof])
        for each in operations_of(DOCUMENT)
    ],
)
def test_the_interface_answers_as_its_document_says(app: Any, method: str, path: str) -> None:
    """No 5xx, no answer that is not declared, nothing bad that is taken."""
    # Schemathesis counts an empty list as bad where it meant to spoil what is in it.
    rejects = () if path == "/webhooks" else ("negative_data_rejection",)
    faults, seen = swept(
        DOCUMENT,
        app,
        method,
        path,
        headers=lambda: {"authorization": f"Bearer {TOKEN}"},
        checks=(*CHECKS, *rejects),
    )

    assert faults == []
    assert seen


def test_the_document_is_served_to_anybody(app: Any) -> None:
    """A client in any language can be made from it."""
    answer = call(app, "GET", "/openapi.json", headers={})

    assert answer.status == 200
    assert answer.json["paths"].keys() == DOCUMENT["paths"].keys()
