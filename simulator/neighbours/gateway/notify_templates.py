"""The templates of a Notify service, and how one is filled with a portal's personalisation.

The two defaults hold the portal's own words unchanged; a target registers its own templates if its
words are kept in Notify. Source of the rules: GOV.UK Notify's published code,
github.com/alphagov/notifications-utils (field.py, insensitive_dict.py).
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

from simulator.neighbours.gateway.inbox import MessageKind

TEXT_TEMPLATE_ID = "6d1a1c1e-2b52-4f0b-9c57-3d2f3a9b7e01"
EMAIL_TEMPLATE_ID = "6d1a1c1e-2b52-4f0b-9c57-3d2f3a9b7e02"

_PLACEHOLDER = re.compile(r"\(\(([^()]+)\)\)")
_IGNORED_IN_NAMES = str.maketrans("", "", " _-")
_TRUE = frozenset({"yes", "y", "true", "t", "1", "include", "show"})


class Template(Struct, frozen=True, kw_only=True):
    """One template: `((name))` is filled; `((name??words))` is shown if the value is yes."""

    id: str
    channel: MessageKind
    name: str
    content: str
    subject: str = ""
    #: The sender's address on a letter.
    contact_block: str = ""
    is_deleted: bool = False


class Templates(Struct, frozen=True):
    """A service's templates by id, which is in lower case."""

    by_id: Mapping[str, Template]

    @classmethod
    def of(cls, *templates: Template) -> "Templates":
        """Collect templates."""
        return cls({each.id.lower(): each for each in templates})


class Message(Struct, frozen=True):
    """A template filled for one recipient."""

    subject: str
    body: str


DEFAULT_TEMPLATES = Templates.of(
    Template(id=TEXT_TEMPLATE_ID, channel="text", name="Any text", content="((body))"),
    Template(
        id=EMAIL_TEMPLATE_ID,
        channel="email",
        name="Any email",
        subject="((subject))",
        content="((body))",
    ),
)


class MissingPersonalisation(Exception):
    """Some placeholders have no value; `names` are as the template writes them."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class _Blank(Struct, frozen=True):
    """A placeholder as a template writes it, read: what fills it has this key."""

    name: str
    key: str
    is_conditional: bool
    words: str


def placeholders(template: Template) -> tuple[str, ...]:
    """List the names that a template needs, each once, subject first."""
    parts = (*_parts(template.subject), *_parts(template.content))
    return tuple(dict.fromkeys(each.name for each in parts if isinstance(each, _Blank)))


def fill(template: Template, personalisation: Mapping[str, Any]) -> Message:
    """Fill a template; raises MissingPersonalisation. Case, spaces, _ and - in names are ignored.

    Unlike Notify it does not change the words: no typography, no downgrade to GSM characters.
    """
    values = {_key(name): value for name, value in personalisation.items() if value is not None}
    try:
        subject = _written(template.subject, values)
        body = _written(template.content, values, bullets=template.channel == "email")
    except KeyError:
        missing = [name for name in placeholders(template) if _key(name) not in values]
        raise MissingPersonalisation(missing) from None
    return Message(" ".join(subject.split()), body.strip())


def _written(words: str, values: Mapping[str, Any], *, bullets: bool = False) -> str:
    return "".join(
        [
            part if isinstance(part, str) else _filled(part, values[part.key], bullets=bullets)
            for part in _parts(words)
        ]
    )


@lru_cache(maxsize=256)
def _parts(words: str) -> tuple[str | _Blank, ...]:
    """Split a template's words at its placeholders, once: a load test fills one many times."""
    texts = _PLACEHOLDER.split(words)
    return tuple(_blank(each) if number % 2 else each for number, each in enumerate(texts) if each)


def _blank(placeholder: str) -> _Blank:
    name, conditional, words = placeholder.partition("??")
    return _Blank(name, _key(name), bool(conditional), words)


def _filled(blank: _Blank, value: Any, *, bullets: bool) -> str:
    if blank.is_conditional:
        return blank.words if str(value).lower() in _TRUE else ""
    if not isinstance(value, list):
        return str(value)
    items = [text for each in value if each is not None and (text := str(each).strip())]
    if bullets and items:
        return "\n\n" + "\n".join(f"* {each}" for each in items)
    return " and ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


@lru_cache(maxsize=1024)
def _key(name: str) -> str:
    return name.translate(_IGNORED_IN_NAMES).lower()
