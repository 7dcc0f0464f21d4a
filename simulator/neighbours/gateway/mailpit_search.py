"""Mailpit's search: words, and filters such as `to:`, `subject:`, `is:unread`, `-` for not.

All that is asked for must hold. A value with spaces stands in quotation marks. `recipient:` and
`reference:` are our own: the whole address, or the sender's reference. Source: Mailpit's
documentation, mailpit.axllent.org/docs/usage/search-filters.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct

from simulator.neighbours.gateway.inbox import Accepted
from simulator.neighbours.gateway.mailpit_messages import addresses, summary

QUERY_CHARACTERS_MAX = 2000

_TERM = re.compile(r'(?P<no>[-!]?)(?:(?P<name>[a-z-]+):)?(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))')

Wanted = Callable[[Accepted, bool], bool]


class BadSearch(Exception):
    """A search that cannot be understood; says what to write instead."""


class Search(Struct, frozen=True):
    """What to find. `recipient` is the one address that all of it was sent to, or "".

    `reference` is the one reference that all of it was sent with, or "".
    """

    terms: tuple[Wanted, ...]
    recipient: str = ""
    reference: str = ""

    def wants(self, message: Accepted, *, is_read: bool) -> bool:
        """Say whether a message matches every term."""
        return all(term(message, is_read) for term in self.terms)


def read_search(query: str) -> Search:
    """Read a search; raises BadSearch."""
    if len(query) > QUERY_CHARACTERS_MAX:
        raise BadSearch(f"The search may have {QUERY_CHARACTERS_MAX} characters at most")
    terms: list[Wanted] = []
    recipient = reference = ""
    for match in _TERM.finditer(query):
        value = match["quoted"] if match["quoted"] is not None else match["plain"]
        if match["name"] == "recipient" and not match["no"]:
            recipient = value.lower()
        if match["name"] == "reference" and not match["no"]:
            reference = value
        wanted = _wanted(match["name"] or "", value)
        terms.append(_not(wanted) if match["no"] else wanted)
    return Search(tuple(terms), recipient, reference)


def _wanted(name: str, value: str) -> Wanted:
    make = _FILTERS.get(name)
    if make is None:
        names = ", ".join(sorted(filter(None, _FILTERS)))
        raise BadSearch(f"{name}: is not a filter; use one of {names}")
    return make(value)


def _words(value: str) -> Wanted:
    low = value.lower()
    return lambda each, _read: low in f"{each.subject} {each.body} {each.to}".lower()


def _to(value: str) -> Wanted:
    low = value.lower()
    return lambda each, _read: low in each.to.lower() or low in each.to_given.lower()


def _message_id(value: str) -> Wanted:
    found_id = value.lower().partition("@")[0]
    return lambda each, _read: found_id == each.message_id


def _state(value: str) -> Wanted:
    match value:
        case "read":
            return lambda _each, is_read: is_read
        case "unread":
            return lambda _each, is_read: not is_read
    raise BadSearch(f"is:{value} is not known; use is:read or is:unread")


def _before(value: str) -> Wanted:
    moment = _moment("before", value)
    return lambda each, _read: each.accepted_at < moment


def _after(value: str) -> Wanted:
    moment = _moment("after", value)
    return lambda each, _read: each.accepted_at > moment


def _moment(name: str, value: str) -> datetime:
    """Read a day or a moment; without a time zone it is UTC."""
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise BadSearch(
            f"{name}:{value} is not a time; write it as 2026-01-31 or 2026-01-31T09:00:00+00:00"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _not(wanted: Wanted) -> Wanted:
    return lambda message, is_read: not wanted(message, is_read)


def _addressed(*names: str) -> Callable[[str], Wanted]:
    """Look in the addresses and names that a mail has under these names."""

    def make(value: str) -> Wanted:
        low = value.lower()
        return lambda each, _read: any(low in text.lower() for text in addresses(each, *names))

    return make


def _has(value: str) -> Wanted:
    if value not in {"attachment", "attachments"}:
        raise BadSearch(f"has:{value} is not known; use has:attachment")
    return lambda each, _read: bool(summary(each, is_read=True)["Attachments"])


def _larger(value: str) -> Wanted:
    size = _bytes("larger", value)
    return lambda each, _read: summary(each, is_read=True)["Size"] > size


def _smaller(value: str) -> Wanted:
    size = _bytes("smaller", value)
    return lambda each, _read: summary(each, is_read=True)["Size"] < size


def _bytes(name: str, value: str) -> float:
    """Read a size as Mailpit does: 2kb, 4MB, 1.5m, or bytes."""
    found = re.fullmatch(r"(\d{1,12}(?:\.\d{1,12})?)(k|kb|m|mb)?", value.lower(), re.ASCII)
    if found is None:
        raise BadSearch(f"{name}:{value} is not a size; write it as 500, 2kb or 1.5MB")
    return float(found[1]) * {"": 1, "k": 1024, "m": 1024**2}[(found[2] or "")[:1]]


_FILTERS: dict[str, Callable[[str], Wanted]] = {
    "": _words,
    "to": _to,
    "cc": _addressed("Cc"),
    "bcc": _addressed("Bcc"),
    "reply-to": _addressed("ReplyTo"),
    "addressed": _addressed("To", "From", "Cc", "Bcc", "ReplyTo"),
    "has": _has,
    "larger": _larger,
    "smaller": _smaller,
    "recipient": lambda value: lambda each, _read: value.lower() == each.to,
    "from": lambda value: lambda each, _read: value.lower() in each.sender.lower(),
    "subject": lambda value: lambda each, _read: value.lower() in each.subject.lower(),
    "message-id": _message_id,
    "tag": lambda value: lambda each, _read: value.lower() == each.channel,
    "reference": lambda value: lambda each, _read: value == each.reference,
    "is": _state,
    "before": _before,
    "after": _after,
}
