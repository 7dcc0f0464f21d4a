"""Lists hold what was asked for, in pages that end."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from simulator.neighbours.gateway.inbox import PAGE_MESSAGES
from tests.simulator.neighbours.gateway.double import (
    EMAIL,
    LIST,
    NOW,
    SMS,
    Double,
    email_request,
    errors,
    text_request,
)

PAGES_MAX = 5


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
    sent = [double.post(SMS, text_request()).json["id"] for _ in range(PAGE_MESSAGES + 3)]

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
        message_id = double.post(SMS, text_request(reference=reference)).json["id"]
        double.inbox.receipt(message_id, msgspec.convert(status, Any), NOW)
    double.post(EMAIL, email_request(reference="mail"))

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


@pytest.mark.parametrize("target", [LIST, "/v2/received-text-messages"])
def test_an_empty_id_is_not_the_beginning_of_a_list(target: str) -> None:
    """A client that lost its place would read the first page for ever."""
    answer = Double().get(f"{target}?older_than=")

    assert errors(answer) == [("ValidationError", "older_than is not a valid UUID")]


def test_a_busy_gateway_lists_late_what_it_took() -> None:
    """Until it has stored the message, no list and no id finds it; then both do.

    A portal that had no answer, and asks whether its message was taken, cannot believe "no" at
    once.
    """
    double = Double()
    double.inbox.listed_after_seconds = 20
    sent = double.post(SMS, text_request(reference="r-1")).json
    found = []
    for seconds in (0, 19, 20):
        double.now = NOW + timedelta(seconds=seconds)
        listed = double.get(f"{LIST}?reference=r-1").json["notifications"]
        found.append((len(listed), double.get(f"{LIST}/{sent['id']}").status))

    assert found == [(0, 404), (0, 404), (1, 200)]
