"""Letters are taken, checked, shown and printed, as Notify does it, and reach nobody."""

import base64
from typing import Any

import pytest

from simulator.neighbours.gateway.notify_letters import VIRUS_CHECK_SECONDS
from simulator.neighbours.gateway.notify_service import ApiKey, KeyKind, NotifyService
from simulator.neighbours.gateway.notify_templates import (
    DEFAULT_TEMPLATES,
    Template,
    Templates,
)
from tests.simulator.neighbours.gateway.double import (
    LIST,
    SECRET,
    SERVICE_ID,
    Double,
    errors,
)

LETTER = "/v2/notifications/letter"
TEMPLATE = Template(
    id="6d1a1c1e-2b52-4f0b-9c57-3d2f3a9b7e03",
    channel="letter",
    name="Any letter",
    subject="Your report",
    content="Dear ((address line 1)), (there is) an update.",
    contact_block="Example Police\nLONDON",
)
PDF = b"%PDF-1.4 of our own"


def _double(
    kind: KeyKind = "live", *, sends_letters: bool = True, in_trial: bool = False
) -> Double:
    service = NotifyService(
        id=SERVICE_ID,
        keys=(ApiKey(secret=SECRET, kind=kind),),
        sends_letters=sends_letters,
        is_in_trial=in_trial,
    )
    templates = Templates.of(TEMPLATE, *DEFAULT_TEMPLATES.by_id.values())
    return Double(templates, service=service)


def _written(**changes: Any) -> dict[str, Any]:
    address = {"address_line_1": "Sam Hill", "address_line_2": "1 Any Road", "postcode": "SW1 1AA"}
    return {"template_id": TEMPLATE.id, "personalisation": address, **changes}


def _ready(**changes: Any) -> dict[str, Any]:
    return {"reference": "r-1", "content": base64.b64encode(PDF).decode(), **changes}


def test_a_written_letter_is_kept_with_its_address_and_a_pdf() -> None:
    """A letter from a template is answered with its words, and can be asked for and printed."""
    double = _double()
    answer = double.post(LETTER, _written(reference="r-1"))
    shown = double.get(f"{LIST}/{answer.json['id']}").json
    printed = double.get(f"{LIST}/{answer.json['id']}/pdf")

    assert answer.status == 201
    assert answer.json["content"]["body"].startswith("Dear Sam Hill")
    assert (shown["line_1"], shown["line_2"], shown["postcode"]) == (
        "Sam Hill",
        "1 Any Road",
        "SW1 1AA",
    )
    assert (shown["type"], shown["status"], shown["postage"]) == ("letter", "accepted", "second")
    assert printed.body.startswith(b"%PDF-1.4")
    assert rb"Dear Sam Hill, \(there is\) an update." in printed.body
    assert printed.body.rstrip().endswith(b"%%EOF")
    assert double.inbox.drain() == []


def test_a_ready_letter_waits_for_its_virus_check() -> None:
    """A ready PDF cannot be had until its check is over; then it is as it was given."""
    double = _double("test")
    answer = double.post(LETTER, _ready(postage="first"))
    early = double.get(f"{LIST}/{answer.json['id']}/pdf")
    double.wait(int(VIRUS_CHECK_SECONDS))

    assert answer.json.keys() == {"id", "reference", "postage"}
    assert errors(early) == [("PDFNotReadyError", "PDF not available yet, try again later")]
    assert double.get(f"{LIST}/{answer.json['id']}/pdf").body == PDF
    assert double.get(f"{LIST}/{answer.json['id']}").json["status"] == "received"


def test_only_a_letter_has_a_pdf() -> None:
    """Asked for the PDF of a text, Notify says that it is no letter."""
    double = _double()
    text = double.inbox.accept(
        channel="text",
        to="07700900123",
        to_given="07700900123",
        subject="",
        body="There is an update.",
        sender="GOVUK",
        reference="",
        template_id="",
    )

    assert errors(double.get(f"{LIST}/{text.message_id}/pdf")) == [
        ("BadRequestError", "Notification is not a letter")
    ]


@pytest.mark.parametrize(
    ("double", "request_body", "status", "message"),
    [
        (_double(sends_letters=False), _written(), 400, "Service is not allowed to send letters"),
        (_double("team"), _written(), 403, "Cannot send letters with a team api key"),
        (
            _double(in_trial=True),
            _written(),
            403,
            "Cannot send letters when service is in trial mode",
        ),
        (
            _double(),
            _ready(content="not base64!"),
            400,
            "Cannot decode letter content (invalid base64 encoding)",
        ),
        (_double(), _ready(postage="third"), 400, "postage invalid. It must be first or second."),
        (_double(), {"reference": "r-1"}, 400, "template_id is a required property"),
        (
            _double(),
            _written(personalisation={"address_line_1": "Sam", "postcode": "SW1 1AA"}),
            400,
            "Address must be at least 3 lines",
        ),
        (
            _double(),
            _written(
                personalisation={f"address line {n}": "x" for n in range(1, 8)}
                | {"postcode": "SW1 1AA"}
            ),
            400,
            "Address must be no more than 7 lines",
        ),
        (
            _double(),
            _written(
                personalisation={
                    "addressLine1": "Sam",
                    "address_line_2": "1 Any Road",
                    "address_line_3": "no postcode",
                }
            ),
            400,
            "Must be a real UK postcode",
        ),
    ],
)
def test_a_letter_that_cannot_be_sent_is_refused(
    double: Double, request_body: dict[str, Any], status: int, message: str
) -> None:
    """Each refusal has its status and Notify's own words."""
    answer = double.post(LETTER, request_body)

    assert answer.status == status
    assert message in [said for _, said in errors(answer)]
