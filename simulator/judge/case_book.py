"""Hears the evidence record by record, and finds at the end what was owed and never came.

Owing and turns open what is due, message_rules judges messages, silences what should not be said,
pages and steps what was seen, entrances who came in, questions what was asked, tasks what a person
is to do.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from simulator.evidence.records import (
    ChangesSeenAsOne,
    ContactChosen,
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    EventDelivered,
    EventRecorded,
    GatewayCameBack,
    GatewayWentDown,
    InternalNoteWritten,
    MessageAccepted,
    MessagesSeen,
    NotForMeSaid,
    PersonKnown,
    QuestionAsked,
    ReceiptSent,
    Record,
    Seen,
    SignedIn,
    SigningIn,
    Stamped,
    TaskRaised,
    TextReceived,
    VictimRefused,
)
from simulator.inputs.order import Order
from simulator.judge.facts.address_book import Directory, JudgedMessage
from simulator.judge.facts.automatic_messages import Journeys
from simulator.judge.facts.awaited_codes import SignIns
from simulator.judge.facts.case_events import Turns
from simulator.judge.facts.crime_register import Cases
from simulator.judge.facts.disowned_addresses import NotForMe
from simulator.judge.facts.doubtful_addresses import Addresses
from simulator.judge.facts.duties import Owing
from simulator.judge.facts.inbound_texts import ReceivedTexts
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.facts.message_log import MessageRules
from simulator.judge.facts.obligations import Ledger, untold
from simulator.judge.facts.outages import Outages
from simulator.judge.facts.owed_tasks import Tasks
from simulator.judge.facts.preferences import Choices
from simulator.judge.facts.questions import Questions
from simulator.judge.facts.withheld_news import Closures
from simulator.judge.findings import Findings
from simulator.judge.rules.crime_advice import Advice
from simulator.judge.rules.page_contents import Steps
from simulator.judge.rules.page_privacy import Pages
from simulator.judge.rules.refused_sign_ins import Entrances
from simulator.judge.rules.task_deadlines import DueDates
from simulator.judge.rules.unwanted_messages import Silences
from simulator.judge.rules.update_frequency import Frequency
from simulator.judge.text.disclosure import Disclosure

_REFUSED_OR_LOST_AFTER = timedelta(hours=24)


class Court:
    """The state of the fold."""

    _is_vendors_word = False

    def __init__(self, order: Order, *, correlates: bool) -> None:
        self.findings = Findings()
        self.cases = Cases(order)
        self.ledger = Ledger(order)
        self.directory = Directory()
        self.disclosure = Disclosure(order)
        self.outages = Outages(order)
        self.questions = Questions(self.outages, self.cases.current)
        self.tasks = Tasks(self.outages)
        self._due_dates = DueDates(order, self.cases, self.findings)
        self.advice = Advice(order, self.cases, self.findings, self._can_hear)
        self.journeys = Journeys(order, self.cases, self.advice)
        closures = Closures(order)
        steps = Steps(order, self.cases, self.findings)
        self.owing = self._owing(order, steps)
        self.sign_ins = SignIns(order, self.directory.written_for)
        self.entrances = Entrances(self.owing, self.findings)
        self.frequency = Frequency(order, self.cases, self.findings, self._can_hear)
        self.journeys.on_news = self.frequency.heard
        self.silences = Silences(
            self.cases, closures, self.owing.choices, self.owing.addresses, self.findings
        )
        self.answers = ReceivedTexts(self.owing, self.tasks)
        self._turns = Turns(self.owing, closures, self.tasks)
        self._rules = MessageRules(self, order, correlates=correlates)
        pages = Pages(self.cases, closures, self.disclosure, self.questions, steps, self.findings)
        self._hear: dict[type, Callable[[Any], None]] = {
            PersonKnown: self.directory.meet,
            EventRecorded: self.cases.record,
            EventDelivered: self._delivered,
            ChangesSeenAsOne: steps.seen_as_one,
            MessageAccepted: self._rules.accepted,
            MessagesSeen: self._watched,
            ReceiptSent: self._receipt,
            SigningIn: self.sign_ins.begun,
            SignedIn: self._signed_in,
            VictimRefused: self._refused,
            Seen: pages.seen,
            InternalNoteWritten: self._note,
            CrimeSystemWentDown: self.outages.went_down,
            CrimeSystemCameBack: self.outages.came_back,
            GatewayWentDown: self.ledger.outages.went_down,
            GatewayCameBack: self.ledger.outages.came_back,
            TextReceived: self.answers.received,
            NotForMeSaid: NotForMe(self.owing, self.tasks, lambda: self.messages).said,
            ContactChosen: self.answers.chosen,
            QuestionAsked: self.questions.asked,
            Stamped: pages.stamped,
            TaskRaised: self._task,
        }

    def _owing(self, order: Order, steps: Steps) -> Owing:
        """Begin with no address that does not work, and none that somebody disowned."""
        bounced: set[str] = set()
        addresses = Addresses(order)
        choices = Choices(
            falls_back=order.contact.falls_back,
            works=lambda address: not (address in bounced or addresses.is_disowned(address)),
        )
        return Owing(
            order,
            self.cases,
            self.ledger,
            self.directory,
            self.questions,
            self.journeys,
            addresses,
            choices,
            steps,
            bounced=bounced,
        )

    @property
    def messages(self) -> list[JudgedMessage]:
        """Every message, judged."""
        return self._rules.messages

    def hear(self, record: Record) -> None:
        """Take one record; kinds that prove nothing are passed over."""
        self._turns.reconsider(record.at)
        act = self._hear.get(type(record))
        if act is not None:
            act(record)

    def close(self, end: datetime) -> None:
        """Find what was owed and never came."""
        self._find_undelivered(end)
        if self._is_vendors_word:
            self.findings.review(
                "misdirected",
                "SAFE-01",
                at=end,
                expected="nobody else is told",
                observed="nobody else is told by the vendor's own record, which alone proves none "
                "of it; have a person look where else messages went",
            )
        for each in untold(self.ledger.opened, self.ledger, end):
            self.findings.fail(
                "lost",
                _LOST[each.announces],
                at=each.due_at,
                person_id=each.person_id,
                crime_reference=each.crime_reference,
                expected=f"{each.announces} by {each.channel} for {each.event_id}, "
                f"due {each.due_at:%H:%M}",
                observed="nothing was sent",
            )
        for flag in self.ledger.flags:
            if flag.raised_at is None and flag.due_at <= end:
                self.findings.fail(
                    "lost",
                    "DATA-03" if "not arrive" in flag.reason else "DATA-01",
                    at=flag.due_at,
                    person_id=flag.person_id,
                    crime_reference=flag.crime_reference,
                    expected=f"a task for the officer, or a message that arrives ({flag.reason})",
                    observed="neither: the victim is silently lost",
                )
        self.tasks.find_missing(self.findings, end)
        self.frequency.close(end)
        self.advice.close(end)
        self.findings.found += self.questions.findings(end)
        self.findings.found.sort(key=lambda finding: finding.at)

    def _find_undelivered(self, end: datetime) -> None:
        """Find events the portal never had: refused by it, or lost on the way to it."""
        for event in self.cases.undelivered():
            if event.at + _REFUSED_OR_LOST_AFTER > end:
                continue
            expected = f"{event.event_type} recorded at {event.at:%d %B %H:%M} reaches the portal"
            if event.event_id in self.cases.refused:
                self.findings.fail(
                    "lost",
                    "INT-01",
                    at=end,
                    person_id="",
                    crime_reference=event.crime_reference,
                    expected=expected,
                    observed="the portal never accepted it",
                )
            else:
                self.findings.count(
                    "lost",
                    "INT-01",
                    "integration",
                    at=end,
                    person_id="",
                    crime_reference=event.crime_reference,
                    expected=expected,
                    observed="it was never delivered",
                    avoidable=True,
                )

    def _delivered(self, record: EventDelivered) -> None:
        if record.status == 202:
            for received in self.cases.receive(record.event_id, record.at):
                self._turns.receive(received)
        elif record.status:
            self.cases.refused.add(record.event_id)

    def _signed_in(self, record: SignedIn) -> None:
        self.sign_ins.ended(record)
        self.entrances.signed_in(record)

    def _refused(self, record: VictimRefused) -> None:
        self.sign_ins.ended(record)
        self.entrances.refused(record)

    def _watched(self, record: MessagesSeen) -> None:
        self._is_vendors_word = self._is_vendors_word or record.how == "vendor's own record"

    def _receipt(self, record: ReceiptSent) -> None:
        message = self._rules.by_id.get(record.message_id)
        if message is not None and record.status == "permanent-failure":
            self.owing.bounce(message, record.at)

    def _can_hear(self, victim: KnownVictim) -> bool:
        return bool(self.owing.usable(victim))

    def _note(self, record: InternalNoteWritten) -> None:
        self.disclosure.keep_note(record.crime_reference, record.text)

    def _task(self, record: TaskRaised) -> None:
        self._due_dates.check(record)
        if record.task_kind == "victim_question":
            self.questions.task(record)
        elif record.task_kind == "contact_details":
            self.ledger.raise_flag(record.person_id, record.at)
        else:
            self.tasks.raised(record)


_LOST = {"invitation": "INV-01", "update": "MSG-01", "reply": "TWO-04"}
