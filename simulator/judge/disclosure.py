"""What a message or a page gave away: its words, its subject, its first line, whose it was."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from simulator.evidence import MessageAccepted
from simulator.order import Order

Name: TypeAlias = tuple[str, str]


class Disclosure:
    """Words that must not stand where anybody may read them."""

    def __init__(self, order: Order) -> None:
        words = "|".join(re.escape(word) for word in order.messages.denied_in_text)
        self._denied = re.compile(rf"\b({words})(?:s|d|ed|ing)?\b", re.IGNORECASE)
        forces = "|".join(re.escape(force.name) for force in order.forces.values())
        self._forces = re.compile(forces)
        self._notes: dict[str, list[str]] = {}

    def keep_note(self, crime_reference: str, text: str) -> None:
        """Learn of something that must never leave the crime system."""
        self._notes.setdefault(crime_reference, []).append(_squeezed(text))

    def in_message(
        self, message: MessageAccepted, crimes: Iterable[str], secrets: Iterable[str], name: Name
    ) -> str:
        """Say what a message gives away ("" for nothing).

        `secrets` may stand nowhere in it; the victim's `name` not where others may read it, though
        the body of an email may greet by the given name.
        """
        return (
            self.word_in(f"{message.subject}\n{message.body}", secrets)
            or self._name_beside_the_forces(message, name)
            or self.internal_note_in(crimes, (message.body,))
        )

    def _name_beside_the_forces(self, message: MessageAccepted, name: Name) -> str:
        """Find the victim's name, which may also be a part of the name of a force."""
        shown = message.body if message.channel == "text" else message.subject
        return self.name_in(self._forces.sub("", shown), name)

    @staticmethod
    def name_in(shown: str, names: Iterable[str]) -> str:
        """Say which name stands in what is shown as a name is written ("" for none).

        A name that is also one of the little words of any sentence is one where it is greeted.
        """
        for name in names:
            if name.casefold() in _LITTLE_WORDS:
                greeted = rf"(?i:\b(?:dear|hello|hi|mrs?|ms|miss)\.?\s+{re.escape(name)})(?!\w)"
                if re.search(greeted, shown):
                    return f"{name!r}"
                continue
            for written in {name, name.upper(), name.capitalize()} - {""}:
                if re.search(rf"(?<!\w){re.escape(written)}(?!\w)", shown):
                    return f"{written!r}"
        return ""

    def word_in(self, shown: str, names: Iterable[str]) -> str:
        """Say which denied word or name stands in what is shown ("" for none)."""
        denied = self._denied.search(shown)
        if denied:
            return f"the word {denied[1]!r}"
        for name in names:
            if name and re.search(rf"\b{re.escape(name)}\b", shown, re.IGNORECASE):
                return f"{name!r}"
        return ""

    def internal_note_in(self, crimes: Iterable[str], texts: Iterable[str]) -> str:
        """Say whether one of the force's own notes on some crimes stands in what was shown."""
        notes = [note for crime in crimes for note in self._notes.get(crime, ())]
        if notes:
            shown = _squeezed(" ".join(texts))
            if any(note in shown for note in notes):
                return "an internal enquiry-log entry"
        return ""


# "Ian" with a letter lost is recorded as "an", and An is a name.
_WORDS = """
a am an and are as at be but by can do for from had has have he her his how i if in is it me my
no not of on or our she so than that the their them there they this to up us was we were what
when who will with you your
"""
_LITTLE_WORDS = frozenset(_WORDS.split())


def _squeezed(text: str) -> str:
    return " ".join(text.casefold().split())
