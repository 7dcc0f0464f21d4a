"""What a message or a page gives away: in its words, its subject, its first line, its sender.

Words are searched for, and not compared between two victims: a portal that tells every victim "you
were robbed" gives as much away as one that tells it only the victims of robbery.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol, TypeAlias

from reference.contract.events import Channel
from simulator.inputs.order import Order
from simulator.judge.text.little_words import BEGIN_SENTENCES, LITTLE_WORDS
from simulator.judge.text.plain_words import TEXTS_KEPT
from simulator.judge.text.telling_words import STREET, TELLING_WORDS

Name: TypeAlias = tuple[str, str]

#: How much of an email a preview may show beside its subject, where any person sees it.
PREVIEW_CHARACTERS = 100


class Worded(Protocol):
    """A message as it was sent, or as it is kept in the evidence."""

    @property
    def channel(self) -> Channel:
        """Text or email."""

    @property
    def subject(self) -> str:
        """An email's subject."""

    @property
    def body(self) -> str:
        """Its words."""

    @property
    def sender(self) -> str:
        """The sender it names."""


class Disclosure:
    """Finds words that must not stand where any person may read them."""

    def __init__(self, order: Order) -> None:
        words = "|".join(re.escape(word) for word in order.messages.denied_in_text)
        self._denied = re.compile(rf"\b({words})(?:s|d|ed|ing)?\b", re.IGNORECASE)
        forces = "|".join(re.escape(force.name) for force in order.forces.values())
        self._forces = re.compile(forces)

    def in_message(self, message: Worded, secrets: Iterable[str], name: Name) -> str:
        """Say what a message gives away ("" for nothing), in its sender, subject or words.

        `secrets` may stand nowhere in it. The victim's `name` may not stand where others may read
        it, though the body of an email may greet by the given name. Below the preview an email may
        name the Victims' Code, by which victims find their rights; a text may not.
        """
        body, outside = message.body, f"{message.sender}\n{message.body}"
        if message.channel == "email":
            shown, below = body[:PREVIEW_CHARACTERS], body[PREVIEW_CHARACTERS:]
            body = shown + _VICTIMS_CODE.sub("", below)
            outside = f"{message.sender}\n{message.subject}"
        outside = self._forces.sub("", outside)
        return (
            self.word_in(f"{message.sender}\n{message.subject}\n{body}", secrets)
            or name_in(outside, name)
            or _place_in(outside)
        )

    def named_in(
        self, message: Worded, names: Iterable[str], areas: Iterable[str], own: Iterable[str]
    ) -> str:
        """Give a name that stands in a message and is not the reader's `own` ("" for none).

        A word with which sentences begin is no name there, nor is a part of the order's force or
        of an address. An email may end with the force's own address: `areas` may not
        stand where others may read them.
        """
        heading = f"{message.sender}\n{message.subject}\n"
        preview = message.body[: PREVIEW_CHARACTERS if message.channel == "email" else None]
        return self._named_in(heading + message.body, names, own) or self._named_in(
            heading + preview, areas, own
        )

    def _named_in(self, shown: str, names: Iterable[str], own: Iterable[str]) -> str:
        # Most names are nowhere, and to take out what may stand there takes long.
        plain, mine = shown.casefold(), {each.casefold() for each in own}
        there = {each for each in names if len(each) > 1 and each.casefold() in plain}
        if not (there := {each for each in there if each.casefold() not in mine}):
            return ""
        said = self._forces.sub("", _ADDRESS.sub(" ", shown))
        for name in sorted(own, key=len, reverse=True):
            said = said.replace(name, "") if len(name) > 1 else said
        return name_in(_BEGINS.sub(lambda begun: begun[0].lower(), said), sorted(there))

    def word_in(self, shown: str, names: Iterable[str]) -> str:
        """Give the denied word or name that stands in what is shown ("" for none).

        Links and mailboxes may have the portal's own name in them, such as "victims". They may not
        say what happened to the reader; only the name of a site may.
        """
        if said := _telling_word(shown, self._denied):
            return f"the word {said!r}"
        plain = shown.casefold()
        for name in names:
            # Most names are nowhere: only one that is there is looked for as a word by itself.
            is_there = name and name.casefold() in plain
            looked_at = _where_it_tells(name, shown) if is_there else ""
            if is_there and re.search(rf"\b{re.escape(name)}\b", looked_at, re.IGNORECASE):
                return f"{name!r}"
        return ""


def name_in(shown: str, names: Iterable[str]) -> str:
    """Give the name that stands in what is shown as a name is written ("" for none).

    A name that is also a little word, as in any sentence, counts only in a greeting.
    """
    for name in names:
        if name.casefold() in LITTLE_WORDS:
            greeted = rf"(?i:\b(?:dear|hello|hi|mrs?|ms|miss)\.?\s+{re.escape(name)})(?!\w)"
            if re.search(greeted, shown):
                return f"{name!r}"
            continue
        for written in {name, name.upper(), name.capitalize()} - {""}:
            is_there = written in shown
            looked_at = _where_it_tells(written, shown) if is_there else ""
            if is_there and re.search(rf"(?<!\w){re.escape(written)}(?!\w)", looked_at):
                return f"{written!r}"
    return ""


def _where_it_tells(name: str, shown: str) -> str:
    """Leave out links for a name of a letter or two: their random ends have it by chance."""
    return _ADDRESS.sub(" ", shown) if len(name) <= _BY_CHANCE_CHARACTERS else shown


@lru_cache(TEXTS_KEPT)
def _telling_word(shown: str, denied: re.Pattern[str]) -> str:
    without_links, without_sites = _ADDRESS.sub(" ", shown), _SITE.sub(" ", shown)
    said = denied.search(without_links) or TELLING_WORDS.search(without_sites)
    return said[0] if said else ""


@lru_cache(TEXTS_KEPT)
def _place_in(shown: str) -> str:
    found = STREET.search(_ADDRESS.sub(" ", shown))
    return f"{found[0]!r}" if found else ""


_VICTIMS_CODE = re.compile(
    r"\bvictims?[’']?s?[’']? code\b|\bcode of practice for victims\b", re.IGNORECASE
)
_BY_CHANCE_CHARACTERS = 2
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+|\bwww\.\S+|\b(?:[\w-]+\.)+(?:uk|com|org)\b\S*")
#: The capital of a word that is a name elsewhere, where it begins a sentence.
_BEGINS = re.compile(
    rf"(?:(?<=[.!?:] )|^[ \t]*)(?i:{BEGIN_SENTENCES})\b(?! [A-Z])",
    re.MULTILINE,
)
_SITE = re.compile(r"https?://[^/\s]+|@\S+|\bwww\.[^/\s]+|\b(?:[\w-]+\.)+(?:uk|com|org)\b")
