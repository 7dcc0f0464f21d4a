"""Each send is one message in the inbox by its key, and each refusal is in Salesforce's words."""

from typing import Any

import pytest

from simulator.neighbours.gateway.inbox import RefusedRequest
from tests.simulator.neighbours.marketing_cloud.double import (
    EMAIL,
    MAILBOX,
    PHONE,
    SMS,
    MarketingCloud,
)

RECIPIENT = {"contactKey": "alex", "to": PHONE}


def _codes(answer: Any) -> list[int]:
    return [each.get("errorcode", 0) for each in answer.json["responses"]]


def _sent(cloud: MarketingCloud, path: str = "messages/k-1", **body: Any) -> Any:
    whole = {"definitionKey": "any-text", "recipient": RECIPIENT, **body}
    asked = {name: value for name, value in whole.items() if value is not None}
    return cloud.ask("POST", f"{SMS}/{path}", asked)


def test_a_text_is_in_the_inbox_as_its_definition_says() -> None:
    """The judge reads it as it reads one by Notify."""
    cloud = MarketingCloud()

    answer = cloud.send("update/1 é", reference="event-1")

    assert answer.status == 202
    assert answer.json["errorcode"] == 0
    assert answer.json["responses"] == [{"messageKey": "update/1 é"}]
    [text] = cloud.arrived()
    assert (text.channel, text.to, text.body) == ("text", "07700900123", "There is news.")
    assert (text.reference, text.message_key) == ("event-1", "update/1 é")


def test_an_email_has_subject_and_words() -> None:
    """Without an attribute `reference` the key is the reference; a correlation id goes with it."""
    cloud = MarketingCloud()
    body = {
        "definitionKey": "any-email",
        "recipient": {
            "contactKey": "alex",
            "to": MAILBOX,
            "attributes": {"Subject": "An update", "BODY": "Sign in."},
        },
    }

    answer = cloud.ask("POST", f"{EMAIL}/messages/k-1", body, x_correlation_id="c-1")

    assert answer.status == 202
    [email] = cloud.arrived()
    assert (email.subject, email.body) == ("An update", "Sign in.")
    assert (email.reference, email.correlation_id) == ("k-1", "c-1")


def test_a_request_may_override_the_words_of_a_text() -> None:
    """`content.message` stands in place of those of the definition."""
    cloud = MarketingCloud()

    _sent(
        cloud, content={"message": "Hello %%name%%%%=v(@x)=%%%%gone%%"}, attributes={"name": "Alex"}
    )

    assert [each.body for each in cloud.arrived()] == ["Hello Alex"]


def test_a_key_serves_once_in_two_days() -> None:
    """The text was printed by a real answer (UnofficialSF/LightningFlowComponents, issue 1236)."""
    cloud = MarketingCloud()
    cloud.send("k-1")
    cloud.arrived()
    cloud.token = cloud.new_token()

    again = cloud.send("k-1", MAILBOX, channel=EMAIL)

    assert again.status == 400
    assert again.json["responses"] == [
        {
            "messageKey": "k-1",
            "errorcode": 109110,
            "message": "MCMS_UTM_Validation_DuplicateMessageKey: messageKey reused within the past "
            "2 days",
        }
    ]
    # Nothing was refused: it was sent already.
    assert cloud.inbox.drain() == []
    cloud.wait(days=2)
    cloud.token = cloud.new_token()
    assert cloud.send("k-1").status == 202


def test_one_of_two_recipients_fails_as_published() -> None:
    """The example of sendMessageMultipleRecipients, "Mixed Responses", word by word."""
    cloud = MarketingCloud()
    recipients = [{"contactKey": "a", "messageKey": "gHQ3"}, {**RECIPIENT, "messageKey": "oixA"}]

    answer = _sent(cloud, "messages/", recipient=None, recipients=recipients)

    assert answer.status == 202
    assert answer.json["errorcode"] == 109001
    assert (
        answer.json["message"]
        == "MCMS_UTM_ResponsesHasErrors: 1 subscribers failed to queue out of 2"
    )
    failed, taken = answer.json["responses"]
    assert failed["errorcode"] == 109106
    assert failed["message"].startswith("MCMS_UTM_Validation_MissingRequiredField_to: ")
    assert taken == {"messageKey": "oixA"}
    refused, arrived = cloud.inbox.drain()
    assert isinstance(refused, RefusedRequest)
    assert arrived.to == "07700900123"


def test_several_recipients_without_keys_get_some() -> None:
    """And both get their message."""
    cloud = MarketingCloud()
    recipients = [RECIPIENT, {**RECIPIENT, "to": "07700900124"}]

    answer = _sent(cloud, "messages", recipient=None, recipients=recipients)

    keys = {each["messageKey"] for each in answer.json["responses"]}
    assert (answer.status, len(keys), len(cloud.arrived())) == (202, 2, 2)


