"""The Notify double takes what Notify takes, refuses what it refuses, and keeps what it took."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.gateway.inbox import PAGE_MESSAGES, Accepted, RefusedRequest
from simulator.gateway.notify import (
    EMAIL_TEMPLATE_ID,
    REQUEST_BYTES_MAX,
    TEXT_TEMPLATE_ID,
    Template,
    Templates,
)
from simulator.gateway.notify_sending import EMAIL_BYTES_MAX, TEXT_CHARACTERS_MAX
from tests.simulator.gateway.double import NOW, SERVICE_ID, Double, errors, token

SMS, EMAIL, LIST = "/v2/notifications/sms", "/v2/notifications/email", "/v2/notifications"
PAGES_MAX = 5
NO_RESULT = [("NoResultFound", "No result found")]


def _text(
    to: str = "07700 900123", body: Any = "There is an update.", **more: Any
) -> dict[str, Any]:
    return {
        "phone_number": to,
        "template_id": TEXT_TEMPLATE_ID,
        "personalisation": {"body": body},
        **more,
    }


def _email(
    to: str = "A.Victim@Mail.Example", body: Any = "Sign in.", **more: Any
) -> dict[str, Any]:
    return {
        "email_address": to,
        "template_id": EMAIL_TEMPLATE_ID,
        "personalisation": {"subject": "An update", "body": body},
        **more,
    }


def test_text_is_answered_and_arrives() -> None:
    """A text is answered 201 with what Notify answers, and is in the inbox under that id."""
    double = Double()
    answer = double.post(SMS, _text(reference="event-1"))
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
    answer = double.post(EMAIL, _email())
    (arrived,) = double.inbox.drain()

    assert isinstance(arrived, Accepted)
    assert answer.status == 201
    assert answer.json["reference"] is None
    assert answer.json["sanitised_content"] == {}
    assert answer.json["content"].keys() == {"from_email", "subject", "body"}
    assert (arrived.to, arrived.subject, arrived.body) == (
        "a.victim@mail.example",
        "An update",
        "Sign in.",
    )


@pytest.mark.parametrize(
    ("target", "body", "to"),
    [
        (SMS, _text(), "07700900000"),
        (SMS, _text(), "+44 7700 900111"),
        (SMS, _text(), "07700900222"),
        (EMAIL, _email(), "simulate-delivered@notifications.service.gov.uk"),
        (EMAIL, _email(), "Simulate-Delivered-2@notifications.service.gov.uk"),
        (EMAIL, _email(), "simulate-delivered-3@notifications.service.gov.uk"),
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
        (SMS, _text(template_id=str(uuid4())), "Template not found"),
        (
            SMS,
            _text(template_id=EMAIL_TEMPLATE_ID),
            "email template is not suitable for sms notification",
        ),
        (
            EMAIL,
            _email(template_id=TEXT_TEMPLATE_ID),
            "sms template is not suitable for email notification",
        ),
        (SMS, _text(personalisation={}), "Missing personalisation: body"),
        (EMAIL, _email(personalisation={}), "Missing personalisation: subject, body"),
        (SMS, _text(body=" \n"), "Your message is empty."),
        (SMS, _text("+33612345678"), "Cannot send to international mobile numbers"),
        (
            SMS,
            _text(body="x" * (TEXT_CHARACTERS_MAX + 1)),
            (
                "Your message is too long. Text messages cannot be longer than 918 characters. "
                "Your message is 919 characters long."
            ),
        ),
        (
            EMAIL,
            _email(body="é" * (EMAIL_BYTES_MAX // 2 + 1)),
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
        answer = double.post(EMAIL, msgspec.json.encode(_email(body=msgspec.Raw(nested))))

        assert answer.status == 201 or errors(answer) == [
            ("BadRequestError", "Invalid JSON supplied in POST data")
        ]


def test_template_id_may_be_in_either_case() -> None:
    """A template is found by its id in upper case too."""
    assert Double().post(SMS, _text(template_id=TEXT_TEMPLATE_ID.upper())).status == 201


def test_longest_text_is_taken() -> None:
    """918 characters are not too long."""
    assert Double().post(SMS, _text(body="é" * TEXT_CHARACTERS_MAX)).status == 201


def test_landline_is_refused() -> None:
    """A landline passes the schema and is then refused, as Notify does without that permission."""
    answer = Double().post(SMS, _text("0161 715 4321"))

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
    double.post(SMS, _text("0770 90"))

    assert double.inbox.drain() == [
        RefusedRequest(
            channel="text",
            to="0770 90",
            status=400,
            reason="ValidationError: phone_number Not enough digits",
            refused_at=NOW,
        )
    ]


def test_stranger_is_refused_and_the_world_knows_who_was_not_told() -> None:
    """Without a token the answer is 401, and the evidence still has the recipient."""
    double = Double()
    answer = double.send(SMS, _text(), {"host": "notify.test"})
    (refused,) = double.inbox.drain()

    assert errors(answer) == [("AuthError", "Unauthorized: authentication token must be provided")]
    assert isinstance(refused, RefusedRequest)
    assert (refused.status, refused.to) == (401, "07700 900123")


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", LIST),
        ("GET", f"{LIST}/{uuid4()}"),
        ("GET", "/v2/templates"),
        ("GET", f"/v2/template/{TEXT_TEMPLATE_ID}"),
        ("GET", f"/v2/template/{TEXT_TEMPLATE_ID}/version/1"),
        ("GET", "/v2/received-text-messages"),
        ("POST", f"/v2/template/{TEXT_TEMPLATE_ID}/preview"),
        ("POST", "/v2/notifications/letter"),
        ("POST", SMS),
        ("POST", EMAIL),
    ],
)
def test_every_call_wants_a_token(method: str, target: str) -> None:
    """Nothing is answered to who signs with another key."""
    double = Double()
    double._headers["authorization"] = f"Bearer {token(secret=str(uuid4()))}"
    answer = double.get(target) if method == "GET" else double.post(target, {})

    assert answer.status == 403
    assert errors(answer) == [("AuthError", "Invalid token: API key not found")]


def test_too_large_a_request_is_not_read() -> None:
    """A request over the limit is 413 in Notify's shape."""
    answer = Double().post(SMS, b" " * (REQUEST_BYTES_MAX + 1))

    assert answer.status == 413
    assert errors(answer)[0][0] == "BadRequestError"


