"""Phase 2: which messages may come without any news, and when.

Advice may come once, where the order has some for the offence. "Still with us" may come after the
agreed days without news, while the case is open.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from simulator.evidence.records import MessageAccepted
from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import CrimeRegister
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.news_history import NewsHistory
from simulator.judge.facts.sent_message import Meant

_TOLERANCE = timedelta(days=1)
#: A person, a crime and a channel.
_Key = tuple[str, str, str]


@dataclass
class AutomaticMessages:
    """What came without news on each channel."""

    order: Order
    register: CrimeRegister
    history: NewsHistory
    _sent_at: dict[_Key, datetime] = field(default_factory=dict)
    _advised: set[_Key] = field(default_factory=set)

    def take(self, meant: Meant, message: MessageAccepted) -> bool:
        """Take a message as one that comes without news; return False when none is due."""
        if meant.event_id:
            if self._take(meant.person_id, meant.crime_reference, message):
                return True
            if not self.register.is_of_a_person(meant.event_id):
                return False
        return any(
            self._take(meant.person_id, each, message)
            for each in self.register.crimes_of(meant.person_id)
        )

    def is_due(self, person_id: str, message: MessageAccepted) -> bool:
        """Say whether a message without news is due to a person by this channel."""
        return any(
            self._kind_due(person_id, each, message) for each in self.register.crimes_of(person_id)
        )

    def moved(self, person_id: str, crime_reference: str, channel: str) -> None:
        """Let advice go once more: the victim has another address for this channel."""
        self._advised.discard((person_id, crime_reference, channel))

    def _take(self, person_id: str, crime_reference: str, message: MessageAccepted) -> bool:
        kind = self._kind_due(person_id, crime_reference, message)
        key = (person_id, crime_reference, message.channel)
        if kind == "still with us":
            self._sent_at[key] = message.at
        elif kind == "advice":
            self._advised.add(key)
        return bool(kind)

    def _kind_due(
        self, person_id: str, crime_reference: str, message: MessageAccepted
    ) -> Literal["still with us", "advice", ""]:
        crime = self.register.crimes.get(crime_reference)
        if crime is None or crime.is_over or self.order.phase_at(message.at) < 2:
            return ""
        key = (person_id, crime_reference, message.channel)
        if self._still_with_us(key, crime, message.at):
            return "still with us"
        is_advice = key not in self._advised and self._advice_is_due(crime, message.at)
        return "advice" if is_advice else ""

    def _still_with_us(self, key: _Key, crime: KnownCrime, at: datetime) -> bool:
        person_id, crime_reference, _channel = key
        recorded_at = crime.recorded.recorded_at
        news_at = self.history.news_at.get((person_id, crime_reference), recorded_at)
        last = max(news_at, self._sent_at.get(key, recorded_at))
        agreed = crime.victims[person_id].record.update_frequency_days
        days = agreed or self.order.journey.still_with_us_days
        return at - last >= timedelta(days=days) - _TOLERANCE

    def _advice_is_due(self, crime: KnownCrime, at: datetime) -> bool:
        is_for = crime.recorded.offence_subgroup in self.order.journey.advice_for
        return is_for and at >= self.history.advice_due_at(crime)
