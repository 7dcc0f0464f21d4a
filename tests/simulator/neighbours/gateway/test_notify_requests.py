"""A right request is read in one step; a wrong one is explained in Notify's words."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.contract.events import Channel
from simulator.neighbours.gateway.notify_errors import NotifyError
from simulator.neighbours.gateway.notify_recipients import Recipient
from simulator.neighbours.gateway.notify_requests import (
    given_recipient,
    read_personalisation,
    read_request,
)
from simulator.neighbours.gateway.notify_schema import faults, is_uuid
from simulator.population.crowd_numbers import read_crowd_mobile

TEMPLATE = str(uuid4())
TEXT = {"phone_number": "07700900123", "template_id": TEMPLATE}
EMAIL = {"email_address": "a.victim@mail.example", "template_id": TEMPLATE}

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
NEARLY_RIGHT = st.sampled_from(
    [
        "07700900123",
        "a@mail.example",
        TEMPLATE,
        TEMPLATE + "\n",
        "https://portal.example",
        "x" * 1001,
    ]
)
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
ISO = "It must be a valid ISO8601 date time format, https://en.wikipedia.org/wiki/ISO_8601"
NAMES = st.sampled_from(
    [
        "phone_number",
        "email_address",
        "template_id",
        "personalisation",
        "reference",
        "sms_sender_id",
        "email_reply_to_id",
        "one_click_unsubscribe_url",
        "sanitise_content_for",
        "scheduled_for",
        "unknown",
    ]
)


def _messages(body: object, channel: Channel = "text") -> list[str]:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    with pytest.raises(NotifyError) as caught:
        read_request(raw, channel, now=NOW)

    assert caught.value.status == 400

    return [message for _, message in caught.value.errors]


@given(
    usual=st.sampled_from([{}, TEXT, EMAIL]),
    changes=st.dictionaries(NAMES, NEARLY_RIGHT | ANYTHING),
    channel=st.sampled_from(["text", "email"]),
)
def test_quick_reading_and_slow_explaining_agree(
    usual: dict[str, Any], changes: dict[str, Any], channel: Channel
) -> None:
    """A request is refused exactly when something can be said to be wrong with it."""
    body = {**usual, **changes}
    wrong = list(dict.fromkeys(faults(body, channel, now=NOW)))
    if wrong:
        assert _messages(body, channel) == wrong
    else:
        read_request(msgspec.json.encode(body), channel, now=NOW)


def test_all_optional_properties_are_taken() -> None:
    """Everything Notify's schema knows is read."""
    text, recipient = read_request(
        msgspec.json.encode(
            {
                **TEXT,
                "personalisation": {"body": "x"},
                "reference": "event-1",
                "sms_sender_id": str(uuid4()),
                "scheduled_for": "2026-06-02T08:00:00+01:00",
            }
        ),
        "text",
        now=NOW,
    )
    email, _ = read_request(
        msgspec.json.encode(
            {
                **EMAIL,
                "email_reply_to_id": str(uuid4()),
                "one_click_unsubscribe_url": "https://portal.example/stop",
                "sanitise_content_for": ["name"],
            }
        ),
        "email",
        now=NOW,
    )

    assert (text.reference, text.to_given, recipient.address) == (
        "event-1",
        "07700900123",
        "07700900123",
    )
    assert email.to_given == "a.victim@mail.example"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"phone_number": 7}, "phone_number 7 is not of type string"),
        ({"phone_number": "07700 900l23"}, "phone_number Must not contain letters or symbols"),
        ({"template_id": "T"}, "template_id is not a valid UUID"),
        ({"template_id": None}, "template_id is not a valid UUID"),
        ({"personalisation": "x"}, "personalisation should contain key value pairs"),
        ({"reference": None}, "reference None is not of type string"),
        ({"sms_sender_id": "GOVUK"}, "sms_sender_id is not a valid UUID"),
        ({"scheduled_for": 9}, "scheduled_for 9 is not of type string, null"),
        ({"scheduled_for": "soon"}, f"scheduled_for datetime format is invalid. {ISO}"),
        (
            {"scheduled_for": "2026-06-01T08:59:59Z"},
            "scheduled_for datetime can not be in the past",
        ),
        (
            {"scheduled_for": "2026-06-02T09:00:01"},
            "scheduled_for datetime can only be 24 hours in the future",
        ),
        ({"extra": 1}, "Additional properties are not allowed (extra was unexpected)"),
        ({"b": 1, "a": 2}, "Additional properties are not allowed (a, b were unexpected)"),
    ],
)
def test_fault_of_a_text_is_told_in_notifys_words(change: dict[str, Any], words: str) -> None:
    """One fault gives one message, as Notify's schema validation words it."""
    assert _messages({**TEXT, **change}) == [words]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email_address": "a@b"}, "email_address Not a valid email address"),
        (
            {"one_click_unsubscribe_url": "http://portal.example"},
            "one_click_unsubscribe_url is not a valid https url",
        ),
        ({"email_reply_to_id": 1}, "email_reply_to_id is not a valid UUID"),
        ({"sanitise_content_for": "name"}, "sanitise_content_for name is not of type array"),
        ({"sanitise_content_for": [1]}, "sanitise_content_for 1 is not of type string"),
    ],
)
def test_fault_of_an_email_is_told_in_notifys_words(change: dict[str, Any], words: str) -> None:
    """One fault gives one message, as Notify's schema validation words it."""
    assert _messages({**EMAIL, **change}, "email") == [words]


