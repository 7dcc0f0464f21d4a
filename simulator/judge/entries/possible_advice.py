"""Which crimes each accepted message told of, and whether it may have been the advice on them."""

from dataclasses import dataclass
from datetime import datetime

from simulator.evidence.records import MessageAccepted
from simulator.judge.case_book import CaseBook
from simulator.judge.entries.news_matching import Answer
from simulator.judge.facts.sent_message import Meant


@dataclass
class PossibleAdvice:
    """Writes in the book's history what each message may have been besides what it answers."""

    book: CaseBook

    def took(self, meant: Meant, answer: Answer, message: MessageAccepted) -> None:
        """Take one message, whose reader and whose answer are known."""
        self._note_told(meant, answer, message)
        self._note_advice_that_waited(meant, answer, message)

    def _note_told(self, meant: Meant, answer: Answer, message: MessageAccepted) -> None:
        """Write down that a victim heard of every crime a message may be about.

        "Still with us" names the last event the victim was told of, and may be about all crimes of
        theirs that one force has, or about all if the event is of the person or may have opened
        them. What names news that another message has told by then may be the advice, which has no
        link.
        """
        kind, at = answer.kind, message.at
        register = self.book.register
        # A record's message goes to the one whose it is by now, who hears of all their crimes.
        whole = sorted(register.persons.whole(meant.person_id))
        own = [(each, crime) for each in whole for crime in register.crimes_of(each)]
        tells_nothing_new = kind == "update" and not (answer.told or message.carries)
        may_be_advice = kind == "journey" or not meant.event_id or tells_nothing_new
        is_of_all = register.recorded.is_of_a_person(meant.event_id)
        if kind == "journey":
            # By its event they were invited to several of their crimes at once.
            is_of_all |= register.recorded.may_open_others(meant.event_id)
            is_of_all |= register.recorded.may_bring_details(meant.event_id, meant.person_id)
        named_one = (meant.person_id, meant.crime_reference)
        about = [named_one] if meant.event_id and not is_of_all else own
        goes_on = (meant.person_id, register.current(meant.crime_reference))
        # Named by an event under the old reference, and word of the crime that goes on.
        self.book.history.heard(*goes_on, at)
        if kind == "journey" and goes_on[1] in register.crimes and goes_on not in about:
            about = [*about, goes_on]
        named = register.crimes.get(meant.crime_reference)
        if kind == "journey" and named is not None and named.unmerged_at is not None:
            # Of two crimes that were one for a time it may be about either.
            about = own
        for person_id, crime in about:
            self.book.history.told(person_id, crime, at, may_be_advice=may_be_advice)
        if kind != "journey" or named is None:
            return
        history = self.book.history
        for person_id, crime in own:
            force = register.crimes[crime].recorded.force
            if not (is_of_all or force == named.recorded.force):
                continue
            history.heard(person_id, crime, at)
            if (person_id, crime) in history.first_told:
                # It may also be the advice on this crime, where that is due on the same day.
                history.told(person_id, crime, at, may_be_advice=False)

    def _note_advice_that_waited(
        self, meant: Meant, answer: Answer, message: MessageAccepted
    ) -> None:
        """Write down the advice that waited for room in the week, which may have gone by this.

        One message may be the advice on several crimes of one force. What names news may be advice
        if the message before it may have told that news.
        """
        register, history, at = self.book.register, self.book.history, message.at
        named = register.crimes.get(meant.crime_reference)
        sent = self.book.messages.sent_to(meant.person_id, message.channel)
        before = [each.at for each in sent if each.kind == "update"]
        may_be_old = answer.kind == "update" and bool(before) and not message.carries
        is_old = may_be_old and all(each.received_at < max(before) for each in answer.told)
        if named is None or not (answer.kind == "journey" or is_old):
            return
        for person_id in register.persons.whole(meant.person_id):
            for crime in register.crimes_of(person_id):
                is_of_force = register.crimes[crime].recorded.force == named.recorded.force
                of = (person_id, crime)
                if is_of_force and of in history.first_told and self._waited_for_room(*of, at):
                    history.advise(of, at)

    def _waited_for_room(self, person_id: str, crime_reference: str, at: datetime) -> bool:
        """Say whether the weekly limit held back advice on a crime until the day of a message."""
        book = self.book
        crime = book.register.crimes[crime_reference]
        due_at = book.history.advice_due_at(crime)
        if book.ledger.week.has_room(person_id, due_at, ()) <= due_at:
            return False
        until = book.history.advice_allowed_until(person_id, crime)
        return until is None or at <= until
