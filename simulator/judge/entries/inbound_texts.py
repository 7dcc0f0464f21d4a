"""Texts that victims send back, and channels they choose: STOP ends a channel.

The first word counts, as the contract has it: "Stop texting me" is STOP. The portal may answer
each text once, soon after it, and not again that day where the victim repeats the same words. It
may confirm a choice once on each channel that was chosen, unless the victim makes the same choice
again that day.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reference.contract.events import Channel
from simulator.clock import LONDON
from simulator.evidence.records import ContactChosen, MessageAccepted, TextReceived
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.contact_fields import addresses_in
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.owed_tasks import OwedTask
from simulator.judge.facts.preferences import CHANNELS, is_stop, may_be_stop

_A_DAY = timedelta(days=1)


@dataclass
class InboundTexts:
    """Takes what victims texted or chose, and knows the portal's answers to it."""

    book: CaseBook
    _unanswered: dict[str, list[datetime]] = field(default_factory=dict)
    _first_alike: dict[str, TextReceived] = field(default_factory=dict)
    _answered_at: dict[str, datetime] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)
    _unconfirmed: dict[tuple[str, Channel], datetime] = field(default_factory=dict)
    _confirmable: dict[str, ContactChosen] = field(default_factory=dict)

    def received(self, record: TextReceived) -> None:
        """Take a text: it counts for everybody who is recorded at its number, and for nobody else.

        If the number is in no record where it would be used now, it may count or not.
        """
        book, preferences = self.book, self.book.reachability.preferences
        people = book.reachability.people_at(record.number)
        if not self._repeats_an_answered_one(record):
            self._unanswered.setdefault(record.number, []).append(record.at)
        self._ids.add(record.message_id)
        if not (people and is_stop(record.words)):
            written = book.reachability.address_book.written_for(record.number)
            early = book.register.early_people.get(record.number, set())
            if (written or early) and may_be_stop(record.words):
                preferences.doubt(record.number, {*people, *early})
                for person_id in people:
                    book.ledger.excuse(person_id, "text")
            return
        ending = [each for each in people if self._is_told_by(each, "text", record.number)]
        is_disowned = book.reachability.doubtful.is_disowned(record.number)
        preferences.stop(record.number, people, is_disowned=is_disowned)
        for person_id in people:
            book.history.disturb(person_id, record.at)
            book.ledger.close_channel(person_id, "text")
            self._confirmable.pop(person_id, None)
            self._let_end_for_merged(person_id, {*people}, record.at)
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
        # They may have asked the force for no texts, and want them now.
        numbers |= {n for e in book.register.victims_of(person_id) for n in addresses_in(e.record)}
        for reference in book.register.crimes_of(person_id):
            # Until now they could be told as they had chosen before.
            book.history.heard(person_id, reference, record.at)
        book.history.disturb(person_id, record.at)
        for each in book.register.persons.read_by(person_id):
            # Where another record was merged into theirs, they choose for both.
            book.reachability.preferences.choose(each, record.channels, numbers)
        book.ledger.let_more_channels_tell(person_id, record.channels, record.at, first_words=True)
        for reference in book.register.crimes_of(person_id):
            # They may have ended every channel before a first word went, and want messages again.
            if not book.register.crimes[reference].victims[person_id].exclusion:
                about = (person_id, reference, record.channels, record.at)
                book.ledger.let_first_word_wait(*about)
        for channel in ended:
            book.ledger.close_channel(person_id, channel)
        for other in book.register.records_of(person_id) - {person_id}:
            # A portal may take two records for one person's, who chose for both.
            book.reachability.preferences.may_hold_for(other, ended, record.channels)
            book.ledger.let_more_channels_tell(other, record.channels, record.at)
            book.history.disturb(other, record.at)
            for channel in ended:
                book.ledger.excuse(other, channel)
        self._let_confirm(record, ended)
        self._owe_tasks([person_id] if is_told else [], record)

    def _let_end_for_merged(self, person_id: str, people: set[str], at: datetime) -> None:
        """Let STOP hold, or not, for records whose merger with a person's is not in effect yet."""
        book = self.book
        for other in book.register.persons.group(person_id) - people:
            if book.register.persons.of(person_id) or book.register.persons.of(other):
                continue
            book.reachability.preferences.may_end(other, "text")
            book.history.disturb(other, at)
            book.ledger.excuse(other, "text")

    def takes_answer(self, message: MessageAccepted) -> bool:
        """Take a message as the answer to a text; return False when it is none."""
        if self._names_news(message) or self._may_be_news(message):
            return False
        return self._answers_text(message)

    def takes_confirmation(self, message: MessageAccepted) -> str:
        """Take a message as one that confirms a choice; return whose choice ("" for nobody's)."""
        if self._names_news(message) or self._may_be_news(message):
            return ""
        return self._confirms_choice(message)

    def may_be_answer(self, message: MessageAccepted) -> bool:
        """Say whether news that names nothing may be an answer or a confirmation as well.

        Only one message may be, for each text or choice.
        """
        if self._names_news(message) or not self._may_be_news(message):
            return False
        return self._answers_text(message) or bool(self._confirms_choice(message))

    def _answers_text(self, message: MessageAccepted) -> bool:
        """Use up the oldest text that a message may answer; return False when there is none."""
        if message.channel != "text":
            return False
        waiting = self._unanswered.get(message.to, [])
        recent = [at for at in waiting if at + self._soon >= message.at]
        self._unanswered[message.to] = recent[1:]
        if recent:
            self._answered_at[message.to] = message.at
        return bool(recent)

    def _repeats_an_answered_one(self, record: TextReceived) -> bool:
        """Say whether a text says the same as one that was answered that day.

        It is the same day in London and in UTC.
        """
        first = self._first_alike.get(record.number)
        is_alike = (
            first is not None
            and first.words.strip() == record.words.strip()
            and first.at.date() == record.at.date()
            and first.at.astimezone(LONDON).date() == record.at.astimezone(LONDON).date()
        )
        if first is None or not is_alike:
            self._first_alike[record.number] = record
            return False
        answered_at = self._answered_at.get(record.number)
        return answered_at is not None and answered_at >= first.at

    def _confirms_choice(self, message: MessageAccepted) -> str:
        """Use up a choice that a message may confirm; return whose it was ("" for nobody's)."""
        for person_id in self.book.reachability.people_at(message.to):
            chosen_at = self._unconfirmed.get((person_id, message.channel))
            victims = self.book.register.victims_of(person_id)
            is_told = any(not each.exclusion for each in victims)
            if chosen_at is not None and is_told and message.at <= chosen_at + self._soon:
                del self._unconfirmed[person_id, message.channel]
                return person_id
        return ""

    def _let_confirm(self, record: ContactChosen, ended: Iterable[Channel]) -> None:
        for channel in ended:
            self._unconfirmed.pop((record.person_id, channel), None)
        before = self._confirmable.get(record.person_id)
        is_repeated = before is not None and set(before.channels) == set(record.channels)
        if before is not None and is_repeated and record.at < before.at + _A_DAY:
            return
        self._confirmable[record.person_id] = record
        for channel in record.channels:
            self._unconfirmed[record.person_id, channel] = record.at

    @property
    def _soon(self) -> timedelta:
        return timedelta(minutes=self.book.order.messages.minutes_max)

    def _names_news(self, message: MessageAccepted) -> bool:
        register, reference = self.book.register, message.reference
        is_named = reference in register.crime_of_event or reference in register.crimes
        return is_named or message.carries == "invitation"

    def _may_be_news(self, message: MessageAccepted) -> bool:
        """Say whether a message that carries no link may just as well be news that is owed.

        News from a portal that correlates names an event.
        """
        if self.book.correlates or message.reference in self._ids:
            return False
        return any(
            obligation.announces != "invitation"
            for person_id in self.book.reachability.people_at(message.to)
            for each in self.book.register.persons.whole(person_id)
            for obligation in self.book.ledger.open_for(each, message.channel)
        )

    def _is_told_by(self, person_id: str, channel: Channel, address: str = "") -> bool:
        return any(
            reading.channel == channel and address in ("", reading.address)
            for victim in self._open(person_id)
            for reading in self.book.reachability.usable(victim)
        )

    def _open(self, person_id: str) -> list[KnownVictim]:
        theirs = self.book.register.crimes_with(person_id)
        return [victim for crime, victim in theirs if not crime.is_over and not victim.exclusion]

    def _owe_tasks(self, people: Iterable[str], record: TextReceived | ContactChosen) -> None:
        of_this_moment = {e.person_id for e in self._told_of_ends() if e.begun_at == record.at}
        # One task tells of all that a victim ends at one moment.
        for person_id in sorted(set(people) - of_this_moment):
            expected = "an officer is told that the victim ended a channel"
            task = OwedTask("contact_ended", person_id, "CONT-02", expected, record.at)
            self.book.tasks.owe(task)

    def _told_of_ends(self) -> list[OwedTask]:
        return [each for each in self.book.tasks.owed if each.kind == "contact_ended"]
