"""A victim with a link of theirs, or an address they are known by, comes in with their proof.

The proof is the word or the date of birth, as the order names it. A refusal is no harm when the
victim got something wrong, or when it may have been right: the link is old, used, or of a person
who may no longer be told; several people have the address; or the gateway takes no code.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from simulator.evidence.records import VictimRefused
from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.sent_message import SentMessage
from simulator.judge.facts.sign_in_links import Refusal
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding

_LEFT_THE_PORTAL = ("merged", "cancelled", "transferred")


@dataclass
class RefusedSignIns(Rule):
    """Judges refusals of victims who gave their own proof and the code they were sent."""

    requirements = frozenset({"AUTH-02", "AUTH-03", "CASE-01", "TWO-04"})
    hears = (VictimRefused,)

    def hear(self, record: VictimRefused, book: CaseBook) -> Iterable[Finding]:  # noqa: ARG002
        """Judge one refusal."""
        return self._refused(book.links.latest_refusal, book)

    def _refused(self, refusal: Refusal, book: CaseBook) -> Iterator[Finding]:
        record = refusal.record
        if not _may_come_in(record, book) or _lacks_its_code(record, book):
            return
        if _is_reading(record):
            # They were signed in at that very moment.
            if refusal.opened_at == record.at and not refusal.is_shut:
                yield _not_read(record)
        elif record.invitation_id:
            message = book.links.invitations.get(record.invitation_id)
            if message is not None and self._is_good(message, refusal, book):
                expected = "an invitation works once, with the proof that was ordered"
                yield _refused(
                    record,
                    "AUTH-02",
                    expected,
                    message.crime_reference,
                    rests_on=sentences.order("sign_in.invitation_days"),
                )
        elif record.address and _is_theirs_alone(record, book):
            expected = "a registered victim comes back by their address and their proof"
            yield _refused(record, "AUTH-03", expected, "")

    def _is_good(self, message: SentMessage, refusal: Refusal, book: CaseBook) -> bool:
        """Say whether an invitation is this person's newest, and neither ended, used nor old."""
        record, opened_at = refusal.record, refusal.opened_at
        life = timedelta(days=self.order.sign_in.invitation_days)
        return (
            message.person_id == record.person_id
            and not _may_be_anothers(message, record.person_id, book)
            and message.fate == "reached"
            and not book.reachability.doubtful.was_disowned(message.address)
            and book.links.is_newest(message, record.person_id)
            and not book.links.has_ended(message, record.person_id)
            and record.at < message.at + life
            and (opened_at is None or opened_at < message.at)
        )


def _may_be_anothers(message: SentMessage, person_id: str, book: CaseBook) -> bool:
    """Say whether a link may be that of another person at the same phone or mailbox.

    If the portal names events, it is one of those who were invited by the same event.
    """
    others = set(book.reachability.address_book.written_for(message.address)) - {person_id}
    crime = book.register.crimes.get(message.crime_reference)
    if book.correlates and crime is not None:
        others &= crime.victims.keys()
    return bool(others)


def _may_come_in(record: VictimRefused, book: CaseBook) -> bool:
    """Say whether the portal may let a person in, and has where to send them a code."""
    person_id = record.person_id
    crimes = [book.register.crimes[each] for each in book.register.crimes_of(person_id)]
    told_of = [
        crime.victims[person_id]
        for crime in crimes
        if crime.gone not in _LEFT_THE_PORTAL and not crime.victims[person_id].exclusion
    ]
    usable = [reading.address for each in told_of for reading in book.reachability.usable(each)]
    if not usable:
        return False
    address_book = book.reachability.address_book
    return record.step != "one_time_code" or all(
        person_id in address_book.holders(each) for each in usable
    )


def _lacks_its_code(record: VictimRefused, book: CaseBook) -> bool:
    """Say whether a sign-in ended because the gateway is down, and no code can be sent."""
    is_at_the_code = record.step not in ("invitation", "address") and not _is_reading(record)
    return is_at_the_code and book.ledger.outages.is_down


def _is_reading(record: VictimRefused) -> bool:
    return record.step.startswith("reading")


def _is_theirs_alone(record: VictimRefused, book: CaseBook) -> bool:
    """Say whether a registered victim's address works, and is recorded for no other person."""
    reachability, address = book.reachability, record.address.lower()
    return (
        record.person_id in book.register.registered
        and address not in reachability.bounced
        and reachability.address_book.written_for(address) == {record.person_id}
        and any(
            reading.address == address
            for victim in book.register.victims_of(record.person_id)
            for reading in reachability.usable(victim)
        )
    )


def _not_read(record: VictimRefused) -> Finding:
    """Give the finding that a victim who had just come in was refused a page of their own."""
    is_page = record.step == "reading"
    expected = "a victim who is signed in reads their own " + (
        "crimes" if is_page else "conversation"
    )
    return _refused(record, "CASE-01" if is_page else "TWO-04", expected, "")


def _refused(
    record: VictimRefused,
    requirement: str,
    expected: str,
    crime_reference: str,
    *,
    rests_on: str = "",
) -> Finding:
    """Give the finding, which rests on its requirement unless on something closer."""
    return failure(
        "lost",
        requirement,
        at=record.at,
        person_id=record.person_id,
        crime_reference=crime_reference,
        expected=expected,
        observed=f"they were refused: {record.step.replace('_', ' ')}",
        rests_on=rests_on or sentences.requirement(requirement),
    )
