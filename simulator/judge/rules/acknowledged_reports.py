"""A report that is no crime yet is acknowledged once, and only to a person who may be told."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from simulator.clock import in_london
from simulator.evidence.records import MessageAccepted
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.named_contact import has_run_out
from simulator.judge.facts.reported_incidents import Incident
from simulator.judge.facts.sent_message import Meant, one
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding, Harm

_RESTS_ON = "contract: IncidentReported"


@dataclass
class AcknowledgedReports(Rule):
    """Judges each acknowledgement, and at the end the reports that had none."""

    requirements = frozenset({"INC-01", "INC-02"})
    hears = (MessageAccepted,)

    def hear(self, record: MessageAccepted, book: CaseBook) -> Iterable[Finding]:
        """Judge one message."""
        sent = book.messages.of(record)
        if sent.kind != "acknowledgement":
            return ()
        [reader] = sent.readers
        incident = next(each for each in book.incidents if each.event_id == reader.meant.event_id)
        return self._acknowledged(record, reader.meant, incident, book)

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find reports of which nobody was told that the police have them."""
        for each in book.incidents:
            due_at = book.ledger.outages.put_off(each.received_at, book.incidents.due_at(each))
            if due_at is None or due_at > end or not self._is_owed(each, due_at, book):
                continue
            told = [at for times in each.told.values() for at in times]
            if any(at <= due_at for at in told):
                yield from self._left_out(each, due_at, book)
                continue
            if _may_have_been_told(each, due_at, book):
                continue
            expected = f"a message says by {in_london(due_at)} that the police have the report"
            observed = f"the first came at {in_london(min(told))}" if told else "none was sent"
            yield _not_told("late" if told else "lost", each, expected, observed, due_at)

    def _left_out(self, incident: Incident, due_at: datetime, book: CaseBook) -> Iterator[Finding]:
        """Find the channels that the person asked for and by which nothing came, though by another.

        Where messages name no event, what came by the other may have been news.
        """
        for channel in sorted(book.incidents.usable(incident)):
            if not incident.told.get(channel) and book.correlates:
                expected = "a report is acknowledged by each channel that its person asked for"
                observed = f"{one(channel)} was not sent"
                yield _not_told("lost", incident, expected, observed, due_at)

    def _is_owed(self, incident: Incident, due_at: datetime, book: CaseBook) -> bool:
        incidents = book.incidents
        is_over = incident.over_at is not None and incident.over_at <= due_at
        is_live = book.phases.owed_at(incident.received_at) >= 1
        may_be_told = not (incident.exclusion or incidents.why_not(incident, due_at))
        # After a long outage of the gateway an officer is asked to tell what waited.
        is_told_by_officer = book.ledger.outages.is_long(due_at, incident.received_at)
        # What was approved then may be over before it is due, though it was approved again since.
        is_approved = self.order.eligibility.approved_channels
        is_past = is_approved and has_run_out(incident.event.victim, due_at)
        # Who is put in a victim's place later reported nothing.
        is_excused = is_over or is_told_by_officer or incident.is_anothers or is_past
        is_owed = is_live and may_be_told and not is_excused
        return is_owed and bool(incidents.usable(incident))

    def _acknowledged(
        self, message: MessageAccepted, meant: Meant, incident: Incident, book: CaseBook
    ) -> Iterator[Finding]:
        sent = f"{one(message.channel)} was sent"
        found = partial(failure, at=message.at, rests_on=_RESTS_ON)
        if why := book.incidents.why_not(incident, message.at):
            yield found("disclosed", "INC-02", meant, f"no acknowledgement: {why}", sent)
        elif len(incident.told[message.channel]) > 1:
            expected = "a report is acknowledged once on each channel"
            yield found("duplicated", "INC-01", meant, expected, f"{sent} again")
        elif _is_overtaken(incident, message, book):
            expected = "a crime that is recorded is announced, and its report not as well"
            yield found("duplicated", "INC-01", meant, expected, f"{sent} later")


def _not_told(harm: Harm, of: Incident, expected: str, observed: str, at: datetime) -> Finding:
    reference, victim = of.event.crime_reference, of.event.victim
    about: dict[str, Any] = {"crime_reference": reference, "at": at, "rests_on": _RESTS_ON}
    return failure(harm, "INC-01", victim, expected, observed, **about)


def _is_overtaken(incident: Incident, message: MessageAccepted, book: CaseBook) -> bool:
    """Say whether the portal had the crime that was recorded from a report before this message.

    What was on its way then may arrive.
    """
    if incident.over_at is None or incident.event.crime_reference not in book.register.crimes:
        return False
    return incident.over_at + book.ledger.outages.allowance < message.at


def _may_have_been_told(incident: Incident, due_at: datetime, book: CaseBook) -> bool:
    """Say whether a message that names no event, and was taken for news, may have been it."""
    person_id, since = incident.event.victim.person_id, incident.received_at
    return not book.correlates and any(
        each.person_id == person_id and since <= each.at <= due_at and each.kind != "invitation"
        for each in book.messages.sent
    )
