"""Reads the evidence into the case book, record by record; skips what proves nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reference.contract.events import IncidentReported, OfficerReplied
from simulator.evidence.records import (
    AddressGivenUp,
    ChangesSeenAsOne,
    ContactChosen,
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    EventDelivered,
    EventRecorded,
    GatewayCameBack,
    GatewayWentDown,
    InternalNoteWritten,
    LinkVisited,
    MessageAccepted,
    MessageReached,
    MessageRefused,
    NotForMeSaid,
    PersonKnown,
    PhaseEntered,
    QuestionAsked,
    ReceiptSent,
    Record,
    Seen,
    SignedIn,
    SigningIn,
    SignInTried,
    Stamped,
    TaskRaised,
    TextReceived,
    VictimRefused,
    WithdrawalAsked,
)
from simulator.judge.case_book import CaseBook
from simulator.judge.entries.accepted_messages import AcceptedMessages
from simulator.judge.entries.case_events import CaseEvents
from simulator.judge.entries.disowned_addresses import DisownedAddresses
from simulator.judge.entries.duties import Duties
from simulator.judge.entries.inbound_texts import InboundTexts
from simulator.judge.entries.rights_checks import RightsChecks
from simulator.judge.facts.crime_register import Received
from simulator.judge.facts.owed_tasks import OwedTask

_ACCEPTED = 202


@dataclass
class EvidenceReader:
    """Writes each record in the book, by its type."""

    book: CaseBook
    _duties: Duties = field(init=False)
    _events: CaseEvents = field(init=False)
    _rights: RightsChecks = field(init=False)
    _write: dict[type, Callable[[Any], None]] = field(init=False)

    def __post_init__(self) -> None:
        book, self._duties = self.book, Duties(self.book)
        self._events = CaseEvents(book, self._duties)
        self._rights = RightsChecks(book)
        self._texts = texts = InboundTexts(book)
        self._disowned_addresses = DisownedAddresses(book, self._duties)
        self._write = {
            PhaseEntered: book.phases.entered,
            PersonKnown: book.reachability.address_book.meet,
            AddressGivenUp: book.reachability.address_book.give_up,
            EventRecorded: self._recorded,
            EventDelivered: self._delivered,
            ChangesSeenAsOne: self._seen_as_one,
            MessageAccepted: AcceptedMessages(book, texts).accepted,
            ReceiptSent: self._receipt,
            SigningIn: book.codes.begun,
            MessageReached: book.codes.reached,
            SignedIn: self._signed_in,
            VictimRefused: self._refused,
            SignInTried: self._tried,
            LinkVisited: book.links.was_visited,
            Seen: book.page_views.shown,
            InternalNoteWritten: book.notes.write,
            CrimeSystemWentDown: book.crime_system_outages.went_down,
            CrimeSystemCameBack: book.crime_system_outages.came_back,
            GatewayWentDown: book.ledger.outages.went_down,
            GatewayCameBack: book.ledger.outages.came_back,
            MessageRefused: book.ledger.outages.refused,
            TextReceived: self._texted,
            NotForMeSaid: self._disowned_addresses.said,
            ContactChosen: self._chosen,
            WithdrawalAsked: book.withdrawals.asked,
            QuestionAsked: book.questions.asked,
            Stamped: book.questions.stamped,
            TaskRaised: self._task,
        }

    def read(self, record: Record) -> None:
        """Write one record in the book."""
        self._events.exclusions.reconsider(record.at)
        write = self._write.get(type(record))
        if write is not None:
            write(record)

    def pass_by(self, record: Record) -> None:
        """Take what a record about nobody in this book says all the same: its time, its officer."""
        self._events.exclusions.reconsider(record.at)
        if isinstance(record, EventRecorded):
            self.book.officers.hear_of(record)

    def end(self, at: datetime) -> None:
        """Draw what follows from the time that passed until the end of the run."""
        self._events.exclusions.reconsider(at)

    def _texted(self, record: TextReceived) -> None:
        self._texts.received(record)
        self._disowned_addresses.texted(record)

    def _recorded(self, record: EventRecorded) -> None:
        self.book.register.record(record)
        self.book.officers.record(record)
        self.book.deliveries.record(record)

    def _delivered(self, record: EventDelivered) -> None:
        register = self.book.register
        self.book.deliveries.deliver(record)
        if record.status == _ACCEPTED:
            for received in register.receive(record.event_id, record.at):
                self._received(received)
                self.book.incidents.let_go_of_forbidden(received.received_at)
            # Details of a person without a crime are no step of one, and were written down.
            self.book.incidents.let_go_of_forbidden(record.at)
            self._duties.channels.doubt(register.take_early())
        elif record.status:
            register.refused.add(record.event_id)

    def _received(self, received: Received) -> None:
        self._end_waits(received)
        if isinstance(received.event, IncidentReported):
            self._duties.report(received.event, received)
            # The task that it sets off may be there already: it is owed from now.
            self._events.exclusions.reconsider(received.received_at)
        elif self.book.incidents.take(received) or self.book.unconfirmed.take(received):
            pass
        elif self.book.held_replies.take(received):
            self._owe_check(received)
        else:
            self.book.officers.receive(received)
            self.book.events.take(received)
            self._events.receive(received)
            self._rights.receive(received)

    def _end_waits(self, received: Received) -> None:
        """End the waits of a person who reports: a report brings a record, by which they go on."""
        if isinstance(received.event, IncidentReported):
            person_id = received.event.victim.person_id
            for reference in self.book.register.crimes_of(person_id):
                self.book.history.heard(person_id, reference, received.received_at)

    def _owe_check(self, received: Received) -> None:
        event, book = received.event, self.book
        assert isinstance(event, OfficerReplied)
        crime = book.register.last_known(event.crime_reference)
        assert crime is not None
        of_record = book.register.crimes[event.crime_reference].victims.get(event.person_id)
        is_told = not (crime.gone or crime.victims[event.person_id].exclusion)
        # What nobody could tell them of a merged record, its successor does not tell either.
        is_told = is_told and not (of_record is not None and of_record.exclusion)
        if is_told and book.phases.owed_at(received.received_at) >= 3:
            expected = "the officer is asked to check a reply that may hold another's data"
            about = ("TWO-17", expected, received.received_at, received.event_id)
            book.tasks.owe(OwedTask("reply_check", event.person_id, *about))

    def _chosen(self, record: ContactChosen) -> None:
        """Take a choice of channels; what no channel could bring may go by what was chosen."""
        self._texts.chosen(record)
        for victim in self.book.register.victims_of(record.person_id):
            if not victim.exclusion:
                self._duties.channels.let_tell_again(victim, record.at)

    def _seen_as_one(self, record: ChangesSeenAsOne) -> None:
        self.book.page_steps.seen_as_one(record)
        self.book.register.recorded.seen_as_one(record)
        self.book.events.seen_as_one(record)

    def _signed_in(self, record: SignedIn) -> None:
        register = self.book.register
        self.book.codes.ended(record)
        self.book.ledger.came_in(register.signed_in_with(record.person_id) - register.registered)
        self.book.links.signed_in(record)
        self.book.attempts.forget(record.person_id)

    def _refused(self, record: VictimRefused) -> None:
        self.book.codes.ended(record)
        self.book.links.refused(record)

    def _tried(self, record: SignInTried) -> None:
        self.book.codes.ended(record)
        self.book.attempts.tried(record)
        self.book.links.tried(record)

    def _receipt(self, record: ReceiptSent) -> None:
        message = self.book.messages.find(record.message_id)
        if message is None or record.status == "delivered":
            return
        self.book.ledger.week.lost(message.person_id, message.channel, message.at)
        if record.status == "permanent-failure":
            self._duties.channels.bounce(message, record.at)

    def _handed_over(self, record: TaskRaised) -> None:
        """Take that an officer is asked to tell what could not be sent in a long outage."""
        book, about = self.book, (record.person_id, record.crime_reference)
        merged = book.register.parts_of(record.crime_reference)
        crimes = {record.crime_reference, *(each.recorded.crime_reference for each in merged)}
        book.ledger.hand_over(record.person_id, crimes, record.at)
        if book.ledger.outages.is_long(record.at):
            book.history.heard(*about, record.at)
            book.history.disturb(record.person_id, record.at)

    def _task(self, record: TaskRaised) -> None:
        if record.task_kind == "victim_question":
            self.book.questions.task_raised(record)
        elif record.task_kind == "withdrawal_discussion":
            self.book.withdrawals.raised(record)
        elif record.task_kind == "contact_details":
            # What a merged record is told by is the survivor's: one look is at the details of both.
            for each in self.book.register.persons.whole(record.person_id):
                self.book.flags.raised(each, record.at)
        else:
            if record.task_kind == "rights_check":
                self.book.rights_asked.take(record)
            if record.task_kind == "not_sent":
                self._handed_over(record)
            self.book.tasks.raised(record)
