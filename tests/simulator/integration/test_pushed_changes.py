"""A push is heard only from the force's system: by its key, or by its signature."""

from datetime import UTC, datetime

import msgspec
import pytest

from reference.contract.signing import sign
from simulator.clock import wall_now
from simulator.integration.pushed_changes import (
    DataversePushes,
    ForceApiPushes,
    NotGenuine,
    Told,
)
from simulator.neighbours.dataverse.rows import Change, Rows
from simulator.neighbours.dataverse.tables import TABLES
from simulator.neighbours.dataverse.webhooks import Auth, Webhook, message

SECRET = "whsec_bm90LWEtc2VjcmV0LW9mLWFueWJvZHk="
NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


def _change(notes: str = "") -> Change:
    rows = Rows(lambda: NOW)
    with rows.caused_by("officer-7"):
        rows.create(TABLES["incident"], {"title": "A", "description": notes})
    return rows.changes[-1]


@pytest.mark.parametrize("auth", ["WebhookKey", "HttpHeader"])
@pytest.mark.parametrize("notes", ["", "x" * 99_000])
def test_a_webhook_names_its_row_and_its_cause(auth: Auth, notes: str) -> None:
    """Above 256 KB too, when Dataverse leaves out what changed."""
    webhook = Webhook(
        url="http://127.0.0.1/x", tables=frozenset(TABLES), auth=auth, key_name="code", key="k"
    )
    change = _change(notes)
    sent = message(webhook, change, organisation="o", at=NOW)
    assert sent is not None
    code = sent.url.partition("code=")[2]

    assert DataversePushes("k").read(sent.headers, code, sent.body) == [
        Told(table="incident", row_id=change.row_id, correlation_id="officer-7")
    ]


@pytest.mark.parametrize("code", ["", "K", "kk", "ä"])
def test_a_webhook_with_another_key_is_not_heard(code: str) -> None:
    """A stranger cannot have everything read again and again."""
    with pytest.raises(NotGenuine, match="key"):
        DataversePushes("k").read({}, code, b"{}")


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"\xff", b"{"])
def test_a_webhook_that_cannot_be_read_is_an_error(body: bytes) -> None:
    """Not a crash: the interface answers 400."""
    with pytest.raises(ValueError, match=r"."):
        DataversePushes("k").read({}, "k", body)


@pytest.mark.parametrize("named", [{}, {"PrimaryEntityName": "account", "PrimaryEntityId": "1"}])
def test_a_webhook_of_another_table_only_wakes(named: dict[str, str]) -> None:
    """There is nothing to keep of it."""
    assert DataversePushes("k").read({}, "k", msgspec.json.encode(named)) == []


def test_a_signed_push_is_heard_and_another_is_not() -> None:
    """The body, the secret and the time must fit the signature."""
    pushes, body = ForceApiPushes(SECRET), b"[]"
    signed = sign(SECRET, delivery_id="d-1", at=wall_now(), body=body)
    old = sign(SECRET, delivery_id="d-1", at=NOW, body=body)

    assert pushes.read(signed, "", body) == []
    for headers, given in ((signed, b"[1]"), (old, body), ({}, body), (signed, b"\xff")):
        with pytest.raises(NotGenuine, match="signature"):
            pushes.read(headers, "", given)