def test_notification_follows_its_receipt() -> None:
    """GET shows all 26 keys, and after a receipt the receipt's status and time."""
    double = Double()
    message_id = double.post(SMS, _text(reference="event-1")).json["id"]
    before = double.get(f"{LIST}/{message_id}").json
    double.inbox.receipt(message_id, "temporary-failure", NOW + timedelta(minutes=2))
    after = double.get(f"{LIST}/{message_id.upper()}").json

    assert len(before) == 26
    assert (before["status"], before["sent_at"], before["completed_at"]) == ("created", None, None)
    assert (before["type"], before["phone_number"], before["email_address"]) == (
        "sms",
        "07700 900123",
        None,
    )
    assert (before["reference"], before["body"], before["subject"]) == (
        "event-1",
        "There is an update.",
        None,
    )
    assert before["created_at"] == after["sent_at"] == "2026-03-02T09:00:00.000000Z"
    assert after["status"] == "temporary-failure"
    assert after["completed_at"] == "2026-03-02T09:02:00.000000Z"


def test_unknown_notification_is_404_and_a_bad_id_400() -> None:
    """An id nobody was given is not found; what is no id is not valid."""
    double = Double()

    assert errors(double.get(f"{LIST}/{uuid4()}")) == NO_RESULT
    assert errors(double.get(f"{LIST}/1234")) == [
        ("ValidationError", "notification_id is not a valid UUID")
    ]


def test_template_is_found_by_id_and_version() -> None:
    """A template has one version, and says what it needs."""
    double = Double()
    found = double.get(f"/v2/template/{EMAIL_TEMPLATE_ID.upper()}")

    assert found.json == double.get(f"/v2/template/{EMAIL_TEMPLATE_ID}/version/1").json
    assert (found.json["type"], found.json["subject"], found.json["body"]) == (
        "email",
        "((subject))",
        "((body))",
    )
    assert found.json["personalisation"] == {
        "subject": {"required": True},
        "body": {"required": True},
    }
    assert errors(double.get(f"/v2/template/{EMAIL_TEMPLATE_ID}/version/2")) == NO_RESULT
    assert errors(double.get(f"/v2/template/{uuid4()}")) == NO_RESULT
    assert errors(double.get("/v2/template/T")) == [("ValidationError", "id is not a valid UUID")]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [TEXT_TEMPLATE_ID, EMAIL_TEMPLATE_ID]),
        ("?type=email", [EMAIL_TEMPLATE_ID]),
        ("?type=letter", []),
    ],
)
def test_templates_are_listed_by_type(query: str, ids: list[str]) -> None:
    """All templates are listed, or those of one type."""
    answer = Double().get(f"/v2/templates{query}")

    assert [each["id"] for each in answer.json["templates"]] == ids


def test_templates_of_no_type_are_refused() -> None:
    """A type that Notify does not know is named."""
    assert errors(Double().get("/v2/templates?type=fax")) == [
        ("ValidationError", "type fax is not one of [sms, email, letter]")
    ]


def test_preview_fills_a_targets_own_template() -> None:
    """A template of the target's own is previewed, and sent, with the target's own values."""
    own = Template(
        id=str(uuid4()),
        channel="email",
        name="Own",
        subject="((force))",
        content="Dear ((name)) <3",
    )
    double = Double(Templates.of(own))
    values = {"Name": "Ada", "force": "Northshire"}
    preview = double.post(f"/v2/template/{own.id}/preview", {"personalisation": values})
    sent = double.post(EMAIL, _email(template_id=own.id, personalisation=values))

    assert preview.status == 200
    assert preview.json == {
        "id": own.id,
        "type": "email",
        "version": 1,
        "subject": "Northshire",
        "body": "Dear Ada <3",
        "html": "<p>Dear Ada &lt;3</p>",
        "postage": None,
    }
    assert sent.json["content"]["body"] == "Dear Ada <3"


