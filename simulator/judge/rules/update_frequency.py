"""Phase 2: whether a victim heard as often as was agreed, while the case was open.

News counts when it came, and any message counts. The word is due on the day on which the days
agreed are over. A full week, quiet hours and an outage of the gateway delay it while they last.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.evidence.records import Recorded
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.news_history import Wait
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class UpdateFrequency(Rule):
    """Judges every wait when it ends."""

    requirements = frozenset({"JOUR-04"})
    hears = (Recorded,)

    _read: int = 0

    def hear(self, record: Recorded, book: CaseBook) -> Iterable[Finding]:  # noqa: ARG002  any
        """Judge the waits that ended with this record."""
        waits = book.history.waits
        if self._read == len(waits):
            return ()
        ended, self._read = waits[self._read :], len(waits)
        return self._too_long(ended, book)

    def close(self, book: CaseBook, end: datetime) -> Iterable[Finding]:
        """Judge the waits that still go on."""
        return self._too_long(book.history.unended_waits(end), book)

    def _too_long(self, waits: Iterable[Wait], book: CaseBook) -> Iterator[Finding]:
        days_ordered = self.order.journey.still_with_us_days
        for wait in waits:
            due_at = wait.since + timedelta(days=wait.days_agreed)
            allowed_until = self._allowed_until(wait, due_at, book)
            is_too_long = allowed_until is not None and allowed_until < wait.until
            if not is_too_long or not wait.could_be_told:
                continue
            if not self._was_told_of_it(wait, book):
                # That no first word came is another rule's to find.
                continue
            if book.register.may_be_forbidden(wait.person_id, wait.until):
                continue
            yield failure(
                "lost",
                "JOUR-04",
                wait,
                f"word after {wait.days_agreed} days without news that the case is still "
                "looked into",
                f"nothing from {wait.since:%d %B} to {wait.until:%d %B}",
                at=due_at,
                rests_on="order: journey.still_with_us_days"
                if wait.days_agreed == days_ordered
                else "contract: VictimRecord.update_frequency_days",
            )

    def _allowed_until(self, wait: Wait, due_at: datetime, book: CaseBook) -> datetime | None:
        """Find by when the word must have come; None while the gateway is down.

        An outage may fill the week, and the crime system's holds back who is asked to tell instead.
        """
        week = book.ledger.week
        until = week.planned_by(wait.person_id, due_at)
        after_outages = book.ledger.outages.put_off(wait.since, until)
        if after_outages is None or after_outages == until:
            return after_outages
        if week.has_room(wait.person_id, after_outages, ()) > after_outages:
            after_outages = week.planned_by(wait.person_id, after_outages)
        return book.crime_system_outages.put_off(wait.since, after_outages)

    def _was_told_of_it(self, wait: Wait, book: CaseBook) -> bool:
        """Say whether a message told the victim of the crime, or of one that is one with it."""
        records = book.register.persons.whole(wait.person_id)
        return any(
            (person_id, reference) in book.history.first_told
            for person_id in records
            for reference in book.events.parts(wait.crime_reference)
        )
