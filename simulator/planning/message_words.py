"""Which message of the reference portal's catalogue a sent one is, by its words.

For `against_portal` alone: the words are data of the portal that is compared, and nothing of its
code is used.
"""

import re
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from simulator.evidence.records import MessageAccepted
from simulator.files.checked_toml import read
from simulator.files.paths import ROOT

_CATALOGUE = ROOT / "reference" / "portal" / "words" / "catalogue.toml"
_BLANK = re.compile(r"\\\{\w+\\\}")


class _Message(Struct, frozen=True):
    """One message of the catalogue; what else it has is not looked at."""

    id: str
    also_as: tuple[str, ...] = ()
    text: str = ""
    email_subject: str = ""


class _Catalogue(Struct, frozen=True):
    message: tuple[_Message, ...]


class _Words(NamedTuple):
    names: tuple[str, ...]
    channel: str
    pattern: re.Pattern[str]


class MessageWords:
    """The names of the catalogue's messages: the portal's notices, several of the same words."""

    def __init__(self, path: Path = _CATALOGUE) -> None:
        self._words = [
            _Words((each.id, *each.also_as), channel, _pattern(words))
            for each in read(path, _Catalogue).message
            for channel, words in (("text", each.text), ("email", each.email_subject))
            if words
        ]

    def names(self, message: MessageAccepted) -> tuple[str, ...]:
        """Give what a message may be; nothing where no words of the catalogue are its own."""
        said = message.body if message.channel == "text" else message.subject
        return next(
            (
                each.names
                for each in self._words
                if each.channel == message.channel and each.pattern.fullmatch(said.strip())
            ),
            (),
        )


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(_BLANK.sub(r"[^\\n]+?", re.escape(words.strip())))