def test_all_faults_are_told_at_once() -> None:
    """A request with three faults gets all three, properties first."""
    assert _messages({"template_id": "T", "extra": 1}) == [
        "template_id is not a valid UUID",
        "phone_number is a required property",
        "Additional properties are not allowed (extra was unexpected)",
    ]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_not_json_is_said_to_be_so(body: bytes) -> None:
    """A body that is not JSON, or is nested without end, has one message."""
    assert _messages(body) == ["Invalid JSON supplied in POST data"]


@pytest.mark.parametrize("body", [b"null", b"[]", b"0", b'""', b"false", b"{}"])
def test_empty_json_lacks_what_is_required(body: bytes) -> None:
    """Notify takes every empty JSON value for an empty object."""
    assert _messages(body) == [
        "phone_number is a required property",
        "template_id is a required property",
    ]


def test_other_json_is_not_an_object() -> None:
    """A list with something in it is not an object, and that is the only error."""
    assert _messages([1]) == ["[1] is not of type object"]


def test_long_value_is_shown_in_part() -> None:
    """A fault does not repeat the whole of a long value."""
    (message,) = _messages({**TEXT, "reference": "x" * 100_000})

    assert message.startswith("reference xxx")
    assert message.endswith("is too long")
    assert len(message) < 300


@pytest.mark.parametrize(
    ("body", "to"),
    [
        (b'{"phone_number": "0770 90"}', "0770 90"),
        (b'{"phone_number": 7}', ""),
        (b'{"email_address": "a@b"}', ""),
        (b"[]", ""),
        (b"{", ""),
    ],
)
def test_refused_recipient_is_as_the_portal_wrote_it(body: bytes, to: str) -> None:
    """The evidence of a refusal says where it was meant to go, when that can be read."""
    assert given_recipient(body, "text") == to


def test_preview_may_have_nothing_to_fill_in() -> None:
    """A preview without a body, or without values, has no values."""
    assert read_personalisation(b"") == read_personalisation(b"{}") == {}
    assert read_personalisation(b'{"personalisation": {"a": 1}}') == {"a": 1}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"[1]", "[1] is not of type object"),
        (b'{"personalisation": []}', "personalisation should contain key value pairs"),
        (b"{", "Invalid JSON supplied in POST data"),
    ],
)
def test_preview_that_is_wrong_is_told_why(body: bytes, words: str) -> None:
    """A preview's faults are told as those of a message are."""
    with pytest.raises(NotifyError) as caught:
        read_personalisation(body)

    assert [message for _, message in caught.value.errors] == [words]


def test_uuid_is_as_notifys_schema_has_it() -> None:
    """Hyphens are needed; either case will do."""
    assert is_uuid(TEMPLATE)
    assert is_uuid(TEMPLATE.upper())
    assert not is_uuid(TEMPLATE.replace("-", ""))


def test_a_run_may_take_mobiles_of_its_own() -> None:
    """Only if it is told how to read them: Notify itself would refuse them."""
    own, usual = (
        msgspec.json.encode({**TEXT, "phone_number": each})
        for each in ("0693 1234567", "07700 900123")
    )

    assert read_request(own, "text", read_crowd_mobile, now=NOW)[1] == Recipient(
        "06931234567", "mobile"
    )
    assert read_request(usual, "text", read_crowd_mobile, now=NOW)[1].address == "07700900123"
    with pytest.raises(NotifyError):
        read_request(own, "text", now=NOW)
