"""A service's keys, guest list and trial mode decide what is sent, and to whom."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from msgspec import structs
from notifications_python_client.utils import prepare_upload

from simulator.neighbours.gateway.notify_service import (
    ApiKey,
    KeyKind,
    Limits,
    NotifyService,
    a_day_max,
    parts_of_key,
)
from tests.simulator.neighbours.gateway.double import (
    API_KEY,
    EMAIL,
    LIST,
    SECRET,
    SERVICE_ID,
    SMS,
    Double,
    email_request,
    errors,
    text_request,
)


def _double(kind: KeyKind = "live", **changes: Any) -> Double:
    service = NotifyService(id=SERVICE_ID, keys=(ApiKey(secret=SECRET, kind=kind),))
    return Double(service=structs.replace(service, **changes))


def test_a_key_is_read_as_notifys_clients_read_it() -> None:
    """The service and the secret are the last two UUIDs of a key."""
    assert parts_of_key(API_KEY) == (SERVICE_ID, SECRET)
    assert parts_of_key(f"our name-with-dashes{API_KEY[5:]}") == (SERVICE_ID, SECRET)


def test_a_test_key_reaches_nobody_and_counts_as_delivered() -> None:
    """A message of a test key arrives nowhere, and its status is final at once."""
    double = _double("test")
    message_id = double.post(SMS, text_request()).json["id"]

    assert double.inbox.drain() == []
    assert double.get(f"{LIST}/{message_id}").json["status"] == "delivered"


@pytest.mark.parametrize(
    ("target", "request_body", "status"),
    [
        (SMS, text_request("07700900003"), "temporary-failure"),
        (SMS, text_request("07700900002"), "permanent-failure"),
        (EMAIL, email_request("temp-fail@simulator.notify"), "temporary-failure"),
        (EMAIL, email_request("perm-fail@simulator.notify"), "permanent-failure"),
    ],
)
def test_a_test_key_fails_for_the_documented_recipients(
    target: str, request_body: object, status: str
) -> None:
    """With a test key some recipients fail; with a live key they are like any other."""
    tried, live = _double("test"), _double("live")
    failed = tried.post(target, request_body).json["id"]
    sent = live.post(target, request_body).json["id"]

    assert tried.get(f"{LIST}/{failed}").json["status"] == status
    assert live.get(f"{LIST}/{sent}").json["status"] == "created"


def test_a_team_key_sends_to_its_guest_list_only() -> None:
    """A team key is refused for anyone who is not on the list; smoke tests always pass."""
    double = _double("team", guest_list=frozenset({"07700900123"}))

    assert double.post(SMS, text_request("+44 7700 900123")).status == 201
    assert double.post(SMS, text_request("07700900111")).status == 201
    assert errors(double.post(SMS, text_request("07700900124"))) == [
        ("BadRequestError", "Can’t send to this recipient using a team-only API key")
    ]


def test_a_service_in_trial_mode_sends_to_its_guest_list_only() -> None:
    """Trial mode limits a live key; a test key sends nothing, so it may send to anyone."""
    refused = _double(is_in_trial=True).post(SMS, text_request())

    assert refused.status == 400
    assert errors(refused)[0][1].startswith(
        "Can’t send to this recipient when service is in trial mode"
    )
    assert _double("test", is_in_trial=True).post(SMS, text_request()).status == 201


def test_messages_of_another_kind_of_key_are_not_listed() -> None:
    """A list has only what the same kind of key sent; by its id any message is shown."""
    keys = (ApiKey(secret=SECRET), ApiKey(secret="another", kind="test"))
    double = _double(keys=keys)
    sent = double.inbox.accept(
        channel="text",
        to="07700900123",
        to_given="07700900123",
        subject="",
        body="There is an update.",
        sender="GOVUK",
        reference="",
        template_id="",
        key_kind="test",
    )

    assert double.get(f"{LIST}/{sent.message_id}").json["id"] == sent.message_id
    assert double.get(LIST).json["notifications"] == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"keys": ()}, "Invalid token: service has no API keys"),
        ({"is_archived": True}, "Invalid token: service is archived"),
        ({"keys": (ApiKey(secret=SECRET, is_revoked=True),)}, "Invalid token: API key revoked"),
    ],
)
def test_a_service_without_a_key_in_use_is_refused(changes: dict[str, Any], message: str) -> None:
    """No key, a key that was revoked, or a service that is archived: 403 and the reason."""
    answer = _double(**changes).post(SMS, text_request())

    assert answer.status == 403
    assert errors(answer) == [("AuthError", message)]


@pytest.mark.parametrize(
    ("target", "request_body", "name"),
    [
        (SMS, text_request(sms_sender_id=SERVICE_ID), "sms_sender_id"),
        (EMAIL, email_request(email_reply_to_id=SERVICE_ID), "email_reply_to_id"),
    ],
)
def test_an_unknown_sender_is_refused(target: str, request_body: object, name: str) -> None:
    """A sender or reply-to id must be the service's own, if the service lists any."""
    refused = _double(senders=frozenset({SECRET})).post(target, request_body)

    assert errors(refused) == [
        (
            "BadRequestError",
            f"{name} {SERVICE_ID} does not exist in database for service id {SERVICE_ID}",
        )
    ]
    assert _double(senders=frozenset({SERVICE_ID})).post(target, request_body).status == 201


@pytest.mark.parametrize(("target", "made"), [(SMS, text_request), (EMAIL, email_request)])
def test_a_file_is_refused_as_by_a_service_that_has_not_set_it_up(
    target: str, made: Callable[..., dict[str, Any]]
) -> None:
    """No mail is sent with what stands for the file in its words."""
    file = prepare_upload(BytesIO(b"%PDF"), filename="rights.pdf")  # type: ignore[no-untyped-call]
    double = _double()
    answer = double.post(target, made(body=file))

    assert answer.status == 400
    ((error, message),) = errors(answer)
    assert error == "BadRequestError"
    assert message == (
        "Send files by email has not been set up - add contact details for your service at "
        f"https://www.notifications.service.gov.uk/services/{SERVICE_ID}"
        "/service-settings/send-files-by-email"
    )
    assert double.get(LIST).json["notifications"] == []


def test_each_channel_has_its_own_number_a_day() -> None:
    """Texts, emails and letters are limited one by one."""
    limits = Limits(texts_a_day_max=1, emails_a_day_max=2, letters_a_day_max=3)

    assert [a_day_max(limits, each) for each in ("text", "email", "letter")] == [1, 2, 3]
