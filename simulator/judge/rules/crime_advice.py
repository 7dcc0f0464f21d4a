"""Phase 2: whether advice came where the order has some for the offence, while the case was open.

It is due on a day, and may come together with news of that day. A full week and an outage of the
gateway delay it while they last. It is not owed to a victim who came to the portal after it was
due, or could not be reached all the time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from simulator.judge import sentences
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class CrimeAdvice(Rule):
    """Judges at the end who got no advice."""

    requirements = frozenset({"JOUR-01"})

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find the victims to whom no advice came."""
        history = book.history
        for of, first_at in history.first_told.items():
            person_id, crime_reference = of
            crime = book.register.crimes[crime_reference]
            victim = crime.victims.get(person_id)
            if victim is None or of in history.advised or person_id in history.disturbed:
                continue
            due_at = history.advice_due_at(crime)
            live_at = book.phases.owed_from(2)
            if live_at is None or not max(first_at, live_at) <= due_at:
                continue
            until = self._allowed_until(person_id, due_at, book)
            if until is None or until > end:
                continue
            if not self._is_owed(crime, victim, until) or self._came_before(book, of):
                continue
            if book.reachability.can_be_told(victim):
                yield failure(
                    "lost",
                    "JOUR-01",
                    at=due_at,
                    person_id=person_id,
                    crime_reference=crime_reference,
                    expected=f"advice that fits the offence, from {due_at:%d %B} on",
                    observed="no message came that could be it",
                    rests_on=sentences.order("journey.advice_for"),
                )

    def _came_before(self, book: CaseBook, of: tuple[str, str]) -> bool:
        """Say whether the same page came as advice on another crime of theirs: it comes once."""
        person_id, crime_reference = of
        advice_for = self.order.journey.advice_for
        records = book.register.persons.whole(person_id)
        page = advice_for[book.register.crimes[crime_reference].recorded.offence_subgroup]
        return any(
            advice_for.get(book.register.crimes[each].recorded.offence_subgroup) == page
            for reader, each in book.history.advised
            if reader in records and each != crime_reference
        )

    def _allowed_until(self, person_id: str, due_at: datetime, book: CaseBook) -> datetime | None:
        """Find by when it must have come; None while the gateway is down."""
        week = book.ledger.week
        until = week.planned_by(person_id, due_at)
        after_outages = book.ledger.outages.put_off(due_at, until)
        if after_outages is None or after_outages == until:
            return after_outages
        return week.planned_by(person_id, after_outages)

    def _is_owed(self, crime: KnownCrime, victim: KnownVictim, until: datetime) -> bool:
        return (
            crime.recorded.offence_subgroup in self.order.journey.advice_for
            and not crime.is_reclassified
            and not victim.exclusion
            and not victim.came_by_merger
            and bool(victim.invited)
            and all(each > until for each in crime.over_since)
        )
