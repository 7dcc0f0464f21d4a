"""Texts that victims send back: STOP ends a channel. Each may be answered once, soon after it.

The first word counts, as the contract has it: "Stop texting me" is STOP.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.events import Channel
from simulator.evidence.records import ContactChosen, MessageAccepted, TextReceived
from simulator.judge.facts.duties import Owing
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.owed_tasks import OwedTask, Tasks
from simulator.judge.facts.preferences import CHANNELS, is_stop, may_be_stop


@dataclass
class ReceivedTexts:
    """Takes what victims texted or chose, and knows the portal's answers to it."""

    owing: Owing
    tasks: Tasks
    _unanswered: dict[str, list[datetime]] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)

    def received(self, record: TextReceived) -> None:
        """Take a text: it counts for everybody who is written down at its number."""
        choices = self.owing.choices
        self._unanswered.setdefault(record.number, []).append(record.at)
        self._ids.add(record.message_id)
        if not is_stop(record.words):
            if may_be_stop(record.words):
                choices.doubt(record.number)
                for person_id in self._people_at(record.number):
                    self.owing.ledger.excuse(person_id, "text")
            return
        people = self._people_at(record.number)
        ending = [each for each in people if self._hears_by(each, "text", record.number)]
        choices.stop(record.number)
        for person_id in people:
            self.owing.journeys.advice.disturb(person_id)
            self.owing.ledger.close_channel(person_id, "text")
        self._owe_tasks(ending, record)

    def chosen(self, record: ContactChosen) -> None:
        """Take a choice made on the portal."""
        ended = [each for each in CHANNELS if each not in record.channels]
        hears = [each for each in ended if self._hears_by(record.person_id, each)]
        numbers = {
            reading.address
            for victim in self.owing.cases.victims_of(record.person_id)
            for reading in self.owing.choices.readings(victim)
        }
        self.owing.journeys.advice.disturb(record.person_id)
        self.owing.choices.choose(record.person_id, record.channels, numbers)
        for channel in ended:
            self.owing.ledger.close_channel(record.person_id, channel)
        for reference in self.owing.cases.crimes_of(record.person_id):
            self.owing.journeys.on_news(record.person_id, reference, record.at)
        self._owe_tasks([record.person_id] if hears else [], record)

    def is_one(self, message: MessageAccepted) -> bool:
        """Say whether a message answers a text that was sent back, and take it as the answer."""
        cases, reference = self.owing.cases, message.reference
        is_news = reference in cases.crime_of_event or reference in cases.crimes
        if message.channel != "text" or is_news or message.carries == "invitation":
            return False
        if reference not in self._ids and self._may_be_news(message):
            return False
        soon = timedelta(minutes=self.owing.order.messages.minutes_max)
        waiting = self._unanswered.get(message.to, [])
        recent = [at for at in waiting if at + soon >= message.at]
        self._unanswered[message.to] = recent[1:]
        return bool(recent)

    def _may_be_news(self, message: MessageAccepted) -> bool:
        """Say whether a message that names nothing may as well be one that is owed."""
        return any(
            self.owing.ledger.open_for(person_id, "text")
            for person_id in self._people_at(message.to)
        )

    def _people_at(self, number: str) -> list[str]:
        written = self.owing.directory.written_for(number)
        return sorted(each for each in written if self._stands_at(each, number))

    def _stands_at(self, person_id: str, number: str) -> bool:
        return any(
            reading.address == number
            for victim in self.owing.cases.victims_of(person_id)
            for reading in self.owing.choices.readings(victim)
        )

    def _hears_by(self, person_id: str, channel: Channel, address: str = "") -> bool:
        """Say whether somebody still hears of a live crime by a channel."""
        return any(
            reading.channel == channel and address in ("", reading.address)
            for victim in self._live(person_id)
            for reading in self.owing.usable(victim)
        )

    def _live(self, person_id: str) -> list[KnownVictim]:
        cases = self.owing.cases
        crimes = [cases.crimes[each] for each in cases.crimes_of(person_id)]
        return [
            crime.victims[person_id]
            for crime in crimes
            if not crime.is_over and not crime.victims[person_id].exclusion
        ]

    def _owe_tasks(self, people: Iterable[str], record: TextReceived | ContactChosen) -> None:
        for person_id in people:
            self.tasks.owe(
                OwedTask(
                    kind="contact_ended",
                    person_id=person_id,
                    crime_reference="",
                    begun_at=record.at,
                    requirement="CONT-02",
                    expected="an officer is told that the victim ended a channel",
                )
            )