@pytest.mark.parametrize(
    ("recipient", "code"),
    [
        ({"to": PHONE}, 109105),
        ({"contactKey": "alex"}, 109106),
        ({**RECIPIENT, "to": ""}, 109106),
        ({**RECIPIENT, "contactKey": "c" * 101}, 109109),
        ({**RECIPIENT, "to": "nobody"}, 109121),
        ({**RECIPIENT, "to": "0118 496 0000"}, 109121),
        ({**RECIPIENT, "messageKey": ""}, 109104),
        ({**RECIPIENT, "messageKey": "k" * 101}, 109108),
        ({**RECIPIENT, "colour": "red"}, 109122),
    ],
)
def test_a_wrong_recipient_has_a_code_of_its_own(recipient: Any, code: int) -> None:
    """Where nobody is left the request fails, by default with 400."""
    cloud = MarketingCloud()

    answer = _sent(cloud, "messages/", recipient=None, recipients=[recipient])

    assert (answer.status, answer.json["errorcode"], _codes(answer)) == (400, 109103, [code])
    assert cloud.arrived() == []


def test_the_status_of_a_request_without_a_valid_recipient_is_a_setting() -> None:
    """No page says which it is."""
    cloud = MarketingCloud(no_valid_recipient_status=202)

    assert _sent(cloud, recipient={**RECIPIENT, "to": "nobody"}).status == 202


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("messages/k-1", {"definitionKey": "another"}, 109111),
        ("messages/k-1", {"definitionKey": None}, 109107),
        ("messages/k-1", {"recipient": None}, 109102),
        ("messages/", {"recipient": None, "recipients": []}, 109102),
        ("messages/", {"recipient": None, "recipients": [RECIPIENT] * 2001}, 109101),
        # A recipient on the path of several; several on the path of one.
        ("messages/", {}, 109122),
        ("messages/k-1", {"recipient": None, "recipients": [RECIPIENT]}, 109122),
        ("messages/" + "k" * 101, {}, 109108),
        ("messages/k-1", {"options": 1}, 109112),
        ("messages/k-1", {"subscriptions": {"resubscribe": "yes"}}, 109114),
        ("messages/k-1", {"subscriptions": {"resubscribe": True}}, 109116),
        ("messages/k-1", {"subscriptions": {"resubscribe": True, "keyword": "A B"}}, 109115),
    ],
)
def test_a_wrong_request_reaches_nobody(path: str, body: dict[str, Any], code: int) -> None:
    """The evidence shows that somebody was not told."""
    cloud = MarketingCloud()

    answer = _sent(cloud, path, **body)

    assert (answer.status, answer.json["errorcode"]) == (400, code)
    assert answer.json["message"].startswith("MCMS_UTM_Validation_")
    assert all(isinstance(each, RefusedRequest) for each in cloud.inbox.drain())


def test_the_key_of_one_message_stands_in_the_address_alone() -> None:
    """A second one in the body is an unknown field."""
    answer = _sent(MarketingCloud(), recipient={**RECIPIENT, "messageKey": "k-2"})

    assert _codes(answer) == [109122]


def test_a_body_that_is_not_json_is_refused() -> None:
    """However deep it is; a list is no request."""
    cloud = MarketingCloud()
    for body, code in (
        (b"", 10000),
        (b"{", 10000),
        (b'{"attributes":' * 9999, 10000),
        (b"[]", 10001),
    ):
        assert cloud.ask("POST", f"{SMS}/messages/k-1", body).json["errorcode"] == code


def test_a_body_of_more_than_four_million_bytes_is_refused() -> None:
    """Before it is read to its end."""
    assert MarketingCloud().ask("POST", f"{SMS}/messages/k-1", b" " * 4_000_001).status == 413


def test_an_unknown_contact_is_rejected_where_none_may_be_added() -> None:
    """`autoAddSubscriber` false: "the message is rejected if the contact doesn't exist"."""
    cloud = MarketingCloud()
    definition = {
        "definitionKey": "strict",
        "name": "Strict",
        "content": {"message": "Hello"},
        "subscriptions": {"shortCode": "60777", "keyword": "FORCE", "autoAddSubscriber": False},
    }
    assert cloud.ask("POST", f"{SMS}/definitions", definition).status == 201

    assert _codes(_sent(cloud, definitionKey="strict")) == [109109]
    assert _sent(cloud).status == 202
    assert _sent(cloud, "messages/k-2", definitionKey="strict").status == 202


