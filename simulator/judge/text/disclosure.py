"""What a message or a page gave away: its words, its subject, its first line, whose it was.

Words are looked for, and not compared between two victims: a portal that tells everybody "you were
robbed" gives as much away as one that tells it only those who were.
"""

import re
from collections.abc import Iterable
from typing import Protocol, TypeAlias

from reference.contract.events import Channel
from simulator.inputs.order import Order
from simulator.judge.text.little_words import LITTLE_WORDS
from simulator.judge.text.quotations import Quotations
from simulator.judge.text.telling_words import STREET, TELLING_WORDS

Name: TypeAlias = tuple[str, str]

#: So much of an email may stand beside its subject where anybody sees it.
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
        """Who it says it is from."""


class Disclosure:
    """Words that must not stand where anybody may read them."""

    def __init__(self, order: Order) -> None:
        words = "|".join(re.escape(word) for word in order.messages.denied_in_text)
        self._denied = re.compile(rf"\b({words})(?:s|d|ed|ing)?\b", re.IGNORECASE)
        forces = "|".join(re.escape(force.name) for force in order.forces.values())
        self._forces = re.compile(forces)
        self._notes: dict[str, list[Quotations]] = {}

    def keep_note(self, crime_reference: str, text: str) -> None:
        """Learn of something that must never leave the crime system."""
        self._notes.setdefault(crime_reference, []).append(Quotations(text))

    def in_message(self, message: Worded, secrets: Iterable[str], name: Name) -> str:
        """Say what a message gives away ("" for nothing), its sender and subject like its words.

        `secrets` may stand nowhere in it; the victim's `name` not where others may read it, though
        the body of an email may greet by the given name. Below what a preview shows an email may
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
            or self.name_in(outside, name)
            or _place_in(outside)
        )

    @staticmethod
    def name_in(shown: str, names: Iterable[str]) -> str:
        """Say which name stands in what is shown as a name is written ("" for none).

        A name that is also one of the little words of any sentence is one where it is greeted.
        """
        for name in names:
            if name.casefold() in LITTLE_WORDS:
                greeted = rf"(?i:\b(?:dear|hello|hi|mrs?|ms|miss)\.?\s+{re.escape(name)})(?!\w)"
                if re.search(greeted, shown):
                    return f"{name!r}"
                continue
            for written in {name, name.upper(), name.capitalize()} - {""}:
                if re.search(rf"(?<!\w){re.escape(written)}(?!\w)", shown):
                    return f"{written!r}"
        return ""

    def word_in(self, shown: str, names: Iterable[str]) -> str:
        """Say which denied word or name stands in what is shown ("" for none).

        Links and mailboxes may have the portal's own name in them, and it "victims"; what happened
        to whoever reads it they may not say, but for the name of the site.
        """
        said = self._denied.search(_ADDRESS.sub(" ", shown)) or TELLING_WORDS.search(
            _SITE.sub(" ", shown)
        )
        if said:
            return f"the word {said[0]!r}"
        for name in names:
            if name and re.search(rf"\b{re.escape(name)}\b", shown, re.IGNORECASE):
                return f"{name!r}"
        return ""

    def internal_note_in(self, crimes: Iterable[str], texts: Iterable[str]) -> str:
        """Say whether one of the force's own notes on some crimes stands in what was shown."""
        notes = [note for crime in crimes for note in self._notes.get(crime, ())]
        shown = " ".join(texts) if notes else ""
        return "an internal enquiry-log entry" if any(note.are_in(shown) for note in notes) else ""


def _place_in(shown: str) -> str:
    found = STREET.search(_ADDRESS.sub(" ", shown))
    return f"{found[0]!r}" if found else ""


_VICTIMS_CODE = re.compile(
    r"\bvictims?[’']?s?[’']? code\b|\bcode of practice for victims\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+|\bwww\.\S+|\b(?:[\w-]+\.)+(?:uk|com|org)\b\S*")
_SITE = re.compile(r"https?://[^/\s]+|@\S+|\bwww\.[^/\s]+|\b(?:[\w-]+\.)+(?:uk|com|org)\b")
