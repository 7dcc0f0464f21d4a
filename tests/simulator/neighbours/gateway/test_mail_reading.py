"""A mail that breaks the rules is read as far as it goes."""

import email
import email.policy
from email.message import EmailMessage

import pytest

from simulator.neighbours.gateway.mail_reading import (
    all_headers,
    attachments_of,
    header,
    headers_named,
    readable,
    words_of,
)


def _mail(*lines: bytes) -> EmailMessage:
    return email.message_from_bytes(b"\r\n".join(lines), policy=email.policy.default)


def test_headers_are_read_in_order_and_by_any_case() -> None:
    """One that comes twice has two values; one that is not there has none."""
    mail = _mail(
        b"To: a@example.com", b"Subject: =?utf-8?b?w6Q=?=", b"to: b@example.com", b"", b"x"
    )

    assert [name for name, _ in all_headers(mail)] == ["To", "Subject", "to"]
    assert headers_named(mail, "TO") == ["a@example.com", "b@example.com"]
    assert (header(mail, "subject"), header(mail, "from")) == ("\u00e4", "")


@pytest.mark.parametrize(
    "raw", [b'From: <<>>, "', b'To: " "@x', b"Subject: \xff\xfe", b"Date: 99 Foo"]
)
def test_a_header_that_breaks_the_rules_is_shown_as_text(raw: bytes) -> None:
    """It can be written as UTF-8, and nothing else of the mail is lost."""
    mail = _mail(raw, b"X-Other: fine", b"", b"words")
    [(_, shown), (_, other)] = all_headers(mail)

    assert shown.encode()
    assert (other, words_of(mail, "plain")) == ("fine", "words")


def test_words_that_cannot_be_decoded_are_left_out() -> None:
    """An unknown set of characters, or no such part."""
    mail = _mail(b"Content-Type: text/plain; charset=no-such-set", b"", b"words")

    assert words_of(mail, "html") == ""
    assert words_of(mail, "plain") in {"", "words"}
    assert attachments_of(mail) == []


def test_what_cannot_be_read_has_something_in_its_place() -> None:
    """Whatever kind of error it is."""

    def fails() -> str:
        raise IndexError

    assert readable(fails, "instead") == "instead"
