"""A search finds what it asks for, or says what is wrong with it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

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
COPIED = structs.replace(
    MESSAGE,
    source=b"""From: Our portal <portal@force.example>\r
To: alex@example.com\r
Cc: Sam Hill <sam@example.com>\r
Reply-To: "Victim Care" <care@force.example>\r
Subject: An update\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/plain\r
\r
There is an update.\r
--b\r
Content-Type: application/pdf\r
Content-Disposition: attachment; filename=a.pdf\r
\r
%PDF\r
--b--\r
""",
    to="hidden@example.com",
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
    ("query", "is_found"),
    [
        ('cc:"sam hill"', True),
        ("cc:alex", False),
        ("bcc:hidden@example.com", True),
        ("bcc:sam", False),
        ('reply-to:"victim care"', True),
        ("reply-to:portal", False),
        ("addressed:care@force", True),
        ("addressed:nobody", False),
        ("has:attachment", True),
        ("!has:attachment", False),
        ("larger:100", True),
        ("larger:1.5MB", False),
        ("smaller:2kb", True),
        ("smaller:0.1k", False),
    ],
)
def test_mailpits_own_words_are_understood(query: str, is_found: bool) -> None:  # noqa: FBT001
    """Its documentation: `cc:"john doe"`: has "john doe" in the "Cc" field; so `bcc:`, `reply-to:`.

    `addressed:` looks in "From", "To", "Cc", "Bcc" or "Reply-To"; `has:attachment` "contains an
    attachment"; its changes name `larger:1M` and `smaller:2.5M`.
    """
    assert read_search(query).wants(COPIED, is_read=False) is is_found


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("wrote:alex", "wrote: is not a filter"),
        ("is:old", "use is:read or is:unread"),
        ("has:wings", "use has:attachment"),
        ("larger:much", "larger:much is not a size"),
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
