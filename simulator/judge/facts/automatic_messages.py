"""Phase 2: which messages may come without any news, and when.

Advice once, where the order has some for the offence; and "still with us" after the days that were
agreed without news, while the case is open.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from simulator.evidence.records import MessageAccepted
from simulator.inputs.order import Order
from simulator.judge.facts.address_book import Meant
from simulator.judge.facts.crime_register import Cases
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.rules.crime_advice import Advice

_TOLERANCE = timedelta(days=1)


class Journeys:
    """When each victim of each crime last had news, by channel; `advice` is owed, not only let."""

    def __init__(self, order: Order, cases: Cases, advice: Advice) -> None:
        self._order = order
        self._cases = cases
        self.advice = advice
        self._news_at: dict[tuple[str, str], datetime] = {}
        self.on_news: Callable[[str, str, datetime], None] = lambda *_news: None
        self._sent_at: dict[tuple[str, str, str], datetime] = {}
        self._advised: set[tuple[str, str, str]] = set()

    def news(self, person_id: str, crime_reference: str, at: datetime) -> None:
        """Note that there was news of a crime for a victim."""
        self.on_news(person_id, crime_reference, at)
        self._news_at[person_id, crime_reference] = at

    def may_send(self, meant: Meant, message: MessageAccepted) -> bool:
        """Say whether a message without news is due, and take it as sent if it is."""
        if meant.event_id:
            if self._may_send(meant.person_id, meant.crime_reference, message):
                return True
            if not self._cases.is_of_a_person(meant.event_id):
                return False
        return any(
            self._may_send(meant.person_id, each, message)
            for each in self._cases.crimes_of(meant.person_id)
        )

    def moved(self, person_id: str, crime_reference: str, channel: str) -> None:
        """Let advice go once more: what went by this channel went to where nobody lives."""
        self._advised.discard((person_id, crime_reference, channel))

    def _may_send(self, person_id: str, crime_reference: str, message: MessageAccepted) -> bool:
        crime = self._cases.crimes.get(crime_reference)
        if crime is None or crime.is_over or self._order.phase_at(message.at) < 2:
            return False
        key = (person_id, crime_reference, message.channel)
        if self._still_with_us(key, crime, message.at):
            self._sent_at[key] = message.at
            return True
        if key not in self._advised and self._advice_is_due(crime, message.at):
            self._advised.add(key)
            return True
        return False

    def _still_with_us(self, key: tuple[str, str, str], crime: KnownCrime, at: datetime) -> bool:
        person_id, crime_reference, _channel = key
        recorded_at = crime.recorded.recorded_at
        news_at = self._news_at.get((person_id, crime_reference), recorded_at)
        last = max(news_at, self._sent_at.get(key, recorded_at))
        agreed = crime.victims[person_id].record.update_frequency_days
        days = agreed or self._order.journey.still_with_us_days
        return at - last >= timedelta(days=days) - _TOLERANCE

    def _advice_is_due(self, crime: KnownCrime, at: datetime) -> bool:
        journey = self._order.journey
        due_at = crime.recorded.recorded_at + timedelta(days=journey.advice_after_days)
        return crime.recorded.offence_subgroup in journey.advice_for and at >= due_at
