"""Phase 2: whether advice came where the order has some for the offence, while the case was open.

It is due on a day, and may come together with news of that day. A full week and an outage of the
gateway delay it while they last. It is not owed to a victim who came to the portal after it was
due, or where it changed meanwhile how they can be reached.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from simulator.clock import in_london
from simulator.judge.case_book import CaseBook
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.findings import failure
from simulator.judge.rule import Rule
from simulator.verdicts import Finding


@dataclass
class CrimeAdvice(Rule):
    """Judges at the end who got no advice, or got it late."""

    requirements = frozenset({"JOUR-01"})

    def close(self, book: CaseBook, end: datetime) -> Iterator[Finding]:
        """Find the victims to whom no advice came."""
        history = book.history
        for of, first_at in history.first_told.items():
            person_id, crime_reference = of
            crime = book.register.crimes[crime_reference]
            victim = crime.victims.get(person_id)
            if victim is None:
                continue
            due_at = history.advice_due_at(crime)
            live_at = book.phases.owed_from(2)
            if live_at is None or not max(first_at, live_at) <= due_at:
                continue
            until = history.advice_allowed_until(person_id, crime)
            came_at = history.advised.get(of)
            if until is None or until > end or (came_at is not None and came_at <= until):
                continue
            disturbed = history.disturbed.get(person_id, ())
            if any(first_at <= each <= until for each in disturbed):
                continue
            if not self._is_owed(crime, victim, until) or self._came_before(book, of, until):
                continue
            if book.reachability.can_be_told(victim):
                yield failure(
                    "lost" if came_at is None else "late",
                    "JOUR-01",
                    None,
                    f"advice that fits the offence, from {due_at:%d %B} on",
                    "no message came that could be it"
                    if came_at is None
                    else f"the first message that could be it came at {in_london(came_at)}",
                    person_id=person_id,
                    crime_reference=crime_reference,
                    at=due_at,
                    rests_on="order: journey.advice_for",
                )

    def _came_before(self, book: CaseBook, of: tuple[str, str], until: datetime) -> bool:
        """Say whether the page came in time on another crime, as that was then: it comes once."""
        person_id, crime_reference = of
        crime = book.register.crimes[crime_reference]
        page = self.order.journey.advice_for[crime.recorded.offence_subgroup]
        came = (book.history.pages.get((e, page)) for e in book.register.persons.whole(person_id))
        return any(at is not None and at <= until for at in came)

    def _is_owed(self, crime: KnownCrime, victim: KnownVictim, until: datetime) -> bool:
        return (
            crime.recorded.offence_subgroup in self.order.journey.advice_for
            and not crime.is_reclassified
            and not victim.exclusion
            and not victim.came_by_merger
            and bool(victim.invited)
            and all(each > until for each in crime.over_since)
        )
