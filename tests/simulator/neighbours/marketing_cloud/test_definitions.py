"""Definitions are made, listed by page, changed and removed; each fault has its published code."""

from typing import Any

import msgspec
import pytest

from simulator.neighbours.marketing_cloud.unit_settings import EmailContent
from tests.recorded_exchanges import shape
from tests.simulator.neighbours.marketing_cloud.double import EMAIL, SMS, MarketingCloud

TEXT = {
    "definitionKey": "update",
    "name": "Update",
    "content": {"message": "%%FirstName%%, there is news."},
    "subscriptions": {"shortCode": "60777", "countryCode": "GB", "keyword": "FORCE"},
}
LETTER = {"definitionKey": "update", "name": "Update", "content": {"customerKey": "any-email"}}


def _with(whole: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Give a definition with another value at a path; None leaves the field out."""
    first, _, rest = path.partition(".")
    new = _with(whole[first], rest, value) if rest else value
    return {name: each for name, each in {**whole, first: new}.items() if each is not None}


def test_a_definition_is_made_read_changed_and_removed() -> None:
    """A change says what is another; the rest stays."""
    cloud = MarketingCloud()
    made = cloud.ask("POST", f"{SMS}/definitions/", TEXT)
    cloud.wait(minutes=5)

    changed = cloud.ask("PATCH", f"{SMS}/definitions/update", {"content": {"message": "Hello"}})
    read = cloud.ask("GET", f"{SMS}/definitions/update").json
    removed = cloud.ask("DELETE", f"{SMS}/definitions/update")

    assert (made.status, changed.status, removed.status) == (201, 200, 200)
    assert read["content"] == {"message": "Hello"}
    assert read["subscriptions"] == {
        **TEXT["subscriptions"],  # type: ignore[dict-item]
        "autoAddSubscriber": True,
        "updateSubscriber": True,
    }
    assert (read["createdDate"], read["modifiedDate"]) == (
        "2026-03-02T09:00:00",
        "2026-03-02T09:05:00",
    )
    assert read["definitionId"] == made.json["definitionId"]
    assert removed.json["message"] == "Success"
    assert removed.json["deletedDefinitionKey"] == "update"
    gone = cloud.ask("GET", f"{SMS}/definitions/update")
    assert (gone.status, gone.json["errorcode"]) == (404, 30003)


def test_a_list_counts_what_is_on_the_page() -> None:
    """`count` is of the page and not of all (a comment of sfmc-sdk says so)."""
    cloud = MarketingCloud()
    for number in range(4):
        cloud.ask("POST", f"{SMS}/definitions", {**TEXT, "definitionKey": f"update-{number}"})

    pages = [
        cloud.ask("GET", f"{SMS}/definitions?$page={page}&$pageSize=2").json
        for page in (1, 2, 3, 4)
    ]

    assert [each["count"] for each in pages] == [2, 2, 1, 0]
    keys = [each["definitionKey"] for page in pages for each in page["definitions"]]
    assert keys == ["any-text", "update-0", "update-1", "update-2", "update-3"]


@pytest.mark.parametrize("query", ["$page=0", "$page=x", "$pageSize=0", "$pageSize=501"])
def test_a_list_has_a_limit(query: str) -> None:
    """At most 500 on a page."""
    answer = MarketingCloud().ask("GET", f"{SMS}/definitions?{query}")

    assert (answer.status, answer.json["errorcode"]) == (400, 10005)


@pytest.mark.parametrize(
    ("channel", "path", "value", "code"),
    [
        (SMS, "name", 1, 10001),
        (SMS, "name", None, 10002),
        (SMS, "definitionKey", None, 10002),
        (SMS, "subscriptions.shortCode", None, 10002),
        (SMS, "definitionKey", "a/b", 10003),
        (SMS, "name", "n" * 101, 10003),
        (SMS, "status", "sleeping", 10005),
        # The API takes no id of its own (sfmc-devtools, issue 691).
        (SMS, "definitionId", "0a650d90-755e-ed11-b852-48df37d1df5b", 10005),
        (SMS, "options", "none", 109112),
        (SMS, "subscriptions.autoAddSubscriber", "yes", 109113),
        (SMS, "subscriptions.keyword", "A B", 109115),
        (SMS, "subscriptions.keyword", None, 109120),
        (EMAIL, "classification", "Default Commercial", 109123),
        (EMAIL, "content.customerKey", "another", 109124),
        (EMAIL, "subscriptions", {"updateSubscriber": 1}, 109125),
    ],
)
def test_a_wrong_definition_has_a_code_of_its_own(
    channel: str, path: str, value: Any, code: int
) -> None:
    """The codes are those that Salesforce publishes for `/definitions`."""
    whole = TEXT if channel == SMS else LETTER

    answer = MarketingCloud().ask("POST", f"{channel}/definitions", _with(whole, path, value))

    assert (answer.status, answer.json["errorcode"]) == (400, code)


def test_a_key_is_used_once_and_stays() -> None:
    """409 Conflict is documented; a key that changes is an invalid operation."""
    cloud = MarketingCloud()
    cloud.ask("POST", f"{SMS}/definitions", TEXT)

    again = cloud.ask("POST", f"{SMS}/definitions", TEXT)
    renamed = cloud.ask("PATCH", f"{SMS}/definitions/update", {"definitionKey": "other"})

    assert (again.status, again.json["errorcode"]) == (409, 30004)
    assert (renamed.status, renamed.json["errorcode"]) == (400, 30001)


def test_an_email_of_a_tester_is_sent() -> None:
    """The settings name what stands in Content Builder."""
    emails = [{"customer_key": "news", "subject": "News", "body": "Dear %%name%%"}]

    cloud = MarketingCloud(emails=msgspec.convert(emails, tuple[EmailContent, ...]))
    cloud.ask("POST", f"{EMAIL}/definitions", {**LETTER, "content": {"customerKey": "news"}})
    recipient = {"contactKey": "a", "to": "a@example.com", "attributes": {"name": "Alex"}}

    cloud.ask("POST", f"{EMAIL}/messages/k", {"definitionKey": "update", "recipient": recipient})

    assert [(each.subject, each.body) for each in cloud.arrived()] == [("News", "Dear Alex")]


def test_what_was_made_is_there_after_a_restart() -> None:
    """And what was removed is not."""
    cloud = MarketingCloud()
    cloud.ask("POST", f"{SMS}/definitions", TEXT)
    cloud.ask("DELETE", f"{EMAIL}/definitions/any-email")

    again = MarketingCloud(kept=cloud.changes)

    assert again.ask("GET", f"{SMS}/definitions/update").json["name"] == "Update"
    assert again.ask("GET", f"{EMAIL}/definitions/any-email").status == 404


#: The keys of answers of real business units, as mcdev 9.0.3 recorded them (test/resources).
_SMS_RECORDED: dict[str, Any] = {
    **dict.fromkeys(("requestId", "name", "definitionKey", "definitionId", "description"), "str"),
    **dict.fromkeys(("status", "createdDate", "modifiedDate"), "str"),
    "content": {"message": "str"},
    "subscriptions": {
        **dict.fromkeys(("shortCode", "countryCode", "keyword"), "str"),
        "autoAddSubscriber": "bool",
        "updateSubscriber": "bool",
    },
}
_EMAIL_RECORDED: dict[str, Any] = {
    **_SMS_RECORDED,
    "classification": "str",
    "content": {"customerKey": "str"},
    "subscriptions": {
        "list": "str",
        "dataExtension": "str",
        "autoAddSubscriber": "bool",
        "updateSubscriber": "bool",
    },
    "options": {"trackLinks": "bool"},
    "journey": {"interactionKey": "str"},
}


def test_answers_have_the_keys_and_types_of_recorded_ones() -> None:
    """`get-response.json` and `delete-response.json` of texts and emails."""
    cloud = MarketingCloud()
    letter = {
        **LETTER,
        "subscriptions": {"dataExtension": "updates"},
        "journey": {"interactionKey": "updates"},
    }
    cloud.ask("POST", f"{SMS}/definitions", TEXT)
    cloud.ask("POST", f"{EMAIL}/definitions", letter)
    asked = [cloud.ask("GET", f"{each}/definitions/update") for each in (SMS, EMAIL)]
    listed = cloud.ask("GET", f"{SMS}/definitions").json
    removed = cloud.ask("DELETE", f"{EMAIL}/definitions/update")

    assert [shape(each.json) for each in asked] == [_SMS_RECORDED, _EMAIL_RECORDED]
    assert listed.keys() == {"requestId", "definitions", "count", "page", "pageSize"}
    summary = {"name", "definitionKey", "status", "createdDate", "modifiedDate"}
    assert listed["definitions"][0].keys() == summary
    assert removed.json.keys() == {"requestId", "message", "deletedDefinitionKey", "journey"}