def test_what_is_sent_with_an_inactive_definition_waits_three_days_at_most() -> None:
    """It is queued, not refused."""
    cloud = MarketingCloud()
    _set(cloud, "inactive")

    assert cloud.send("k-1").status == 202
    assert cloud.arrived() == []
    queued = cloud.ask("GET", f"{SMS}/messages/k-1").json
    assert queued["eventCategoryType"] == "TransactionalSendEvents.SMSQueued"

    cloud.wait(days=2)
    cloud.token = cloud.new_token()
    cloud.send("k-2")
    cloud.wait(days=2)
    _set(cloud, "active")

    assert [each.message_key for each in cloud.arrived()] == ["k-2"]
    sent = cloud.ask("GET", f"{SMS}/messages/k-2").json
    assert sent["eventCategoryType"] == "TransactionalSendEvents.SMSSent"


def _set(cloud: MarketingCloud, status: str) -> None:
    cloud.token = cloud.new_token()
    answer = cloud.ask("PATCH", f"{SMS}/definitions/any-text", {"status": status})
    assert answer.status == 200


@pytest.mark.parametrize(
    ("channel", "to", "word", "code"),
    [(SMS, PHONE, "SMS", "47"), (EMAIL, MAILBOX, "Email", "15")],
)
def test_a_status_is_asked_by_the_key(channel: str, to: str, word: str, code: str) -> None:
    """The status of texts is in capitals; its time is Central Standard Time, without a zone."""
    cloud = MarketingCloud()
    cloud.send("k-1", to, channel=channel)

    sent = cloud.ask("GET", f"{channel}/messages/k-1")

    assert sent.json["eventCategoryType"] == f"TransactionalSendEvents.{word}Sent"
    assert sent.json["timestamp"] == "2026-03-02T03:00:00.00"
    assert sent.json["info"] == {"messageKey": "k-1", "contactKey": f"contact of {to}", "to": to}

    cloud.deliver("technical-failure")
    failed = cloud.ask("GET", f"{channel}/messages/k-1").json
    listed = cloud.ask("GET", f"{channel}/messages/?type=notSent&lastEventId=0").json

    assert failed["eventCategoryType"] == f"TransactionalSendEvents.{word}NotSent"
    assert failed["info"]["statusCode"] == code
    assert (listed["count"], listed["lastEventID"]) == (1, 1)
    assert listed["messages"][0]["info"]["messageKey"] == "k-1"
    after = cloud.ask("GET", f"{channel}/messages/?type=notSent&lastEventId=1").json
    assert (after["count"], after["lastEventID"]) == (0, 1)


def test_a_status_is_forgotten_after_three_days() -> None:
    """And there is none of another channel, or of a key that nobody used."""
    cloud = MarketingCloud()
    cloud.send("k-1")
    assert cloud.ask("GET", f"{EMAIL}/messages/k-1").status == 404
    assert cloud.ask("GET", f"{SMS}/messages/k-2").status == 404
    cloud.wait(days=3, seconds=1)
    cloud.token = cloud.new_token()

    assert cloud.ask("GET", f"{SMS}/messages/k-1").json["errorcode"] == 30003


@pytest.mark.parametrize(
    "query", ["", "?type=sent", "?type=notSent&$pagesize=0", "?type=notSent&$pagesize=501"]
)
def test_a_list_has_a_limit(query: str) -> None:
    """Of what was not sent, at most 500 at a time."""
    assert MarketingCloud().ask("GET", f"{SMS}/messages/{query}").status == 400


def test_a_throttled_caller_is_told_as_published() -> None:
    """Page "Rate Limiting Errors", Error Code: 50100, body and header."""
    cloud = MarketingCloud()
    cloud.limited(3)
    answers = [cloud.send(f"k-{number}") for number in range(3)]

    assert [each.status for each in answers] == [202, 202, 429]
    assert answers[2].headers["retry-after"] == "5"
    assert answers[2].json == {
        "message": "Rate limit exceeded",
        "errorcode": 50100,
        "retryAfter": 5,
        "documentation": "https://developer.salesforce.com/docs/atlas.en-us.mc-apis.meta/mc-apis/"
        "error-handling.htm",
    }
    refused = [each for each in cloud.inbox.drain() if isinstance(each, RefusedRequest)]
    assert [(each.to, each.status) for each in refused] == [(PHONE, 429)]


def test_a_gateway_that_is_down_takes_nothing() -> None:
    """Neither by Notify nor by Marketing Cloud."""
    cloud = MarketingCloud()
    cloud.inbox.is_down = True

    answer = cloud.send("k-1")

    assert (answer.status, answer.json["errorcode"]) == (503, 30000)
    assert cloud.asked_token().status == 503
