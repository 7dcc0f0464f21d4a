"""Whatever a client sends, the double answers as Notify documents: Schemathesis sends all of it."""

import pytest

from simulator.neighbours.gateway.notify import EMAIL_TEMPLATE_ID, TEXT_TEMPLATE_ID
from tests.simulator.neighbours.gateway.double import EMAIL, SMS, Double, token
from tests.simulator.neighbours.gateway.notify_openapi import notify_openapi
from tests.simulator.neighbours.sweep import CHECKS, operations_of, swept

DOCUMENT = notify_openapi()
#: These stand for the rest in `make test`.
QUICK = {("POST", EMAIL), ("GET", "/v2/notifications")}


def _double() -> Double:
    """A double that has sent a text and an email, and had a text back."""
    double = Double()
    said = {"subject": "An update", "body": "Sign in."}
    for path, to, template in (
        (SMS, {"phone_number": "07700900123"}, TEXT_TEMPLATE_ID),
        (EMAIL, {"email_address": "alex@example.com"}, EMAIL_TEMPLATE_ID),
    ):
        sent = double.post(path, {**to, "template_id": template, "personalisation": said})
        assert sent.status == 201
    double.inbox.received.take("07700900123", "STOP")
    return double


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param(*each, marks=[] if each in QUICK else [pytest.mark.proof])
        for each in operations_of(DOCUMENT)
    ],
)
def test_the_double_answers_as_notify_documents(method: str, path: str) -> None:
    """No 5xx, no answer in another shape, and nothing that does not fit is taken."""
    # What follows /notifications/ is an id where it is read, "sms" too, at Notify as here.
    checks = CHECKS[:-1] if path.count("/") > 2 and method == "POST" else CHECKS
    faults, seen = swept(
        DOCUMENT,
        _double().app,
        method,
        path,
        headers=lambda: {"authorization": f"Bearer {token()}"},
        checks=(*checks, "negative_data_rejection", "ignored_auth"),
    )

    assert faults == []
    assert seen
