"""Phase 2: whether a victim heard as often as was agreed, while the case was open.

Lenient: news counts when it came, any message counts, and a week that the weekly limit may have
held something back is let be. What is found is that nothing came at all.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.inputs.order import Order
from simulator.judge.facts.crime_register import Cases
from simulator.judge.facts.known_crime import KnownCrime
from simulator.judge.facts.known_victim import KnownVictim
from simulator.judge.findings import Findings

_HELD_BACK_MAX = timedelta(days=9)


@dataclass
class Frequency:
    """When each victim of each crime last heard; `can_hear` says who has a channel that works."""

    order: Order
    cases: Cases
    findings: Findings
    can_hear: Callable[[KnownVictim], bool]
    _heard_at: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def heard(self, person_id: str, crime_reference: str, at: datetime) -> None:
        """Take that somebody heard of a crime, or that what they can hear by is new."""
        if crime_reference in self.cases.crimes:
            self._check(person_id, crime_reference, at)
            self._heard_at[person_id, crime_reference] = at

    def close(self, end: datetime) -> None:
        """Find who waited in vain up to the end."""
        for person_id, crime_reference in self._heard_at:
            self._check(person_id, crime_reference, end)

    def _check(self, person_id: str, crime_reference: str, at: datetime) -> None:
        crime = self.cases.crimes[crime_reference]
        victim = crime.victims.get(person_id)
        since = self._heard_at.get((person_id, crime_reference))
        if since is None or victim is None or victim.exclusion or not victim.invited:
            return
        since, until = self._open_between(crime, since, at)
        days = victim.record.update_frequency_days or self.order.journey.still_with_us_days
        due_at = since + timedelta(days=days)
        if due_at + _HELD_BACK_MAX >= until or not self.can_hear(victim):
            return
        self.findings.fail(
            "lost",
            "JOUR-04",
            at=due_at,
            person_id=person_id,
            crime_reference=crime_reference,
            expected=f"word after {days} days without news that the case is still looked into",
            observed=f"nothing from {since:%d %B} to {until:%d %B}",
        )

    def _open_between(
        self, crime: KnownCrime, since: datetime, until: datetime
    ) -> tuple[datetime, datetime]:
        """Narrow a time to that in which phase 2 was live and the case open."""
        since = max(since, self.order.go_live_at(2))
        turned_at = crime.turned_at or since
        return (since, min(until, turned_at)) if crime.is_over else (max(since, turned_at), until)
