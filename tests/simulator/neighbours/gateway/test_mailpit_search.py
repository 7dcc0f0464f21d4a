"""A search finds what it asks for, or says what is wrong with it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.neighbours.gateway.inbox import Accepted
from simulator.neighbours.gateway.mailpit_search import BadSearch, read_search

MESSAGE = Accepted(
    message_id="0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01",
    channel="email",
    to="alex@example.com",
    to_given="Alex@Example.com",
    subject="An update",
    body="There is an update. Sign in.",
    sender="Our portal <portal@force.example>",
    reference="event-1",
    template_id="",
    accepted_at=datetime(2026, 6, 1, 9, 0, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "update",
        '"there is an update"',
        "to:alex@example.com",
        "to:ALEX",
        "recipient:alex@example.com",
        "from:force.example",
        'subject:"an update"',
        "tag:email",
        "reference:event-1",
        "is:unread",
        "message-id:0f3c1d52-7a55-4f0e-9f3e-0d8f3b1c2a01@gateway.example",
        "after:2026-05-31 before:2026-06-02",
        "after:2026-06-01T08:59:59+00:00",
        "-to:sam -subject:reply !is:read",
    ],
)
def test_a_message_is_found(query: str) -> None:
    """Each filter finds the message that it describes."""
    assert read_search(query).wants(MESSAGE, is_read=False)


@pytest.mark.parametrize(
    "query",
    [
        "reply",
        "to:sam",
        "recipient:lex@example.com",
        "-update",
        "is:read",
        "tag:text",
        "reference:event",
        "before:2026-06-01",
        "after:2026-06-01T09:00:00+00:00",
        "update to:sam",
    ],
)
def test_another_message_is_not_found(query: str) -> None:
    """Every filter has to hold: one that does not leaves the message out."""
    assert not read_search(query).wants(MESSAGE, is_read=False)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("wrote:alex", "wrote: is not a filter"),
        ("is:old", "use is:read or is:unread"),
        ("before:yesterday", "before:yesterday is not a time"),
        ("x" * 2001, "2000 characters at most"),
    ],
)
def test_a_search_that_cannot_be_understood_is_refused(query: str, said: str) -> None:
    """The refusal names what is wrong and what to write."""
    with pytest.raises(BadSearch, match=said):
        read_search(query)


@given(st.text(max_size=300))
def test_any_text_is_a_search_or_refused(query: str) -> None:
    """No search breaks the interface."""
    try:
        search = read_search(query)
    except BadSearch:
        return
    assert search.wants(MESSAGE, is_read=True) in (True, False)
