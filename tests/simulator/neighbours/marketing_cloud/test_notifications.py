"""Notifications reach a verified callback alone, signed, in batches, until they are taken."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.simulator.neighbours.marketing_cloud.double import (
    DELIVERED,
    EMAIL,
    ENS,
    MAILBOX,
    PHONE,
    SMS,
    URL,
    MarketingCloud,
    is_signed,
)


def _names(batches: list[list[dict[str, Any]]]) -> list[str]:
    return [each["eventCategoryType"].partition(".")[2] for batch in batches for each in batch]


def _subscribed(**settings: Any) -> tuple[MarketingCloud, str]:
    cloud = MarketingCloud(**settings)
    callback_id, key = cloud.callback()
    assert cloud.subscribe(callback_id).status == 201
    return cloud, key


def test_a_callback_gets_its_key_unsigned_and_only_it_can_verify() -> None:
    """What it gets is "the same payload used to call the verify callback route", once."""
    cloud = MarketingCloud()

    made = cloud.ask("POST", f"{ENS}-callbacks", [{"callbackName": "cb1", "url": URL}])

    [shown] = made.json
    [(url, body, headers)] = cloud.receiver.posts
    told = msgspec.json.decode(body)
    assert made.status == 201
    assert (url, told["callbackId"]) == (URL, shown["callbackId"])
    assert told.keys() == {"callbackId", "verificationKey"}
    assert "x-sfmc-ens-signature" not in headers
    assert "verificationKey" not in shown
    wrong = {**told, "verificationKey": "guessed"}
    verify = [cloud.ask("POST", f"{ENS}-verify", each).status for each in (wrong, told, told)]
    assert verify == [400, 200, 400]


def test_a_signature_key_is_shown_only_when_it_is_made() -> None:
    """Salesforce: "You can retrieve a callback's signature key only during callback creation"."""
    cloud, key = _subscribed()

    listed = cloud.ask("GET", f"{ENS}-callbacks")
    [shown] = listed.json
    renewed = cloud.ask("PUT", f"{ENS}-regenerate", {"callbackId": shown["callbackId"]}).json

    assert key not in listed.body.decode()
    assert "signatureKey" not in shown
    assert renewed["signatureKey"] != key
    cloud.send("k-1")
    cloud.deliver()
    assert cloud.receiver.batches(key) == []
    assert cloud.receiver.batches(renewed["signatureKey"])


def test_a_receiver_that_does_not_answer_200_has_no_callback() -> None:
    """The words are those of the published example of createCallback."""
    cloud = MarketingCloud()
    cloud.receiver.status = 204

    answer = cloud.ask("POST", f"{ENS}-callbacks", [{"callbackName": "cb1", "url": URL}])

    assert answer.status == 400
    before, _, after = answer.json["message"].partition(" CallbackId is ")
    assert before == "MCMS_UWH_Runtime_GeneralFailure_probeCallbackLiveness:"
    assert after[36:].startswith(
        f". Could not verify callback url `'{URL}'`. Please test that the url is reachable with a "
        "https POST call and returns a 200 http status code. To retry please delete the callback "
        "and create it again. Status: "
    )
    assert cloud.ask("GET", f"{ENS}-callbacks").json == []


def test_a_callback_that_is_not_verified_gets_nothing() -> None:
    """Nobody can subscribe with it."""
    cloud = MarketingCloud()
    [made] = cloud.ask("POST", f"{ENS}-callbacks", [{"callbackName": "cb1", "url": URL}]).json
    cloud.receiver.posts.clear()

    assert cloud.subscribe(made["callbackId"]).status == 400
    cloud.send("k-1")
    cloud.deliver()
    assert cloud.receiver.posts == []


@pytest.mark.parametrize(
    ("channel", "to", "outcome", "names"),
    [
        (SMS, PHONE, "delivered", ["SmsSent", "SmsTransient", "SmsDelivered"]),
        (SMS, PHONE, "permanent-failure", ["SmsSent", "SmsBounced"]),
        (SMS, PHONE, "temporary-failure", ["SmsSent", "SmsTransient", "SmsBounced"]),
        (SMS, PHONE, "technical-failure", ["SmsNotSent"]),
        (EMAIL, MAILBOX, "delivered", ["EmailSent"]),
        (EMAIL, MAILBOX, "permanent-failure", ["EmailSent", "EmailBounced"]),
        (EMAIL, MAILBOX, "temporary-failure", ["EmailSent", "EmailBounced"]),
        (EMAIL, MAILBOX, "technical-failure", ["EmailNotSent"]),
    ],
)
def test_what_becomes_of_a_message_is_told_as_published(
    channel: str, to: str, outcome: str, names: list[str]
) -> None:
    """Pages "Transactional SMS Events", "Transactional Email Events": common and own attributes."""
    cloud, key = _subscribed()
    cloud.send("k-1", to, channel=channel)

    cloud.deliver(outcome)

    [batch] = cloud.receiver.batches(key)
    assert _names([batch]) == names
    for event in batch:
        assert event.keys() == {
            "eventCategoryType",
            "timestampUTC",
            "compositeId",
            "composite",
            "definitionKey",
            "definitionId",
            "mid",
            "eid",
            "info",
        }
        assert (
            event["info"].items()
            >= {
                "to": to,
                "subscriberKey": f"contact of {to}",
                "messageKey": "k-1",
            }.items()
        )
    last = batch[-1]["info"]
    own = {
        "SmsDelivered": {"ordinal", "statusCode", "statusMessage", "fromAddress", "countryCode"},
        "SmsBounced": {"ordinal", "statusCode", "statusMessage", "fromAddress", "countryCode"},
        "SmsNotSent": {"reason", "statusCode", "statusMessage"},
        "EmailNotSent": {"reason", "statusCode", "statusMessage"},
        "EmailSent": {"status", "renderedSubject"},
        "EmailBounced": {"bounceCode", "bounceMessage", "smtpReason"},
    }
    assert last.keys() == own[names[-1]] | {"to", "subscriberKey", "messageKey"}


def test_a_changed_body_is_not_what_was_signed() -> None:
    """The receiver has stdlib hmac, and the key as it is written."""
    cloud, key = _subscribed()
    cloud.send("k-1")
    cloud.deliver()

    [(_, body, headers)] = cloud.receiver.posts

    assert is_signed(headers, body, key)
    assert not is_signed(headers, body + b" ", key)
    assert not is_signed(headers, body, "another")


def test_a_subscription_has_types_and_definitions_of_its_own() -> None:
    """What it does not name does not come; a paused one gets nothing."""
    cloud = MarketingCloud()
    callback_id, key = cloud.callback()
    [made] = cloud.subscribe(callback_id, DELIVERED, filters=["definitionKey=any-text"]).json

    cloud.send("k-1")
    cloud.send("k-2", MAILBOX, channel=EMAIL)
    cloud.deliver()
    assert _names(cloud.receiver.batches(key)) == ["SmsDelivered"]

    change = {
        "subscriptionId": made["subscriptionId"],
        "eventCategoryTypes": [DELIVERED],
        "status": "paused",
        "statusReason": "maintenance",
    }
    paused = cloud.ask("PUT", f"{ENS}-subscriptions", [change])
    assert paused.json[0]["status"] == "paused"
    cloud.send("k-3")
    cloud.deliver()
    assert len(cloud.receiver.posts) == 1


def test_a_subscription_is_shown_with_its_callback() -> None:
    """The keys of the published answer of getAllSubscriptionsForCallback."""
    cloud = MarketingCloud()
    callback_id, _ = cloud.callback()
    [made] = cloud.subscribe(callback_id).json

    listed = cloud.ask("GET", f"{ENS}-subscriptions-by-cb/{callback_id}").json
    read = cloud.ask("GET", f"{ENS}-subscriptions/{made['subscriptionId']}").json

    assert listed == [made] == [read]
    assert made.keys() == {
        "callbackId",
        "callbackName",
        "url",
        "maxBatchSize",
        "subscriptionId",
        "subscriptionName",
        "eventCategoryTypes",
        "filters",
        "status",
        "statusReason",
    }


def test_a_batch_holds_at_most_what_the_callback_takes() -> None:
    """From 100 to 1,000."""
    cloud = MarketingCloud()
    callback_id, key = cloud.callback(maxBatchSize=100)
    cloud.subscribe(callback_id, DELIVERED)
    for number in range(150):
        cloud.send(f"k-{number}")

    cloud.deliver()

    assert [len(each) for each in cloud.receiver.batches(key)] == [100, 50]


def test_a_receiver_that_fails_gets_the_batch_again_for_seven_days() -> None:
    """It "tries to send the batch up to three times", then deferred "for up to 10 minutes"."""
    cloud, _ = _subscribed()
    cloud.receiver.status = None
    cloud.send("k-1")
    cloud.deliver()
    tries = [len(cloud.receiver.posts)]
    for wait in (599, 1, 299, 1, 150, 75, 75):
        cloud.wait(seconds=wait)
        cloud.push()
        tries.append(len(cloud.receiver.posts))

    assert tries == [3, 3, 4, 4, 5, 6, 7, 8]
    assert len({body for _, body, _ in cloud.receiver.posts}) == 1

    cloud.receiver.status = 201
    cloud.wait(seconds=75)
    cloud.push()
    cloud.wait(days=1)
    cloud.push()
    assert len(cloud.receiver.posts) == 9


def test_a_batch_is_given_up_after_seven_days() -> None:
    """After seven days "retries stop and delivery fails"."""
    cloud, _ = _subscribed()
    cloud.receiver.status = 500
    cloud.send("k-1")
    cloud.deliver()
    cloud.wait(days=7)
    cloud.push()
    tries = len(cloud.receiver.posts)
    cloud.wait(days=1)
    cloud.push()

    assert len(cloud.receiver.posts) == tries == 4


def test_the_other_copy_of_the_rules_drops_the_batch_and_suspends_the_callback() -> None:
    """A batch is "dropped as undeliverable"; two in five minutes suspend for ten, up to an hour."""
    cloud, _ = _subscribed(retries="dropped")
    cloud.receiver.status = 503
    for name in ("k-1", "k-2"):
        cloud.send(name)
        cloud.deliver()
    assert len(cloud.receiver.posts) == 6

    # What happens meanwhile is dropped.
    cloud.send("k-3")
    cloud.deliver()
    cloud.wait(minutes=10)
    cloud.push()
    assert len(cloud.receiver.posts) == 6

    cloud.token = cloud.new_token()
    for minutes in (20, 40, 60, 60):
        tries = len(cloud.receiver.posts)
        cloud.token = cloud.new_token()
        cloud.send(f"after {cloud.now}")
        cloud.deliver()
        assert len(cloud.receiver.posts) == tries + 3
        line = cloud.unit.notifications._lines[next(iter(cloud.unit.notifications.callbacks))]
        assert line.suspended_until == cloud.now + timedelta(minutes=minutes)
        cloud.wait(minutes=minutes)


@pytest.mark.parametrize(
    ("disturbance", "names"),
    [
        ("reversed", ["SmsDelivered", "SmsTransient", "SmsSent"]),
        ("twice", ["SmsSent", "SmsTransient", "SmsDelivered"] * 2),
        ("forged", ["SmsSent", "SmsTransient", "SmsDelivered"]),
    ],
)
def test_notifications_are_disturbed_as_a_tester_asks(disturbance: str, names: list[str]) -> None:
    """At least once, in no order: a portal has to stand all three."""
    cloud, key = _subscribed(disturbances=(disturbance,))
    cloud.send("k-1")

    cloud.deliver()

    assert _names(cloud.receiver.batches(key)) == names
    forged = [not is_signed(headers, body, key) for _, body, headers in cloud.receiver.posts]
    assert forged == ([True, False] if disturbance == "forged" else [False] * len(forged))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/",
        "https://",
        "http://127.0.0.1/?a=b",
        "https://portal.example/ens",
        "http://[x/",
    ],
)
def test_a_callback_is_an_address_of_this_machine_without_a_query(url: str) -> None:
    """Salesforce supports neither port nor query; a port is, on one's own machine."""
    answer = MarketingCloud().ask("POST", f"{ENS}-callbacks", [{"callbackName": "c", "url": url}])

    assert answer.status == 400


