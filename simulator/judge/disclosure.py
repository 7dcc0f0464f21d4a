"""What a message or a page gave away: its words, its subject, its first line, whose it was."""

import re
from collections.abc import Iterable

from reference.contract.events import Channel
from simulator.evidence import MessageAccepted
from simulator.order import Order


def open_words(channel: Channel, subject: str, body: str) -> str:
    """Give what somebody beside the phone reads: a text whole, an email's subject and preview."""
    if channel == "text":
        return body
    first = next((line for line in body.splitlines() if line.strip()), "")
    return f"{subject}\n{first}"


class Disclosure:
    """Words that must not stand where anybody may read them."""

    def __init__(self, order: Order) -> None:
        words = "|".join(re.escape(word) for word in order.messages.denied_in_text)
        self._denied = re.compile(rf"\b({words})\b", re.IGNORECASE)
        self._notes: dict[str, list[str]] = {}

    def keep_note(self, crime_reference: str, text: str) -> None:
        """Learn of something that must never leave the crime system."""
        self._notes.setdefault(crime_reference, []).append(_squeezed(text))

    def in_message(
        self, message: MessageAccepted, crime_reference: str, names: Iterable[str]
    ) -> str:
        """Say what a message gives away ("" for nothing); `names` are of people and references."""
        shown = open_words(message.channel, message.subject, message.body)
        given_away = self.word_in(shown, names)
        if given_away:
            return given_away
        return self.internal_note_in(crime_reference, (message.body,))

    def word_in(self, shown: str, names: Iterable[str]) -> str:
        """Say which denied word or name stands in what is shown ("" for none)."""
        denied = self._denied.search(shown)
        if denied:
            return f"the word {denied[1]!r}"
        for name in names:
            if name and re.search(rf"\b{re.escape(name)}\b", shown, re.IGNORECASE):
                return f"{name!r}"
        return ""

    def internal_note_in(self, crime_reference: str, texts: Iterable[str]) -> str:
        """Say whether one of the force's own notes on a crime stands in what was shown or sent."""
        notes = self._notes.get(crime_reference)
        if notes:
            shown = _squeezed(" ".join(texts))
            if any(note in shown for note in notes):
                return "an internal enquiry-log entry"
        return ""


def _squeezed(text: str) -> str:
    return " ".join(text.casefold().split())
