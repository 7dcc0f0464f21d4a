"""The Notify double answers as Notify does: notifications, templates, strangers and nonsense."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.neighbours.gateway.inbox import Accepted, RefusedRequest
from simulator.neighbours.gateway.notify import (
    EMAIL_TEMPLATE_ID,
    REQUEST_BYTES_MAX,
    TEXT_TEMPLATE_ID,
    Template,
    Templates,
)
from tests.simulator.neighbours.gateway.double import (
    EMAIL,
    LIST,
    NO_RESULT,
    NOW,
    SMS,
    Double,
    email_request,
    errors,
    text_request,
    token,
)


def test_stranger_is_refused_and_the_world_knows_who_was_not_told() -> None:
    """Without a token the answer is 401, and the evidence still has the recipient."""
    double = Double()
    answer = double.send(SMS, text_request(), {"host": "notify.test"})
    (refused,) = double.inbox.drain()

    assert errors(answer) == [("AuthError", "Unauthorized: authentication token must be provided")]
    assert isinstance(refused, RefusedRequest)
    assert (refused.status, refused.to) == (401, "07700 900123")


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", LIST),
        ("GET", f"{LIST}/{UUID(int=7)}"),
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
    double._headers["authorization"] = f"Bearer {token(secret=str(UUID(int=7)))}"
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
    message_id = double.post(SMS, text_request(reference="event-1")).json["id"]
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
    """An unknown id is not found; something that is not an id is not valid."""
    double = Double()

    assert errors(double.get(f"{LIST}/{UUID(int=7)}")) == NO_RESULT
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
    assert errors(double.get(f"/v2/template/{UUID(int=7)}")) == NO_RESULT
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
        id=str(UUID(int=7)),
        channel="email",
        name="Own",
        subject="((force))",
        content="Dear ((name)) <3",
    )
    double = Double(Templates.of(own))
    values = {"Name": "Ada", "force": "Northshire"}
    preview = double.post(f"/v2/template/{own.id}/preview", {"personalisation": values})
    sent = double.post(EMAIL, email_request(template_id=own.id, personalisation=values))

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
    assert errors(double.post(f"/v2/template/{UUID(int=7)}/preview", {})) == NO_RESULT


def test_no_texts_were_received() -> None:
    """Victims do not text back: the list is empty, and so has no next page."""
    assert Double().get("/v2/received-text-messages").json == {
        "received_text_messages": [],
        "links": {"current": "http://notify.test/v2/received-text-messages"},
    }


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
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


@pytest.mark.parametrize(
    ("target", "body"),
    [(SMS, text_request()), (EMAIL, email_request()), (LIST, None)],
)
def test_while_it_is_down_it_takes_and_tells_nothing(target: str, body: object) -> None:
    """The caller gets an error in Notify's own form, and the world knows who was not told."""
    double = Double()
    double.inbox.is_down = True
    answer = double.get(target) if body is None else double.post(target, body)

    assert (answer.status, errors(answer)) == (503, [("Exception", "Internal server error")])
    assert [each.status for each in double.inbox.drain() if isinstance(each, RefusedRequest)] == (
        [503] if body is not None else []
    )

    double.inbox.is_down = False
    again = double.get(target) if body is None else double.post(target, body)

    assert again.status in {200, 201}
