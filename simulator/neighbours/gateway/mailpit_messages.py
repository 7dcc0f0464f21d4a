"""A message of the inbox as Mailpit shows one: summary, whole, headers and source.

Texts are shown beside emails, tagged `text`: their only address is the number. Source: Mailpit's
published API description, github.com/axllent/mailpit (server/ui/api/v1/swagger.json).
"""

import email
import email.policy
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses
from functools import lru_cache
from typing import Any

from simulator.neighbours.gateway.inbox import Accepted
from simulator.neighbours.gateway.mail_reading import (
    all_headers,
    as_text,
    attachments_of,
    header,
    headers_named,
    readable,
    words_of,
)

SNIPPET_CHARACTERS_MAX = 250
SUMMARIES_KEPT_MAX = 4096
_HOST = "gateway.example"


def source(message: Accepted) -> bytes:
    """Return a message as RFC 5322 text: as it came by SMTP, or else made from its parts."""
    if message.source:
        return message.source
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"] = message.sender
    made["To"] = message.to_given if message.channel == "email" else message.to
    made["Subject"] = message.subject or "Text message"
    made["Date"] = format_datetime(message.accepted_at)
    made["Message-ID"] = f"<{message.message_id}@{_HOST}>"
    made["Delivered-To"] = message.to
    made.set_content(message.body)
    return made.as_bytes()


def parsed(message: Accepted) -> EmailMessage:
    """Read the source of a message."""
    return email.message_from_bytes(source(message), policy=email.policy.default)


def summary(message: Accepted, *, is_read: bool) -> dict[str, Any]:
    """Show a message in a list."""
    return {**_summary(message), "Read": is_read}


def addresses(message: Accepted, *names: str) -> list[str]:
    """List the addresses of a message and the names beside them, by Mailpit's names of fields."""
    shown = _summary(message)
    found = [shown[name] if name != "From" else [shown[name]] for name in names]
    flat = [each for contacts in found for each in contacts]
    return [each[part] for each in flat for part in ("Name", "Address")]


@lru_cache(maxsize=SUMMARIES_KEPT_MAX)
def _summary(message: Accepted) -> Mapping[str, Any]:
    """Read a message for lists: a tester's script asks for the same ones again and again."""
    mail = parsed(message)
    return {
        "ID": message.message_id,
        "MessageID": _message_id(mail),
        "From": _one_contact(mail, "From"),
        "To": _contacts(mail, "To"),
        "Cc": _contacts(mail, "Cc"),
        "Bcc": _blind(message, mail),
        "ReplyTo": _contacts(mail, "Reply-To"),
        "Subject": message.subject,
        "Created": message.accepted_at.isoformat(),
        "Username": "",
        "Tags": [message.channel],
        "Size": len(source(message)),
        "Attachments": len(attachments_of(mail)),
        "Snippet": " ".join(message.body.split())[:SNIPPET_CHARACTERS_MAX],
    }


def _blind(message: Accepted, mail: EmailMessage) -> list[dict[str, str]]:
    """Give the hidden recipients: as Mailpit does, also whom the envelope alone names."""
    named = [each for name in ("To", "Cc", "Bcc") for each in _contacts(mail, name)]
    is_named = message.to.lower() in {each["Address"].lower() for each in named}
    of_envelope = [] if is_named else [{"Name": "", "Address": message.to}]
    return _contacts(mail, "Bcc") + of_envelope


def whole(message: Accepted) -> dict[str, Any]:
    """Show a message with its words and parts. Reading one marks it as read."""
    mail = parsed(message)
    return {
        "ID": message.message_id,
        "MessageID": _message_id(mail),
        "Read": True,
        "From": _one_contact(mail, "From"),
        "To": _contacts(mail, "To"),
        "Cc": _contacts(mail, "Cc"),
        "Bcc": _blind(message, mail),
        "ReplyTo": _contacts(mail, "Reply-To"),
        "ReturnPath": message.sender,
        "Subject": message.subject,
        "ListUnsubscribe": {"Header": "", "Links": [], "Errors": "", "HeaderPost": ""},
        "Date": message.accepted_at.isoformat(),
        "Username": "",
        "Tags": [message.channel],
        "Text": words_of(mail, "plain").strip() if message.source else message.body,
        "HTML": words_of(mail, "html"),
        "Size": len(source(message)),
        "Inline": [],
        "Attachments": [_attachment(*each) for each in _attachments(mail)],
    }


def headers(message: Accepted) -> dict[str, list[str]]:
    """Show each header with all its values."""
    found: dict[str, list[str]] = {}
    for name, value in all_headers(parsed(message)):
        found.setdefault(_canonical(as_text(name)), []).append(value)
    return found


def part(message: Accepted, part_id: str) -> tuple[str, bytes] | None:
    """Find one part by its number; return its type and content, None if there is none."""
    for found_id, each in _attachments(parsed(message)):
        if found_id == part_id:
            return _content_type(each), _content(each)
    return None


def _attachments(mail: EmailMessage) -> list[tuple[str, EmailMessage]]:
    """Number the attached parts from 2: part 1 is the words."""
    return [(str(n), each) for n, each in enumerate(attachments_of(mail), start=2)]


def _attachment(part_id: str, mail: EmailMessage) -> dict[str, Any]:
    return {
        "PartID": part_id,
        "FileName": as_text(readable(lambda: mail.get_filename() or "", "")),
        "ContentType": _content_type(mail),
        "ContentID": header(mail, "Content-ID").strip("<>"),
        "Size": len(_content(mail)),
    }


def _content(mail: EmailMessage) -> bytes:
    nothing: Any = b""
    content = readable(lambda: mail.get_payload(decode=True), nothing)
    return content if isinstance(content, bytes) else b""


def _content_type(mail: EmailMessage) -> str:
    found = readable(mail.get_content_type, "application/octet-stream")
    return found if found.isascii() and found.isprintable() else "application/octet-stream"


def _message_id(mail: EmailMessage) -> str:
    return header(mail, "Message-ID").strip().strip("<>")


def _contacts(mail: EmailMessage, name: str) -> list[dict[str, str]]:
    found: list[tuple[str, str]] = readable(lambda: getaddresses(headers_named(mail, name)), [])
    return [{"Name": named, "Address": address} for named, address in found if address]


def _one_contact(mail: EmailMessage, name: str) -> dict[str, str]:
    return next(iter(_contacts(mail, name)), {"Name": "", "Address": ""})


def _canonical(name: str) -> str:
    return "-".join(word.capitalize() for word in name.split("-"))
