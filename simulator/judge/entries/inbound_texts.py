"""Texts that victims send back, and channels they choose: STOP ends a channel.

The first word counts, as the contract has it: "Stop texting me" is STOP. The portal may answer
each text once, soon after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.events import Channel
from simulator.evidence.records import ContactChosen, MessageAccepted, TextReceived
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.owed_tasks import OwedTask
from simulator.judge.facts.preferences import CHANNELS, is_stop, may_be_stop


@dataclass
class InboundTexts:
    """Takes what victims texted or chose, and knows the portal's answers to it."""

    book: CaseBook
    _unanswered: dict[str, list[datetime]] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)

    def received(self, record: TextReceived) -> None:
        """Take a text: it counts for everybody who is recorded at its number, and for nobody else.

        If the number is in no record where it would be used now, it may count or not.
        """
        book, preferences = self.book, self.book.reachability.preferences
        people = book.reachability.people_at(record.number)
        self._unanswered.setdefault(record.number, []).append(record.at)
        self._ids.add(record.message_id)
        if not (people and is_stop(record.words)):
            is_known = book.reachability.address_book.written_for(record.number)
            if is_known and may_be_stop(record.words):
                preferences.doubt(record.number)
                for person_id in people:
                    book.ledger.excuse(person_id, "text")
            return
        ending = [each for each in people if self._is_told_by(each, "text", record.number)]
        preferences.stop(record.number)
        for person_id in people:
            book.history.disturb(person_id)
            book.ledger.close_channel(person_id, "text")
        self._owe_tasks(ending, record)

    def chosen(self, record: ContactChosen) -> None:
        """Take a choice made on the portal."""
        book, person_id = self.book, record.person_id
        ended = [each for each in CHANNELS if each not in record.channels]
        is_told = any(self._is_told_by(person_id, each) for each in ended)
        numbers = {
            reading.address
            for victim in book.register.victims_of(person_id)
            for reading in book.reachability.readings(victim)
        }
        book.history.disturb(person_id)
        book.reachability.preferences.choose(person_id, record.channels, numbers)
        for channel in ended:
            book.ledger.close_channel(person_id, channel)
        for reference in book.register.crimes_of(person_id):
            book.history.heard(person_id, reference, record.at)
        self._owe_tasks([person_id] if is_told else [], record)

    def takes_answer(self, message: MessageAccepted) -> bool:
        """Take a message as the answer to a text; return False when it is none."""
        register, reference = self.book.register, message.reference
        is_news = reference in register.crime_of_event or reference in register.crimes
        if message.channel != "text" or is_news or message.carries == "invitation":
            return False
        if reference not in self._ids and self._may_be_news(message):
            return False
        soon = timedelta(minutes=self.book.order.messages.minutes_max)
        waiting = self._unanswered.get(message.to, [])
        recent = [at for at in waiting if at + soon >= message.at]
        self._unanswered[message.to] = recent[1:]
        return bool(recent)

    def _may_be_news(self, message: MessageAccepted) -> bool:
        """Say whether a message that carries no link may just as well be news that is owed.

        News from a portal that correlates names an event.
        """
        if self.book.correlates and not message.reference:
            return False
        return any(
            obligation.announces != "invitation"
            for person_id in self.book.reachability.people_at(message.to)
            for obligation in self.book.ledger.open_for(person_id, "text")
        )

    def _is_told_by(self, person_id: str, channel: Channel, address: str = "") -> bool:
        """Say whether a person is still told of an open crime by a channel."""
        return any(
            reading.channel == channel and address in ("", reading.address)
            for victim in self._open(person_id)
            for reading in self.book.reachability.usable(victim)
        )

    def _open(self, person_id: str) -> list[KnownVictim]:
        register = self.book.register
        crimes = [register.crimes[each] for each in register.crimes_of(person_id)]
        return [
            crime.victims[person_id]
            for crime in crimes
            if not crime.is_over and not crime.victims[person_id].exclusion
        ]

    def _owe_tasks(self, people: Iterable[str], record: TextReceived | ContactChosen) -> None:
        for person_id in people:
            self.book.tasks.owe(
                OwedTask(
                    kind="contact_ended",
                    person_id=person_id,
                    crime_reference="",
                    begun_at=record.at,
                    requirement="CONT-02",
                    expected="an officer is told that the victim ended a channel",
                )
            )
