"""Hears the evidence record by record: what the portal knew, what victims saw, what was asked.

Messages are judged in `message_rules`; who should be told, in `obligations`.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from reference.contract.events import CrimeRecorded, OfficerReplied, VictimDetailsChanged
from simulator.evidence import (
    CrimeSystemCameBack,
    CrimeSystemWentDown,
    EventDelivered,
    EventRecorded,
    InternalNoteWritten,
    MessageAccepted,
    PersonKnown,
    QuestionAsked,
    ReceiptSent,
    Record,
    Seen,
    SignedIn,
    Stamped,
    TaskRaised,
)
from simulator.judge.cases import Cases, KnownCrime, KnownVictim, Received
from simulator.judge.disclosure import Disclosure
from simulator.judge.journeys import Journeys
from simulator.judge.message_rules import MessageRules
from simulator.judge.obligations import Announces, Ledger, untold
from simulator.judge.observations import Directory, JudgedMessage
from simulator.judge.questions import Questions
from simulator.judge.reading import ChannelReading, read_channels
from simulator.judge.verdicts import Finding
from simulator.order import Order


class Court:
    """The state of the fold."""

    def __init__(self, order: Order, *, correlates: bool) -> None:
        self.order = order
        self.findings: list[Finding] = []
        self.cases = Cases(order)
        self.ledger = Ledger(order)
        self.directory = Directory()
        self.disclosure = Disclosure(order)
        self.questions = Questions(order)
        self.journeys = Journeys(order, self.cases)
        self.registered: set[str] = set()
        self.bounced: set[str] = set()
        self._rules = MessageRules(self, correlates=correlates)
        self._hear: dict[type, Callable[[Any], None]] = {
            PersonKnown: self.directory.meet,
            EventRecorded: self.cases.record,
            EventDelivered: self._delivered,
            MessageAccepted: self._rules.accepted,
            ReceiptSent: self._receipt,
            SignedIn: self._signed_in,
            Seen: self._seen,
            InternalNoteWritten: self._note,
            CrimeSystemWentDown: self.questions.went_down,
            CrimeSystemCameBack: self.questions.came_back,
            QuestionAsked: self.questions.asked,
            Stamped: self._stamped,
            TaskRaised: self._task,
        }

    @property
    def messages(self) -> list[JudgedMessage]:
        """Every message, judged."""
        return self._rules.messages

    def hear(self, record: Record) -> None:
        """Take one record; kinds that prove nothing are passed over."""
        act = self._hear.get(type(record))
        if act is not None:
            act(record)

    def close(self, end: datetime) -> None:
        """Find what was owed and never came."""
        for event in self.cases.undelivered():
            if event.at + timedelta(hours=24) <= end:
                self._find(
                    "WARNING",
                    "lost",
                    "integration",
                    "INT-01",
                    end,
                    "",
                    event.crime_reference,
                    f"{event.event_type} recorded at {event.at:%d %B %H:%M} reaches the portal",
                    "the portal never accepted it",
                )
        for each in untold(self.ledger.opened, self.ledger, end):
            self._find(
                "FAIL",
                "lost",
                "portal",
                "MSG-01",
                each.due_at,
                each.person_id,
                each.crime_reference,
                f"{each.announces} by {each.channel} for {each.event_id}, due {each.due_at:%H:%M}",
                "nothing was sent",
            )
        for flag in self.ledger.flags:
            if flag.raised_at is None and flag.due_at <= end:
                self._find(
                    "FAIL",
                    "lost",
                    "portal",
                    "DATA-01",
                    flag.due_at,
                    flag.person_id,
                    flag.crime_reference,
                    f"a task for the officer, or a message that arrives ({flag.reason})",
                    "neither: the victim is silently lost",
                )
        self.findings += self.questions.findings(end)
        self.findings.sort(key=lambda finding: finding.at)

    def find(self, finding: Finding) -> None:
        """Keep a finding."""
        self.findings.append(finding)

    def flag(self, victim: KnownVictim, crime_reference: str, at: datetime, reason: str) -> None:
        """Owe a look at a victim's details, once until it has been asked for."""
        due_at = at + timedelta(minutes=self.order.messages.minutes_max)
        self.ledger.flag(victim.person_id, crime_reference, reason, due_at)

    def _delivered(self, record: EventDelivered) -> None:
        if record.status == 202:
            for received in self.cases.receive(record.event_id, record.at):
                self._received(received)

    def _received(self, received: Received) -> None:
        event = received.event
        crime = self.cases.crimes[event.crime_reference]
        crime.learn(event)
        if isinstance(event, CrimeRecorded):
            for victim in crime.victims.values():
                self.directory.write(victim)
                self._owe_invitation(crime, victim, received)
        elif isinstance(event, VictimDetailsChanged):
            self.ledger.details_changed(event.victim.person_id)
            for changed, victim in self.cases.change_details(event.victim):
                self.directory.write(victim)
                if victim.exclusion:
                    self.ledger.forget(victim.person_id)
                else:
                    self._owe_invitation(changed, victim, received)
        else:
            self._owe_update(crime, received)

    def _owe_invitation(self, crime: KnownCrime, victim: KnownVictim, received: Received) -> None:
        trigger = self.order.trigger_for("CrimeRecorded", self.order.phase_at(received.received_at))
        if victim.exclusion or trigger is None:
            return
        announces = "update" if victim.person_id in self.registered else trigger.announces
        usable = self._owe(crime, victim, received, announces) if not victim.invited else 0
        usable = usable or len(self._usable(victim))
        victim.invited = victim.invited or usable > 0
        for reading in read_channels(victim.record):
            if reading.state in ("elsewhere", "unusable") or (
                reading.state == "empty" and not usable
            ):
                reason = f"{reading.channel}: {_REASONS[reading.state]}"
                self.flag(victim, crime.recorded.crime_reference, received.received_at, reason)

    def _owe_update(self, crime: KnownCrime, received: Received) -> None:
        phase = self.order.phase_at(received.received_at)
        trigger = self.order.trigger_for(type(received.event).__name__, phase)
        if trigger is None:
            return
        concerned = getattr(received.event, "person_id", "")
        if isinstance(received.event, OfficerReplied):
            self.questions.replied(received.event)
        for victim in crime.victims.values():
            if not victim.exclusion and concerned in ("", victim.person_id):
                self._owe(crime, victim, received, trigger.announces)

    def _usable(self, victim: KnownVictim) -> list[ChannelReading]:
        return [
            reading
            for reading in read_channels(victim.record)
            if reading.state == "usable" and reading.address not in self.bounced
        ]

    def _owe(
        self, crime: KnownCrime, victim: KnownVictim, received: Received, announces: Announces
    ) -> int:
        """Owe a victim news on every channel that can be used; answers how many there are.

        What stands in another field may be used, and is not owed.
        """
        self.journeys.news(victim.person_id, crime.recorded.crime_reference, received.received_at)
        usable = self._usable(victim)
        elsewhere = [each for each in read_channels(victim.record) if each.state == "elsewhere"]
        for reading in [*usable, *elsewhere]:
            self.ledger.owe(
                victim.person_id,
                crime.recorded.crime_reference,
                reading.channel,
                announces,
                received.event_id,
                received.received_at,
                is_owed=reading in usable,
            )
        return len(usable)

    def _receipt(self, record: ReceiptSent) -> None:
        message = self._rules.by_id.get(record.message_id)
        if message is None or record.status != "permanent-failure":
            return
        self.bounced.add(message.address)
        self.ledger.close_channel(message.person_id, message.channel)
        for victim in self.cases.victims_of(message.person_id):
            if not victim.exclusion and message.crime_reference:
                reason = f"{message.channel}: a message did not arrive"
                self.flag(victim, message.crime_reference, record.at, reason)
                break

    def _stamped(self, record: Stamped) -> None:
        self.questions.stamped(record)
        if not self.cases.owns(record.person_id, record.crime_reference):
            self._find(
                "FAIL",
                "disclosed",
                "portal",
                "PRIV-03",
                record.at,
                record.person_id,
                record.crime_reference,
                "a victim writes about only their own crime",
                "their words were stamped on somebody else's",
            )

    def _signed_in(self, record: SignedIn) -> None:
        self.registered.add(record.person_id)

    def _note(self, record: InternalNoteWritten) -> None:
        self.disclosure.keep_note(record.crime_reference, record.text)

    def _seen(self, record: Seen) -> None:
        given = self.disclosure.internal_note_in(record.crime_reference, record.texts)
        if given:
            self._find(
                "FAIL",
                "disclosed",
                "portal",
                "PRIV-02",
                record.at,
                record.person_id,
                record.crime_reference,
                "only what the officer marked as a reply",
                given,
            )
        if record.crime_reference and not self.cases.owns(record.person_id, record.crime_reference):
            self._find(
                "FAIL",
                "disclosed",
                "portal",
                "PRIV-03",
                record.at,
                record.person_id,
                record.crime_reference,
                "a victim sees only their own crime",
                f"they were shown the {record.where} of somebody else's",
            )
        if record.where == "conversation":
            self.findings += self.questions.seen(record)

    def _task(self, record: TaskRaised) -> None:
        if record.task_kind == "victim_question":
            self.questions.task(record)
        elif record.task_kind == "contact_details":
            self.ledger.raise_flag(record.person_id, record.at)

    def _find(
        self,
        kind: Any,
        harm: Any,
        owner: Any,
        requirement: str,
        at: datetime,
        person_id: str,
        crime_reference: str,
        expected: str,
        observed: str,
    ) -> None:
        self.findings.append(
            Finding(
                kind=kind,
                harm=harm,
                owner=owner,
                requirement=requirement,
                at=at,
                person_id=person_id,
                crime_reference=crime_reference,
                expected=expected,
                observed=observed,
            )
        )


_REASONS = {
    "elsewhere": "in the wrong field",
    "unusable": "cannot be used",
    "empty": "missing",
}
