"""A change is told as Dataverse tells it, once more only after the answers that it tries again."""

from datetime import UTC, datetime

import msgspec
import pytest

from simulator.neighbours.dataverse.rows import Change, Rows
from simulator.neighbours.dataverse.tables import TABLES
from simulator.neighbours.dataverse.webhooks import (
    MESSAGE_BYTES_MAX,
    Auth,
    Message,
    Webhook,
    again,
    message,
)

NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
WEBHOOK = Webhook(
    url="https://integration.example/changes", tables=frozenset({"incident"}), key="a-key"
)


def _change(description: str = "") -> Change:
    heard: list[Change] = []
    rows = Rows(lambda: NOW)
    rows.listeners.append(heard.append)
    contact = rows.create(TABLES["contact"], {"lastname": "Hill"})
    crime = rows.create(
        TABLES["incident"],
        {
            "title": "A",
            "description": description,
            "customerid_contact@odata.bind": f"/contacts({contact})",
        },
    )
    changes = {"title": "B", "statuscode": 2, "description": description}
    rows.update(TABLES["incident"], crime, changes)
    assert [each.name for each in heard] == ["Create", "Create", "Update"]
    return heard[-1]


def _sent(change: Change, webhook: Webhook = WEBHOOK) -> Message:
    made = message(webhook, change, organisation="our-force", at=NOW)
    assert made is not None
    return made


def test_a_change_is_a_remote_execution_context() -> None:
    """It names message, table and row, what changed, and the row before and after."""
    sent = _sent(_change())
    context = msgspec.json.decode(sent.body)
    [target] = context["InputParameters"]
    attributes = {each["key"]: each["value"] for each in target["value"]["Attributes"]}
    before = {e["key"]: e["value"] for e in context["PreEntityImages"][0]["value"]["Attributes"]}

    assert (context["MessageName"], context["PrimaryEntityName"]) == ("Update", "incident")
    assert attributes.keys() == {"title", "statuscode", "description"}
    assert attributes["statuscode"]["Value"] == 2
    assert (before["title"], attributes["title"]) == ("A", "B")
    assert before["customerid"]["LogicalName"] == "contact"
    assert context["OperationCreatedOn"] == f"/Date({int(NOW.timestamp() * 1000)})/"
    assert sent.headers["x-ms-dynamics-entity-name"] == "incident"
    assert sent.headers["x-ms-correlation-request-id"] == context["CorrelationId"]


def test_another_table_is_not_told() -> None:
    """A webhook hears of the tables that it was registered for."""
    heard: list[Change] = []
    rows = Rows(lambda: NOW)
    rows.listeners.append(heard.append)
    rows.create(TABLES["contact"], {"lastname": "Hill"})

    assert message(WEBHOOK, heard[0], organisation="our-force", at=NOW) is None


def test_a_change_that_is_too_large_leaves_its_bulk_out() -> None:
    """Above 256 KB the values are gone, and a header says so."""
    sent = _sent(_change("x" * 90_000))
    context = msgspec.json.decode(sent.body)

    assert len(sent.body) < MESSAGE_BYTES_MAX
    assert sent.headers["x-ms-dynamics-msg-size-exceeded"] == "true"
    assert "InputParameters" not in context
    assert context["PrimaryEntityId"]


@pytest.mark.parametrize(
    ("auth", "url", "header"),
    [
        ("WebhookKey", "https://integration.example/changes?code=a-key", None),
        ("HttpQueryString", "https://integration.example/changes?name=a-key", None),
        ("HttpHeader", "https://integration.example/changes", "a-key"),
    ],
)
def test_the_key_comes_as_it_was_agreed(auth: Auth, url: str, header: str | None) -> None:
    """Dataverse signs nothing: the receiver knows the key."""
    webhook = Webhook(
        url="https://integration.example/changes",
        tables=frozenset({"incident"}),
        auth=auth,
        key_name="name",
        key="a-key",
    )
    sent = _sent(_change(), webhook)

    assert (sent.url, sent.headers.get("name")) == (url, header)


@pytest.mark.parametrize(
    ("status", "is_tried_again"),
    [
        (502, True),
        (503, True),
        (504, True),
        (500, False),
        (429, False),
        (400, False),
        (None, False),
    ],
)
def test_only_three_answers_are_tried_again_and_once(
    status: int | None,
    is_tried_again: bool,  # noqa: FBT001
) -> None:
    """A gateway's failure gets one more try; anything else is lost, as in Dataverse."""
    second = again(_sent(_change()), status)

    assert (second is not None) == is_tried_again
    if second is not None:
        assert again(second, status) is None
