"""How far each victim trusts the portal's messages.

Trust is a number from 0 to 1. It falls with what a victim has reason to mind, and rises with news
that comes on time and with questions that are answered. A victim with low trust follows no link,
and may ring to ask whether a message is genuine. All of its numbers are assumed.

A rehearsal and a plan's model both use it, so their victims trust alike.
"""

from collections.abc import Hashable
from typing import NamedTuple

from simulator.files.checked_toml import Amount, Share, Strict
from simulator.streams import Occasions

#: Why trust falls, each with its own amount.
UNKNOWN, WRONG, LATE, TOO_MANY, SILENCE = (
    "an unknown sender",
    "the same again, or out of order",
    "news or an answer came late",
    "too many messages",
    "nothing for long",
)
REASONS = (UNKNOWN, WRONG, LATE, TOO_MANY, SILENCE)

#: The same news again within this is told twice. Later it is an automatic message that names the
#: last news, such as advice.
_TWICE_SECONDS = 3600


class TrustParameters(Strict, frozen=True, kw_only=True):
    """Where trust begins, what moves it, and what a victim with little of it does.

    It begins evenly spread over `starts_mean`, up to `starts_spread` more or less. News is late
    after `late_hours`, an answer after `answered_late_hours` from when it was asked for. Below
    `low` a victim follows no link, and `rings` of the messages make them ring, and the call
    makes them trust the messages `reassured` more.
    """

    starts_mean: Share
    starts_spread: Share
    unknown_sender: Share
    wrong: Share
    late: Share
    late_hours: Amount
    answered_late_hours: Amount
    too_many: Share
    silence: Share
    on_time: Share
    answered: Share
    reassured: Share
    low: Share
    rings: Share

    def fall(self, reason: str) -> float:
        """Give how much trust one thing of this sort costs."""
        amounts = (self.unknown_sender, self.wrong, self.late, self.too_many, self.silence)
        return amounts[REASONS.index(reason)].value


class Trust:
    """The trust of all victims of one portal, by row. `draws` are by victim and purpose.

    An event is news at the seconds at which the force recorded it; an answer is as old as its
    question. `event` is whatever names the event for the portal that is followed.
    """

    def __init__(self, parameters: TrustParameters, draws: Occasions) -> None:
        self._parameters = parameters
        self._draws = draws
        # Looked at for each message: read once.
        self._low = parameters.low.value
        self._late_seconds = parameters.late_hours.value * 3600
        self._answered_late_seconds = parameters.answered_late_hours.value * 3600
        self._level: dict[int, float] = {}
        self._news: dict[Hashable, _News] = {}
        self._waiting: dict[int, list[int]] = {}
        self._known: dict[int, set[str]] = {}
        self._told_of: dict[int, int] = {}
        self._told_at: dict[tuple[int, str], dict[Hashable, int]] = {}

    def note_news(self, crime: int, event: Hashable, now: int, *, is_answer: bool) -> None:
        """Note that an event is news about a crime, or the answer to its oldest question."""
        waiting = self._waiting.get(crime)
        since = waiting.pop(0) if is_answer and waiting else now
        self._news[event] = _News(len(self._news), since, is_answer)

    def note_question(self, crime: int, now: int) -> None:
        """Note that a question about a crime waits for an answer."""
        self._waiting.setdefault(crime, []).append(now)

    def level(self, row: int) -> float:
        """Give a victim's trust."""
        found = self._level.get(row)
        if found is None:
            drawn = 2 * self._draws.uniform(row, "trusts") - 1
            first = self._parameters.starts_mean.value
            first += drawn * self._parameters.starts_spread.value
            self._level[row] = found = min(max(first, 0.0), 1.0)
        return found

    def is_low(self, row: int) -> bool:
        """Say whether a victim trusts the messages too little to follow a link."""
        return self.level(row) < self._low

    def chance_of_call(self, row: int) -> float:
        """Give the chance that a message makes a victim ask by telephone whether it is genuine."""
        return self._parameters.rings.value if self.is_low(row) else 0.0

    def hear_that_it_is_genuine(self, row: int) -> None:
        """Let a victim who rang with low trust trust the messages more."""
        if self.is_low(row):
            self._rise(row, self._parameters.reassured.value)

    def see(self, row: int, event: Hashable, sender: str, now: int, *, is_too_many: bool) -> bool:
        """Let a victim see a message about an event, or about none.

        Says whether they trust it enough to follow its link.
        """
        known = self._known.get(row)
        if known is None:
            self._known[row] = known = set()
        if sender not in known:
            self._fall(row, UNKNOWN)
            known.add(sender)
        if is_too_many:
            self._fall(row, TOO_MANY)
        news = self._news.get(event)
        if news is not None:
            told_at = self._told_at.get((row, sender))
            if told_at is None:
                self._told_at[row, sender] = told_at = {}
            before = told_at.get(event)
            if before is None:
                self._hear(row, news, now)
                told_at[event] = now
            elif now - before < _TWICE_SECONDS:
                self._fall(row, WRONG)
        return self.level(row) >= self._low

    def _hear(self, row: int, news: "_News", now: int) -> None:
        """Let a victim hear of news for the first time from a sender."""
        place, since, is_answer = news
        latest = self._told_of.get(row, place)
        if place >= latest:
            self._told_of[row] = place
        else:
            self._fall(row, WRONG)
        if now - since > (self._answered_late_seconds if is_answer else self._late_seconds):
            self._fall(row, LATE)
        else:
            parameters = self._parameters
            self._rise(row, (parameters.answered if is_answer else parameters.on_time).value)

    def _rise(self, row: int, by: float) -> None:
        self._level[row] = min(self.level(row) + by, 1.0)

    def wait_in_vain(self, row: int) -> None:
        """Let a victim who was told something before hear nothing for long."""
        if row in self._known:
            self._fall(row, SILENCE)

    def _fall(self, row: int, reason: str) -> None:
        self._level[row] = max(self.level(row) - self._parameters.fall(reason), 0.0)


class _News(NamedTuple):
    """An event's place among all news of the run, and since when it is news."""

    place: int
    since: int
    is_answer: bool