def test_an_address_has_one_callback() -> None:
    """304 "Callback already exists on the server"."""
    cloud = MarketingCloud()
    cloud.callback()

    again = cloud.ask("POST", f"{ENS}-callbacks", [{"callbackName": "cb2", "url": URL}])

    assert (again.status, again.body) == (304, b"")


def test_callbacks_and_subscriptions_have_limits() -> None:
    """Twenty callbacks is ours; 200 subscriptions each, and names that are unique, Salesforce's."""
    cloud = MarketingCloud()
    callback_id, _ = cloud.callback()
    many = [{"callbackName": "c", "url": f"{URL}/{number}"} for number in range(20)]
    assert cloud.ask("POST", f"{ENS}-callbacks", many).status == 400
    assert cloud.ask("POST", f"{ENS}-callbacks", []).status == 400
    small = [{"callbackName": "c", "url": f"{URL}/1", "maxBatchSize": 99}]
    assert cloud.ask("POST", f"{ENS}-callbacks", small).status == 400

    for number in range(200):
        assert cloud.subscribe(callback_id, subscriptionName=f"s{number}").status == 201
    assert cloud.subscribe(callback_id).status == 400


def test_what_is_unknown_or_taken_is_refused() -> None:
    """404 "Callback ID doesn’t exist for this MID"; a name of a subscription is unique."""
    cloud = MarketingCloud()
    callback_id, _ = cloud.callback()
    assert cloud.subscribe(callback_id).status == 201
    assert cloud.subscribe(callback_id).status == 400
    unknown = {"callbackId": "x", "verificationKey": "x"}
    asked: list[tuple[str, str, Any]] = [
        ("GET", f"{ENS}-callbacks/x", None),
        ("DELETE", f"{ENS}-callbacks/x", None),
        ("GET", f"{ENS}-subscriptions/x", None),
        ("DELETE", f"{ENS}-subscriptions/x", None),
        ("GET", f"{ENS}-subscriptions-by-cb/x", None),
        ("POST", f"{ENS}-verify", unknown),
        ("PUT", f"{ENS}-regenerate", {"callbackId": "x"}),
        ("PUT", f"{ENS}-callbacks", [{"callbackId": "x"}]),
    ]
    for method, path, body in asked:
        assert cloud.ask(method, path, body).status == 404, path


def test_a_removed_callback_gets_nothing_more() -> None:
    """Its subscriptions go with it, after a restart too; what stays is there again."""
    cloud, key = _subscribed()
    other, other_key = cloud.callback(f"{URL}/2")
    cloud.subscribe(other)
    [first, _] = cloud.ask("GET", f"{ENS}-callbacks").json
    renamed = [{"callbackId": other, "callbackName": "renamed"}]
    assert cloud.ask("PUT", f"{ENS}-callbacks", renamed).json[0]["callbackName"] == "renamed"
    assert cloud.ask("DELETE", f"{ENS}-callbacks/{first['callbackId']}").status == 200
    [kept] = cloud.ask("GET", f"{ENS}-subscriptions-by-cb/{other}").json

    again = MarketingCloud(kept=cloud.changes)
    again.send("k-1")
    again.deliver()

    assert again.receiver.batches(key) == []
    assert len(again.receiver.batches(other_key)) == 1
    assert again.ask("DELETE", f"{ENS}-subscriptions/{kept['subscriptionId']}").status == 200
