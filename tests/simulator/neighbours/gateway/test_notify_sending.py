"""A request to send becomes a message, or a refusal in the words of Notify."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest

from simulator.neighbours.gateway.inbox import Accepted, RefusedRequest
from simulator.neighbours.gateway.notify import EMAIL_TEMPLATE_ID, TEXT_TEMPLATE_ID
from simulator.neighbours.gateway.notify_sending import EMAIL_BYTES_MAX, TEXT_CHARACTERS_MAX
from tests.simulator.neighbours.gateway.double import (
    EMAIL,
    LIST,
    NO_RESULT,
    NOW,
    SERVICE_ID,
    SMS,
    Double,
    email_request,
    errors,
    text_request,
)


def test_text_is_answered_and_arrives() -> None:
    """A text is answered 201 with what Notify answers, and is in the inbox under that id."""
    double = Double()
    answer = double.post(SMS, text_request(reference="event-1"))
    (arrived,) = double.inbox.drain()

    assert isinstance(arrived, Accepted)
    assert answer.status == 201
    assert answer.json == {
        "id": arrived.message_id,
        "reference": "event-1",
        "uri": f"http://notify.test/v2/notifications/{arrived.message_id}",
        "template": {
            "id": TEXT_TEMPLATE_ID,
            "version": 1,
            "uri": f"http://notify.test/services/{SERVICE_ID}/templates/{TEXT_TEMPLATE_ID}",
        },
        "scheduled_for": None,
        "content": {"from_number": "GOVUK", "body": "There is an update."},
    }
    assert (arrived.channel, arrived.to, arrived.to_given) == (
        "text",
        "07700900123",
        "07700 900123",
    )
    assert (arrived.body, arrived.reference, arrived.accepted_at) == (
        "There is an update.",
        "event-1",
        NOW,
    )


def test_email_is_answered_and_arrives() -> None:
    """An email is answered 201 with subject and body, and arrives in lower case."""
    double = Double()
    answer = double.post(EMAIL, email_request())
    (arrived,) = double.inbox.drain()

    assert isinstance(arrived, Accepted)
    assert answer.status == 201
    assert answer.json["reference"] is None
    assert answer.json["sanitised_content"] == {}
    assert answer.json["content"].keys() == {
        "from_email",
        "subject",
        "body",
        "one_click_unsubscribe_url",
    }
    assert (arrived.to, arrived.subject, arrived.body) == (
        "a.victim@mail.example",
        "An update",
        "Sign in.",
    )


@pytest.mark.parametrize(
    ("target", "body", "to"),
    [
        (SMS, text_request(), "07700900000"),
        (SMS, text_request(), "+44 7700 900111"),
        (SMS, text_request(), "07700900222"),
        (EMAIL, email_request(), "simulate-delivered@notifications.service.gov.uk"),
        (EMAIL, email_request(), "Simulate-Delivered-2@notifications.service.gov.uk"),
        (EMAIL, email_request(), "simulate-delivered-3@notifications.service.gov.uk"),
    ],
)
def test_smoke_test_recipients_get_nothing(target: str, body: dict[str, Any], to: str) -> None:
    """A magic recipient is answered 201, but nothing is kept: not even by that id."""
    double = Double()
    name = "phone_number" if target == SMS else "email_address"
    answer = double.post(target, {**body, name: to})

    assert answer.status == 201
    assert double.inbox.drain() == []
    assert errors(double.get(f"{LIST}/{answer.json['id']}")) == NO_RESULT
    assert double.get(LIST).json["notifications"] == []


@pytest.mark.parametrize(
    ("target", "body", "error"),
    [
        (SMS, text_request(template_id=str(uuid4())), "Template not found"),
        (
            SMS,
            text_request(template_id=EMAIL_TEMPLATE_ID),
            "email template is not suitable for sms notification",
        ),
        (
            EMAIL,
            email_request(template_id=TEXT_TEMPLATE_ID),
            "sms template is not suitable for email notification",
        ),
        (SMS, text_request(personalisation={}), "Missing personalisation: body"),
        (EMAIL, email_request(personalisation={}), "Missing personalisation: subject, body"),
        (SMS, text_request(body=" \n"), "Your message is empty."),
        (SMS, text_request("+33612345678"), "Cannot send to international mobile numbers"),
        (
            SMS,
            text_request(body="x" * (TEXT_CHARACTERS_MAX + 1)),
            (
                "Your message is too long. Text messages cannot be longer than 918 characters. "
                "Your message is 919 characters long."
            ),
        ),
        (
            EMAIL,
            email_request(body="é" * (EMAIL_BYTES_MAX // 2 + 1)),
            (
                "Your message is too long. Emails cannot be longer than 2000000 bytes. "
                "Your message is 2000002 bytes."
            ),
        ),
        (SMS, b"{", "Invalid JSON supplied in POST data"),
    ],
)
def test_bad_request_is_told_in_notifys_words(target: str, body: object, error: str) -> None:
    """What this service cannot send is 400 with Notify's words, and nothing is kept of it."""
    double = Double()
    answer = double.post(target, body)

    assert (answer.status, errors(answer)) == (400, [("BadRequestError", error)])
    assert double.get(LIST).json["notifications"] == []


def test_value_nested_as_deep_as_can_be_read_breaks_nothing() -> None:
    """A value that can be read but not written out again is refused, not a failure."""
    double = Double()
    for depth in range(700, 1000):
        nested = b"[" * depth + b"]" * depth
        answer = double.post(EMAIL, msgspec.json.encode(email_request(body=msgspec.Raw(nested))))

        assert answer.status == 201 or errors(answer) == [
            ("BadRequestError", "Invalid JSON supplied in POST data")
        ]


def test_template_id_may_be_in_either_case() -> None:
    """A template is found by its id in upper case too."""
    assert Double().post(SMS, text_request(template_id=TEXT_TEMPLATE_ID.upper())).status == 201


def test_longest_text_is_taken() -> None:
    """918 characters are not too long."""
    assert Double().post(SMS, text_request(body="é" * TEXT_CHARACTERS_MAX)).status == 201


def test_landline_is_refused() -> None:
    """A landline passes the schema and is then refused, as Notify does without that permission."""
    answer = Double().post(SMS, text_request("0161 715 4321"))

    assert errors(answer) == [("InvalidPhoneError", "Not a UK mobile number")]


def test_every_schema_fault_is_listed() -> None:
    """Faults of the schema are ValidationErrors, one for each."""
    answer = Double().post(EMAIL, {"email_address": "a@b", "extra": 1})

    assert errors(answer) == [
        ("ValidationError", "email_address Not a valid email address"),
        ("ValidationError", "template_id is a required property"),
        (
            "ValidationError",
            "Additional properties are not allowed (extra was unexpected)",
        ),
    ]


def test_refusal_reaches_the_world() -> None:
    """A refused attempt to send is drained too: where it was meant to go, and why it did not."""
    double = Double()
    double.post(SMS, text_request("0770 90"))

    assert double.inbox.drain() == [
        RefusedRequest(
            channel="text",
            to="0770 90",
            status=400,
            reason="ValidationError: phone_number Not enough digits",
            refused_at=NOW,
        )
    ]
