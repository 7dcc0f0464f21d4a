"""Texts that people send back to the force's number, as GOV.UK Notify receives them.

The portal gets each by a callback, and may ask for the list. Source: GOV.UK
Notify's published API code, github.com/alphagov/notifications-api (app/v2/inbound_sms).
"""

from collections.abc import Callable
from datetime import datetime
from itertools import dropwhile, islice

from reference.contract.messages import ReceivedText
from simulator.neighbours.gateway.notify_time import notify_time

PAGE_TEXTS = 250
#: The number that victims reply to: a drama number that no synthetic person has.
OUR_NUMBER = "447700900111"


class ReceivedTexts:
    """All texts sent back in one run; the gateway gives them their ids."""

    def __init__(self, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._now = now
        self._new_id = new_id
        self._kept: list[ReceivedText] = []

    def take(self, number: str, words: str) -> ReceivedText:
        """Receive a text from a number in its national form (07…); return the callback's body."""
        text = ReceivedText(
            id=self._new_id(),
            source_number=f"44{number[1:]}" if number.startswith("0") else number.lstrip("+"),
            destination_number=OUR_NUMBER,
            message=words,
            date_received=notify_time(self._now()),
        )
        self.keep(text)
        return text

    def keep(self, text: ReceivedText) -> None:
        """Keep a text that was received, to be listed."""
        self._kept.append(text)

    def page(self, *, older_than: str = "") -> list[ReceivedText]:
        """List up to PAGE_TEXTS texts, newest first, or only those older than one of them."""
        newest_first = reversed(self._kept)
        if not older_than:
            return list(islice(newest_first, PAGE_TEXTS))
        from_there = dropwhile(lambda each: each.id != older_than, newest_first)
        return list(islice(from_there, 1, PAGE_TEXTS + 1))
