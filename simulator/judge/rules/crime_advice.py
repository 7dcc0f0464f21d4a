"""Phase 2: whether advice came where the order has some for the offence, while the case was open.

Lenient: it may come together with news of that day, and a week in which the weekly limit may have
held it back is let be. Nobody owes it to whoever came to the portal after it was due, or could not
be reached all the time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import Cases
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.findings import Findings

_TOGETHER = timedelta(days=1)
_HELD_BACK_MAX = timedelta(days=9)


@dataclass
class Advice:
    """When each victim of each crime was first told of it, and whether advice came."""

    order: Order
    cases: Cases
    findings: Findings
    can_hear: Callable[[KnownVictim], bool]
    _first_at: dict[tuple[str, str], datetime] = field(default_factory=dict)
    _came: set[tuple[str, str]] = field(default_factory=set)
    _disturbed: set[str] = field(default_factory=set)

    def disturb(self, person_id: str) -> None:
        """Take that how somebody can be reached has changed: when they should hear is in doubt."""
        self._disturbed.add(person_id)

    def heard(self, person_id: str, crime_reference: str, at: datetime, *, may_be: bool) -> None:
        """Take a message about a crime; `may_be` advice where it is not the news it names."""
        key = (person_id, crime_reference)
        crime = self.cases.crimes.get(crime_reference)
        if crime is None:
            return
        self._first_at.setdefault(key, at)
        due_at = self._due_at(crime)
        if (may_be and at >= due_at) or abs(at - due_at) <= _TOGETHER:
            self._came.add(key)

    def close(self, end: datetime) -> None:
        """Find who waited in vain."""
        for key, first_at in self._first_at.items():
            person_id, crime_reference = key
            crime = self.cases.crimes[crime_reference]
            victim = crime.victims.get(person_id)
            if victim is None or key in self._came or person_id in self._disturbed:
                continue
            due_at = self._due_at(crime)
            if self._is_owed(crime, victim, first_at, end) and self.can_hear(victim):
                self.findings.fail(
                    "lost",
                    "JOUR-01",
                    at=due_at,
                    person_id=person_id,
                    crime_reference=crime_reference,
                    expected=f"advice that fits the offence, from {due_at:%d %B} on",
                    observed="no message came that could be it",
                )

    def _due_at(self, crime: KnownCrime) -> datetime:
        return crime.recorded.recorded_at + timedelta(days=self.order.journey.advice_after_days)

    def _is_owed(
        self, crime: KnownCrime, victim: KnownVictim, first_at: datetime, end: datetime
    ) -> bool:
        due_at = self._due_at(crime)
        until = due_at + _HELD_BACK_MAX
        return (
            crime.recorded.offence_subgroup in self.order.journey.advice_for
            and not crime.is_reclassified
            and not victim.exclusion
            and not victim.follows
            and bool(victim.invited)
            and first_at <= due_at
            and due_at >= self.order.go_live_at(2)
            and until <= end
            and (crime.turned_at is None or crime.turned_at > until)
        )
