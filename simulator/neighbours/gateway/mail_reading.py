"""Reads a mail that anybody may have written: what cannot be read is left out, or shown raw.

Python's library raises errors of many kinds for headers and parts that break the rules.
"""

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any, TypeVar

T = TypeVar("T")


def readable(read: Callable[[], T], otherwise: T) -> T:
    """Read something of a mail; give what is to stand in its place if it cannot be read."""
    try:
        return read()
    except Exception:  # noqa: BLE001  the library names no common kind
        return otherwise


def all_headers(mail: EmailMessage) -> list[tuple[str, str]]:
    """List every header with its value, in order; one that cannot be read as it stands."""
    return [(name, _value(mail, name, raw)) for name, raw in mail.raw_items()]


def headers_named(mail: EmailMessage, name: str) -> list[str]:
    """List the values of a header."""
    wanted = name.lower()
    return [_value(mail, each, raw) for each, raw in mail.raw_items() if each.lower() == wanted]


def header(mail: EmailMessage, name: str) -> str:
    """Return the first value of a header, "" if there is none."""
    return next(iter(headers_named(mail, name)), "")


def words_of(mail: EmailMessage, *kinds: str) -> str:
    """Read the body of the first of these kinds; "" if there is none that can be read."""
    part = readable(lambda: mail.get_body(preferencelist=kinds), None)
    if part is None:
        return ""
    return as_text(readable(lambda: str(part.get_content()), "")).replace("\r\n", "\n")


def attachments_of(mail: EmailMessage) -> list[EmailMessage]:
    """List the attached parts."""
    found: list[Any] = readable(lambda: list(mail.iter_attachments()), [])
    return found


def as_text(text: str) -> str:
    """Replace what stands for bytes that are no text, so that it can be written as UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _value(mail: EmailMessage, name: str, raw: Any) -> str:
    return as_text(readable(lambda: str(mail.policy.header_fetch_parse(name, raw)), str(raw)))
