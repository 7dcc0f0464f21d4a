"""Finds everything that is wrong with a request to send, in the words of Notify's JSON Schema.

Only requests that could not be read are checked here, so it may be slow. Source: GOV.UK Notify's
published API code, github.com/alphagov/notifications-api (app/schema_validation,
app/v2/notifications).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from reprlib import Repr
from typing import Any, TypeAlias

from reference.contract.events import Channel
from simulator.neighbours.gateway.notify_recipients import (
    InvalidRecipient,
    Recipient,
    mailbox,
    phone,
)

REFERENCE_CHARACTERS_MAX = 1000
_SCHEDULED_WITHIN = timedelta(hours=24)
UUID_PATTERN = r"^[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}$"
HTTPS_PATTERN = r"^https.*"

POSTAGES = ("first", "second")
RECIPIENT_PROPERTIES: Mapping[Channel, str] = {"text": "phone_number", "email": "email_address"}

Fault: TypeAlias = Callable[[Any], str]


def is_uuid(text: str) -> bool:
    """Say whether Notify's schema accepts this as an id."""
    return re.search(UUID_PATTERN, text) is not None


def personalisation_fault(value: Any) -> str:
    """Explain what is wrong with the values for a template; "" if nothing is."""
    return "" if isinstance(value, dict) else "should contain key value pairs"


def not_of_type(value: Any, type_name: str) -> str:
    """Make the message for a value of the wrong type."""
    return f"{_shown(value)} is not of type {type_name}"


def schedule_fault(text: str, now: datetime) -> str:
    """Explain what is wrong with a time to send at; "" if nothing is.

    Notify drops its zone, so that it counts as UTC. It asks for no more: a message is sent at once,
    since scheduled notifications were taken out of its API.
    """
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return (
            "datetime format is invalid. It must be a valid ISO8601 date time format, "
            "https://en.wikipedia.org/wiki/ISO_8601"
        )
    if at < now:
        return "datetime can not be in the past"
    if at > now + _SCHEDULED_WITHIN:
        return "datetime can only be 24 hours in the future"
    return ""


def faults(raw: Any, channel: Channel, *, now: datetime) -> Iterator[str]:
    """List what is wrong: property by property, then missing ones, then unknown ones."""
    if not isinstance(raw, dict):
        yield not_of_type(raw, "object")
        return
    scheduled_for = partial(_scheduled_for, now=now)
    properties: dict[str, Fault] = {**_PROPERTIES[channel], "scheduled_for": scheduled_for}
    yield from _faults_of(raw, properties, (RECIPIENT_PROPERTIES[channel], "template_id"))


def letter_faults(raw: Any) -> Iterator[str]:
    """List what is wrong with a request for a letter: one with `content` is a ready PDF."""
    if not isinstance(raw, dict):
        yield not_of_type(raw, "object")
    elif "content" in raw:
        yield from _faults_of(raw, _READY_LETTER, ("reference", "content"))
    else:
        yield from _faults_of(raw, _LETTER, ("template_id", "personalisation"))


def _faults_of(
    raw: dict[str, Any], properties: Mapping[str, Fault], required: tuple[str, ...]
) -> Iterator[str]:
    for name, fault in properties.items():
        if name in raw and (found := fault(raw[name])):
            yield f"{name} {found}"
    for name in required:
        if name not in raw:
            yield f"{name} is a required property"
    if unknown := sorted(raw.keys() - properties.keys()):
        names = ", ".join(_shown(name) for name in unknown[:_NAMES_SHOWN_MAX])
        verb = "was" if len(unknown) == 1 else "were"
        yield f"Additional properties are not allowed ({names} {verb} unexpected)"


def _string(value: Any) -> str:
    return "" if isinstance(value, str) else not_of_type(value, "string")


def _string_or_null(value: Any) -> str:
    return "" if value is None or isinstance(value, str) else not_of_type(value, "string, null")


def _scheduled_for(value: Any, now: datetime) -> str:
    return _string_or_null(value) or ("" if value is None else schedule_fault(value, now))


def _own_reference(value: Any) -> str:
    if isinstance(value, str) and len(value) > REFERENCE_CHARACTERS_MAX:
        return f"{_shown(value)} is too long"
    return _string(value)


def _phone_number(value: Any) -> str:
    return _string(value) or _fault_of(phone, value)


def _email_address(value: Any) -> str:
    return _string(value) or _fault_of(mailbox, value)


def _uuid(value: Any) -> str:
    return "" if isinstance(value, str) and is_uuid(value) else "is not a valid UUID"


def _https_url(value: Any) -> str:
    is_one = isinstance(value, str) and value.startswith("https")
    return "" if is_one else "is not a valid https url"


def _postage(value: Any) -> str:
    return "" if value in POSTAGES else "invalid. It must be first or second."


def _strings(value: Any) -> str:
    if not isinstance(value, list):
        return not_of_type(value, "array")
    return next(filter(None, map(_string, value)), "")


def _fault_of(read: Callable[[str], Recipient], value: str) -> str:
    try:
        read(value)
    except InvalidRecipient as fault:
        return str(fault)
    return ""


def _shown(value: Any) -> str:
    """Show a value as Notify does, without quotation marks; a long one only in part."""
    return _REPR.repr(value).replace("'", "")


_REPR = Repr()
_REPR.maxstring = 100
_NAMES_SHOWN_MAX = 20

_TEXT: Mapping[str, Fault] = {
    "reference": _own_reference,
    "phone_number": _phone_number,
    "template_id": _uuid,
    "personalisation": personalisation_fault,
    "scheduled_for": _string_or_null,
    "sms_sender_id": _uuid,
}
_EMAIL: Mapping[str, Fault] = {
    "reference": _own_reference,
    "email_address": _email_address,
    "template_id": _uuid,
    "personalisation": personalisation_fault,
    "scheduled_for": _string_or_null,
    "email_reply_to_id": _uuid,
    "one_click_unsubscribe_url": _https_url,
    "sanitise_content_for": _strings,
}
_LETTER: Mapping[str, Fault] = {
    "reference": _own_reference,
    "template_id": _uuid,
    "personalisation": personalisation_fault,
}
_READY_LETTER: Mapping[str, Fault] = {
    "reference": _own_reference,
    "content": _string,
    "postage": _postage,
}
_PROPERTIES: Mapping[Channel, Mapping[str, Fault]] = {"text": _TEXT, "email": _EMAIL}