def test_preview_without_its_values_is_refused() -> None:
    """A preview wants every value; one of no template is not found."""
    double = Double()

    assert errors(double.post(f"/v2/template/{TEXT_TEMPLATE_ID}/preview", b"")) == [
        ("BadRequestError", "Missing personalisation: body")
    ]
    assert errors(double.post(f"/v2/template/{uuid4()}/preview", {})) == NO_RESULT


def test_no_texts_were_received() -> None:
    """Victims do not text back: the list is empty, and so has no next page."""
    assert Double().get("/v2/received-text-messages").json == {
        "received_text_messages": [],
        "links": {"current": "http://notify.test/v2/received-text-messages"},
    }


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("POST", "/v2/notifications/letter", 404),
        ("GET", "/v2/notifications/", 404),
        ("GET", "/", 404),
        ("POST", LIST, 405),
    ],
)
def test_what_is_not_there_is_told_in_notifys_shape(method: str, target: str, status: int) -> None:
    """Letters and unknown pages are 404, a wrong method 405, in the shape of any other error."""
    double = Double()
    answer = double.get(target) if method == "GET" else double.post(target, {})

    assert answer.status == status
    assert errors(answer)


def _fetch_all(double: Double, query: str) -> list[dict[str, Any]]:
    """Follow the links as a client does, checking on the way that next is there iff needed."""
    target = f"{LIST}{query}"
    found: list[dict[str, Any]] = []
    for _ in range(PAGES_MAX):
        answer = double.get(target).json
        assert ("next" in answer["links"]) == bool(answer["notifications"])
        if not answer["notifications"]:
            return found
        found += answer["notifications"]
        target = answer["links"]["next"].removeprefix("http://notify.test")
    raise AssertionError("the pages do not end")


def test_list_is_paged_newest_first() -> None:
    """Following the links gives every message once, newest first, 250 at a time."""
    double = Double()
    sent = [double.post(SMS, _text()).json["id"] for _ in range(PAGE_MESSAGES + 3)]

    assert [each["id"] for each in _fetch_all(double, "")] == sent[::-1]
    assert len(double.get(LIST).json["notifications"]) == PAGE_MESSAGES


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("?template_type=email", ["mail"]),
        ("?template_type=letter", []),
        ("?reference=failed", ["failed"]),
        ("?status=failed", ["failed"]),
        ("?status=permanent-failure&status=created", ["mail", "failed"]),
        ("?status=delivered&include_jobs=true", ["delivered"]),
        ("?status=delivered&template_type=email", []),
    ],
)
def test_list_holds_what_was_asked_for(query: str, wanted: list[str]) -> None:
    """Filters hold on every page, the links keep them."""
    double = Double()
    for reference, status in (("delivered", "delivered"), ("failed", "permanent-failure")):
        message_id = double.post(SMS, _text(reference=reference)).json["id"]
        double.inbox.receipt(message_id, msgspec.convert(status, Any), NOW)
    double.post(EMAIL, _email(reference="mail"))

    assert [each["reference"] for each in _fetch_all(double, query)] == wanted


def test_list_of_what_is_unknown_is_refused() -> None:
    """Every parameter that Notify does not know is named."""
    answer = Double().get(f"{LIST}?status=lost&template_type=fax&older_than=T&page=2")

    assert [error for error, _ in errors(answer)] == ["ValidationError"] * 4
    assert [message.partition(" is not one of")[0] for _, message in errors(answer)] == [
        "status lost",
        "template_type fax",
        "older_than is not a valid UUID",
        "Additional properties are not allowed (page was unexpected)",
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
NEAR = st.fixed_dictionaries(
    {},
    optional={
        "phone_number": JSON | st.sampled_from(["07700900123", "07700900000"]),
        "email_address": JSON | st.sampled_from(["a@mail.example"]),
        "template_id": JSON | st.sampled_from([TEXT_TEMPLATE_ID, EMAIL_TEMPLATE_ID]),
        "personalisation": JSON | st.fixed_dictionaries({"body": JSON, "subject": JSON}),
        "reference": JSON,
        "scheduled_for": JSON,
    },
)


@given(
    target=st.sampled_from([SMS, EMAIL, f"/v2/template/{TEXT_TEMPLATE_ID}/preview"]),
    body=st.binary() | JSON | NEAR,
)
def test_no_body_breaks_the_double(target: str, body: object) -> None:
    """Whatever is posted is taken, or refused in the shape that Notify documents."""
    double = Double()
    answer = double.post(target, body)
    arrived = double.inbox.drain()

    if answer.status == 400:
        kinds = {error for error, _ in errors(answer)}
        assert kinds in ({"ValidationError"}, {"BadRequestError"}, {"InvalidPhoneError"})
        assert not any(isinstance(each, Accepted) for each in arrived)
    else:
        assert answer.status == (201 if target in {SMS, EMAIL} else 200)
        assert not any(isinstance(each, RefusedRequest) for each in arrived)
